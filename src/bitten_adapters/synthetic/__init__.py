"""The synthetic market: made of a seed, always labelled SYNTHETIC."""

__all__: list[str] = []
