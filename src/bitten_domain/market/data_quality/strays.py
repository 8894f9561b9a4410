"""Strays: rows that are sound by themselves and yet do not belong to the rows around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["far_from_rest", "off_level"]

_FAR_SECONDS = 366 * 86_400
# A stretch with fewer than a hundredth of the rows of the longest one is a slip of the clock, not a history.
_STRAY_SHARE = 100
# Currencies do not double from one bar to the next; a misplaced decimal is ten times as much.
_LEVEL_FACTOR = 2.0
_AROUND = 5


def far_from_rest(opened: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Find the few rows that stand more than a year from nearly all others.

    Args:
        opened: shape (n,), seconds since 1970 UTC, in any order.

    Returns:
        Shape (n,): rows of stretches, parted by holes of more than 366 days, that hold fewer than a hundredth as many
        rows as the longest.
    """
    order = np.argsort(opened, kind="stable")
    parted = np.diff(opened[order]) > _FAR_SECONDS
    stray = np.zeros(len(opened), dtype=np.bool_)
    if parted.any():
        stretch = np.concatenate(([0], np.cumsum(parted)))
        count = np.bincount(stretch)
        stray[order] = (count * _STRAY_SHARE < count.max())[stretch]
    return stray


def off_level(
    opened: NDArray[np.int64], low: NDArray[np.float64], high: NDArray[np.float64], close: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Find bars that stand as a whole at another price level than the bars around them.

    Args:
        opened: shape (n,), seconds since 1970 UTC, in any order.
        low, high, close: shape (n,), > 0.

    Returns:
        Shape (n,): bars whose low is above twice, or whose high is below half, the median close of the eleven bars
        around and including them. Up to five such bars in a row are found; a level that stays is a level.
    """
    n = len(opened)
    off = np.zeros(n, dtype=np.bool_)
    order = np.argsort(opened, kind="stable")
    closes = close[order]
    ratio = closes[1:] / closes[:-1]
    jumps = np.flatnonzero((ratio > _LEVEL_FACTOR) | (ratio * _LEVEL_FACTOR < 1.0))
    if n < 3 or len(jumps) == 0:
        return off
    near = np.unique(np.clip(jumps[:, None] + np.arange(1 - _AROUND, _AROUND + 1), 0, n - 1))
    width = min(2 * _AROUND + 1, n)
    first = np.clip(near - _AROUND, 0, n - width)
    level = np.median(closes[first[:, None] + np.arange(width)], axis=1)
    rows = order[near]
    off[rows] = (low[rows] > _LEVEL_FACTOR * level) | (_LEVEL_FACTOR * high[rows] < level)
    return off
