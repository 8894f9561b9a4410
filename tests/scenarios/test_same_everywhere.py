"""One chain: recorded and live give the same journal, the future changes nothing, and so does the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.desk.decisions import SignalEmitted, ThresholdEvaluated
from bitten_domain.desk.trade_management import StopMoved
from bitten_domain.record.payloads import payload_of
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.use_cases.trading.backtest import StopWatching, run_backtest, run_live
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import TEN_PAIRS
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bitten_adapters.synthetic.market import SyntheticMarket
    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan

FEW = ("EURUSD", "GBPUSD", "USDJPY", "EURJPY")
DAY = 86_400


def until(bars: Mapping[str, Bars], end: int, pairs: Sequence[str] = TEN_PAIRS) -> dict[str, Bars]:
    """Keep the bars that closed by a moment."""
    return {symbol: bars[symbol].between(0, end - bars[symbol].timeframe.seconds + 1) for symbol in pairs}


def payloads(run: Backtest) -> list[bytes]:
    return [payload_of(happening) for happening in run.happenings]


def recorded(bars: Mapping[str, Bars], plan: BacktestPlan) -> list[tuple[int, bytes]]:
    """Run a backtest and say with each payload when it came about."""
    seen: list[tuple[int, bytes]] = []

    def watch(moment: Moment, happened: Sequence[Happening], _: DeskRun) -> None:
        seen.extend((moment.at, payload_of(happening)) for happening in happened)

    run_backtest(bars, plan, watch)
    return seen


def test_given_three_market_days_when_run_live_then_the_journal_is_the_backtests(
    market: SyntheticMarket, synthetic_plan: BacktestPlan, first_trade: int
) -> None:
    bars = until(market.bars, first_trade + 3 * DAY, FEW)

    once, live = run_backtest(bars, synthetic_plan), run_live(bars, synthetic_plan)

    assert payloads(live) == payloads(once)
    assert live.journal.digest == once.journal.digest
    assert sum(isinstance(each, SignalEmitted) for each in once.happenings) > 15
    assert (live.account, live.state) == (once.account, once.state)
    assert live.equity.tolist() == once.equity.tolist()


def test_given_no_warm_up_when_run_live_then_the_journal_is_the_backtests(
    market: SyntheticMarket, synthetic_news: NewsCalendarView
) -> None:
    opened = int(market.bars["EURUSD"].opened[0])
    bars = until(market.bars, opened + 6 * DAY, FEW[:3])
    # A pair that is quoted later than the others is unknown to them meanwhile.
    bars["USDJPY"] = bars["USDJPY"].between(opened + 2 * DAY, opened + 6 * DAY)
    plan = paper_plan(news=synthetic_news)

    once, live = run_backtest(bars, plan), run_live(bars, plan)

    assert payloads(live) == payloads(once)
    assert any(isinstance(each, SignalEmitted) for each in once.happenings)


def test_given_plans_that_lead_by_the_bar_when_run_live_then_the_journal_is_the_backtests(
    market: SyntheticMarket, synthetic_plan: BacktestPlan, first_trade: int
) -> None:
    kinds = (PlanKind.BREAK_EVEN, PlanKind.ATR_TRAIL, PlanKind.TIME_STOP)
    led = [replace(each, plan=kind) for each, kind in zip(strategies_of(Profile.WIDE), kinds, strict=True)]  # type: ignore[type-var]
    plan = replace(synthetic_plan, scanner=replace(synthetic_plan.scanner, strategies=tuple(led)))
    bars = until(market.bars, first_trade + 2 * DAY, FEW)

    once, live = run_backtest(bars, plan), run_live(bars, plan)

    assert payloads(live) == payloads(once)
    assert any(isinstance(each, StopMoved) for each in once.happenings)


def test_given_a_day_of_real_bars_when_run_live_then_the_journal_is_the_backtests(
    real_bars: Mapping[str, Bars],
) -> None:
    # Tuesday 2025-06-03 21:00 UTC, a trading day's beginning.
    start = 1_748_984_400
    bars, plan = until(real_bars, start + DAY, FEW), paper_plan(start=start)

    once, live = run_backtest(bars, plan), run_live(bars, plan)

    assert payloads(live) == payloads(once)
    assert live.journal.digest == once.journal.digest
    assert sum(isinstance(each, SignalEmitted) for each in once.happenings) > 12


def test_given_a_live_run_that_is_stopped_when_read_then_it_is_the_beginning_of_the_whole_and_knows_no_more(
    market: SyntheticMarket, synthetic_plan: BacktestPlan, first_trade: int
) -> None:
    end, stop = first_trade + DAY, first_trade + DAY // 2
    bars = until(market.bars, end, FEW)

    def watch(moment: Moment, _: Sequence[Happening], __: DeskRun) -> None:
        if moment.at >= stop:
            raise StopWatching

    whole, part = run_backtest(until(bars, stop, FEW), synthetic_plan), run_live(bars, synthetic_plan, watch)

    assert part.journal.digest == whole.journal.digest
    assert int(part.results.closed_at.max(initial=0)) <= stop
    assert part.bars == whole.bars


@pytest.fixture(scope="module")
def whole_story(few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan) -> list[tuple[int, bytes]]:
    return recorded(few_bars, synthetic_plan)


@settings(max_examples=6)
@given(quarters=st.integers(16, 11 * 96))
def test_given_any_moment_when_the_data_ends_there_then_nothing_earlier_changes(
    few_bars: Mapping[str, Bars],
    synthetic_plan: BacktestPlan,
    whole_story: list[tuple[int, bytes]],
    first_trade: int,
    quarters: int,
) -> None:
    cut = first_trade + 900 * quarters

    earlier = recorded(until(few_bars, cut, tuple(few_bars)), synthetic_plan)

    assert earlier == [each for each in whole_story if each[0] <= cut]


def test_given_a_later_start_when_run_then_candidates_are_the_same_and_only_memory_differs(
    market: SyntheticMarket, synthetic_plan: BacktestPlan, synthetic_run: Backtest, first_trade: int
) -> None:
    """What is promised: the scan does not know when trading began; threshold, book and account begin anew."""
    later = first_trade + 4 * DAY
    run = run_backtest(market.bars, replace(synthetic_plan, start=later))

    whole, part = synthetic_run.rows, run.rows
    first = int(np.searchsorted(whole.at, later))
    assert part.at == whole.at[first:]
    for name in ("pair", "direction", "score", "overlay", "screened", "fixed"):
        assert getattr(part, name) == getattr(whole, name)[first:], name
    assert [part.details[row] for row in sorted(part.details)] == [
        whole.details[row] for row in sorted(whole.details) if row >= first
    ]
    # Once the book's hour and the day's counts are over, a threshold that stands still emits the same signals.
    audits = [each.audit for each in run.happenings if isinstance(each, ThresholdEvaluated)]
    assert audits[0].old == 70_000


def script(days: int) -> str:
    return f"""
