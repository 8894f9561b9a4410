"""Studies: the indicator columns of a frame, computed once and read by strategies, score and plans alike."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.frame import SCANNED, Frame, Track
from bitten_domain.market.indicators import (
    WILDER_FACTOR,
    WINDOW_FACTOR,
    Bollinger,
    bollinger,
    ema,
    macd_histogram,
    signed_r2,
    wilder_set,
)
from bitten_domain.market.levels import pivots_of
from bitten_domain.market.windowed import rolling_max, rolling_mean, rolling_min

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars
    from bitten_domain.market.levels import Pivots

__all__ = ["DayStudies", "FrameStudies", "TrackStudies", "history_needed", "studies_of"]

_LOOK_BACK = 96
_MEDIAN_DAYS = 20
_H1_BARS_OF_MEDIAN = 20 * 24
_LONGEST_CHAIN = 2 * WILDER_FACTOR * 14 + 2
_PIVOT_SPAN = 480


@dataclass(frozen=True, slots=True, eq=False)
class TrackStudies:
    """Indicator columns of one scanned timeframe, each shape (n,); NaN while an indicator has too few bars.

    Args:
        bars: the bars they belong to.
        atr: Wilder's ATR14, price.
        rsi, adx: Wilder's RSI14 and ADX14, 0 to 100.
        ema_fast, ema_slow: EMA21 and EMA50, price.
        ema_long: EMA200, price; None unless asked for.
        bands: Bollinger(20, 2).
        macd: MACD(12, 26, 9) histogram, price.
        volume_ratio: tick volume over the mean of the 20 bars before and including it.
    """

    bars: Bars
    atr: NDArray[np.float64]
    rsi: NDArray[np.float64]
    adx: NDArray[np.float64]
    ema_fast: NDArray[np.float64]
    ema_slow: NDArray[np.float64]
    ema_long: NDArray[np.float64] | None
    bands: Bollinger
    macd: NDArray[np.float64]
    volume_ratio: NDArray[np.float64]

    def tail(self, rows: slice) -> TrackStudies:
        """Select bars by position; columns are views."""
        return TrackStudies(
            self.bars.rows(rows),
            self.atr[rows],
            self.rsi[rows],
            self.adx[rows],
            self.ema_fast[rows],
            self.ema_slow[rows],
            None if self.ema_long is None else self.ema_long[rows],
            Bollinger(self.bands.middle[rows], self.bands.upper[rows], self.bands.lower[rows]),
            self.macd[rows],
            self.volume_ratio[rows],
        )


@dataclass(frozen=True, slots=True, eq=False)
class DayStudies:
    """Columns of the D1 bars, each shape (days,).

    Args:
        bars: the trading days.
        ema_fast, ema_slow: EMA8 and EMA21, price; EMA21 starts after 21 days.
        range_median: median of the last 20 days' high minus low, price; NaN before 20 days.
        high_5, low_5: extremes of the last five days.
    """

    bars: Bars
    ema_fast: NDArray[np.float64]
    ema_slow: NDArray[np.float64]
    range_median: NDArray[np.float64]
    high_5: NDArray[np.float64]
    low_5: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class FrameStudies:
    """All columns of a frame.

    Args:
        frame: what they were computed on.
        scanned: studies of M15, M30 and H1.
        h4_fast, h4_slow: EMA21 and EMA50 of H4, price.
        day: columns of D1.
        trend_m15, trend_h1: signed R squared of the last 60 M15 and 48 H1 closes, in [-1, 1].
        pivot_highs, pivot_lows: turning points of M15.
        since: set-ups completed before this moment are not asked for, seconds since 1970 UTC. A strategy may leave
            them out, which spares a live scan most of its work; it need not.
    """

    frame: Frame
    scanned: Mapping[Timeframe, TrackStudies]
    h4_fast: NDArray[np.float64]
    h4_slow: NDArray[np.float64]
    day: DayStudies
    trend_m15: NDArray[np.float64]
    trend_h1: NDArray[np.float64]
    pivot_highs: Pivots
    pivot_lows: Pivots
    since: int = 0
    _medians: dict[int, float] = field(default_factory=dict, repr=False)

    def tail(self, timeframe: Timeframe, count: int, since: int = 0) -> FrameStudies:
        """Look at the newest bars of one timeframe only; the other timeframes stay whole, columns are views.

        Args:
            timeframe: M15, M30 or H1.
            count: bars to keep, >= 1.
            since: see the class.
        """
        whole = self.scanned[timeframe]
        rows = slice(max(0, len(whole.bars) - count), len(whole.bars))
        seen = whole.tail(rows)
        tracks = tuple(
            Track(seen.bars, track.known_at[rows]) if track.bars.timeframe is timeframe else track
            for track in self.frame.tracks
        )
        is_m15, is_h1 = timeframe is Timeframe.M15, timeframe is Timeframe.H1
        return FrameStudies(
            frame=Frame(self.frame.instrument, tracks),
            scanned={**self.scanned, timeframe: seen},
            h4_fast=self.h4_fast,
            h4_slow=self.h4_slow,
            day=self.day,
            trend_m15=self.trend_m15[rows] if is_m15 else self.trend_m15,
            trend_h1=self.trend_h1[rows] if is_h1 else self.trend_h1,
            pivot_highs=self.pivot_highs.counted_from(rows.start) if is_m15 else self.pivot_highs,
            pivot_lows=self.pivot_lows.counted_from(rows.start) if is_m15 else self.pivot_lows,
            since=since,
            # What a few H1 bars give must not be remembered as the usual volatility of the whole frame.
            _medians={} if is_h1 else self._medians,
        )

    def first_asked(self, timeframe: Timeframe) -> int:
        """Find the position of the first bar a set-up is asked for at: the first one known at or after `since`."""
        return int(self.frame.track(timeframe).known_at.searchsorted(self.since)) if self.since else 0

    def usual_volatility(self, day: NDArray[np.int64]) -> NDArray[np.float64]:
        """Find the median ATR14(H1) of the 20 days up to the close of some trading days, price.

        Args:
            day: shape (n,), positions in the D1 track, -1 where no day is known.

        Returns:
            Shape (n,): the median of the 480 H1 values known at that close; NaN where fewer than half exist.
        """
        days = sorted(set(day.tolist()) - self._medians.keys() - {-1})
        if days:
            self._medians.update(zip(days, self._median_atr(np.array(days)).tolist(), strict=True))
        return np.array([self._medians.get(position, math.nan) for position in day.tolist()], dtype=np.float64)

    def _median_atr(self, day: NDArray[np.int64]) -> NDArray[np.float64]:
        known_day = self.frame.track(Timeframe.D1).known_at[day]
        stop = self.frame.track(Timeframe.H1).last_known(known_day) + 1
        row = stop[:, None] - np.arange(1, _H1_BARS_OF_MEDIAN + 1)
        atr = self.scanned[Timeframe.H1].atr
        # Sorting puts the unknown ones last.
        window = np.sort(np.where(row >= 0, atr[np.maximum(row, 0)] if len(atr) else math.nan, math.nan), axis=1)
        count = (~np.isnan(window)).sum(axis=1)
        line, middle = np.arange(len(day)), np.maximum(count - 1, 0) // 2
        medians = (window[line, middle] + window[line, np.minimum(count // 2, _H1_BARS_OF_MEDIAN - 1)]) / 2.0
        return np.where(2 * count < _H1_BARS_OF_MEDIAN, math.nan, medians)


def history_needed(*, long_average: bool) -> dict[Timeframe, int]:
    """Count the bars of each timeframe that make a live window give what the full history gives.

    Args:
        long_average: whether EMA200 is studied (the classic profile's momentum strategy reads it).
    """
    scanned = WINDOW_FACTOR * (200 if long_average else 50) + _LOOK_BACK
    return {
        Timeframe.M15: max(scanned, _PIVOT_SPAN + _LOOK_BACK),
        Timeframe.M30: scanned,
        Timeframe.H1: max(scanned, _H1_BARS_OF_MEDIAN + 24 + _LONGEST_CHAIN),
        Timeframe.H4: WINDOW_FACTOR * 50 + 2,
        Timeframe.D1: WINDOW_FACTOR * 21 + 2,
    }


def studies_of(frame: Frame, *, long_average: bool, before: FrameStudies | None = None) -> FrameStudies:
    """Compute every column the strategies and the score read.

    Args:
        frame: one pair, full history or a live window of `history_needed` bars.
        long_average: compute EMA200 too.
        before: studies of the same live frame a bar earlier; columns of timeframes that did not grow are taken over.
    """

    def grew(timeframe: Timeframe) -> bool:
        return before is None or before.frame.track(timeframe) is not frame.track(timeframe)

    scanned = {
        timeframe: _track_studies(frame.track(timeframe).bars, long_average)
        if before is None or grew(timeframe)
        else before.scanned[timeframe]
        for timeframe in SCANNED
    }
    highs, lows = pivots_of(frame.base)
    h1, h4, d1 = Timeframe.H1, Timeframe.H4, Timeframe.D1
    h4_close = frame.track(h4).bars.close
    new_h4 = before is None or grew(h4)
    return FrameStudies(
        frame=frame,
        scanned=scanned,
        h4_fast=ema(h4_close, 21) if before is None or new_h4 else before.h4_fast,
        h4_slow=ema(h4_close, 50) if before is None or new_h4 else before.h4_slow,
        day=_day_studies(frame.track(d1).bars) if before is None or grew(d1) else before.day,
        trend_m15=signed_r2(frame.base.close, 60),
        trend_h1=signed_r2(frame.track(h1).bars.close, 48) if before is None or grew(h1) else before.trend_h1,
        pivot_highs=highs,
        pivot_lows=lows,
        _medians={} if before is None or grew(h1) or grew(d1) else before._medians,
    )


def _track_studies(bars: Bars, long_average: bool) -> TrackStudies:
    wilder = wilder_set(bars)
    mean_volume = rolling_mean(bars.volume, 20)
    with np.errstate(invalid="ignore", divide="ignore"):
        volume_ratio = np.where(mean_volume > 0.0, bars.volume / mean_volume, np.nan)
    return TrackStudies(
        bars=bars,
        atr=wilder.atr,
        rsi=wilder.rsi,
        adx=wilder.adx,
        ema_fast=ema(bars.close, 21),
        ema_slow=ema(bars.close, 50),
        ema_long=ema(bars.close, 200) if long_average else None,
        bands=bollinger(bars.close),
        macd=macd_histogram(bars.close),
        volume_ratio=volume_ratio,
    )


def _day_studies(bars: Bars) -> DayStudies:
    span = np.full(len(bars), np.nan)
    if len(bars) >= _MEDIAN_DAYS:
        windows = sliding_window_view(bars.high - bars.low, _MEDIAN_DAYS)
        span[_MEDIAN_DAYS - 1 :] = np.median(windows, axis=1)
    return DayStudies(
        bars=bars,
        ema_fast=ema(bars.close, 8),
        ema_slow=ema(bars.close, 21),
        range_median=span,
        high_5=rolling_max(bars.high, 5),
        low_5=rolling_min(bars.low, 5),
    )
