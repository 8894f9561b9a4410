"""Achievements as data: a name, a condition from the list with its figure, and what comes with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.progression.achievements.conditions import CONDITIONS
from bitten_domain.progression.naming import require_names, require_points

if TYPE_CHECKING:
    from bitten_domain.progression.needs import Need
    from bitten_domain.values import UserId

__all__ = ["Achievement", "AchievementGroup", "EarnedAchievement"]


class AchievementGroup(Enum):
    """What an achievement is about."""

    ADHERENCE = "ADHERENCE"
    RISK = "RISK"
    KNOWLEDGE = "KNOWLEDGE"
    PRACTICE = "PRACTICE"
    STRATEGIES = "STRATEGIES"
    COMMUNITY = "COMMUNITY"


@dataclass(frozen=True, slots=True)
class Achievement:
    """Something that is earned once.

    Args:
        code: its short name: lower case letters, digits and hyphens.
        name: as it is shown.
        text: what it is for, a sentence.
        group: what it is about.
        condition: a name in `CONDITIONS`.
        least: the figure its condition compares with, >= 1.
        subject: what the condition is about, where it asks for one (a strategy, a course); empty otherwise.
        xp: points, without multipliers, 0 to 500; 0 makes it a badge.

    Raises:
        InvalidInput: there is no such condition, a figure is out of bounds, or points would be given for something
            that needs a trade, a loss or a lockout.
    """

    code: str
    name: str
    text: str
    group: AchievementGroup
    condition: str
    least: int
    subject: str = ""
    xp: int = 0

    def __post_init__(self) -> None:
        require_names(self.code, self.name, self.text)
        condition = CONDITIONS.get(self.condition)
        if condition is None:
            known = ", ".join(sorted(CONDITIONS))
            raise InvalidInput(
                f"there is no condition {self.condition!r}", where=self.code, remedy=f"use one of {known}"
            )
        if self.least < 1:
            raise InvalidInput(f"least must be 1 or more, got {self.least}", where=self.code)
        if bool(self.subject) is not condition.has_subject:
            asks = "asks for a" if condition.has_subject else "takes no"
            raise InvalidInput(f"condition {self.condition} {asks} subject", where=self.code)
        require_points(self.code, self.xp, condition.needs)

    @property
    def needs(self) -> frozenset[Need]:
        """What must have happened for its condition to hold."""
        return CONDITIONS[self.condition].needs


@dataclass(frozen=True, slots=True)
class EarnedAchievement:
    """An achievement somebody has.

    Args:
        user_id: who.
        code: of the achievement.
        at: when its condition was first seen to hold, seconds since 1970 UTC.
    """

    user_id: UserId
    code: str
    at: int
