"""A market that is seen bar by bar: every moment is scanned on rolling windows, as a live desk does it."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.desk.emission import rows_of
from bitten_domain.desk.idea_outcome import IdeaOutcome
from bitten_domain.desk.run.desk_run import Moment
from bitten_domain.desk.run.idea_results import results_of
from bitten_domain.desk.run.moments import bar_times, candidate_news, conditions_at
from bitten_domain.execution.plan import PLAN_STAGES
from bitten_domain.market.cross_assets import cross_assets
from bitten_domain.market.live_frame import LiveFrame
from bitten_domain.market.studies import history_needed, studies_of
from bitten_domain.tcs.scan import SpreadColumn, joined
from bitten_domain.values import SignalId
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.desk.signal import Signal
    from bitten_domain.execution import CostModel, TickBar
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.cross_assets import CrossAssets, HourCorrelations
    from bitten_domain.market.frame import Frame
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.market.studies import FrameStudies
    from bitten_domain.tcs.scan import Scanner, ScoredCandidates
    from bitten_domain.tcs.threshold import Condition

__all__ = ["LiveMoments"]

_HOUR = 3_600
_GRID_SECONDS = 7 * 86_400
"""A week always holds the open hours the cross-asset columns need."""
_ROUNDED_TICKS = 2
_NEVER_QUIET = (1 << 62, -(1 << 62))


class LiveMoments:
    """Bars handed over one time after another; nothing later than a moment takes part in it.

    Args:
        columns: the scanner's pairs. Their bars are read up to the moment only; their spreads belong to the broker.
        scanner: pairs, strategies and rank scale.
        news: the calendar.
        costs: the cost table, for results.
        currency: the account's.
        start: bars that close before are history; the first moment is at or after it, seconds since 1970 UTC.
    """

    def __init__(
        self,
        columns: Mapping[str, PairColumns],
        scanner: Scanner,
        news: NewsCalendarView,
        costs: CostModel,
        currency: str,
        start: int,
    ) -> None:
        self.columns, self.start = columns, start
        self._columns, self._scanner, self._news = columns, scanner, news
        self._costs, self._currency = costs, currency
        self._times = bar_times(columns, start)
        keep = history_needed(long_average=scanner.long_average)
        self._live = {
            symbol: LiveFrame.of(pair.instrument, keep, _before(pair, start)) for symbol, pair in columns.items()
        }
        self._frames: dict[str, Frame] = {symbol: live.frame() for symbol, live in self._live.items()}
        self._studies: dict[str, FrameStudies] = {}
        self._market: CrossAssets | None = None
        self._hour = -1
        self._waiting: dict[str, _Waiting] = {}
        self._outcomes: list[IdeaOutcome] = []
        self._quoted: dict[str, int] = {}
        self._tables: list[ScoredCandidates] = []
        self._rows = 0

    @property
    def tables(self) -> list[ScoredCandidates]:
        """The scans so far, in order; a signal's row counts through all of them."""
        return self._tables

    @property
    def outcomes(self) -> tuple[IdeaOutcome, ...]:
        """What signals came to that ended at the moment given last, oldest first."""
        return tuple(self._outcomes)

    def resume(self, signals: Sequence[Signal]) -> None:
        """Follow signals that were emitted before the first moment and have not ended yet."""
        pairs, names = self._scanner.pairs, [strategy.name for strategy in self._scanner.strategies]
        template = self._scanner.scan({}, {}, None, 0)
        for signal in signals:
            if signal.symbol in pairs and signal.strategy in names:
                idea = _idea_of(signal, template, pairs.index(signal.symbol), names.index(signal.strategy))
                self._waiting[signal.signal_id] = _Waiting(idea, signal.symbol, *_NEVER_QUIET)

    def emitted(self, signal: Signal) -> None:
        """Follow a signal: its result comes with the moment it ends at."""
        table = self._tables[-1]
        row = signal.row - (self._rows - len(table))
        idea = table.where(slice(row, row + 1))
        digits, quoted = self._columns[signal.symbol].instrument.digits, self._quoted[signal.symbol]
        quiet = _quiet_between(idea, signal.plan, digits, quoted)
        self._waiting[signal.signal_id] = _Waiting(idea, signal.symbol, *quiet)

    def __iter__(self) -> Iterator[Moment]:
        """Give the moments, oldest first."""
        times = self._times
        symbols = tuple(self._columns)
        instruments = [self._columns[symbol].instrument for symbol in self._scanner.pairs]
        for number, at in enumerate(times.at.tolist()):
            entries = range(times.first[number], times.first[number + 1])
            fresh = {symbols[times.pair[entry]]: times.place[entry] for entry in entries}
            bars: dict[str, TickBar] = {}
            quote_spread: dict[str, int] = {}
            for symbol, place in fresh.items():
                pair = self._columns[symbol]
                bars[symbol] = pair.ticks[place]
                quote_spread[symbol] = int(pair.quote_spread[place])
            table = self._scan(fresh, at)
            news = candidate_news(table, self._scanner.pairs, self._news)
            rows = rows_of(table, instruments, self._scanner.strategies, news, self._rows)
            self._tables.append(table)
            self._rows += len(table)
            fast = frozenset(s for s, place in fresh.items() if bool(self._columns[s].high_window[place]))
            self._quoted |= quote_spread
            for each in self._waiting.values():
                each.see(bars, at)
            yield Moment(
                at, times.day[number], int(times.clock[number]), bars, quote_spread, rows, 0, len(table),
                self._ended(fresh, at), self._condition(at), self._correlations(at), fast,
            )  # fmt: skip

    def _scan(self, fresh: Mapping[str, int], at: int) -> ScoredCandidates:
        studies: dict[str, FrameStudies] = {}
        spreads: dict[str, SpreadColumn] = {}
        for symbol, place in fresh.items():
            pair, live = self._columns[symbol], self._live[symbol]
            live.append(pair.bars.rows(slice(place, place + 1)))
            self._frames[symbol] = live.frame()
            studies[symbol] = studies_of(
                self._frames[symbol], long_average=self._scanner.long_average, before=self._studies.get(symbol)
            )
            seen = slice(place + 1 - len(self._frames[symbol].base), place + 1)
            spreads[symbol] = SpreadColumn(pair.spread.pips[seen], pair.spread.measured[seen])
        self._studies |= studies
        hour = at // _HOUR * _HOUR
        if hour != self._hour and len(self._frames) > 1:
            self._hour = hour
            self._market = cross_assets(self._frames, hour - _GRID_SECONDS, hour)
        return self._scanner.scan(studies, spreads, self._market, at)

    def _ended(self, fresh: Mapping[str, int], at: int) -> list[tuple[int, float]]:
        scanner = self._scanner
        self._outcomes = []
        due = [signal_id for signal_id, each in self._waiting.items() if each.stirred and each.symbol in fresh]
        if not due:
            return []
        table = joined([self._waiting[signal_id].idea for signal_id in due])
        known = {
            symbol: pair.until(int(np.searchsorted(pair.prices.closed, at, side="right")))
            for symbol, pair in self._columns.items()
        }
        result = results_of(
            table, np.ones(len(due), dtype=np.bool_), known, scanner.pairs, scanner.strategies, self._costs,
            self._currency,
        )  # fmt: skip
        columns = (result.closed_at, result.day, result.net_r, result.gross_r)
        ended = sorted(
            (closed_at, signal_id, day, net_r, gross_r)
            for signal_id, closed_at, day, net_r, gross_r in zip(
                due, *(column.tolist() for column in columns), strict=True
            )
            if closed_at
        )
        for closed_at, signal_id, day, net_r, gross_r in ended:
            del self._waiting[signal_id]
            outcome = IdeaOutcome(SignalId(signal_id), closed_at, day, _in_r(net_r), _in_r(gross_r))
            self._outcomes.append(outcome)
        return [(day, net_r) for _, _, day, net_r, _ in ended if not math.isnan(net_r)]

    def _condition(self, at: int) -> _ConditionNow:
        return _ConditionNow(self._studies, at)

    def _correlations(self, at: int) -> _CorrelationsNow:
        return _CorrelationsNow(self._market, at)


