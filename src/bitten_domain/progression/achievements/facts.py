"""What achievements are judged by: recorded facts, as plain values. No result, size or volume is among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.progression.tally import Tally
    from bitten_domain.progression.xp import Progress
    from bitten_domain.vocabulary import Board

__all__ = ["Facts", "Learned"]


@dataclass(frozen=True, slots=True)
class Learned:
    """What somebody has learned and written down so far.

    Args:
        lessons: lessons read, as `course/lesson`.
        courses: courses completed, by their short names.
        perfect_quizzes: quizzes answered without a fault, each counted once.
        diary_days: trading days with a diary entry.
        losses_reflected: losing trades with a diary entry about them.
        missions: missions fulfilled; they are graded on paper trades.
    """

    lessons: frozenset[str] = frozenset()
    courses: frozenset[str] = frozenset()
    perfect_quizzes: int = 0
    diary_days: int = 0
    losses_reflected: int = 0
    missions: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All an achievement may look at.

    Args:
        progress: days, streaks and prestige.
        tally: what was kept in a row.
        learned: lessons, quizzes, diary, missions.
        boards: boards somebody has joined.
        paused_days: days on which a lockout or the daily limit began and no rule was broken.
        forecasts: signals they stated a chance for whose outcome is known.
    """

    progress: Progress
    tally: Tally
    learned: Learned
    boards: frozenset[Board] = frozenset()
    paused_days: int = 0
    forecasts: int = 0
