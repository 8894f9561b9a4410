"""Backtest: recorded bars through the whole chain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bitten_domain.desk.decisions import SignalEmitted
from bitten_domain.desk.emission import rows_of
from bitten_domain.desk.run.idea_results import results_of
from bitten_domain.desk.run.live_moments import LiveMoments
from bitten_domain.desk.run.moments import RecordedMoments, candidate_news
from bitten_domain.desk.run.pair_columns import prepare_pair
from bitten_domain.errors import InvalidInput
from bitten_domain.market.bars import Timeframe
from bitten_domain.market.cross_assets import cross_assets
from bitten_domain.market.frame import frame_of
from bitten_domain.market.news import EventCalendar
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.market.studies import studies_of
from bitten_domain.tcs.scan import joined
from bitten_domain.use_cases.trading.run_fold import RunFold
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bitten_domain.desk.emission import CandidateRows
    from bitten_domain.desk.firing import DeskAccount
    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment
    from bitten_domain.desk.run.idea_results import IdeaResults
    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.state import DeskState
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms, SimulatedAccount
    from bitten_domain.market.bars import Bars
    from bitten_domain.record.journal import Journal
    from bitten_domain.tcs.scan import Scanner, ScoredCandidates
    from bitten_domain.use_cases.trading.run_fold import Folded
    from bitten_domain.values import Money

__all__ = ["Backtest", "BacktestPlan", "StopWatching", "live_moments", "live_result", "run_backtest", "run_live"]

_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class BacktestPlan:
    """What is run.

    Args:
        scanner: pairs, strategies and rank scale.
        rules: the desk's policies; what a position is sized with is taken from `terms`, so that a run never sizes with
            other costs than it charges.
        desk: the account and who fires on it.
        terms: the simulated broker's, costs included.
        deposit: what the account starts with.
        news: the calendar; an empty one covers nothing.
        start: trading begins with the first bar that closes at or after this moment (seconds since 1970 UTC); bars
            before it only warm the indicators up. None begins with the first bar.

    Raises:
        InvalidInput: the costs are more than a position may be sized with.
    """

    scanner: Scanner
    rules: DeskRules
    desk: DeskAccount
    terms: BrokerTerms
    deposit: Money
    news: NewsCalendarView = field(default_factory=lambda: NewsCalendarView(EventCalendar.empty()))
    start: int | None = None

    def __post_init__(self) -> None:
        risk = replace(self.rules.risk, costs=self.terms.costs.sizing)
        object.__setattr__(self, "rules", replace(self.rules, risk=risk))


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """What a run came to.

    Args:
        columns: the pairs it ran on.
        rows: every candidate.
        results: what each candidate that could pass came to under the fill model.
        happenings: all that happened, in order.
        equity_at, equity: shape (m,), moments and equity after each of them, account currency.
        state: the desk's memory at the end.
        account: the account at the end.
        journal: the chained record.
        bars: base bars taken in.
    """

    columns: Mapping[str, PairColumns]
    rows: CandidateRows
    results: IdeaResults
    happenings: Sequence[Happening]
    equity_at: NDArray[np.int64]
    equity: NDArray[np.float64]
    state: DeskState
    account: SimulatedAccount
    journal: Journal
    bars: int


def run_backtest(
    bars: Mapping[str, Bars],
    plan: BacktestPlan,
    watch: Callable[[Moment, Sequence[Happening], DeskRun], None] | None = None,
) -> Backtest:
    """Run recorded bars through scan, gate, checks, fills and journal.

    Args:
        bars: M15 bars by symbol; pairs of the scanner without bars are left out.
        plan: what is run.
        watch: told of every moment, with what happened and where the desk stands.

    Raises:
        InvalidInput: there are no bars, or they are not M15 bars of their pair.
    """
    symbols = _present(bars, plan)
    plan = _narrowed(plan, symbols)
    instruments = plan.terms.instruments
    frames = {symbol: frame_of(instruments[symbol], bars[symbol]) for symbol in symbols}
    studies = {symbol: studies_of(frame, long_average=plan.scanner.long_average) for symbol, frame in frames.items()}
    columns = _columns(bars, symbols, plan)
    first = min(int(bars[symbol].opened[0]) for symbol in symbols)
    last = max(int(bars[symbol].closed[-1]) for symbol in symbols)
    start = first if plan.start is None else plan.start
    market = cross_assets(frames, first // _HOUR * _HOUR, last // _HOUR * _HOUR) if len(frames) > 1 else None
    table = plan.scanner.scan(studies, {symbol: pair.spread for symbol, pair in columns.items()}, market, start)
    rows = _rows(table, plan)
    results = _results(rows, columns, plan)
    moments = RecordedMoments(columns, studies, market, rows, results, start, plan.rules.threshold)
    fold = _folded(moments, plan, columns, start, watch)
    return Backtest(columns=columns, rows=rows, results=results, bars=sum(len(bars[s]) for s in symbols), **fold)


def run_live(
    bars: Mapping[str, Bars],
    plan: BacktestPlan,
    watch: Callable[[Moment, Sequence[Happening], DeskRun], None] | None = None,
) -> Backtest:
    """Run the same bars one time after another, each scanned on rolling windows: the path of a live desk.

    Args:
        bars: M15 bars by symbol; those that close before the plan's start are history.
        plan: what is run.
        watch: told of every moment; a `StopWatching` it raises ends the run there, whole as far as it went.

    Returns:
        What `run_backtest` gives: the same signals, decisions and journal, one for one.
    """
    plan = _narrowed(plan, _present(bars, plan))
    moments = live_moments(bars, plan)
    return live_result(moments, plan, _folded(moments, plan, moments.columns, moments.start, watch))


def live_result(moments: LiveMoments, plan: BacktestPlan, fold: Folded) -> Backtest:
    """Put together what moments that were walked through came to.

    Args:
        moments: as far as they were walked through.
        plan: what was run.
        fold: what a `RunFold` made of them.
    """
    plan = _narrowed(plan, tuple(moments.columns))
    # A run that was stopped knows nothing of the bars it did not come to, neither do its results.
    end = int(fold["equity_at"][-1]) if len(fold["equity_at"]) else moments.start
    seen = {
        symbol: pair.until(int(np.searchsorted(pair.prices.closed, end, side="right")))
        for symbol, pair in moments.columns.items()
    }
    rows = _rows(joined(moments.tables), plan)
    return Backtest(
        columns=seen,
        rows=rows,
        results=_results(rows, seen, plan),
        bars=sum(len(pair.bars) for pair in seen.values()),
        **fold,
    )


def live_moments(bars: Mapping[str, Bars], plan: BacktestPlan) -> LiveMoments:
    """Get ready to walk through bars one time after another, each scanned on rolling windows.

    Args:
        bars: M15 bars by symbol; those that close before the plan's start are history.
        plan: what is run.

    Raises:
        InvalidInput: there are no bars, or they are not M15 bars of their pair.
    """
    symbols = _present(bars, plan)
    plan = _narrowed(plan, symbols)
    columns = _columns(bars, symbols, plan)
    first = min(int(bars[symbol].opened[0]) for symbol in symbols)
    start = first if plan.start is None else plan.start
    return LiveMoments(columns, plan.scanner, plan.news, plan.terms.costs, plan.deposit.currency, start)


class StopWatching(Exception):
    """Raised by a watcher to end a run after the moment it was told of."""


class _Moments(Protocol):
    def __iter__(self) -> Iterator[Moment]: ...

    def emitted(self, signal: Signal) -> None: ...


def _folded(
    moments: _Moments,
    plan: BacktestPlan,
    columns: Mapping[str, PairColumns],
    start: int,
    watch: Callable[[Moment, Sequence[Happening], DeskRun], None] | None,
) -> Folded:
    fold = RunFold(plan, columns, start)
    for moment in moments:
        happened = fold.take(moment)
        for happening in happened:
            if isinstance(happening, SignalEmitted):
                moments.emitted(happening.signal)
        if watch is not None:
            try:
                watch(moment, happened, fold.run)
            except StopWatching:
                break
    return fold.folded()


def _present(bars: Mapping[str, Bars], plan: BacktestPlan) -> list[str]:
    symbols = [symbol for symbol in plan.scanner.pairs if symbol in bars and len(bars[symbol])]
    if not symbols:
        raise InvalidInput("there is no bar of any pair", remedy="name a folder with M15 bars of at least one pair")
    for symbol in symbols:
        if bars[symbol].timeframe is not Timeframe.M15 or bars[symbol].symbol != symbol:
            raise InvalidInput(
                f"a run takes M15 bars of {symbol}, got {bars[symbol].timeframe.name} of {bars[symbol].symbol}",
                where=symbol,
                remedy="give bars of 15 minutes under their own pair",
            )
    return symbols


def _narrowed(plan: BacktestPlan, symbols: Sequence[str]) -> BacktestPlan:
    """Leave the pairs without bars out of the scan, so that no position in it stands for one of them."""
    return replace(plan, scanner=replace(plan.scanner, pairs=tuple(symbols)))


def _columns(bars: Mapping[str, Bars], symbols: Sequence[str], plan: BacktestPlan) -> dict[str, PairColumns]:
    trails = any(strategy.plan is PlanKind.ATR_TRAIL for strategy in plan.scanner.strategies)
    return {
        symbol: prepare_pair(plan.terms.instruments[symbol], bars[symbol], plan.terms.costs, plan.news, trails=trails)
        for symbol in symbols
    }


def _rows(table: ScoredCandidates, plan: BacktestPlan) -> CandidateRows:
    instruments = [plan.terms.instruments[symbol] for symbol in plan.scanner.pairs]
    news = candidate_news(table, plan.scanner.pairs, plan.news)
    return rows_of(table, instruments, plan.scanner.strategies, news)


def _results(rows: CandidateRows, columns: Mapping[str, PairColumns], plan: BacktestPlan) -> IdeaResults:
    possible = np.array(rows.screened, dtype=np.int8) == 0
    scanner = plan.scanner
    return results_of(
        rows.table, possible, columns, scanner.pairs, scanner.strategies, plan.terms.costs, plan.deposit.currency
    )
