"""The day score of a press pass: XP earned since 00:00 UTC. Lifetime XP is elsewhere, and no reset touches it.

The score carries its day, so that what is read is right before the nightly job, after it, and when it never comes; the
job only writes down what is so. UTC has no summer time, and a clock that is set back resets nothing anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership.calendar_day import utc_day
from bitten_domain.membership.press_pass.passes import DayScore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.membership.press_pass.passes import PressPass

__all__ = ["day_score", "reset_day_scores", "with_points"]


def day_score(press_pass: PressPass, now: int) -> int:
    """Read the points of the day of a moment (seconds since 1970 UTC)."""
    return press_pass.score.points if press_pass.score.day == utc_day(now) else 0


def with_points(press_pass: PressPass, points: int, at: int) -> PressPass:
    """Add points earned at a moment; those of a day that is over are no longer counted.

    Raises:
        BrokenInvariant: the points are negative.
    """
    if points < 0:
        raise BrokenInvariant("points of a day are not negative")
    day, score = utc_day(at), press_pass.score
    if day < score.day:
        return press_pass
    before = score.points if day == score.day else 0
    return replace(press_pass, score=DayScore(day, before + points))


def reset_day_scores(passes: Iterable[PressPass], day: int) -> tuple[PressPass, ...]:
    """Give the passes whose score is of an earlier day, reset to that day; nothing is left to do a second time."""
    return tuple(replace(one, score=DayScore(day)) for one in passes if one.score.day < day)
