"""The demo's run: a synthetic market, bar by bar through the durable desk, with a view of it, that can be stopped.

A run that is stopped is told as the run over the bars it had seen: the same decisions, since none of them knew what
came later.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from bitten_apps.cli.runs.demo_store import StoreRecord, traded_on_store
from bitten_apps.container import Container
from bitten_apps.live_view.board import Board
from bitten_domain.market.clocks.fx_week import trading_day, trading_day_start
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.use_cases.trading.backtest import run_backtest
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.use_cases.trading.summary import RunFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_apps.live_view.views import View
    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.data_quality import DataQuality
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan

__all__ = ["DemoOutcome", "MadeMarket", "made_market", "run_demo"]

_FIRST_DAY = date(2025, 1, 6)
_WARM_UP_DAYS = 35


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What a demo came to.

    Args:
        run, plan, facts: the run, as for a backtest.
        was_stopped_by_hand: whether Ctrl-C ended it.
        record: what the journal of its store says; None when it did not go through one.
    """

    run: Backtest
    plan: BacktestPlan
    facts: RunFacts
    was_stopped_by_hand: bool
    record: StoreRecord | None = None


def run_demo(seed: int, days: int, view: View, patience_seconds: float) -> DemoOutcome:
    """Make a market, trade it bar by bar, and show it.

    Args:
        seed: of the market.
        days: market days traded, after those that warm the indicators up.
        view: shows it.
        patience_seconds: wall time for the bar-by-bar path of a live desk, through its store; what is left then is
            taken by the recorded path, which decides the same in a fraction of the time. 0 takes all of it so.

    Raises:
        KeyboardInterrupt: stopped before anything was traded.
    """
    clock = Container.clock()
    began = clock.monotonic_seconds()
    is_stopped = is_hurried = False
    run: Backtest | None = None
    record: StoreRecord | None = None
    with view:
        market = _made(seed, days)
        board = market.board

        def watch(moment: Moment, happenings: Sequence[Happening], run: DeskRun) -> None:
            if moment.at > board.at:
                board.take(moment, happenings, run)
                view.show(board, happenings)

        def watch_store(moment: Moment, happenings: Sequence[Happening], run: DeskRun) -> bool:
            nonlocal is_hurried
            watch(moment, happenings, run)
            is_hurried = clock.monotonic_seconds() - began > patience_seconds
            return not is_hurried

        try:
            if patience_seconds > 0:
                run, record = asyncio.run(traded_on_store(market.bars, market.plan, watch_store))
                is_stopped = board.done < board.moments and not is_hurried
            if board.done < board.moments and not is_stopped:
                run = run_backtest(market.bars, market.plan, watch)
        except KeyboardInterrupt:
            is_stopped = True
        if is_stopped and board.done == 0:
            raise KeyboardInterrupt
    if run is None:
        run = run_backtest(_until(market.bars, board.at), market.plan)
    facts = RunFacts(
        seconds=clock.monotonic_seconds() - began,
        source=f"synthetic market, seed {seed}",
        is_synthetic=True,
        qualities=market.qualities,
        is_interrupted=is_stopped,
    )
    return DemoOutcome(run, market.plan, facts, is_stopped, record)


@dataclass(frozen=True, slots=True)
class MadeMarket:
    """A synthetic market, ready to be traded.

    Args:
        bars: M15 bars by symbol, those that warm the indicators up included.
        qualities: of their sources.
        news: its calendar.
        start: where trading begins, seconds since 1970 UTC.
    """

    bars: Mapping[str, Bars]
    qualities: tuple[DataQuality, ...]
    news: NewsCalendarView
    start: int


def made_market(seed: int, days: int) -> MadeMarket:
    """Make a market of some days, after those that warm the indicators up."""
    market = Container.synthetic_market(seed, _FIRST_DAY, _WARM_UP_DAYS + days)
    history = Container.synthetic_bars(market)
    loaded = {symbol: history.load(symbol) for symbol in market.bars}
    bars = {symbol: each for symbol, (each, _) in loaded.items()}
    opened = next(iter(bars.values())).opened
    day = trading_day(opened)
    start = int(trading_day_start(opened[day == np.unique(day)[_WARM_UP_DAYS]][:1])[0])
    calendar = Container.synthetic_calendar(market).snapshot().calendar
    return MadeMarket(bars, tuple(quality for _, quality in loaded.values()), NewsCalendarView(calendar), start)


@dataclass(frozen=True, slots=True)
class _Made:
    bars: Mapping[str, Bars]
    qualities: tuple[DataQuality, ...]
    plan: BacktestPlan
    board: Board


def _made(seed: int, days: int) -> _Made:
    market = made_market(seed, days)
    plan = paper_plan(news=market.news, start=market.start)
    closes = np.unique(np.concatenate([each.closed for each in market.bars.values()]))
    board = Board(
        seed=seed,
        moments=int(np.count_nonzero(closes >= market.start)),
        days=days,
        deposit=float(plan.deposit.amount),
        target=plan.rules.threshold.target,
        fire_floor=plan.rules.risk.fire.mode_floor(plan.desk.fire_mode),
    )
    return _Made(market.bars, market.qualities, plan, board)


def _until(bars: Mapping[str, Bars], at: int) -> dict[str, Bars]:
    return {
        symbol: each.rows(slice(0, int(np.searchsorted(each.closed, at, side="right"))))
        for symbol, each in bars.items()
    }