def _in_r(value: float) -> Decimal | None:
    return None if math.isnan(value) else Decimal(f"{value:.4f}")


def _idea_of(signal: Signal, template: ScoredCandidates, pair: int, strategy: int) -> ScoredCandidates:
    """Write a stored signal as the row of a scan, as far as its outcome asks for it; the rest is nought."""
    known = {
        "at": signal.at,
        "pair": pair,
        "strategy": strategy,
        "timeframe": signal.timeframe,
        "direction": signal.direction.sign,
        "entry": float(signal.entry),
        "stop": float(signal.stop),
        "target": float(signal.target),
        "flat_at": signal.flat_at,
        "score": signal.score,
    }
    columns = {}
    for each in fields(template):
        empty = getattr(template, each.name)
        columns[each.name] = np.full((1, *empty.shape[1:]), known.get(each.name, 0), dtype=empty.dtype)
    return replace(template, **columns)


class _Waiting:
    """A signal whose result is awaited; it is followed only from the first bar on that may have stirred it.

    Args:
        idea: its row of the scan.
        symbol: its pair.
        low, high: ticks; while bids and asks stay between them nothing happens to it before its time is up.
    """

    def __init__(self, idea: ScoredCandidates, symbol: str, low: int, high: int) -> None:
        self.idea, self.symbol = idea, symbol
        self.stirred = False
        self._low, self._high, self._flat_at = low, high, int(idea.flat_at[0])

    def see(self, bars: Mapping[str, TickBar], at: int) -> None:
        """Look at the bars that closed."""
        bar = bars.get(self.symbol)
        if bar is not None and (bar.low <= self._low or bar.high + bar.spread >= self._high or at >= self._flat_at):
            self.stirred = True


