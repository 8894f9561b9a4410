"""Moments of a recorded market: its bars in the order they closed, with the candidates of each time."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.desk.run.desk_run import Moment
from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.fx_week import open_seconds
from bitten_domain.tcs.threshold import Condition, ThresholdRules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from bitten_domain.desk.emission import CandidateRows
    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.execution import TickBar
    from bitten_domain.market.cross_assets import CrossAssets
    from bitten_domain.market.studies import FrameStudies

__all__ = ["EndedIdeas", "condition_of", "conditions_at", "recorded_moments"]

_NO_SYMBOLS: frozenset[str] = frozenset()
_HIGH, _LOW = 1.6, 0.7


@dataclass(slots=True)
class EndedIdeas:
    """Emitted signals that wait for their end, soonest first."""

    _waiting: list[tuple[int, str, int, float]] = field(default_factory=list)

    def expect(self, signal_id: str, closed_at: int, day: int, net_r: float) -> None:
        """Wait for a signal that will have ended at a moment (seconds since 1970 UTC)."""
        heapq.heappush(self._waiting, (closed_at, signal_id, day, net_r))

    def by(self, at: int) -> list[tuple[int, float]]:
        """Take out those that ended by a moment: (trading day, net R), in the order they ended."""
        ended: list[tuple[int, float]] = []
        while self._waiting and self._waiting[0][0] <= at:
            _, _, day, net_r = heapq.heappop(self._waiting)
            ended.append((day, net_r))
        return ended


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


def recorded_moments(
    columns: Mapping[str, PairColumns],
    studies: Mapping[str, FrameStudies],
    market: CrossAssets | None,
    rows: CandidateRows,
    ended: EndedIdeas,
    start: int,
    rules: ThresholdRules,
) -> Iterator[Moment]:
    """Walk through a recorded market.

    Args:
        columns: the pairs.
        studies: the same pairs' studies.
        market: the cross-asset grid.
        rows: the whole scan; its candidates come with the moment they were found at.
        ended: where the caller puts emitted signals; what ended is taken out and handed on.
        start: bars that close before are left out, seconds since 1970 UTC.
        rules: when the threshold is evaluated, so that the market's volatility is worked out for those moments.
    """
    symbols = tuple(columns)
    closed = np.concatenate([pair.prices.closed for pair in columns.values()])
    pair_of = np.concatenate([np.full(len(pair.ticks), number) for number, pair in enumerate(columns.values())])
    place = np.concatenate([np.arange(len(pair.ticks)) for pair in columns.values()])
    kept = np.flatnonzero(closed >= start)
    order = kept[np.lexsort((pair_of[kept], closed[kept]))]
    times, first_of = np.unique(closed[order], return_index=True)
    bounds = [*first_of.tolist(), len(order)]
    pairs, places = pair_of[order].tolist(), place[order].tolist()
    day_of = np.concatenate([pair.prices.day for pair in columns.values()])[order][first_of].tolist()
    clocks = open_seconds(times)
    candidates = np.searchsorted(np.array(rows.at, dtype=np.int64), times, side="left").tolist()
    until = np.searchsorted(np.array(rows.at, dtype=np.int64), times, side="right").tolist()
    ticks = [pair.ticks for pair in columns.values()]
    spreads = [pair.quote_spread for pair in columns.values()]
    fast = _high_windows(columns)
    condition = _Conditions(studies, times, clocks, rules)
    correlations = _HourlyCorrelations(market)
    for number, (at, clock) in enumerate(zip(times.tolist(), clocks.tolist(), strict=True)):
        bars: dict[str, TickBar] = {}
        quote_spread: dict[str, int] = {}
        for entry in range(bounds[number], bounds[number + 1]):
            pair = pairs[entry]
            symbol = symbols[pair]
            bars[symbol] = ticks[pair][places[entry]]
            quote_spread[symbol] = spreads[pair][places[entry]]
        correlations.at = at
        condition.at = at
        yield Moment(
            at, day_of[number], clock, bars, quote_spread, rows, candidates[number], until[number], ended.by(at),
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
        hour = self.at // 3_600
        if hour != self._hour:
            self._hour = hour
            self._known = None if self._market is None else self._market.correlations_at(self.at)
        return self._known


class _Conditions:
    """The market's volatility at the threshold's evaluations, worked out for all of them at once."""

    def __init__(
        self,
        studies: Mapping[str, FrameStudies],
        times: NDArray[np.int64],
        clocks: NDArray[np.int64],
        rules: ThresholdRules,
    ) -> None:
        self.at = 0
        step = clocks // (rules.evaluate_hours * 3_600)
        due = times[np.concatenate(([True], step[1:] != step[:-1]))] if len(times) else times
        self._known: dict[int, Condition] = dict(zip(due.tolist(), conditions_at(studies, due), strict=True))

    def __call__(self) -> Condition:
        return self._known.get(self.at, Condition.UNKNOWN)
