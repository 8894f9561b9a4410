"""Needs: what must have happened for a condition to hold. What has one gives a badge, never points."""

from enum import Enum

__all__ = ["Need"]


class Need(Enum):
    """Things that nobody must ever be paid in points to do or to have done to them."""

    TRADE = "TRADE"
    LOSS = "LOSS"
    LOCKOUT = "LOCKOUT"
