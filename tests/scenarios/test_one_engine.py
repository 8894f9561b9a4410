"""One engine: the durable desk decides what the backtest decides, signal for signal, deal for deal."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import MemoryLedger
from bitten_adapters.replay.clock import ReplayClock
from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.main import main
from bitten_apps.cli.runs.demo_run import made_market, run_demo
from bitten_apps.container import Container
from bitten_apps.live_view.views import NoView
from bitten_apps.runtime.paper_desk import paper_desk
from bitten_apps.settings import Settings
from bitten_domain.record.payloads import payload_of
from bitten_domain.use_cases.trading.backtest import live_moments, run_backtest
from bitten_domain.use_cases.trading.paper_plan import paper_plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bitten_adapters.synthetic.market import SyntheticMarket
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

FEW = ("EURUSD", "GBPUSD", "USDJPY", "EURJPY")
DAY = 86_400
DECIDED = {"signal", "suppressed", "threshold", "approved", "refused", "deal", "trade", "declined", "stop"}


class Numbered:
    """Ids by counting."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new_id(self) -> str:
        return f"id-{next(self._numbers):06d}"


def durable(bars: Mapping[str, Bars], plan: BacktestPlan, start: int) -> tuple[list[str], list[str]]:
    """Trade the bars through the durable core; give the payloads of both streams."""
    store = MemoryUnitOfWork(lambda: bytes(16))
    broker = PaperBroker(MemoryLedger(), plan.terms, plan.deposit)
    clock = ReplayClock()
    desk = paper_desk(store, plan, broker, broker, clock, clock, Numbered(), start)
    moments = live_moments(bars, plan)

    async def traded() -> None:
        await desk.open(start)
        for moment in moments:
            for signal in (await desk.take(moment)).signals:
                moments.emitted(signal)

    asyncio.run(traded())
    streams = ("system", f"account:{plan.desk.account_id}")
    system, account = (
        asyncio.run(store.read(lambda repositories, name=name: repositories.journal.rows(name, 0, 10**9)))  # type: ignore[misc]
        for name in streams
    )
    return [text(row.payload) for row in system], [text(row.payload) for row in account]


def text(payload: bytes | None) -> str:
    assert payload is not None
    return payload.decode()


def decided(payloads: list[str]) -> list[str]:
    return [each for each in payloads if json.loads(each)[0] in DECIDED]


@pytest.mark.parametrize("auto", [False, True])
def test_given_recorded_days_when_traded_durably_then_every_decision_is_the_backtests(
    market: SyntheticMarket, synthetic_news: NewsCalendarView, first_trade: int, *, auto: bool
) -> None:
    end = first_trade + 3 * DAY
    bars = {symbol: market.bars[symbol].between(0, end - 900 + 1) for symbol in FEW}
    plan = paper_plan(news=synthetic_news, start=first_trade, auto=auto)
    once = [payload_of(happening).decode() for happening in run_backtest(bars, plan).happenings]

    system, account = durable(bars, plan, first_trade)

    ours = {"signal", "suppressed", "threshold"}
    assert decided(system) == [each for each in once if json.loads(each)[0] in ours]
    assert decided(account) == [each for each in once if json.loads(each)[0] not in ours]
    assert any('"trade"' in each for each in account)


def test_given_the_same_days_when_backtested_shown_and_run_then_all_three_decide_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seed, days = 3, 1
    made = (Container.settings, Container.unit_of_work)
    market = made_market(seed, days)
    backtest = run_backtest(market.bars, paper_plan(news=market.news, start=market.start))
    once = [payload_of(happening).decode() for happening in backtest.happenings]

    demo = run_demo(seed, days, NoView(), 600.0)
    with monkeypatch.context() as patch:
        patch.setenv("BITTEN_HOME", str(tmp_path))
        for provider in made:
            provider.reset()
        code = main(["run", "--days", str(days), "--seed", str(seed), "--json"])
    for provider in made:
        provider.reset()
    capsys.readouterr()
    store = Container.store_of(Settings(home=tmp_path))
    rows = asyncio.run(
        store.read(
            lambda repositories: [
                text(row.payload)
                for stream in ("system", "account:paper-1")
                for row in repositories.journal.rows(stream, 0, 10**9)
            ]
        )
    )
    store.close()

    ours = {"signal", "suppressed", "threshold"}
    of_signals, of_account = (
        [each for each in once if (json.loads(each)[0] in ours) is mine] for mine in (True, False)
    )
    assert code == DONE
    assert decided(rows) == of_signals + of_account
    assert demo.record is not None
    assert demo.record.is_sound
    assert demo.record.decisions == len(once)
    assert [payload_of(happening).decode() for happening in demo.run.happenings] == once
    assert any('"trade"' in each for each in of_account)


def test_given_a_busy_week_when_traded_on_sqlite_then_every_decision_is_the_recorded_paths() -> None:
    # A week with ideas over the day's cap and two positions closed in one bar; a store that forgot which ideas were
    # kept back counted them again, and moved the threshold further than a backtest.
    outcome = run_demo(9, 5, NoView(), 600.0)

    assert outcome.record is not None
    assert outcome.record.differences == ()
    assert outcome.record.is_sound
