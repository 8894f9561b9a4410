"""Momentum continuation: a leg with the trend, a partial retrace, and a close beyond the bar where it turned.

Source: rules, strategies. All indicators are read on the timeframe scanned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from bitten_domain.market.frame import SCANNED
from bitten_domain.strategies.candidate import Candidates, concatenate
from bitten_domain.strategies.holding import after_open_hours
from bitten_domain.strategies.oriented import Oriented, oriented
from bitten_domain.strategies.strategy import Style
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.bars import Timeframe
    from bitten_domain.market.studies import FrameStudies, TrackStudies

__all__ = ["MomentumContinuation", "MomentumRules"]


@dataclass(frozen=True, slots=True)
class MomentumRules:
    """What counts as a set-up.

    Args:
        adx_at_leg: least ADX at the leg's extreme.
        long_average: whether EMA200 must be stacked below EMA50 too.
        legs: look-backs to find the leg in, in bars, tried in this order.
        leg_atr: least length of the leg in ATR14.
        retrace_least, retrace_most: share of the leg the pullback gives back.
        pullback_bars: least number of bars between the leg's extreme and the entry bar.
        stop_pad_atr: distance of the stop behind the pullback, in ATR14.
        target_r: where the last part of the plan ends, in R.
        hold_hours: market-open hours after which the trade is closed.
    """

    adx_at_leg: float
    long_average: bool
    legs: tuple[int, ...]
    leg_atr: float
    retrace_least: float
    retrace_most: float
    pullback_bars: int = 2
    stop_pad_atr: float = 0.25
    target_r: float = 3.0
    hold_hours: int = 24


CLASSIC = MomentumRules(
    adx_at_leg=25.0, long_average=True, legs=(40,), leg_atr=2.0, retrace_least=0.38, retrace_most=0.62
)
WIDE = MomentumRules(
    adx_at_leg=15.0, long_average=False, legs=(12, 20, 40), leg_atr=1.5, retrace_least=0.25, retrace_most=0.75
)


@dataclass(frozen=True, slots=True)
class MomentumContinuation:
    """The strategy under one set of rules."""

    rules: MomentumRules = WIDE
    name: str = "momentum_continuation"
    style: Style = Style.TREND
    plan: PlanKind = PlanKind.PARTIAL
    timeframes: tuple[Timeframe, ...] = SCANNED

    @property
    def look_back(self) -> int:
        """The longest leg, twice: an earlier set-up of the same leg counts too."""
        return 2 * max(self.rules.legs) + 2

    @property
    def reads_long_average(self) -> bool:
        """Whether the rules stack EMA200."""
        return self.rules.long_average

    def propose(self, studies: FrameStudies, timeframe: Timeframe) -> Candidates:
        """Find the closes beyond a pullback's turning bar; see `Strategy.propose`."""
        track = studies.scanned[timeframe]
        readable = (studies.frame.track(timeframe).known_at == track.bars.closed) & ~np.isnan(track.atr)
        first = studies.first_asked(timeframe)
        return concatenate([self._one_side(track, oriented(track, sign), readable, first) for sign in (1, -1)])

    def _one_side(self, track: TrackStudies, view: Oriented, readable: NDArray[np.bool_], first: int) -> Candidates:
        possible = self._stacked(view) & readable
        possible[1:] &= view.close[1:] > view.high[:-1]
        possible[:1] = False
        if not bool(possible[first:].any()):
            return Candidates.none()
        waiting = np.flatnonzero(possible)
        # Earlier bars only take legs away, so that they matter where a bar asked for completes one.
        asked = waiting[waiting >= first]
        if len(asked) < len(waiting) and not any(
            bool(self._pulled_back(track, view, asked, length)[0].any()) for length in self.rules.legs
        ):
            return Candidates.none()
        rows_found: list[NDArray[np.int64]] = []
        stops_found: list[NDArray[np.float64]] = []
        for length in self.rules.legs:
            found, stops = self._pulled_back(track, view, waiting, length)
            rows_found.append(waiting[found])
            stops_found.append(stops)
            waiting = waiting[~found]
        rows = np.concatenate(rows_found)
        order = np.argsort(rows, kind="stable")
        rows, stop = rows[order], np.concatenate(stops_found)[order]
        entry = view.close[rows]
        at = track.bars.closed[rows]
        return Candidates(
            at=at,
            bar=rows,
            direction=np.full(len(rows), view.sign, dtype=np.int8),
            entry=view.sign * entry,
            stop=view.sign * stop,
            target=view.sign * (entry + self.rules.target_r * (entry - stop)),
            flat_at=after_open_hours(at, self.rules.hold_hours),
        )

    def _stacked(self, view: Oriented) -> NDArray[np.bool_]:
        stacked = view.ema_fast > view.ema_slow
        if self.rules.long_average and view.ema_long is not None:
            stacked &= view.ema_slow > view.ema_long
        return stacked

    def _pulled_back(
        self, track: TrackStudies, view: Oriented, waiting: NDArray[np.intp], length: int
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """Test each waiting bar against the leg of the ``length`` bars before it.

        Returns:
            Which of the waiting bars complete a set-up, and the stops of those that do.
        """
        rules = self.rules
        found = np.zeros(len(waiting), dtype=np.bool_)
        reachable = np.flatnonzero(waiting >= length)
        if len(reachable) == 0:
            return found, np.zeros(0)
        # Newest first, and of equal extremes the first: the pullback starts where the leg last ended.
        newest_first = sliding_window_view(view.high[::-1], length)[len(view.high) - waiting[reachable]]
        peak = waiting[reachable] - 1 - np.argmax(newest_first, axis=1)
        trending = (peak < waiting[reachable] - rules.pullback_bars) & (track.adx[peak] >= rules.adx_at_leg)
        reachable, peak = reachable[trending], peak[trending]
        if len(reachable) == 0:
            return found, np.zeros(0)
        rows = waiting[reachable]
        top = view.high[peak]
        bottom, deepest = _lows_around(view.low, rows - length, peak, rows)
        pullback = np.minimum(deepest, view.low[rows])
        leg = top - bottom
        atr = track.atr[rows]
        with np.errstate(invalid="ignore", divide="ignore"):
            retrace = (top - pullback) / leg
            fits = np.flatnonzero(
                (leg >= rules.leg_atr * atr) & (retrace >= rules.retrace_least) & (retrace <= rules.retrace_most)
            )
        if len(fits) == 0:
            return found, np.zeros(0)
        reachable, rows, peak, pullback, atr = (column[fits] for column in (reachable, rows, peak, pullback, atr))
        lows = view.low[(rows - length)[:, None] + np.arange(length)]
        turn = np.argmin(np.where(np.arange(length) > (peak - rows + length)[:, None], lows, np.inf), axis=1)
        turning_high = view.high[rows - length + turn]
        chosen = np.flatnonzero((view.close[rows] > turning_high) & (view.close[rows - 1] <= turning_high))
        # A leg is traded once: a second close beyond a deeper turn of the same pullback is the same idea.
        _, once = np.unique(peak[chosen], return_index=True)
        chosen = chosen[once]
        found[reachable[chosen]] = True
        return found, (pullback - rules.stop_pad_atr * atr)[chosen]


def _lows_around(
    low: NDArray[np.float64], first: NDArray[np.intp], peak: NDArray[np.intp], stop: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the lowest low from ``first`` to ``peak`` and the one after ``peak`` before ``stop``; none is empty."""
    bounds = np.stack((first, peak + 1, stop), axis=1).ravel()
    lowest = np.minimum.reduceat(low, bounds)
    return lowest[0::3], lowest[1::3]
