"""Deriving longer bars from shorter ones, known only once they are complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.clocks.fx_week import trading_day_start

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["complete_bars", "period_start"]


def period_start(opened: NDArray[np.int64], timeframe: Timeframe) -> NDArray[np.int64]:
    """Find the opening time of the longer bar each moment falls in, seconds since 1970 UTC.

    M30 and H1 start on the clock; H4 and D1 count from the trading day's start, 17:00 New York, so that a day has six
    whole H4 bars in summer and winter.
    """
    seconds = timeframe.seconds
    if timeframe.seconds <= Timeframe.H1.seconds:
        return opened - opened % seconds
    start = trading_day_start(opened)
    return start + (opened - start) // seconds * seconds


def complete_bars(base: Bars, timeframe: Timeframe) -> tuple[Bars, NDArray[np.int64]]:
    """Derive the longer bars that the base bars complete.

    Args:
        base: bars shorter than ``timeframe``.
        timeframe: the length wanted, a multiple of the base's.

    Returns:
        The complete bars (volume summed, spread averaged over what was measured) and for each the position of the
        base bar at whose close it became known: the first that closes at or after the period's end. A period whose
        end no base bar reaches is left out.
    """
    if timeframe.seconds % base.timeframe.seconds or timeframe is base.timeframe:
        raise BrokenInvariant(f"cannot derive {timeframe.name} from {base.timeframe.name}")
    if len(base) == 0:
        empty = Bars(base.symbol, timeframe, base.opened, base.open, base.high, base.low, base.close, base.volume)
        return empty, np.zeros(0, dtype=np.int64)
    start = period_start(base.opened, timeframe)
    first = np.flatnonzero(np.concatenate(([True], start[1:] != start[:-1])))
    last = np.concatenate((first[1:], [len(base)])) - 1
    known = np.searchsorted(base.closed, start[first] + timeframe.seconds, side="left")
    whole = known < len(base)
    first, last, known = first[whole], last[whole], known[whole]
    if len(first) == 0:
        return complete_bars(base.rows(slice(0, 0)), timeframe)
    # reduceat runs to the next start; the last group must not swallow the incomplete tail.
    stop = int(last[-1]) + 1
    derived = Bars(
        base.symbol,
        timeframe,
        start[first],
        base.open[first],
        np.maximum.reduceat(base.high[:stop], first),
        np.minimum.reduceat(base.low[:stop], first),
        base.close[last],
        np.add.reduceat(base.volume[:stop], first),
        None if base.spread_pips is None else _mean_measured(base.spread_pips[:stop], first),
    )
    return derived, known


def _mean_measured(spread: NDArray[np.float64], first: NDArray[np.intp]) -> NDArray[np.float64]:
    measured = ~np.isnan(spread)
    total = np.add.reduceat(np.where(measured, spread, 0.0), first)
    count = np.add.reduceat(measured.astype(np.int64), first)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: NDArray[np.float64] = np.where(count > 0, total / count, np.nan)
    return mean
