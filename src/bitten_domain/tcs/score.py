"""The TCS: how complete a set-up is, 0 to 100, additive and explained. It is not a probability.

``score = 100 * points / available points`` over the eight components, plus the context line. Parts are kept in whole
hundredths of a point, so that the breakdown adds up to the score exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.tcs.parts import COMPONENTS, FULL_CAP, RULE_COMPONENT, RULES
from bitten_domain.tcs.rank_scale import RANKED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.tcs.context import ContextVerdict
    from bitten_domain.tcs.evidence import Evidence
    from bitten_domain.tcs.rank_scale import RankScale

__all__ = ["COVERAGE_FOR_AUTO", "COVERAGE_FOR_SCORE", "Scores", "score"]

COVERAGE_FOR_SCORE = 60
"""Points of 100 that must be available for a score to be given."""

COVERAGE_FOR_AUTO = 85
"""Points of 100 that must be available for an automatic fire."""

_RULE_CAPS = tuple(float(rule.cap) for rule in RULES)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Scores of n candidates.

    Args:
        hundredths: shape (n,), int64, the score in hundredths of a point, 0 to 10000.
        parts: shape (n, 8), int64, each component's share of it, in hundredths; adds up to the score with `context`.
        context: shape (n,), int64, what the context line added after clipping, in hundredths.
        caps: shape (n, 8), points of each component that were available.
        raw: shape (n, 8), evidence of each component before ranking, points.
        coverage: shape (n,), int64, points of 100 that were available.
    """

    hundredths: NDArray[np.int64]
    parts: NDArray[np.int64]
    context: NDArray[np.int64]
    caps: NDArray[np.float64]
    raw: NDArray[np.float64]
    coverage: NDArray[np.int64]


def score(strategy: str, evidence: Evidence, context: ContextVerdict, scale: RankScale) -> Scores:
    """Add the evidence up.

    Args:
        strategy: whose set-ups they are; picks the rank knots.
        evidence: of n candidates.
        context: of the same.
        scale: the frozen knots.

    Returns:
        Scores. A candidate with coverage below `COVERAGE_FOR_SCORE` has a number here too; the gate refuses it.
    """
    n = len(evidence.points)
    # One row a rule and a component: rows are what array arithmetic is quick on.
    found = evidence.points.T
    there = ~np.isnan(found)
    raw = np.zeros((len(COMPONENTS), n))
    caps = np.zeros((len(COMPONENTS), n))
    for row, known, given, limit in zip(RULE_COMPONENT, there, np.where(there, found, 0.0), _RULE_CAPS, strict=True):
        raw[row] += given
        caps[row] += known * limit
    points = raw.copy()
    for number, component in enumerate(COMPONENTS):
        if component in RANKED:
            points[number] = scale.restate(strategy, component, raw[number], caps[number])
    available = np.zeros(n)
    for cap in caps:
        available = available + cap
    total = np.zeros(n)
    running = np.zeros((len(COMPONENTS), n))
    with np.errstate(invalid="ignore", divide="ignore"):
        for number, earned in enumerate(points):
            total = total + earned
            running[number] = 10_000.0 * total / available
    # Rounding the running total, not the parts, is what makes the parts add up.
    whole = np.where(available > 0.0, np.rint(running), 0.0).astype(np.int64)
    parts = np.diff(whole, axis=0, prepend=0)
    base = whole[-1]
    final = np.clip(base + np.rint(100.0 * context.points).astype(np.int64), 0, 10_000)
    return Scores(
        hundredths=final,
        parts=parts.T,
        context=final - base,
        caps=caps.T,
        raw=raw.T,
        coverage=np.rint(100.0 * available / FULL_CAP).astype(np.int64),
    )
