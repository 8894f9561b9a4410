"""Moments of a recorded market: its bars in the order they closed, with the candidates of each time."""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bitten_domain.desk.emission import CandidateNews
from bitten_domain.desk.run.desk_run import Moment
from bitten_domain.execution.ticks import RecordedBars, bars_of
from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.fx_week import open_seconds
from bitten_domain.market.news_view import Blackout
from bitten_domain.tcs.threshold import Condition, ThresholdRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bitten_domain.desk.emission import CandidateRows
    from bitten_domain.desk.run.idea_results import IdeaResults
    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.desk.signal import Signal
    from bitten_domain.market.cross_assets import CrossAssets
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.market.studies import FrameStudies
    from bitten_domain.tcs.scan import ScoredCandidates

__all__ = ["BarTimes", "RecordedMoments", "bar_times", "candidate_news", "condition_of", "conditions_at"]

_NO_SYMBOLS: frozenset[str] = frozenset()
_NONE_ENDED: tuple[tuple[int, float], ...] = ()
_HIGH, _LOW = 1.6, 0.7
_HOUR = 3_600


def condition_of(ratios: NDArray[np.float64]) -> Condition:
    """Name the market's volatility from its pairs' ATR14(H1) over their 20-day medians, NaN where unknown."""
    known = np.sort(ratios[~np.isnan(ratios)])
    if len(known) == 0:
        return Condition.UNKNOWN
    # The lower middle value, so that the answer is one pair's own figure.
    middle = float(known[(len(known) - 1) // 2])
    return Condition.HIGH if middle > _HIGH else Condition.LOW if middle < _LOW else Condition.NORMAL


def conditions_at(studies: Mapping[str, FrameStudies], moments: NDArray[np.int64]) -> list[Condition]:
    """Name the market's volatility at each moment, shape (n,), seconds since 1970 UTC."""
    ratios = np.full((len(studies), len(moments)), np.nan)
    for row, pair in enumerate(studies.values()):
        at = pair.frame.track(Timeframe.H1).last_known(moments)
        usual = pair.usual_volatility(pair.frame.track(Timeframe.D1).last_known(moments))
        atr = pair.scanned[Timeframe.H1].atr
        with np.errstate(invalid="ignore", divide="ignore"):
            ratios[row] = np.where(at >= 0, atr[np.maximum(at, 0)] if len(atr) else np.nan, np.nan) / usual
    return [condition_of(ratios[:, column]) for column in range(len(moments))]


def candidate_news(table: ScoredCandidates, pairs: Sequence[str], news: NewsCalendarView) -> CandidateNews:
    """Look up the news around each candidate of a scan."""
    near = np.zeros(len(table), dtype=np.bool_)
    blackouts = [Blackout.NONE] * len(table)
    for number, symbol in enumerate(pairs):
        rows = np.flatnonzero(table.pair == number)
        at = table.at[rows]
        near[rows] = news.high_events_within(symbol, at, before_seconds=_HOUR, after_seconds=_HOUR)
        for row, blackout in zip(rows.tolist(), news.blackouts(symbol, at), strict=True):
            blackouts[row] = blackout
    return CandidateNews(near, blackouts)


class BarTimes(NamedTuple):
    """The times at which bars of some pairs closed, oldest first.

    Args:
        at: shape (m,), seconds since 1970 UTC.
        clock: shape (m,), the same on the market-open clock.
        day: trading day each time's bars opened in.
        first: position in `pair` and `place` of each time's first bar; one more at the end.
        pair, place: which pair and which of its bars.
    """

    at: NDArray[np.int64]
    clock: NDArray[np.int64]
    day: list[int]
    first: list[int]
    pair: list[int]
    place: list[int]


def bar_times(columns: Mapping[str, PairColumns], start: int) -> BarTimes:
    """Put the bars that close at or after a moment in order of time, pairs in their given order."""
    closed = np.concatenate([pair.prices.closed for pair in columns.values()])
    pair_of = np.concatenate([np.full(len(pair.ticks), number) for number, pair in enumerate(columns.values())])
    place = np.concatenate([np.arange(len(pair.ticks)) for pair in columns.values()])
    days = np.concatenate([pair.prices.day for pair in columns.values()])
    kept = np.flatnonzero(closed >= start)
    order = kept[np.lexsort((pair_of[kept], closed[kept]))]
    times, first = np.unique(closed[order], return_index=True)
    return BarTimes(
        times,
        open_seconds(times),
        days[order][first].tolist(),
        [*first.tolist(), len(order)],
        pair_of[order].tolist(),
        place[order].tolist(),
    )


class RecordedMoments:
    """A recorded market, walked through with its scan done beforehand.

    Args:
        columns: the pairs.
        studies: the same pairs' studies.
        market: the cross-asset grid.
        rows: the whole scan; its candidates come with the moment they were found at.
        results: what the candidates that could pass came to; a result is handed on when its time has come.
        start: bars that close before are left out, seconds since 1970 UTC.
        rules: when the threshold is evaluated, so that the market's volatility is worked out for those moments.
    """

    def __init__(
        self,
        columns: Mapping[str, PairColumns],
        studies: Mapping[str, FrameStudies],
        market: CrossAssets | None,
        rows: CandidateRows,
        results: IdeaResults,
        start: int,
        rules: ThresholdRules,
    ) -> None:
        self._columns, self._rows = columns, rows
        self._results = results.closed_at.tolist(), results.day.tolist(), results.net_r.tolist()
        self._times = bar_times(columns, start)
        self._condition = _Conditions(studies, self._times, rules)
        self._correlations = _HourlyCorrelations(market)
        self._waiting: list[tuple[int, str, int, float]] = []

    def emitted(self, signal: Signal) -> None:
        """Follow a signal: its result comes with the moment it ends at."""
        closed_at, days, net_r = self._results
        row = signal.row
        if closed_at[row] and not math.isnan(net_r[row]):
            heapq.heappush(self._waiting, (closed_at[row], signal.signal_id, days[row], net_r[row]))

    def _ended_by(self, at: int) -> list[tuple[int, float]]:
        ended: list[tuple[int, float]] = []
        while self._waiting and self._waiting[0][0] <= at:
            _, _, day, net_r = heapq.heappop(self._waiting)
            ended.append((day, net_r))
        return ended

    def __iter__(self) -> Iterator[Moment]:
        """Give the moments, oldest first."""
        times, rows = self._times, self._rows
        names, pairs = tuple(self._columns), self._columns.values()
        ends = np.cumsum([0, *(len(pair.ticks) for pair in pairs)])
        whole = (ends[:-1][times.pair] + np.array(times.place, dtype=np.int64)).tolist() if times.pair else []
        symbol = list(map(names.__getitem__, times.pair))
        row = RecordedBars.together((pair.ticks for pair in pairs), whole)
        spread = np.concatenate([pair.quote_spread for pair in pairs])[whole].tolist() if whole else []
        found_at = np.array(rows.at, dtype=np.int64)
        candidates = np.searchsorted(found_at, times.at, side="left").tolist()
        until = np.searchsorted(found_at, times.at, side="right").tolist()
        fast = _high_windows(self._columns)
        condition, correlations, waiting = self._condition, self._correlations, self._waiting
        first = times.first
        for at, day, clock, start, stop, candidate, end in zip(
            times.at.tolist(), times.day, times.clock.tolist(), first, first[1:], candidates, until, strict=False
        ):
            closed = symbol[start:stop]
            correlations.at = condition.at = at
            yield Moment(
                at, day, clock, dict(zip(closed, bars_of(row[start:stop]), strict=True)),
                dict(zip(closed, spread[start:stop], strict=True)), rows, candidate, end,
                self._ended_by(at) if waiting and waiting[0][0] <= at else _NONE_ENDED,
                condition, correlations, fast.get(at, _NO_SYMBOLS),
            )  # fmt: skip


def _high_windows(columns: Mapping[str, PairColumns]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for symbol, pair in columns.items():
        for at in pair.prices.closed[pair.high_window].tolist():
            found.setdefault(at, set()).add(symbol)
    return {at: frozenset(symbols) for at, symbols in found.items()}


class _HourlyCorrelations:
    """The correlations known now, read once an hour."""

    def __init__(self, market: CrossAssets | None) -> None:
        self.at = 0
        self._market = market
        self._hour = -1
        self._known: Mapping[tuple[str, str], float] | None = None

    def __call__(self) -> Mapping[tuple[str, str], float] | None:
        hour = self.at // _HOUR
        if hour != self._hour:
            self._hour = hour
            self._known = None if self._market is None else self._market.correlations_at(self.at)
        return self._known


class _Conditions:
    """The market's volatility at the threshold's evaluations, worked out for all of them at once."""

    def __init__(
        self,
        studies: Mapping[str, FrameStudies],
        times: BarTimes,
        rules: ThresholdRules,
    ) -> None:
        self.at = 0
        self._studies = studies
        step = times.clock // (rules.evaluate_hours * _HOUR)
        due = times.at[np.concatenate(([True], step[1:] != step[:-1]))] if len(times.at) else times.at
        self._known: dict[int, Condition] = dict(zip(due.tolist(), conditions_at(studies, due), strict=True))

    def __call__(self) -> Condition:
        if self.at not in self._known:
            self._known[self.at] = conditions_at(self._studies, np.array([self.at], dtype=np.int64))[0]
        return self._known[self.at]
