"""What a person who hesitates did not confirm, and confirmed late, is told from the store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import MemoryLedger
from bitten_adapters.replay.clock import ReplayClock
from bitten_adapters.system.dice import SystemDice
from bitten_apps.runtime.paper_desk import paper_desk
from bitten_domain.analytics.counterfactual import Fate
from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.risk.policy import RiskPolicy, UserLimits
from bitten_domain.use_cases.trading.backtest import live_moments
from bitten_domain.use_cases.trading.orders.fire import FireCommand
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.use_cases.trading.signal_ledger import LedgerCommand, SignalLedger
from bitten_domain.vocabulary import FireMode, RefusalCode

if TYPE_CHECKING:
    from bitten_adapters.synthetic.market import SyntheticMarket
    from bitten_domain.desk.signal import Signal
    from bitten_domain.market.news_view import NewsCalendarView

FEW = ("EURUSD", "GBPUSD", "USDJPY", "EURJPY")
DAY = 86_400
PROPOSED = 75_00
LATE = 300


class Numbered:
    """Ids by counting."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new_id(self) -> str:
        return f"id-{next(self._numbers):06d}"


def test_given_somebody_who_hesitates_when_the_ledger_is_read_then_it_says_what_waiting_came_to(
    market: SyntheticMarket, synthetic_news: NewsCalendarView, first_trade: int
) -> None:
    bars = {symbol: market.bars[symbol].between(0, first_trade + 4 * DAY) for symbol in FEW}
    # Small positions, so that an open one leaves margin for the next.
    limits = UserLimits(Decimal("0.25"), Decimal(4), 5)
    plan = paper_plan(news=synthetic_news, start=first_trade, limits=limits)
    store, clock = MemoryUnitOfWork(lambda: bytes(16)), ReplayClock()
    broker = PaperBroker(MemoryLedger(), plan.terms, plan.deposit)
    desk = paper_desk(store, plan, broker, broker, clock, clock, Numbered(), first_trade)
    # Nobody fires by themselves here.
    desk = replace(desk, trade=replace(desk.trade, triggers=()))
    moments = live_moments(bars, plan)
    emitted: list[Signal] = []
    fired: set[str] = set()
    refused: set[str] = set()

    async def fire(signal: Signal) -> None:
        account, person = plan.desk.account_id, plan.desk.person.user_id
        wish = FireWish(FireMode.SINGLE, is_confirmed=True)
        answer = await desk.trade.fire(FireCommand(account, person, signal.signal_id, signal, wish))
        if answer.client_order_id is None:
            refused.add(signal.signal_id)
        else:
            fired.add(signal.signal_id)
            await desk.send(answer.client_order_id)

    async def traded() -> None:
        await desk.open(first_trade)
        waiting: list[Signal] = []
        for moment in moments:
            took = await desk.take(moment, moments.outcomes)
            for signal in waiting:
                await fire(signal)
            for signal in took.signals:
                moments.emitted(signal)
            proposed = [each for each in took.signals if each.score >= PROPOSED]
            numbered = list(enumerate(proposed, len(emitted)))
            emitted.extend(took.signals)
            # Of those the bot proposes, every fourth is confirmed within its time, another one too late.
            clock.move_to(moment.at + LATE)
            desk.trade.board.take(moment._replace(at=moment.at + LATE))
            for signal in (each for number, each in numbered if number % 4 == 0):
                await fire(signal)
            waiting = [each for number, each in numbered if number % 4 == 1]

    asyncio.run(traded())
    read = SignalLedger(store, SystemDice(1), RiskPolicy())
    ledger = asyncio.run(read(LedgerCommand(plan.desk.account_id, 0, 1 << 40)))
    trades = asyncio.run(store.read(lambda repositories: repositories.trades.recent(plan.desk.account_id, 10**6)))
    outcomes = {
        each.signal_id: asyncio.run(
            store.read(lambda repositories, signal_id=each.signal_id: repositories.outcomes.get(signal_id))  # type: ignore[misc]
        )
        for each in emitted
    }

    lines = {line.fate: line for line in ledger.fates}
    expired = {line.code: line for line in ledger.rules}[RefusalCode.SIGNAL_EXPIRED]
    touched = fired | refused
    left = [each for each in emitted if each.signal_id not in touched and each.score >= PROPOSED]
    assert lines[Fate.FIRED].signals == len(fired) > 3
    assert lines[Fate.REFUSED].signals == len(refused) >= expired.signals > 3
    assert lines[Fate.UNCONFIRMED].signals == len(left) > 10
    assert lines[Fate.UNCONFIRMED].total == pytest.approx(
        sum(float(known.net_r) for each in left if (known := outcomes[each.signal_id]) and known.net_r is not None),
        abs=1e-3,
    )
    assert lines[Fate.NOT_ASKED].signals == sum(each.score < PROPOSED for each in emitted) > 10
    made = [
        float(each.trade.net_r - known.net_r)
        for each in trades
        if each.known is not None
        and each.trade.net_r is not None
        and (known := outcomes[each.known.signal_id])
        and known.net_r is not None
    ]
    assert ledger.late.signals == len(fired)
    assert ledger.late.closed == len(made) > 3
    assert ledger.late.made == pytest.approx(sum(made), abs=1e-3)
