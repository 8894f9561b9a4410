"""Known price levels: confirmed pivots, the extremes of past days, round numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.windowed import rolling_max

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars

__all__ = ["PIVOT_WING", "Pivots", "pivots_of", "round_levels"]

PIVOT_WING = 5
"""Bars on each side that a pivot must exceed; it is confirmed when the last of them has closed."""


@dataclass(frozen=True, slots=True, eq=False)
class Pivots:
    """Turning points of one side.

    Args:
        position: shape (k,), position of each pivot's bar, increasing; known from ``position + PIVOT_WING`` on.
        price: shape (k,), its high or its low.
    """

    position: NDArray[np.int64]
    price: NDArray[np.float64]

    def counted_from(self, start: int) -> Pivots:
        """Restate positions for bars that begin at ``start``; pivots before it get negative ones and still count."""
        return Pivots(self.position - start, self.price)

    def newest(self, rows: NDArray[np.int64], count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Find the newest confirmed pivots at each of some bars.

        Args:
            rows: shape (n,), bar positions.
            count: how many to give.

        Returns:
            Prices and positions, shape (n, count), newest first; NaN and -1 where there are fewer.
        """
        last = np.searchsorted(self.position, rows - PIVOT_WING, side="right") - 1
        wanted = last[:, None] - np.arange(count)
        exists = wanted >= 0
        if len(self.position) == 0:
            return np.full(wanted.shape, np.nan), np.full(wanted.shape, -1, dtype=np.int64)
        picked = np.maximum(wanted, 0)
        return np.where(exists, self.price[picked], np.nan), np.where(exists, self.position[picked], -1)

    def touches(
        self, rows: NDArray[np.int64], level: NDArray[np.float64], tolerance: NDArray[np.float64], span: int
    ) -> NDArray[np.int64]:
        """Count the confirmed pivots of the last ``span`` bars that lie near a level.

        Args:
            rows: shape (n,), bar positions.
            level: shape (n,), price.
            tolerance: shape (n,), price distance counted as near.
            span: bars to look back.
        """
        first = np.searchsorted(self.position, rows - span, side="right")
        stop = np.searchsorted(self.position, rows - PIVOT_WING, side="right")
        longest = int((stop - first).max(initial=0))
        if longest == 0:
            return np.zeros(len(rows), dtype=np.int64)
        wanted = first[:, None] + np.arange(longest)
        exists = wanted < stop[:, None]
        price = self.price[np.minimum(wanted, len(self.price) - 1)]
        near: NDArray[np.int64] = (exists & (np.abs(price - level[:, None]) <= tolerance[:, None])).sum(axis=1)
        return near


def pivots_of(bars: Bars) -> tuple[Pivots, Pivots]:
    """Find the pivot highs and pivot lows: bars that are the extreme of ``PIVOT_WING`` bars on both sides.

    Of equal extremes within a wing the first counts.
    """
    return _pivots(bars.high, bars.high), _pivots(-bars.low, bars.low)


def _pivots(oriented: NDArray[np.float64], price: NDArray[np.float64]) -> Pivots:
    n = len(oriented)
    wing = PIVOT_WING
    if n < 2 * wing + 1:
        return Pivots(np.zeros(0, dtype=np.int64), np.zeros(0))
    around = rolling_max(oriented, wing)
    middle = np.arange(wing, n - wing)
    is_top = (oriented[middle] > around[middle - 1]) & (oriented[middle] >= around[middle + wing])
    position = middle[is_top].astype(np.int64)
    return Pivots(position, price[position])


def round_levels(price: NDArray[np.float64], step: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the round numbers around prices: the multiples of ``step`` at or below, and above."""
    below = np.floor(price / step) * step
    return below, below + step
