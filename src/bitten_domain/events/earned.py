"""What progression has found out: points booked, titles reached, badges earned, prestige taken, ranks due."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bitten_domain.values import UserId
    from bitten_domain.vocabulary import Rank, Title, XpKind

__all__ = ["AchievementEarned", "ChallengeMet", "PrestigeTaken", "RankEarned", "TitleReached", "XpAwarded"]


class XpAwarded(NamedTuple):
    """Points were booked, or spent when the amount is negative.

    Args:
        user_id: whose.
        cause: what for, unique for ever among a person's.
        kind: of it.
        amount: points.
        day: trading day it counts for, days since 1970-01-01.
        at: seconds since 1970 UTC.
    """

    user_id: UserId
    cause: str
    kind: XpKind
    amount: int
    day: int
    at: int


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
