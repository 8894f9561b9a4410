"""Conditions of achievements: named counts over recorded facts, each saying what it needs to have happened."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.progression.needs import Need

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_domain.progression.achievements.facts import Facts

__all__ = ["CONDITIONS", "Condition"]

_TRADE = frozenset({Need.TRADE})
_LOSS = frozenset({Need.TRADE, Need.LOSS})
_LOCKOUT = frozenset({Need.TRADE, Need.LOSS, Need.LOCKOUT})


class Condition(NamedTuple):
    """A count that an achievement compares with its figure.

    Args:
        text: what it counts.
        measure: from the facts and the achievement's subject; it never falls while nothing is forgotten.
        needs: what must have happened for it to count anything; with needs it earns no points.
        has_subject: it counts one thing of a kind, named by the achievement.
    """

    text: str
    measure: Callable[[Facts, str], int]
    needs: frozenset[Need] = frozenset()
    has_subject: bool = False


CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        "adherent-days": Condition("adherent market days", lambda facts, _: facts.progress.adherent_days),
        "streak-days": Condition("adherent market days in a row", lambda facts, _: facts.progress.best_streak),
        "unbroken-days": Condition(
            "prepared market days in a row without a broken rule",
            lambda facts, _: facts.tally.best_unbroken_days,
        ),
        "prestige": Condition("prestiges taken", lambda facts, _: facts.progress.prestige),
        "lessons": Condition("lessons read", lambda facts, _: len(facts.learned.lessons)),
        "lesson": Condition(
            "a lesson read", lambda facts, subject: int(subject in facts.learned.lessons), has_subject=True
        ),
        "courses": Condition("courses completed", lambda facts, _: len(facts.learned.courses)),
        "course": Condition(
            "a course completed", lambda facts, subject: int(subject in facts.learned.courses), has_subject=True
        ),
        "perfect-quizzes": Condition("quizzes without a fault", lambda facts, _: facts.learned.perfect_quizzes),
        "diary-days": Condition("trading days with a diary entry", lambda facts, _: facts.learned.diary_days),
        "boards": Condition("boards joined", lambda facts, _: len(facts.boards)),
        "forecasts": Condition("forecasts whose outcome is known", lambda facts, _: facts.forecasts),
        "missions": Condition("missions fulfilled on paper", lambda facts, _: facts.learned.missions, _TRADE),
        "sized-trades": Condition(
            "trades in a row with a stop and within the risk chosen",
            lambda facts, _: facts.tally.best_sized_trades,
            _TRADE,
        ),
        "held-plans": Condition(
            "trades in a row whose stop was never loosened",
            lambda facts, _: facts.tally.best_held_plans,
            _TRADE,
        ),
        "losses-reflected": Condition(
            "losing trades written about", lambda facts, _: facts.learned.losses_reflected, _LOSS
        ),
        "paused-days": Condition(
            "days on which a pause began and no rule was broken",
            lambda facts, _: facts.paused_days,
            _LOCKOUT,
        ),
    }
)
"""All conditions, by name."""
