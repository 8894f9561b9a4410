"""The machine's own clock, dice and identifiers: the only place that calls them."""

__all__: list[str] = []
