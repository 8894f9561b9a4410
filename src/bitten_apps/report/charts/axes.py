"""Axes: from figures and moments to places on a chart, with readable ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.clocks.fx_week import open_seconds, trading_day

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Axis", "MarketTime", "named_days", "nice_ticks"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_TICKS = 12
_WEEK_TICKS = 45


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight scale.

    Args:
        low, high: figures at its ends, low < high.
        start, stop: where they lie on the chart.
    """

    low: float
    high: float
    start: float
    stop: float

    def __call__(self, value: float) -> float:
        """Place a figure."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.stop - self.start)


class MarketTime:
    """Market-open time from left to right: weekends take no room.

    Args:
        first, last: moments at its ends, seconds since 1970 UTC.
        start, stop: where they lie on the chart.
    """

    def __init__(self, first: int, last: int, start: float, stop: float) -> None:
        clocks = open_seconds(np.array([first, max(last, first + 1)], dtype=np.int64))
        self._axis = Axis(float(clocks[0]), float(max(clocks[1], clocks[0] + 1)), start, stop)
        self._first, self._last = first, last

    def of(self, moments: NDArray[np.int64]) -> NDArray[np.float64]:
        """Place moments, shape (n,)."""
        return self.of_clock(open_seconds(moments))

    def of_clock(self, clocks: NDArray[np.int64]) -> NDArray[np.float64]:
        """Place readings of the market-open clock, shape (n,)."""
        axis = self._axis
        share = (clocks - axis.low) / (axis.high - axis.low)
        return np.asarray(axis.start + share * (axis.stop - axis.start), dtype=np.float64)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """Give places and names of days, weeks or months, at most so many."""
        hours = np.arange(self._first // 3_600 * 3_600, self._last + 1, 3_600, dtype=np.int64)
        days, starts = np.unique(trading_day(hours), return_index=True)
        chosen = named_days(days)
        moments = np.maximum(hours[starts[[place for place, _ in chosen]]], self._first)
        places = self.of(moments).tolist()
        # A name that begins at the very end would run off the chart.
        end = self._axis.stop - 0.04 * (self._axis.stop - self._axis.start)
        fitting = [(place, name) for place, (_, name) in zip(places, chosen, strict=True) if place <= end]
        return fitting[:: max(1, math.ceil(len(fitting) / most))]


def named_days(days: NDArray[np.int64]) -> list[tuple[int, str]]:
    """Choose market days to name: each of a few, every fifth of some, the first of each month of many.

    Args:
        days: shape (n,), n >= 1, days since 1970-01-01, rising.

    Returns:
        Their places in `days` and their names.
    """
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    names = [_MONTHS[number % 12] for number in months.astype(np.int64).tolist()]
    if len(days) > _WEEK_TICKS:
        chosen = np.flatnonzero(np.append(True, months[1:] != months[:-1])).tolist()
        # A first month that is nearly over has no room for its name.
        if len(chosen) > 1 and chosen[1] < _DAY_TICKS:
            chosen = chosen[1:]
        return [(place, names[place]) for place in chosen]
    numbers = ((dates - months).astype(np.int64) + 1).tolist()
    step = 1 if len(days) <= _DAY_TICKS else 5
    return [(place, f"{numbers[place]} {names[place]}") for place in range(0, len(days), step)]


def nice_ticks(low: float, high: float, most: int) -> list[float]:
    """Choose round figures inside a range, at most so many (>= 2), steps of 1, 2 or 5 times a power of ten."""
    if not high > low:
        return [low]
    rough = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0, 10.0, 20.0):
        step = factor * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [round(place * step, 10) + 0.0 for place in range(first, last + 1)]
    return [low]
