"""What progression has found out: titles reached, badges earned, prestige taken, ranks due.

Points have no event of their own: the entry of the ledger (`progression.xp.XpEntry`) is what happened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bitten_domain.values import UserId
    from bitten_domain.vocabulary import Rank, Title

__all__ = ["AchievementEarned", "ChallengeMet", "PrestigeTaken", "RankEarned", "TitleReached"]


class TitleReached(NamedTuple):
    """Lifetime points reached a title; it changes what somebody is called and nothing else.

    Args:
        user_id: who.
        title: reached.
        at: seconds since 1970 UTC.
    """

    user_id: UserId
    title: Title
    at: int


class AchievementEarned(NamedTuple):
    """An achievement's condition held for the first time.

    Args:
        user_id: who.
        code: of the achievement.
        xp: points that came with it; 0 for a badge.
        at: seconds since 1970 UTC.
    """

    user_id: UserId
    code: str
    xp: int
    at: int


class ChallengeMet(NamedTuple):
    """A challenge of the day was met.

    Args:
        user_id: who.
        code: of the challenge.
        day: its trading day, days since 1970-01-01.
        xp: points that came with it; 0 for a badge.
        at: seconds since 1970 UTC.
    """

    user_id: UserId
    code: str
    day: int
    xp: int
    at: int


class PrestigeTaken(NamedTuple):
    """Points were spent on a prestige.

    Args:
        user_id: who.
        number: how often it was taken by now.
        at: seconds since 1970 UTC.
    """

    user_id: UserId
    number: int
    at: int


class RankEarned(NamedTuple):
    """Somebody meets what a rank asks for.

    Args:
        user_id: who.
        rank: which.
        at: seconds since 1970 UTC.
    """

    user_id: UserId
    rank: Rank
    at: int
