"""Supply: how many signals a market day brought, against the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Supply", "five_day_means", "supply_of"]

_WINDOW = 5


@dataclass(frozen=True, slots=True)
class Supply:
    """Signals a market day.

    Args:
        days: market days, days since 1970-01-01, rising; those without a signal are among them.
        counts: signals of each.
        target: wanted a day.
        least, most: ends of the tolerated band.
        per_day: mean; None without a day.
        fewest_in_a_day, most_in_a_day: 0 without a day.
        share_days_in_band: of the days; None without one.
        share_5day_means_in_band: of the means over five days in a row; None below five days.
    """

    days: tuple[int, ...]
    counts: tuple[int, ...]
    target: int
    least: float
    most: float
    per_day: float | None
    fewest_in_a_day: int
    most_in_a_day: int
    share_days_in_band: float | None
    share_5day_means_in_band: float | None


def supply_of(market_days: NDArray[np.int64], signal_days: NDArray[np.int64], target: int, tolerance: float) -> Supply:
    """Count signals by market day.

    Args:
        market_days: shape (k,), every market day of the period, rising.
        signal_days: shape (n,), market day of each signal; those outside the period are left out.
        target: signals wanted a day.
        tolerance: share of the target the count may be off.
    """
    counts = np.searchsorted(np.sort(signal_days), market_days, side="right") - np.searchsorted(
        np.sort(signal_days), market_days, side="left"
    )
    least, most = target * (1.0 - tolerance), target * (1.0 + tolerance)
    means = five_day_means(counts)
    return Supply(
        days=tuple(market_days.tolist()),
        counts=tuple(counts.tolist()),
        target=target,
        least=round(least, 6),
        most=round(most, 6),
        per_day=round(float(counts.mean()), 3) if len(counts) else None,
        fewest_in_a_day=int(counts.min()) if len(counts) else 0,
        most_in_a_day=int(counts.max()) if len(counts) else 0,
        share_days_in_band=_share(counts.astype(np.float64), least, most),
        share_5day_means_in_band=_share(means, least, most),
    )


def five_day_means(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Average every five days in a row; shape (max(0, k - 4),)."""
    if len(counts) < _WINDOW:
        return np.zeros(0)
    sums = np.concatenate(([0], np.cumsum(counts)))
    means: NDArray[np.float64] = (sums[_WINDOW:] - sums[:-_WINDOW]) / _WINDOW
    return means


def _share(values: NDArray[np.float64], least: float, most: float) -> float | None:
    if len(values) == 0:
        return None
    slack = 1e-9
    return round(float(np.mean((values >= least - slack) & (values <= most + slack))), 4)
