"""Missions: something to practise on paper until it is habit. A mission gives a badge, never XP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.education.mission_conditions import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from bitten_domain.membership.education.mission_conditions import Need
    from bitten_domain.membership.education.practice import PracticeFacts

__all__ = ["MOST_TIMES", "Mission", "MissionProgress", "grade_mission"]

MOST_TIMES = 100


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission; it has no XP, because most of them need a trade and no XP may depend on one.

    Args:
        name: short name.
        title, text: as they are shown: what to do, and what it is good for.
        badge: name of the badge.
        version: rises when what is asked changes, >= 1.
        condition: name of one of `CONDITIONS`.
        parameters: figures of the condition, all of them.
        times: how much evidence fulfils it, 1 to 100.
        course: short name of the course it belongs to.

    Raises:
        InvalidInput: the condition is unknown, a parameter is missing, unknown or out of bounds, or `times` is.
    """

    name: str
    title: str
    text: str
    badge: str
    version: int
    condition: str
    parameters: Mapping[str, Decimal]
    times: int
    course: str

    def __post_init__(self) -> None:
        condition = CONDITIONS.get(self.condition)
        if condition is None:
            raise InvalidInput(
                f"there is no condition {self.condition!r}",
                where=self.name,
                remedy=f"choose one of {', '.join(sorted(CONDITIONS))}",
            )
        if set(self.parameters) != set(condition.parameters):
            raise InvalidInput(
                f"{self.condition} takes {', '.join(sorted(condition.parameters)) or 'no parameters'},"
                f" not {', '.join(sorted(self.parameters)) or 'none'}",
                where=self.name,
                remedy="give exactly those",
            )
        for name, bounds in condition.parameters.items():
            if not bounds.low <= self.parameters[name] <= bounds.high:
                raise InvalidInput(
                    f"{name} is {self.parameters[name]}",
                    where=self.name,
                    remedy=f"choose {bounds.low} to {bounds.high}",
                )
        if self.version < 1 or not 1 <= self.times <= MOST_TIMES:
            raise InvalidInput(
                f"version {self.version}, {self.times} times",
                where=self.name,
                remedy=f"a version from 1, and 1 to {MOST_TIMES} times",
            )

    @property
    def needs(self) -> frozenset[Need]:
        """What must happen before it can be fulfilled."""
        return CONDITIONS[self.condition].needs


@dataclass(frozen=True, slots=True)
class MissionProgress:
    """How far a mission is.

    Args:
        times: how much evidence fulfils it.
        evidence: what was found, oldest first, at most so much.
    """

    times: int
    evidence: tuple[str, ...]

    @property
    def is_fulfilled(self) -> bool:
        """Whether there is enough."""
        return len(self.evidence) >= self.times


def grade_mission(mission: Mission, facts: PracticeFacts) -> MissionProgress:
    """Look for a mission's evidence in what was recorded."""
    found = CONDITIONS[mission.condition].find(facts, mission.parameters)
    return MissionProgress(mission.times, found[: mission.times])
