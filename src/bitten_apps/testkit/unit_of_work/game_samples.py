"""Records of the game to try a store with: small, valid, and told apart by their names."""

from __future__ import annotations

from bitten_apps.testkit.unit_of_work.samples import NOON
from bitten_domain.progression.achievements import Achievement, AchievementGroup, EarnedAchievement
from bitten_domain.progression.boards import BoardMember, Forecast
from bitten_domain.progression.challenges import DailyChallenge
from bitten_domain.progression.gear import Origin, Owned
from bitten_domain.values import SignalId, UserId
from bitten_domain.vocabulary import Board

__all__ = ["achievement", "challenges", "earned", "forecast", "member", "owned"]

_USER = UserId("user-1")


def achievement(code: str, xp: int = 5) -> Achievement:
    """Make an achievement that ten lessons give."""
    return Achievement(code, "Ten lessons", "Read ten lessons. Ω", AchievementGroup.KNOWLEDGE, "lessons", 10, "", xp)


def earned(code: str, at: int = NOON, by: UserId = _USER) -> EarnedAchievement:
    """Make an achievement somebody has."""
    return EarnedAchievement(by, code, at)


def challenges(day: int, *codes: str, of: UserId = _USER) -> tuple[DailyChallenge, ...]:
    """Make the challenges of somebody's day."""
    return tuple(DailyChallenge(of, day, code) for code in codes)


def owned(code: str, at: int = NOON, by: UserId = _USER) -> Owned:
    """Make an item somebody owns."""
    return Owned(by, code, Origin.UNLOCKED, at)


def member(pseudonym: str, board: Board = Board.ADHERENCE, of: UserId = _USER) -> BoardMember:
    """Make a member of a board."""
    return BoardMember(of, board, pseudonym, NOON)


def forecast(signal: int, at: int = NOON, by: UserId = _USER) -> Forecast:
    """Make a chance somebody gave the signal of a number."""
    return Forecast(by, SignalId(f"signal-{signal}"), 40 + signal, at)
