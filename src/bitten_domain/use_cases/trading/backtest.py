"""Backtest: recorded bars through the whole chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.desk.decisions import SignalEmitted
from bitten_domain.desk.emission import rows_of
from bitten_domain.desk.news_facts import news_facts
from bitten_domain.desk.run.desk_run import DeskRun
from bitten_domain.desk.run.idea_results import results_of
from bitten_domain.desk.run.moments import EndedIdeas, recorded_moments
from bitten_domain.desk.run.pair_columns import prepare_pair
from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import open_seconds
from bitten_domain.market.cross_assets import cross_assets
from bitten_domain.market.frame import frame_of
from bitten_domain.market.news import EventCalendar
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.market.studies import studies_of
from bitten_domain.record.journal import Journal
from bitten_domain.record.payloads import payload_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from bitten_domain.desk.emission import CandidateRows
    from bitten_domain.desk.firing import DeskAccount
    from bitten_domain.desk.run.desk_run import Happening, Moment
    from bitten_domain.desk.run.idea_results import IdeaResults
    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.desk.state import DeskState
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms, SimulatedAccount
    from bitten_domain.market.bars import Bars
    from bitten_domain.tcs.scan import Scanner, ScoredCandidates
    from bitten_domain.values import Money

__all__ = ["Backtest", "BacktestPlan", "run_backtest"]

_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class BacktestPlan:
    """What is run.

    Args:
        scanner: pairs, strategies and rank scale.
        rules: the desk's policies.
        desk: the account and who fires on it.
        terms: the simulated broker's, costs included.
        deposit: what the account starts with.
        news: the calendar; an empty one covers nothing.
        start: trading begins with the first bar that closes at or after this moment (seconds since 1970 UTC); bars
            before it only warm the indicators up. None begins with the first bar.
    """

    scanner: Scanner
    rules: DeskRules
    desk: DeskAccount
    terms: BrokerTerms
    deposit: Money
    news: NewsCalendarView = field(default_factory=lambda: NewsCalendarView(EventCalendar.empty()))
    start: int | None = None


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
        InvalidInput: there are no bars.
    """
    symbols = [symbol for symbol in plan.scanner.pairs if symbol in bars and len(bars[symbol])]
    if not symbols:
        raise InvalidInput("there is no bar of any pair", remedy="name a folder with M15 bars of at least one pair")
    instruments = plan.terms.instruments
    frames = {symbol: frame_of(instruments[symbol], bars[symbol]) for symbol in symbols}
    studies = {symbol: studies_of(frame, long_average=plan.scanner.long_average) for symbol, frame in frames.items()}
    columns = {
        symbol: prepare_pair(instruments[symbol], bars[symbol], plan.terms.costs, plan.news) for symbol in symbols
    }
    first = min(int(bars[symbol].opened[0]) for symbol in symbols)
    last = max(int(bars[symbol].closed[-1]) for symbol in symbols)
    start = first if plan.start is None else plan.start
    market = cross_assets(frames, first // _HOUR * _HOUR, last // _HOUR * _HOUR) if len(frames) > 1 else None
    table = plan.scanner.scan(studies, {symbol: pair.spread for symbol, pair in columns.items()}, market, start)
    rows = rows_of(
        table,
        [instruments[symbol] for symbol in plan.scanner.pairs],
        plan.scanner.strategies,
        _news_within_hour(table, plan.scanner, plan.news),
    )
    possible = np.array(rows.screened, dtype=np.int8) == 0
    results = results_of(
        table, possible, columns, plan.scanner.pairs, plan.scanner.strategies, plan.terms.costs, plan.deposit.currency
    )
    run = DeskRun(
        plan.rules,
        plan.desk,
        plan.terms,
        plan.deposit,
        int(open_seconds(np.array([start], dtype=np.int64))[0]),
        lambda symbol, at: news_facts(plan.news, symbol, at, confirm_uncovered=True),
    )
    ended, journal = EndedIdeas(), Journal()
    happenings: list[Happening] = []
    equity_at: list[int] = []
    equity: list[float] = []
    for moment in recorded_moments(columns, studies, market, rows, ended, start, plan.rules.threshold):
        happened = run.take(moment)
        for happening in happened:
            journal.append(payload_of(happening))
            if isinstance(happening, SignalEmitted):
                _expect(ended, happening, results)
        happenings += happened
        equity_at.append(moment.at)
        equity.append(float(run.equity))
        if watch is not None:
            watch(moment, happened, run)
    return Backtest(
        columns=columns,
        rows=rows,
        results=results,
        happenings=happenings,
        equity_at=np.array(equity_at, dtype=np.int64),
        equity=np.array(equity),
        state=run.state,
        account=run.account,
        journal=journal,
        bars=sum(len(bars[symbol]) for symbol in symbols),
    )


def _expect(ended: EndedIdeas, emitted: SignalEmitted, results: IdeaResults) -> None:
    row = emitted.signal.row
    closed_at, net_r = int(results.closed_at[row]), float(results.net_r[row])
    if closed_at and not np.isnan(net_r):
        ended.expect(emitted.signal.signal_id, closed_at, int(results.day[row]), net_r)


def _news_within_hour(table: ScoredCandidates, scanner: Scanner, news: NewsCalendarView) -> NDArray[np.bool_]:
    near = np.zeros(len(table), dtype=np.bool_)
    for number, symbol in enumerate(scanner.pairs):
        of_pair = table.pair == number
        near[of_pair] = news.high_events_within(symbol, table.at[of_pair], before_seconds=_HOUR, after_seconds=_HOUR)
    return near
