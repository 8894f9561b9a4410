"""Conditions of challenges: what is asked of a day, over its recorded facts. No result and no size is among them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.progression.needs import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["DAY_CONDITIONS", "DayCondition", "DayFacts"]

_MINUTE = 60


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What is recorded of somebody's market day.

    Args:
        is_over: the day is closed; what a later trade could still undo is judged only then.
        is_adherent: prepared for, and no rule broken so far.
        confirmed_at: when the day's limits were confirmed, seconds since 1970 UTC; None for never.
        first_opened_at: when the first position of the day was opened; None for none.
        opened: positions opened on it. How many were closed is no condition of points: closing is never discouraged.
        held_plans: positions closed on it whose stop was neither missing, loosened nor removed.
        lessons: read on it.
        quizzes: passed on it.
        diary_entries: written on it.
        forecasts: signals a chance was stated for on it.
    """

    is_over: bool = False
    is_adherent: bool = False
    confirmed_at: int | None = None
    first_opened_at: int | None = None
    opened: int = 0
    held_plans: int = 0
    lessons: int = 0
    quizzes: int = 0
    diary_entries: int = 0
    forecasts: int = 0


class DayCondition(NamedTuple):
    """Something asked of a day.

    Args:
        text: what is asked, with `{figure}` in place of the challenge's figure.
        holds: from the facts and the challenge's figure. Without needs, another trade never makes it hold, and
            another close never keeps it from holding.
        needs: what must have happened for it to hold; with needs it earns no points.
    """

    text: str
    holds: Callable[[DayFacts, int], bool]
    needs: frozenset[Need] = frozenset()


def _thought_first(facts: DayFacts, minutes: int) -> bool:
    if facts.confirmed_at is None or not facts.is_over:
        return False
    first = facts.first_opened_at
    return first is None or first - facts.confirmed_at >= minutes * _MINUTE


def _few(facts: DayFacts, most: int) -> bool:
    return facts.is_over and facts.is_adherent and facts.opened <= most


def _held(facts: DayFacts, least: int) -> bool:
    return facts.is_over and facts.held_plans >= least


DAY_CONDITIONS: Mapping[str, DayCondition] = MappingProxyType(
    {
        "adherent-day": DayCondition("an adherent day", lambda facts, _: facts.is_over and facts.is_adherent),
        "thought-first": DayCondition(
            "limits confirmed {figure} minutes before the first opening, or nothing opened", _thought_first
        ),
        "few-openings": DayCondition("an adherent day with {figure} openings at most, or none", _few),
        "lessons": DayCondition("{figure} lessons read", lambda facts, least: facts.lessons >= least),
        "quizzes": DayCondition("{figure} quizzes passed", lambda facts, least: facts.quizzes >= least),
        "diary-entries": DayCondition("{figure} diary entries", lambda facts, least: facts.diary_entries >= least),
        "forecasts": DayCondition("{figure} chances stated", lambda facts, least: facts.forecasts >= least),
        "held-plans": DayCondition(
            "{figure} closed with a stop that was neither missing, loosened nor removed",
            _held,
            frozenset({Need.TRADE}),
        ),
    }
)
"""All conditions, by name."""
