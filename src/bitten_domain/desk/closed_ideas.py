"""Results of the signals of the last 20 market days, fired or not: what the threshold's performance part reads."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bitten_domain.tcs.threshold import ClosedSignals

__all__ = ["ClosedIdeas", "closed_signals", "with_result"]

_DAYS = 20


@dataclass(frozen=True, slots=True)
class ClosedIdeas:
    """Sums by trading day of closing, oldest first, at most 20 days with results: (day, count, sum of net R)."""

    days: tuple[tuple[int, int, float], ...] = ()


def with_result(ideas: ClosedIdeas, day: int, net_r: float) -> ClosedIdeas:
    """Add a closed signal's result.

    Args:
        ideas: before it.
        day: trading day it closed on, not before the newest one.
        net_r: result after costs, in R.
    """
    if ideas.days and ideas.days[-1][0] == day:
        _, count, total = ideas.days[-1]
        return ClosedIdeas((*ideas.days[:-1], (day, count + 1, total + net_r)))
    return ClosedIdeas((*ideas.days, (day, 1, net_r))[-_DAYS:])


def closed_signals(ideas: ClosedIdeas) -> ClosedSignals:
    """Sum the days up; the standard error takes whole market days, because signals of one day move together.

    Source: the ratio estimator's variance over clusters (W. G. Cochran, Sampling Techniques, 1977, ch. 6), scaled to
    the shrunk mean.
    """
    count = sum(number for _, number, _ in ideas.days)
    total = math.fsum(result for _, _, result in ideas.days)
    days = len(ideas.days)
    if days < 2:
        return ClosedSignals(count, total, 0.0)
    mean = total / count
    squares = math.fsum((result - mean * number) ** 2 for _, number, result in ideas.days)
    deviation = math.sqrt(days / (days - 1) * squares) / (count + 20)
    return ClosedSignals(count, total, deviation)
