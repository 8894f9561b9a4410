"""Rolling reductions whose value depends on a finite window alone, bit for bit.

Every function works along the last axis and builds a window of any length from windows of lengths 1, 2, 4, ... by
element-wise steps only. Because an element-wise step does the same arithmetic at every position, a value is a pure
function of the bars inside its window: a short live window gives the very bits the full history gives, on any
platform. (A running sum or a textbook recursion would carry rounding and start-up from before the window.)
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "Windowed",
    "rolling_max",
    "rolling_mean",
    "rolling_min",
    "rolling_sum",
    "weighted_sums",
    "window_means",
]


_SHORT = 4_096


def _checked(length: int) -> None:
    if length < 1:
        raise BrokenInvariant(f"a window needs at least one bar, got {length}")


def _joined(
    newer: NDArray[np.float64], older: NDArray[np.float64], lag: int, factor: float | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Append to windows of ``lag`` bars the windows that end just before them, weighted by ``factor``."""
    out = newer.copy()
    _join(out, older, lag, factor)
    return out


def _join(
    newer: NDArray[np.float64], older: NDArray[np.float64], lag: int, factor: float | NDArray[np.float64]
) -> None:
    if lag < newer.shape[-1]:
        aligned = older[..., :-lag]
        newer[..., lag:] += aligned if isinstance(factor, float) and factor == 1.0 else aligned * factor


@dataclass(frozen=True, slots=True, eq=False)
class Windowed:
    """Rows of values to be averaged over windows of one length.

    Args:
        values: shape (r, n), finite; nought before ``begins``.
        length: bars in a window, >= 1; older values have no weight at all.
        least: values a window must hold to have an average.
        ratio: weight of a value over that of the next newer one, in [0, 1]; 1 weighs all alike.
        begins: position of the first value; those before it are not there.
    """

    values: NDArray[np.float64]
    length: int
    least: int
    ratio: float = 1.0
    begins: int = 0

    def __post_init__(self) -> None:
        _checked(self.length)


def window_means(parts: Sequence[Windowed]) -> list[NDArray[np.float64]]:
    """Average several sets of rows at once, which for short rows takes little longer than one of them.

    Returns:
        For each part shape (r, n), to be written into; NaN where a window holds fewer than ``least`` values. Where it
        holds fewer than ``length``, the weights of those that are there are normalised.
    """
    # Short rows cost the overhead of the calls; long ones are quicker a part at a time, which stays in the cache.
    together = [parts] if parts[0].values.shape[-1] <= _SHORT else [[part] for part in parts]
    sums = [each for group in together for each in _window_sums(group)]
    for part, out in zip(parts, sums, strict=True):
        weights = _geometric_weights(part.ratio, part.length)
        whole = min(part.begins + part.length, out.shape[-1])
        out[:, whole:] /= weights[-1]
        out[:, part.begins : whole] /= weights[: max(0, whole - part.begins)]
        out[:, : part.begins + part.least - 1] = np.nan
    return sums


class _Sum:
    """A part on its way: the rows of the stack that are its blocks, and the windows built of them so far."""

    def __init__(self, part: Windowed, start: int) -> None:
        self.part, self.rows = part, slice(start, start + len(part.values))
        self.block_weight = part.ratio
        self.total: NDArray[np.float64] | None = None
        self._length, self._weight = 0, 1.0

    def take(self, stack: NDArray[np.float64], block_length: int) -> None:
        block = stack[self.rows]
        if self.total is None:
            self.total = block.copy()
        else:
            _join(self.total, block, self._length, self._weight)
        self._length += block_length
        self._weight *= self.block_weight


def _window_sums(parts: Sequence[Windowed]) -> list[NDArray[np.float64]]:
    # The longest first, so that those whose windows are built leave the stack at its end.
    order = sorted(range(len(parts)), key=lambda number: -parts[number].length)
    sums: dict[int, _Sum] = {}
    rows = 0
    for number in order:
        sums[number] = _Sum(parts[number], rows)
        rows += len(parts[number].values)
    stack = np.concatenate([parts[number].values for number in order])
    growing, length = list(sums.values()), 1
    while True:
        for each in growing:
            if each.part.length & length:
                each.take(stack, length)
        growing = [each for each in growing if each.part.length >= 2 * length]
        if not growing:
            break
        blocks = stack[: growing[-1].rows.stop]
        stack = _joined(blocks, blocks, length, _column([(each.rows, each.block_weight) for each in growing]))
        for each in growing:
            each.block_weight *= each.block_weight
        length *= 2
    return [total for number in range(len(parts)) if (total := sums[number].total) is not None]


def _column(weights: Sequence[tuple[slice, float]]) -> float | NDArray[np.float64]:
    """Give each row of a stack its weight, shape (rows, 1), or the one they all have."""
    first = weights[0][1]
    if all(weight == first for _, weight in weights):
        return first
    return np.array([[weight] for rows, weight in weights for _ in range(rows.start, rows.stop)])


def _plain(values: NDArray[np.float64], length: int) -> Windowed:
    rows = values[None] if values.ndim == 1 else values.reshape(math.prod(values.shape[:-1]), values.shape[-1])
    return Windowed(rows, length, length)


def rolling_sum(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Sum the last ``length`` values at each position; shorter at the start, where fewer exist."""
    return _window_sums([_plain(values, length)])[0].reshape(values.shape)


def rolling_mean(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Average the last ``length`` values; NaN where fewer exist."""
    return window_means([_plain(values, length)])[0].reshape(values.shape)


@lru_cache(maxsize=64)
def _geometric_weights(ratio: float, length: int) -> NDArray[np.float64]:
    """Sum the weights of windows of 1 to ``length`` values."""
    weight, power = 0.0, 1.0
    weights = np.empty(length)
    for k in range(length):
        weight += power
        power *= ratio
        weights[k] = weight
    return weights


def weighted_sums(values: NDArray[np.float64], length: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum each window plainly and weighted by age: ``sum x[t-k]`` and ``sum k * x[t-k]`` for k in [0, length).

    Shorter windows at the start sum what exists.
    """
    _checked(length)
    block, aged, block_length = values, np.zeros_like(values), 1
    total: NDArray[np.float64] | None = None
    total_aged: NDArray[np.float64] = aged
    total_length = 0
    remaining = length
    while True:
        if remaining & 1:
            if total is None:
                total, total_aged = block, aged
            else:
                total_aged = _joined(_joined(total_aged, aged, total_length, 1.0), block, total_length, total_length)
                total = _joined(total, block, total_length, 1.0)
            total_length += block_length
        remaining >>= 1
        if not remaining:
            break
        aged = _joined(_joined(aged, aged, block_length, 1.0), block, block_length, block_length)
        block = _joined(block, block, block_length, 1.0)
        block_length *= 2
    assert total is not None  # noqa: S101 - length >= 1 sets at least one bit
    return total, total_aged


def rolling_max(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Find the largest of the last ``length`` values; of those that exist, at the start."""
    _checked(length)
    out = values
    covered = 1
    while covered < length:
        lag = min(covered, length - covered)
        wider = out.copy()
        if lag < wider.shape[-1]:
            np.maximum(wider[..., lag:], out[..., :-lag], out=wider[..., lag:])
        out = wider
        covered += lag
    return out


def rolling_min(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Find the smallest of the last ``length`` values; of those that exist, at the start."""
    return -rolling_max(-values, length)
