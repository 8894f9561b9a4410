"""Replaying: recorded inputs through this version's code, and what it decides of them."""

__all__: list[str] = []
