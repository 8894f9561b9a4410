"""Challenges of the day as data, and what somebody made of one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.progression.challenges.conditions import DAY_CONDITIONS
from bitten_domain.progression.naming import require_names, require_points

if TYPE_CHECKING:
    from bitten_domain.progression.needs import Need
    from bitten_domain.values import UserId

__all__ = ["Challenge", "ChallengeTheme", "DailyChallenge"]


class ChallengeTheme(Enum):
    """What a challenge practises; those of one day differ in it."""

    PATIENCE = "PATIENCE"
    DISCIPLINE = "DISCIPLINE"
    PLANNED_EXIT = "PLANNED_EXIT"
    JOURNAL = "JOURNAL"
    LESSON = "LESSON"


@dataclass(frozen=True, slots=True)
class Challenge:
    """Something that may be set for a day.

    Args:
        code: its short name: lower case letters, digits and hyphens.
        name: as it is shown.
        text: what to do, a sentence.
        theme: what it practises.
        condition: a name in `DAY_CONDITIONS`.
        figure: what its condition compares with, >= 1.
        xp: points before multipliers, 0 to 500; 0 makes it a badge.

    Raises:
        InvalidInput: there is no such condition, a figure is out of bounds, or points would be given for something
            that needs a trade.
    """

    code: str
    name: str
    text: str
    theme: ChallengeTheme
    condition: str
    figure: int
    xp: int = 0

    def __post_init__(self) -> None:
        require_names(self.code, self.name, self.text)
        condition = DAY_CONDITIONS.get(self.condition)
        if condition is None:
            known = ", ".join(sorted(DAY_CONDITIONS))
            raise InvalidInput(
                f"there is no condition {self.condition!r}", where=self.code, remedy=f"use one of {known}"
            )
        if self.figure < 1:
            raise InvalidInput(f"figure must be 1 or more, got {self.figure}", where=self.code)
        require_points(self.code, self.xp, condition.needs)

    @property
    def needs(self) -> frozenset[Need]:
        """What must have happened for its condition to hold."""
        return DAY_CONDITIONS[self.condition].needs


@dataclass(frozen=True, slots=True)
class DailyChallenge:
    """A challenge that was set for somebody's day.

    Args:
        user_id: whose.
        day: trading day, days since 1970-01-01.
        code: of the challenge.
        met_at: when it was found met, seconds since 1970 UTC; None before.
    """

    user_id: UserId
    day: int
    code: str
    met_at: int | None = None