from datetime import date
from bitten_adapters.synthetic.market import synthetic_market
from bitten_domain.use_cases.trading.backtest import run_backtest
from bitten_domain.use_cases.trading.paper_plan import paper_plan
market = synthetic_market(5, date(2025, 1, 6), {days})
bars = {{symbol: market.bars[symbol] for symbol in {FEW!r}}}
start = int(market.bars["EURUSD"].opened[-3 * 96])
run = run_backtest(bars, paper_plan(start=start))
print(run.journal.digest, run.journal.rows)
"""


def told_by(python: str, root: Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in {"TZ", "LC_ALL", "PYTHONHASHSEED"}}
    done = subprocess.run(
        [python, "-c", script(34)],
        env={**kept, "PYTHONPATH": str(root / "src"), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def told_here(project_root: Path) -> str:
    told = told_by(sys.executable, project_root, PYTHONHASHSEED="0")
    assert int(told.split()[1]) > 50
    return told


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1"},
        {"TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONHASHSEED": "77"},
        {"LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "random"},
    ],
    ids=lambda environment: " ".join(f"{name}={value}" for name, value in environment.items()),
)
def test_given_another_process_zone_language_or_hash_seed_when_run_then_the_digest_is_the_same(
    project_root: Path, told_here: str, environment: dict[str, str]
) -> None:
    assert told_by(sys.executable, project_root, **environment) == told_here


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_given_another_python_when_run_then_the_digest_is_the_same(
    project_root: Path, told_here: str, version: str
) -> None:
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "-c", "import numpy"], capture_output=True, check=False).returncode:
        pytest.skip(f"no Python {version} with NumPy on this machine")

    assert told_by(python, project_root) == told_here


def test_given_the_same_bars_when_run_twice_then_everything_is_the_same(
    market: SyntheticMarket, synthetic_plan: BacktestPlan, synthetic_run: Backtest
) -> None:
    again = run_backtest(market.bars, synthetic_plan)

    assert again.journal.digest == synthetic_run.journal.digest
    assert (again.account, again.state, again.equity.tolist()) == (
        synthetic_run.account,
        synthetic_run.state,
        synthetic_run.equity.tolist(),
    )
