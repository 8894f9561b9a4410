"""The scales that turn a measure into evidence points: named points, linear between them.

Source: rules, TCS table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DEPTH", "NEAREST", "REWARD", "RSI_CONTINUATION", "RSI_REVERSION", "STOP_RUN", "points_on"]

_Points = tuple[tuple[float, float], ...]

RSI_CONTINUATION: _Points = ((34, 0), (42, 2), (50, 4), (55, 5), (66, 5), (74, 3), (82, 0))
RSI_REVERSION: _Points = ((38, 5), (45, 3), (55, 2), (62, 0))
DEPTH: _Points = ((0, 0), (0.5, 3), (1.0, 5))
NEAREST: _Points = ((0.25, 2), (1.0, 0))
STOP_RUN: _Points = ((0.25, 0), (1.5, 3))
REWARD: _Points = ((1, 0), (1.5, 2), (2, 4), (2.5, 6), (3, 8), (3.5, 9), (4, 10))


def points_on(scale: tuple[tuple[float, float], ...], measure: NDArray[np.float64]) -> NDArray[np.float64]:
    """Read measures off a scale; before its first and after its last point the scale is flat, NaN stays NaN."""
    at = np.array([x for x, _ in scale])
    worth = np.array([y for _, y in scale])
    points: NDArray[np.float64] = np.interp(measure, at, worth)
    return points
