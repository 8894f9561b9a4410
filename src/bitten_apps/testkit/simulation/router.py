"""A router: one process of the real use cases, with its loops."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_apps.testkit.simulation.virtual_time import JumpingClock, pause
from bitten_domain.errors import Conflict, OutcomeUnknown, Unavailable
from bitten_domain.use_cases.choices.live_gate import LiveGate
from bitten_domain.use_cases.trading.orders.close import Close
from bitten_domain.use_cases.trading.orders.dispatch import Dispatch
from bitten_domain.use_cases.trading.orders.emergency import ReleaseEmergency, SetEmergency
from bitten_domain.use_cases.trading.orders.fire import Fire
from bitten_domain.use_cases.trading.orders.follow import Follow
from bitten_domain.use_cases.trading.orders.modify import Modify
from bitten_domain.use_cases.trading.orders.reconcile import Reconcile, is_doubted
from bitten_domain.use_cases.trading.orders.settle import Settle
from bitten_domain.use_cases.trading.orders.start_up import StartUp
from bitten_domain.use_cases.trading.orders.thaw import Thaw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_apps.testkit.simulation.virtual_time import VirtualTime
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms
    from bitten_domain.ports.broker import Broker
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.market_now import MarketNow
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId

__all__ = ["Parts", "Router", "Surroundings"]

_DISPATCH_EVERY = 2.0
_DOUBT_EVERY = 2.0
# Two routers share the work: together they compare an account every ten seconds.
_COMPARE_EVERY = 20.0
_FOLLOW_EVERY = 12.0
_BATCH = 20


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every router of a world shares."""

    time: VirtualTime
    store: UnitOfWork
    identity: Identity
    market: MarketNow
    brokers: Mapping[AccountId, Broker]
    rules: DeskRules
    terms: BrokerTerms


_LIVE_GATE = LiveGate(1)
"""The gate of live trading, for the first version of its text."""


def _straight(broker: Broker) -> Broker:
    return broker


@dataclass(frozen=True, slots=True)
class Parts:
    """Which classes a router is made of: the real ones, unless a bug is planted.

    Args:
        fire, dispatch, settle, close, reconcile, set_emergency: use cases.
        line: what lies between a router and a broker.
    """

    fire: type[Fire] = Fire
    dispatch: type[Dispatch] = Dispatch
    settle: type[Settle] = Settle
    close: type[Close] = Close
    reconcile: type[Reconcile] = Reconcile
    set_emergency: type[SetEmergency] = SetEmergency
    line: Callable[[Broker], Broker] = _straight


@dataclass(slots=True)
class Router:
    """One process.

    Args:
        name: of the process, the same after a restart.
        around: what it works with.
        parts: which classes it is made of.
    """

    name: str
    around: Surroundings
    parts: Parts
    clock: JumpingClock = field(init=False)
    sending: set[int] = field(init=False, default_factory=set)
    fire: Fire = field(init=False)
    close: Close = field(init=False)
    modify: Modify = field(init=False)
    dispatch: Dispatch = field(init=False)
    reconcile: Reconcile = field(init=False)
    follow: Follow = field(init=False)
    set_emergency: SetEmergency = field(init=False)
    release_emergency: ReleaseEmergency = field(init=False)
    thaw: Thaw = field(init=False)
    start_up: StartUp = field(init=False)

    def __post_init__(self) -> None:
        around, parts = self.around, self.parts
        store, rules, terms = around.store, around.rules, around.terms
        self.clock = clock = JumpingClock(around.time)
        settle = parts.settle(store, clock, rules, terms)
        self.fire = parts.fire(store, clock, around.identity, around.market, rules, terms, _LIVE_GATE)
        self.close = parts.close(store, clock, around.identity, rules, terms)
        self.modify = Modify(store, clock, around.identity, rules, terms)
        self.dispatch = parts.dispatch(
            store, clock, around.brokers, settle, self.name, self.sending, live_gate=_LIVE_GATE
        )
        self.reconcile = parts.reconcile(store, clock, around.brokers, rules, terms, self.name, self.sending)
        self.follow = Follow(store, around.brokers, settle)
        self.set_emergency = parts.set_emergency(store, clock, rules, terms)
        self.release_emergency = ReleaseEmergency(store, clock)
        self.thaw = Thaw(store, clock)
        self.start_up = StartUp(store, clock, self.reconcile)

    def start(self) -> None:
        """Begin: the gate first, then the loops."""
        self.around.time.spawn(self.name, self._begun())

    async def send(self, order_id: int) -> None:
        """Dispatch an order; a failure of the store leaves it to the loops."""
        try:
            await self.dispatch(order_id)
        except (Unavailable, OutcomeUnknown, Conflict):
            return

    async def _begun(self) -> None:
        while True:
            try:
                await self.start_up()
                break
            except (Unavailable, OutcomeUnknown, Conflict):
                await pause(1.0)
        time = self.around.time
        time.spawn(self.name, self._dispatches())
        time.spawn(self.name, self._doubts())
        time.spawn(self.name, self._compares())
        time.spawn(self.name, self._follows())

    async def _dispatches(self) -> None:
        while True:
            try:
                now = int(self.clock.now().timestamp())
                due = await self.around.store.read(lambda store, now=now: store.dispatches.due(now, _BATCH))  # type: ignore[misc]
            except Unavailable:
                due = ()
            for waiting in due:
                self.around.time.spawn(self.name, self.send(waiting.client_order_id))
            await pause(_DISPATCH_EVERY)

    async def _doubts(self) -> None:
        while True:
            await pause(_DOUBT_EVERY)
            try:
                doubted = await self.around.store.read(self._doubted)
            except Unavailable:
                continue
            await self._reconciles(doubted)

    async def _compares(self) -> None:
        while True:
            await pause(_COMPARE_EVERY)
            await self._reconciles(tuple(self.around.brokers))

    async def _follows(self) -> None:
        while True:
            await pause(_FOLLOW_EVERY)
            for account_id in self.around.brokers:
                try:
                    await self.follow(account_id)
                except (Unavailable, OutcomeUnknown, Conflict):
                    continue

    async def _reconciles(self, account_ids: tuple[AccountId, ...]) -> None:
        for account_id in account_ids:
            try:
                await self.reconcile(account_id)
            except (Unavailable, OutcomeUnknown, Conflict):
                continue

    def _doubted(self, store: Repositories) -> tuple[AccountId, ...]:
        now = int(self.clock.now().timestamp())
        return tuple(
            account_id for account_id in self.around.brokers if is_doubted(store, account_id, now, self.sending)
        )