def _quiet_between(idea: ScoredCandidates, plan: PlanKind, digits: int, quoted: int) -> tuple[int, int]:
    """Find levels in ticks between which no bar touches the stop, the target or a stage of an idea's plan.

    They are on the safe side: slippage and the spread of the fill move stages further away, and the levels of a seller
    stand up to the quoted spread above the chart's. A plan that moves its stop, or ends by the clock, is never
    quiet: its levels lie the wrong way round.
    """
    if plan is not PlanKind.FIXED and plan not in PLAN_STAGES:
        return _NEVER_QUIET
    entry, stop, target = (float(column[0]) * 10**digits for column in (idea.entry, idea.stop, idea.target))
    stages = PLAN_STAGES.get(plan)
    ahead = target if stages is None else entry + float(min(stages.first_r, stages.last_r)) * (entry - stop)
    return math.ceil(min(stop, ahead)) + quoted + _ROUNDED_TICKS, math.floor(max(stop, ahead)) - _ROUNDED_TICKS


class _ConditionNow:
    """The market's volatility, worked out when it is asked for."""

    def __init__(self, studies: Mapping[str, FrameStudies], at: int) -> None:
        self._studies, self._at = studies, at

    def __call__(self) -> Condition:
        return conditions_at(self._studies, np.array([self._at], dtype=np.int64))[0]


class _CorrelationsNow:
    """The pairs' correlations, likewise."""

    def __init__(self, market: CrossAssets | None, at: int) -> None:
        self._market, self._at = market, at

    def __call__(self) -> HourCorrelations | None:
        return None if self._market is None else self._market.correlations_at(self._at)


def _before(pair: PairColumns, start: int) -> Bars:
    return pair.bars.rows(slice(0, int(np.searchsorted(pair.prices.closed, start, side="left"))))
