"""Rolling reductions whose value depends on a finite window alone, bit for bit.

Every function works along the last axis and builds a window of any length from windows of lengths 1, 2, 4, ... by
element-wise steps only. Because an element-wise step does the same arithmetic at every position, a value is a pure
function of the bars inside its window: a short live window gives the very bits the full history gives, on any
platform. (A running sum or a textbook recursion would carry rounding and start-up from before the window.)
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["geometric_mean_weighted", "rolling_max", "rolling_mean", "rolling_min", "rolling_sum", "weighted_sums"]


def _checked(length: int) -> None:
    if length < 1:
        raise BrokenInvariant(f"a window needs at least one bar, got {length}")


def _joined(newer: NDArray[np.float64], older: NDArray[np.float64], lag: int, factor: float) -> NDArray[np.float64]:
    """Append to windows of ``lag`` bars the windows that end just before them, weighted by ``factor``."""
    out = newer.copy()
    if lag < out.shape[-1]:
        if factor == 1.0:
            out[..., lag:] += older[..., :-lag]
        else:
            out[..., lag:] += older[..., :-lag] * factor
    return out


def _geometric_sum(values: NDArray[np.float64], ratio: float, length: int) -> NDArray[np.float64]:
    block, block_length, block_weight = values, 1, ratio
    total: NDArray[np.float64] | None = None
    total_length, total_weight = 0, 1.0
    remaining = length
    while True:
        if remaining & 1:
            total = block if total is None else _joined(total, block, total_length, total_weight)
            total_length += block_length
            total_weight *= block_weight
        remaining >>= 1
        if not remaining:
            break
        block = _joined(block, block, block_length, block_weight)
        block_length *= 2
        block_weight *= block_weight
    assert total is not None  # noqa: S101 - length >= 1 sets at least one bit
    # A window of one bar is the argument itself, and callers write into what they get.
    return total.copy() if length == 1 else total


def rolling_sum(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Sum the last ``length`` values at each position; shorter at the start, where fewer exist."""
    _checked(length)
    return _geometric_sum(values, 1.0, length)


def rolling_mean(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Average the last ``length`` values; NaN where fewer exist."""
    out = rolling_sum(values, length) / length
    out[..., : length - 1] = np.nan
    return out


def geometric_mean_weighted(
    values: NDArray[np.float64], alpha: float, length: int, first_valid: int
) -> NDArray[np.float64]:
    """Average a window with weights ``(1 - alpha)**k`` for the value k bars ago: an exponential mean cut at ``length``.

    Args:
        values: shape (..., n), finite.
        alpha: weight of the newest value, in (0, 1].
        length: bars in the window; older values have no weight at all.
        first_valid: positions before this one are NaN.

    Returns:
        Shape (..., n). Where fewer than ``length`` values exist the weights of those that do are normalised.
    """
    _checked(length)
    ratio = 1.0 - alpha
    out = _geometric_sum(values, ratio, length)
    n = values.shape[-1]
    head = min(length, n)
    weights = _geometric_weights(ratio, length)
    out[..., head:] /= weights[-1]
    out[..., :head] /= weights[:head]
    out[..., : min(first_valid, n)] = np.nan
    return out


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
