"""Accounts with many open positions, and how long a process takes until all of them are compared with their brokers."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import MemoryLedger
from bitten_adapters.sql.opening import open_store
from bitten_adapters.system.salt import os_salt
from bitten_apps.testkit.crowd.broker_line import run_now
from bitten_apps.testkit.crowd.router_process import StillMarket
from bitten_apps.testkit.kills.place import StoryClock
from bitten_apps.testkit.simulation.world import DEPOSIT, RULES, START, settle_down
from bitten_domain.desk.account import AccountStanding
from bitten_domain.execution import BrokerTerms, to_price
from bitten_domain.execution.order import MarketOrder
from bitten_domain.use_cases.trading.orders.reconcile import Reconcile
from bitten_domain.use_cases.trading.orders.start_up import StartUp
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, AccountId, Direction, Lots

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["StartedUp", "started_up"]

_FOREIGN = 1 << 51
_LOTS = Lots(Decimal("0.01"))
_AWAY_PIPS = 50


class StartedUp(NamedTuple):
    """A start with everything open.

    Args:
        positions: open in the store afterwards.
        ready: accounts that may open afterwards.
        seconds: from opening the brokers' ledgers and the store to the end of the last account's comparison.
    """

    positions: int
    ready: int
    seconds: float


def started_up(url: str, accounts: int, positions: int) -> StartedUp:
    """Open positions at the brokers, let a first process take them over, and time the start of a second one.

    Args:
        url: of an empty store; its tables are there.
        accounts: how many there are.
        positions: open on each.
    """
    account_ids = tuple(AccountId(f"account-{number + 1}") for number in range(accounts))
    clock, market = StoryClock(time.time()), StillMarket(1)  # noqa: TID251 - the story's clock is moved by it
    now = int(clock.now().timestamp())
    ledgers = {one: MemoryLedger() for one in account_ids}

    def restarted() -> dict[AccountId, PaperBroker]:
        brokers = {one: PaperBroker(ledger, BrokerTerms(), DEPOSIT) for one, ledger in ledgers.items()}
        for broker in brokers.values():
            broker.observe(market.bars, now)
        return brokers

    brokers = restarted()
    for broker in brokers.values():
        for number in range(positions):
            run_now(broker.place(_order(market, number, now + 3_600)))
    store = open_store(url, INSTRUMENTS, os_salt)
    try:
        asyncio.run(store.run(lambda repositories: settle_down(repositories, account_ids, int(START))))
    finally:
        store.close()
    _start(url, lambda: brokers, clock, account_ids)
    return _start(url, restarted, clock, account_ids)


def _start(
    url: str, opened: Callable[[], dict[AccountId, PaperBroker]], clock: StoryClock, account_ids: Sequence[AccountId]
) -> StartedUp:
    terms, sending = BrokerTerms(), set[int]()
    began = time.perf_counter()
    brokers = opened()
    store = open_store(url, INSTRUMENTS, os_salt)
    try:
        reconcile = Reconcile(store, clock, brokers, RULES, terms, "router-1", sending)
        standings = asyncio.run(StartUp(store, clock, reconcile)())
        seconds = time.perf_counter() - began

        def counted(repositories: Repositories) -> int:
            return sum(len(repositories.positions.open(one)) for one in account_ids)

        ready = sum(standing is AccountStanding.READY for standing in standings.values())
        return StartedUp(asyncio.run(store.read(counted)), ready, seconds)
    finally:
        store.close()


def _order(market: StillMarket, number: int, not_after: int) -> MarketOrder:
    symbol = TEN_PAIRS[number % len(TEN_PAIRS)]
    instrument = INSTRUMENTS[symbol]
    bid = to_price(instrument, market.bars[symbol].close)
    return MarketOrder(
        _FOREIGN + number,
        symbol,
        Direction.BUY,
        _LOTS,
        bid - _AWAY_PIPS * instrument.pip,
        bid + _AWAY_PIPS * instrument.pip,
        not_after,
    )
