"""Intervals by resampling whole market days: signals of one day move together, so a day is one observation.

Every function takes the drawn numbers as an argument; the same draws give the same interval. Source: the cluster
bootstrap with the percentile interval, the market day as the cluster.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LEAST_DAYS", "LEAST_SAMPLES", "LEVEL", "Estimate", "difference_by_day", "mean_by_day", "slope_by_day"]

LEAST_SAMPLES = 30
"""Observations below which no figure is shown."""

LEAST_DAYS = 5
"""Market days below which a figure has no interval."""

LEVEL = 0.95
"""Coverage an interval aims at."""

_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval, rounded to four decimals.

    Args:
        count: observations.
        days: market days they fell on.
        value: the figure; None below `LEAST_SAMPLES` observations.
        low, high: ends of the interval; None without a value and below `LEAST_DAYS` days.
    """

    count: int
    days: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_told_from_zero(self) -> bool:
        """Whether the interval lies on one side of zero."""
        return self.low is not None and self.high is not None and (self.low > 0.0 or self.high < 0.0)


def mean_by_day(
    values: NDArray[np.float64], days: NDArray[np.int64], draws: NDArray[np.float64], level: float = LEVEL
) -> Estimate:
    """Estimate a mean.

    Args:
        values: shape (n,), finite.
        days: shape (n,), market day of each.
        draws: shape (resamples, m), numbers in [0, 1), m at least the number of different days.
        level: coverage, between 0 and 1.
    """
    blocks, block = np.unique(days, return_inverse=True)
    n, k = len(values), len(blocks)
    if n < LEAST_SAMPLES:
        return Estimate(n, k)
    sums = np.bincount(block, weights=values, minlength=k)
    counts = np.bincount(block, minlength=k).astype(np.float64)
    picked = _picked(draws, k)
    means = sums[picked].sum(axis=1) / counts[picked].sum(axis=1)
    return _estimate(n, k, float(values.mean()), means, level)


def difference_by_day(
    first: NDArray[np.bool_],
    second: NDArray[np.bool_],
    values: NDArray[np.float64],
    days: NDArray[np.int64],
    draws: NDArray[np.float64],
    level: float = LEVEL,
) -> Estimate:
    """Estimate by how much the mean of one group exceeds that of another, resampling the days of both together.

    Args:
        first, second: shape (n,), who is in which group.
        values, days, draws, level: as for `mean_by_day`.

    Returns:
        An estimate whose `count` is that of the smaller group.
    """
    either = first | second
    blocks, block = np.unique(days[either], return_inverse=True)
    k = len(blocks)
    n = min(int(first.sum()), int(second.sum()))
    if n < LEAST_SAMPLES:
        return Estimate(n, k)
    picked = _picked(draws, k)
    means: list[NDArray[np.float64]] = []
    for group in (first, second):
        inside = group[either].astype(np.float64)
        sums = np.bincount(block, weights=values[either] * inside, minlength=k)[picked].sum(axis=1)
        counts = np.bincount(block, weights=inside, minlength=k)[picked].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            means.append(sums / counts)
    apart = means[0] - means[1]
    return _estimate(n, k, float(values[first].mean() - values[second].mean()), apart[~np.isnan(apart)], level)


def slope_by_day(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    days: NDArray[np.int64],
    draws: NDArray[np.float64],
    level: float = LEVEL,
) -> Estimate:
    """Estimate the least-squares slope of y on x.

    Args:
        x, y: shape (n,), finite; with no spread in x there is no slope.
        days, draws, level: as for `mean_by_day`.
    """
    blocks, block = np.unique(days, return_inverse=True)
    n, k = len(x), len(blocks)
    if n < LEAST_SAMPLES or float(np.ptp(x)) == 0.0:
        return Estimate(n, k)
    # Centred first: the sums below would otherwise cancel.
    u, v = x - x.mean(), y - y.mean()
    picked = _picked(draws, k)
    weighted = [np.bincount(block, weights=column, minlength=k) for column in (np.ones(n), u, v, u * v, u * u)]
    size, su, sv, suv, suu = (column[picked].sum(axis=1) for column in weighted)
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = (suv - su * sv / size) / (suu - su * su / size)
    return _estimate(n, k, float((u * v).sum() / (u * u).sum()), slopes[np.isfinite(slopes)], level)


def _picked(draws: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    if draws.ndim != 2 or draws.shape[1] < k:
        raise BrokenInvariant(f"{k} market days need as many drawn numbers a resample, got shape {draws.shape}")
    return (draws[:, :k] * k).astype(np.int64)


def _estimate(n: int, k: int, value: float, resampled: NDArray[np.float64], level: float) -> Estimate:
    if k < LEAST_DAYS or len(resampled) == 0:
        return Estimate(n, k, _rounded(value))
    low, high = np.quantile(resampled, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Estimate(n, k, _rounded(value), _rounded(float(low)), _rounded(float(high)))


def _rounded(value: float) -> float:
    return round(value, _DECIMALS) + 0.0
