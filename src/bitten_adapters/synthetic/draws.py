"""Draws that are the same on every machine.

NumPy keeps the raw stream of a bit generator stable, but not the stream of its distributions, and the last bit of
``exp`` or ``log`` differs from one processor to the next. So the raw integers are transformed here, with integer sums
and single IEEE operations only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["normals", "uniforms"]

_SUMMANDS = 12
_HALF_SUM = _SUMMANDS * 65_535 // 2


def _raw(seed: int, stream: int, count: int) -> NDArray[np.uint64]:
    bits = np.random.PCG64(np.random.SeedSequence([seed, stream]))
    return np.asarray(bits.random_raw(count), dtype=np.uint64)


def uniforms(seed: int, stream: int, rows: int, columns: int) -> NDArray[np.float64]:
    """Draw numbers in [0, 1), shape (rows, columns).

    Args:
        seed: of the whole market, >= 0.
        stream: number of an independent stream within it, >= 0.
        rows, columns: shape; asking for more rows later repeats the rows of before.
    """
    raw = _raw(seed, stream, rows * columns) >> np.uint64(11)
    drawn: NDArray[np.float64] = raw.astype(np.float64) * 2.0**-53
    return drawn.reshape(rows, columns)


def normals(seed: int, stream: int, rows: int, columns: int) -> NDArray[np.float64]:
    """Draw near-normal numbers of mean 0 and variance 1 in [-6, 6], shape (rows, columns); arguments as `uniforms`.

    Source: the sum of twelve uniform numbers (Irwin-Hall), here of sixteen bits each, so that the sum is exact.
    """
    sixteens = _raw(seed, stream, rows * columns * 3).view(np.uint16).reshape(-1, _SUMMANDS)
    # Summed column by column: an integer sum is exact in any order, and this one is vectorised.
    total = sixteens[:, 0].astype(np.int32)
    for column in range(1, _SUMMANDS):
        total += sixteens[:, column]
    drawn: NDArray[np.float64] = (total - _HALF_SUM).astype(np.float64) * 2.0**-16
    return drawn.reshape(rows, columns)
