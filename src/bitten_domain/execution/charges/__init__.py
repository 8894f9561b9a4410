"""Charges that depend on the moment: the spread by session, the swap by night."""

__all__: list[str] = []
