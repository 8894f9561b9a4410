"""The rank scale: evidence restated as its rank among a strategy's own development set-ups.

Raw evidence of different strategies is not comparable (a reversion can hardly earn trend points), so components 1, 2,
3 and 6 give ``available cap * pct ** 0.25``, where pct is the mid-rank of the evidence share among the same strategy's
set-ups in the sample the knots were taken from. It relabels, and relabelling adds no information: a score of 70 means
"the better part of this strategy's set-ups", nothing about outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant
from bitten_domain.tcs.parts import Component

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["RANKED", "RankKnots", "RankScale", "knots_from"]

RANKED: tuple[Component, ...] = (Component.STRUCTURE, Component.ALIGNMENT, Component.MOMENTUM, Component.LIQUIDITY)
"""Components the scale applies to."""


@dataclass(frozen=True, slots=True)
class RankKnots:
    """Mid-ranks of one component's evidence shares among one strategy's set-ups.

    Args:
        share: evidence over available cap, increasing, in [0, 1].
        rank: mid-rank at each share, not decreasing, in [0, 1]; between knots the rank is linear.
    """

    share: tuple[float, ...]
    rank: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in zip(self.share, self.share[1:], strict=False))
        steady = all(a <= b for a, b in zip(self.rank, self.rank[1:], strict=False))
        if not self.share or len(self.share) != len(self.rank) or not rising or not steady:
            raise BrokenInvariant("rank knots need increasing shares and ranks of the same number")

    def fourth_root(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Read ``rank ** 0.25`` for evidence shares; zero evidence gives zero, NaN stays NaN."""
        rank = np.interp(share, self.share, self.rank)
        # Two square roots are exact to the last bit everywhere, a power is not.
        return np.where(share <= 0.0, 0.0, np.sqrt(np.sqrt(rank)))


@dataclass(frozen=True, slots=True)
class RankScale:
    """A frozen, versioned set of knots.

    Args:
        version: name of the set; it is recorded with every score.
        sample: what the knots were taken from: data, dates, number of set-ups.
        knots: by strategy name and component. A strategy without knots keeps its raw evidence.
    """

    version: str
    sample: str
    knots: Mapping[tuple[str, Component], RankKnots]

    def restate(
        self, strategy: str, component: Component, evidence: NDArray[np.float64], cap: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Turn evidence into points.

        Args:
            strategy: whose set-ups they are.
            component: what the evidence is of.
            evidence: shape (n,), points before ranking.
            cap: shape (n,), points available.
        """
        knots = self.knots.get((strategy, component))
        if knots is None:
            return evidence
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(cap > 0.0, evidence / cap, 0.0)
        return cap * knots.fourth_root(share)


def knots_from(shares: NDArray[np.float64], most: int = 48) -> RankKnots:
    """Take knots from the evidence shares of a sample.

    Args:
        shares: shape (n,), n >= 1, in [0, 1], finite.
        most: knots to keep; the rest lie between within a rank of about 1 / most.

    Returns:
        The sample's mid-ranks ``(below + equal / 2) / n`` at chosen shares, shares rounded to 4 and ranks to 5 places.
    """
    rounded = np.round(shares, 4)
    values, counts = np.unique(rounded, return_counts=True)
    below = np.cumsum(counts) - counts
    rank = (below + counts / 2.0) / len(shares)
    if len(values) > most:
        targets = np.linspace(rank[0], rank[-1], most)
        kept = np.unique(np.searchsorted(rank, targets).clip(0, len(values) - 1))
        values, rank = values[kept], rank[kept]
    return RankKnots(tuple(float(value) for value in values), tuple(float(value) for value in np.round(rank, 5)))
