"""The self-optimising threshold: it holds the number of signals a market day near its target, within [70, 78].

It decides what is emitted, never what may be fired. Values are whole thousandths of a point inside, so that comparing
a score with the threshold is exact. Source: rules, self-optimising threshold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from bitten_domain.errors import InvalidInput

__all__ = [
    "CEILING",
    "FLOOR",
    "ClosedSignals",
    "Condition",
    "ThresholdDecision",
    "ThresholdRules",
    "ThresholdState",
    "due_at",
    "evaluate",
]

FLOOR = 70_000
CEILING = 78_000
"""Hard bounds of the threshold, thousandths of a point; no setting passes them."""

_HOUR = 3_600


class Condition(Enum):
    """How volatile the market was at a decision: median over the pairs of ATR14(H1) to its 20-day median."""

    LOW = "LOW"
    NORMAL = "NORMAL"
    HIGH = "HIGH"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class ThresholdRules:
    """How the threshold moves.

    Args:
        target: signals wanted a market day.
        tolerance: share of the target the count may be off without a volume move.
        evaluate_hours: market-open hours between evaluations.
        settle_hours: market-open hours between moves.
        urgent_below, urgent_above: r at which a move waits only `urgent_hours`.
        urgent_hours: market-open hours before an urgent move. Four, as first designed, lets the count of the hours
            before a move drive the next one: with a steep supply the threshold then swings for ever
            (docs/decisions/0011-threshold.md).
        least_move: thousandths; a smaller move is not made.
        least_closed: closed signals below which performance says nothing.
        steepest: largest relative change of the count a point of threshold makes, as an exponent; a performance move
            is made only if even then the count stays within tolerance.
    """

    target: int = 65
    tolerance: float = 0.15
    evaluate_hours: int = 4
    settle_hours: int = 24
    urgent_below: float = 0.5
    urgent_above: float = 1.6
    urgent_hours: int = 12
    least_move: int = 500
    least_closed: int = 200
    steepest: float = 0.4

    def __post_init__(self) -> None:
        if not 1 <= self.target <= 100:
            raise InvalidInput(
                f"the target is {self.target} signals a day", where="threshold.target", remedy="choose 1 to 100"
            )
        if not 0.0 < self.tolerance < 0.5:
            raise InvalidInput(
                f"the tolerance is {self.tolerance}", where="threshold.tolerance", remedy="choose between 0 and 0.5"
            )


@dataclass(frozen=True, slots=True)
class ThresholdState:
    """Where the threshold stands; moments are readings of the market-open clock, in seconds (`market.fx_week`).

    Args:
        value: thousandths of a point.
        started: when counting began.
        evaluated: the last evaluation, or the start.
        moved: the last move, or the start.
    """

    value: int
    started: int
    evaluated: int
    moved: int

    @classmethod
    def at_start(cls, open_clock: int, value: int = FLOOR) -> ThresholdState:
        """Begin counting at a reading of the market-open clock."""
        return cls(min(max(value, FLOOR), CEILING), open_clock, open_clock, open_clock)


@dataclass(frozen=True, slots=True)
class ClosedSignals:
    """Outcomes of the signals closed in the last 20 market days.

    Args:
        count: how many.
        total_r: sum of their net R.
        deviation_r: standard error of the shrunk mean, by market day; 0 below two days.
    """

    count: int
    total_r: float
    deviation_r: float

    @property
    def shrunk_mean_r(self) -> float:
        """Mean net R, shrunk to zero by 20 signals of no result."""
        return self.total_r / (self.count + 20)


@dataclass(frozen=True, slots=True)
class ThresholdDecision:
    """One evaluation: the audit row.

    Args:
        old, new: thousandths of a point; equal when it stayed.
        count: signals of the last 24 market-open hours, passes over the daily cap counted.
        volume_move, performance_move: thousandths each part asked for.
        reason: why it moved or stayed, one of a fixed set of sentences.
        condition: the market's volatility then.
        closed: what the performance part saw.
    """

    old: int
    new: int
    count: int
    volume_move: int
    performance_move: int
    reason: str
    condition: Condition
    closed: ClosedSignals


def due_at(state: ThresholdState, rules: ThresholdRules) -> int:
    """Find when the next evaluation is due, on the market-open clock.

    At every whole step of `evaluate_hours`, first when a whole window has been watched.
    """
    step = rules.evaluate_hours * _HOUR
    return max(state.started + 24 * _HOUR, (state.evaluated // step + 1) * step)


def evaluate(
    state: ThresholdState,
    open_clock: int,
    count: int,
    closed: ClosedSignals,
    condition: Condition,
    rules: ThresholdRules,
) -> tuple[ThresholdState, ThresholdDecision]:
    """Decide whether and how far the threshold moves.

    Args:
        state: where it stands.
        open_clock: reading of the market-open clock now, seconds.
        count: signals of the last 24 market-open hours, passes over the daily cap counted, >= 0.
        closed: outcomes of the last 20 market days.
        condition: for the audit row.
        rules: how it moves.

    Returns:
        The next state and the audit row. The value stays in [70, 78] and never winds up beyond it.
    """
    ratio = count / rules.target
    volume = _volume_move(ratio, rules)
    performance = _performance_move(ratio, closed, rules)
    urgent = ratio < rules.urgent_below or ratio > rules.urgent_above
    settled = open_clock - state.moved >= (rules.urgent_hours if urgent else rules.settle_hours) * _HOUR
    wanted = volume + performance
    reachable = min(max(state.value + wanted, FLOOR), CEILING)
    too_small = abs(reachable - state.value) < rules.least_move
    new = reachable if settled and not too_small else state.value
    if new != state.value:
        reason = "volume" if volume else "performance"
    elif wanted == 0:
        reason = "within tolerance"
    elif abs(wanted) < rules.least_move:
        reason = "move too small"
    elif too_small:
        reason = "at bound"
    else:
        reason = "last move not settled"
    moved = open_clock if new != state.value else state.moved
    decision = ThresholdDecision(state.value, new, count, volume, performance, reason, condition, closed)
    return ThresholdState(new, state.started, open_clock, moved), decision


def _volume_move(ratio: float, rules: ThresholdRules) -> int:
    if ratio < 1.0 - rules.tolerance:
        return -round(1000.0 * min(2.0, 5.0 * (1.0 - ratio)))
    if ratio > 1.0 + rules.tolerance:
        return round(1000.0 * min(2.0, 3.0 * (ratio - 1.0)))
    return 0


def _performance_move(ratio: float, closed: ClosedSignals, rules: ThresholdRules) -> int:
    if closed.count < rules.least_closed or closed.deviation_r <= 0.0:
        return 0
    least, most = 1.0 - rules.tolerance, 1.0 + rules.tolerance
    if not least <= ratio <= most:
        return 0
    mean = closed.shrunk_mean_r
    if mean < -closed.deviation_r:
        wanted, room = min(0.5, 2.0 * -mean), math.log(ratio / least) / rules.steepest
        return round(1000.0 * wanted) if wanted <= room else 0
    if mean > closed.deviation_r:
        wanted, room = min(0.5, mean), math.log(most / ratio) / rules.steepest
        return -round(1000.0 * wanted) if wanted <= room else 0
    return 0
