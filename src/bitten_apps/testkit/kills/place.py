"""A place: where a process that may be killed keeps its things, and the process's own parts, the real ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import FileLedger
from bitten_adapters.sql.opening import open_store
from bitten_adapters.system.clock import SystemClock
from bitten_adapters.system.identity import SystemIdentity
from bitten_adapters.system.salt import os_salt
from bitten_apps.testkit.kills.hooks import HookedBroker, HookedLedger, HookedStore
from bitten_apps.testkit.simulation.chance import Chance
from bitten_apps.testkit.simulation.market import SimulatedMarket
from bitten_apps.testkit.simulation.world import DEPOSIT, RULES, START, limits_of, settle_down
from bitten_domain.execution import BrokerTerms
from bitten_domain.use_cases.trading.orders.close import Close
from bitten_domain.use_cases.trading.orders.dispatch import Dispatch
from bitten_domain.use_cases.trading.orders.emergency import ReleaseEmergency, SetEmergency
from bitten_domain.use_cases.trading.orders.fire import Fire
from bitten_domain.use_cases.trading.orders.modify import Modify
from bitten_domain.use_cases.trading.orders.reconcile import Reconcile
from bitten_domain.use_cases.trading.orders.settle import Settle
from bitten_domain.use_cases.trading.orders.start_up import StartUp
from bitten_domain.values import INSTRUMENTS, AccountId

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_adapters.sql.postgres import PostgresUnitOfWork
    from bitten_adapters.sql.sqlite import SqliteUnitOfWork
    from bitten_apps.testkit.kills.crossings import Crossings
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["Place", "Process", "StoryClock"]

_OWNER = "router-1"


class Place(NamedTuple):
    """Where everything is that outlives a process.

    Args:
        folder: of the brokers' ledgers.
        url: of the store; its tables are there.
        accounts: how many accounts there are.
        began: when the story began, by the machine's clock, seconds since 1970 UTC.
    """

    folder: Path
    url: str
    accounts: int
    began: float

    @property
    def account_ids(self) -> tuple[AccountId, ...]:
        """The accounts."""
        return tuple(AccountId(f"account-{number}") for number in range(1, self.accounts + 1))

    def ledger_file(self, account_id: AccountId) -> Path:
        """Name the file of a broker's ledger."""
        return self.folder / f"{account_id}.ledger"

    def store(self) -> SqliteUnitOfWork | PostgresUnitOfWork:
        """Open the store."""
        return open_store(self.url, INSTRUMENTS, os_salt)


class StoryClock:
    """The machine's clock, moved to when stories begin, since a market may be closed at present.

    Args:
        began: when the story began, by the machine's clock; the same for every process of a story.
    """

    def __init__(self, began: float) -> None:
        self._machine = SystemClock()
        self._offset = START - began

    def now(self) -> datetime:
        """Read the wall clock, UTC."""
        return datetime.fromtimestamp(self._machine.now().timestamp() + self._offset, tz=UTC)

    def monotonic_seconds(self) -> float:
        """Read the steady clock."""
        return self._machine.monotonic_seconds()


@dataclass(slots=True)
class Process:
    """The real use cases on the real store and broker, with hooks in between.

    Args:
        place: where its things are.
        crossings: counts, and kills.
        seed: draws the market.
    """

    place: Place
    crossings: Crossings
    seed: int
    _real: SqliteUnitOfWork | PostgresUnitOfWork = field(init=False)
    clock: StoryClock = field(init=False)
    store: HookedStore = field(init=False)
    market: SimulatedMarket = field(init=False)
    papers: dict[AccountId, PaperBroker] = field(init=False)
    fire: Fire = field(init=False)
    close: Close = field(init=False)
    modify: Modify = field(init=False)
    dispatch: Dispatch = field(init=False)
    reconcile: Reconcile = field(init=False)
    set_emergency: SetEmergency = field(init=False)
    release_emergency: ReleaseEmergency = field(init=False)
    start_up: StartUp = field(init=False)

    async def open(self) -> None:
        """Open store and brokers, show the brokers the market, and write the people down where nobody is."""
        place, crossings, terms = self.place, self.crossings, BrokerTerms()
        self.clock = clock = StoryClock(place.began)
        account_ids = place.account_ids
        self._real = real = place.store()
        await real.run(lambda store: _settled(store, account_ids))
        most_positions = {one: limits_of(number).max_positions for number, one in enumerate(account_ids)}
        self.store = store = HookedStore(real, crossings, most_positions)
        self.papers = {one: PaperBroker(self._ledger(one), terms, DEPOSIT) for one in account_ids}
        brokers = {one: HookedBroker(paper, crossings) for one, paper in self.papers.items()}
        self.market = SimulatedMarket(Chance(self.seed))
        self.tick()
        identity, sending = SystemIdentity(), set[int]()
        settle = Settle(store, clock, RULES, terms)
        self.fire = Fire(store, clock, identity, self.market, RULES, terms)
        self.close = Close(store, clock, identity, RULES, terms)
        self.modify = Modify(store, clock, identity, RULES, terms)
        self.dispatch = Dispatch(store, clock, brokers, settle, _OWNER, sending)
        self.reconcile = Reconcile(store, clock, brokers, RULES, terms, _OWNER, sending)
        self.set_emergency = SetEmergency(store, clock, RULES, terms)
        self.release_emergency = ReleaseEmergency(store, clock)
        self.start_up = StartUp(store, clock, self.reconcile)

    def end(self) -> None:
        """Let go of the store."""
        self._real.close()

    def now(self) -> int:
        """Read the clock, seconds since 1970 UTC."""
        return int(self.clock.now().timestamp())

    def tick(self) -> None:
        """Let prices move, before every broker's eyes."""
        self.market.tick(self.now(), self.papers.values())

    def _ledger(self, account_id: AccountId) -> HookedLedger:
        path = self.place.ledger_file(account_id)
        return HookedLedger(FileLedger(path), path, self.crossings)


def _settled(store: Repositories, account_ids: tuple[AccountId, ...]) -> None:
    if store.accounts.get(account_ids[0]) is None:
        settle_down(store, account_ids, int(START))
