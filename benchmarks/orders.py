"""From a signal to an order at the broker, through the durable core in memory: checks, reservation, journal and all."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from decimal import Decimal
from itertools import count

from measures import Row

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import MemoryLedger
from bitten_adapters.replay.clock import ReplayClock
from bitten_apps.testkit.simulation.chance import Chance
from bitten_apps.testkit.simulation.market import SimulatedMarket
from bitten_domain.desk.account import AccountStanding, TradingAccount
from bitten_domain.desk.account.fires.facts_of_account import FireWish
from bitten_domain.desk.step import DeskRules
from bitten_domain.execution import BrokerTerms
from bitten_domain.membership import Person
from bitten_domain.risk.policy import RiskPolicy, UserLimits
from bitten_domain.risk.policy.limits import LimitChoice
from bitten_domain.use_cases.trading.orders.close import Close, CloseCommand
from bitten_domain.use_cases.trading.orders.dispatch import Dispatch
from bitten_domain.use_cases.trading.orders.fire import Fire, FireCommand
from bitten_domain.use_cases.trading.orders.settle import Settle
from bitten_domain.values import AccountId, Direction, Money, UserId
from bitten_domain.vocabulary import FireMode, Rank, SystemMode, Tier

_ACCOUNT, _USER = AccountId("bench"), UserId("you")
# Wednesday 2025-06-04 14:00 UTC.
_START = 1_749_045_600
_FIRES = 400
_BAR_SECONDS = 0.005


class _Numbers:
    def __init__(self) -> None:
        self._numbers = count(1)

    def new_id(self) -> str:
        """Make one."""
        return f"id-{next(self._numbers)}"


class _Timed:
    """A broker that notes when an order reaches it."""

    def __init__(self, broker: PaperBroker) -> None:
        self._broker = broker
        self.reached = 0.0
        self.close, self.modify = broker.close, broker.modify
        self.snapshot, self.evidence_of = broker.snapshot, broker.evidence_of

    async def place(self, order: object) -> object:
        """Note the time, and open the position."""
        self.reached = time.perf_counter()
        return await self._broker.place(order)  # type: ignore[arg-type]


async def _latencies() -> list[float]:
    terms, deposit = BrokerTerms(), Money(Decimal(20_000), "USD")
    store = MemoryUnitOfWork(lambda: bytes(16))
    paper = PaperBroker(MemoryLedger(), terms, deposit)
    broker, clock, market = _Timed(paper), ReplayClock(_START), SimulatedMarket(Chance(3), jump_share=0.0)
    limits = UserLimits(risk_percent=Decimal("0.2"))
    person = Person(
        _USER, _START, rank=Rank.AUTHORIZED, tier=Tier.APEX, mode=SystemMode.COMMANDER, limits=LimitChoice(limits)
    )
    account = TradingAccount(
        _ACCOUNT, _USER, "paper", is_live=False, is_netting=False, opening=deposit, balance=deposit,
        leverage=terms.leverage, opened_at=_START, standing=AccountStanding.READY,
    )  # fmt: skip
    await store.run(lambda repositories: repositories.people.add(person))
    await store.run(lambda repositories: repositories.accounts.add(account))
    policy = RiskPolicy()
    rules = DeskRules(replace(policy, costs=terms.costs.sizing), Decimal(4))
    ids = _Numbers()
    settle = Settle(store, clock, rules, terms)
    fire = Fire(store, clock, ids, market, rules, terms)
    dispatch = Dispatch(store, clock, {_ACCOUNT: broker}, settle, "bench", set())  # type: ignore[dict-item]
    close = Close(store, clock, ids, rules, terms)
    took: list[float] = []
    pairs = ("EURUSD", "USDJPY", "AUDUSD", "USDCAD")
    for number in range(_FIRES):
        # A shot every six minutes of a new day for each sixteen: limits of the day never end the measurement.
        at = _START + number // 16 * 7 * 86_400 + number % 16 * 360
        clock.move_to(at)
        market.tick(at, [paper])
        signal = market.signal(pairs[number % 4], Direction.BUY if number % 2 else Direction.SELL, at)
        wish = FireWish(FireMode.SINGLE, is_confirmed=True)
        began = time.perf_counter()
        answer = await fire(FireCommand(_ACCOUNT, _USER, f"f-{number}", signal, wish))
        if answer.client_order_id is None:
            continue
        await dispatch(answer.client_order_id)
        took.append(broker.reached - began)
        for position in (await paper.snapshot()).positions[:-1]:
            await dispatch(await close(CloseCommand(_ACCOUNT, _USER, f"c-{number}-{position.ticket}", position.ticket)))
    return took


def orders() -> list[Row]:
    """Measure how long an order takes from its signal to the broker, with a position open."""
    took = sorted(asyncio.run(_latencies()))
    worst = took[len(took) * 99 // 100]
    middle = took[len(took) // 2]
    return [
        Row(
            "signal in, order out, on memory, p99",
            f"{worst * 1e3:.2f} ms ({len(took)} orders, median {middle * 1e3:.2f})",
            "",
            worst * 1e3,
            "< 5 ms",
            worst < _BAR_SECONDS,
        )
    ]
