"""Access rank: what a person may do. Unrelated to tier (what is paid) and title (what is earned)."""

from enum import Enum

__all__ = ["Rank"]


class Rank(Enum):
    """Access ranks, weakest first."""

    RECRUIT = "RECRUIT"
    AUTHORIZED = "AUTHORIZED"
    ELITE = "ELITE"
    ADMIN = "ADMIN"
