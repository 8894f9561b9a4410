"""A process that dies after its broker saw a moment, and before its store did, goes on with that moment."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import TYPE_CHECKING

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import MemoryLedger
from bitten_adapters.replay.clock import ReplayClock
from bitten_apps.runtime.paper_desk import paper_desk
from bitten_apps.runtime.resumed_market import resumed_market
from bitten_domain.record.payloads import payload_of
from bitten_domain.use_cases.trading.backtest import run_backtest
from bitten_domain.use_cases.trading.paper_plan import paper_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_adapters.synthetic.market import SyntheticMarket
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

FEW = ("EURUSD", "GBPUSD", "EURJPY")
DAY = 86_400
DECIDED = {"approved", "refused", "deal", "trade", "declined"}


class Numbered:
    """Ids by counting, on over restarts."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new_id(self) -> str:
        return f"id-{next(self._numbers):06d}"


class Centre:
    """Runs over one store and one ledger, each ending as a kill ends them."""

    def __init__(self, bars: Mapping[str, Bars], plan: BacktestPlan) -> None:
        self.store, self.ledger, self.identity = MemoryUnitOfWork(lambda: bytes(16)), MemoryLedger(), Numbered()
        self.bars, self.plan, self.start = bars, plan, plan.start or 0

    async def run(self, *, until_broker_books: bool) -> bool:
        """Trade; where asked, die in the first moment in which the broker booked something by itself."""
        broker, clock = PaperBroker(self.ledger, self.plan.terms, self.plan.deposit), ReplayClock()
        desk = paper_desk(self.store, self.plan, broker, broker, clock, clock, self.identity, self.start)
        moments = await resumed_market(self.bars, self.plan, self.store, await desk.open(self.start))
        for moment in moments:
            if until_broker_books:
                clock.move_to(moment.at)
                if broker.observe(moment.bars, moment.at - 900, moment.at, moment.high_windows, moment.quote_spread):
                    return True
            for signal in (await desk.take(moment, moments.outcomes)).signals:
                if signal.row >= 0:
                    moments.emitted(signal)
        return False

    async def decided(self) -> list[str]:
        rows = await self.store.read(lambda store: store.journal.rows(f"account:{self.plan.desk.account_id}", 0, 10**9))
        texts = [row.payload.decode() for row in rows if row.payload is not None]
        return [text for text in texts if json.loads(text)[0] in DECIDED]


def test_given_a_process_that_died_in_a_moment_when_started_again_then_it_goes_on_and_decides_the_same(
    market: SyntheticMarket, synthetic_news: NewsCalendarView, first_trade: int
) -> None:
    bars = {symbol: market.bars[symbol].between(0, first_trade + DAY) for symbol in FEW}
    plan = paper_plan(news=synthetic_news, start=first_trade)
    centre = Centre(bars, plan)
    once = [payload_of(happening).decode() for happening in run_backtest(bars, plan).happenings]

    died = asyncio.run(centre.run(until_broker_books=True))
    asyncio.run(centre.run(until_broker_books=False))

    assert died
    assert asyncio.run(centre.decided()) == [text for text in once if json.loads(text)[0] in DECIDED]
