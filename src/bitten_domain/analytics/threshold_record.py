"""The threshold's record: where it stood and how often it was held by a bound."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.tcs.threshold import CEILING, FLOOR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.tcs.threshold import ThresholdDecision

__all__ = ["ThresholdRecord", "threshold_record"]


@dataclass(frozen=True, slots=True)
class ThresholdRecord:
    """A stretch of decisions, values in points.

    Args:
        start, end: before the first decision and after the last.
        least, most: over all of them.
        share_at_bounds: of the decisions that left it at 70 or 78; None without one.
        decisions: evaluations.
        moves: evaluations that moved it.
        reasons: evaluations by reason, most frequent first.
    """

    start: float
    end: float
    least: float
    most: float
    share_at_bounds: float | None
    decisions: int
    moves: int
    reasons: tuple[tuple[str, int], ...]


def threshold_record(decisions: Sequence[ThresholdDecision], standing: int) -> ThresholdRecord:
    """Sum decisions up.

    Args:
        decisions: in order.
        standing: where the threshold stands when there is no decision, thousandths of a point.
    """
    values = [decisions[0].old, *(decision.new for decision in decisions)] if decisions else [standing]
    at_bounds = sum(decision.new in (FLOOR, CEILING) for decision in decisions)
    reasons = Counter(decision.reason for decision in decisions)
    return ThresholdRecord(
        start=values[0] / 1000,
        end=values[-1] / 1000,
        least=min(values) / 1000,
        most=max(values) / 1000,
        share_at_bounds=round(at_bounds / len(decisions), 4) if decisions else None,
        decisions=len(decisions),
        moves=sum(decision.new != decision.old for decision in decisions),
        reasons=tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )
