"""Use cases of the platform itself: its record, its upkeep."""

__all__: list[str] = []
