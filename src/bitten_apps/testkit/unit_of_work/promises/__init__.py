"""The promises of the unit of work, a module for each group of repositories."""

__all__: list[str] = []
