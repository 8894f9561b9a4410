"""Planted bugs: the mistakes a fire protocol can make, each put into the real parts, to see that the harness tells.

None of them exists in production code: each is a subclass, a wrapper, or a function exchanged while the story is told.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.testkit.simulation.router import Parts
from bitten_apps.testkit.simulation.scenario import drawn
from bitten_apps.testkit.simulation.world import World
from bitten_domain.desk.account import AccountStanding
from bitten_domain.desk.account.settling import deals_booked, reconciliation, settlement
from bitten_domain.errors import InvalidInput, OutcomeUnknown, Unavailable
from bitten_domain.execution.protocol import FireIntent
from bitten_domain.ports.broker import Answer, AnswerKind, Evidence, Trace
from bitten_domain.use_cases.trading.orders import account_records, dispatch, fire, reconcile, settle
from bitten_domain.use_cases.trading.orders.close import Close
from bitten_domain.use_cases.trading.orders.dispatch import Dispatch, Dispatched
from bitten_domain.use_cases.trading.orders.fire import Fire, FireAnswer
from bitten_domain.use_cases.trading.orders.settle import Settle
from bitten_domain.values import IntentId, Lots
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import ModuleType

    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.desk.account.account_books import AccountBooks
    from bitten_domain.desk.account.fires.facts_of_account import MarketFacts
    from bitten_domain.desk.account.settling.changes import AccountChanges
    from bitten_domain.desk.decisions import OrderApproved, OrderRefused
    from bitten_domain.execution import Deal
    from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
    from bitten_domain.execution.protocol import Dispatch as DispatchRow
    from bitten_domain.execution.protocol import Errand
    from bitten_domain.ports.broker import Broker, BrokerSnapshot
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.trading.orders.close import CloseCommand
    from bitten_domain.use_cases.trading.orders.fire import FireCommand
    from bitten_domain.values import AccountId

__all__ = ["PLANTED_BUGS", "Catch", "PlantedBug", "catch"]

_SECOND_TRY = 1 << 45


@dataclass(frozen=True, slots=True)
class PlantedBug:
    """One mistake.

    Args:
        name: in a word or three.
        what: what it does wrong.
        parts: what routers are made of.
        patches: functions exchanged while a story is told: module, name, replacement.
    """

    name: str
    what: str
    parts: Parts = field(default_factory=Parts)
    patches: tuple[tuple[ModuleType, str, object], ...] = ()

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Exchange its functions, for as long as the context lasts."""
        with ExitStack() as stack:
            for module, name, replacement in self.patches:
                stack.callback(setattr, module, name, getattr(module, name))
                setattr(module, name, replacement)
            yield


@dataclass(frozen=True, slots=True)
class Catch:
    """How a bug was found.

    Args:
        bug: which.
        invariants: those its first failing story broke; none when it got away.
        seed: of the story that showed it.
        fires: asked until then.
        found: the first thing that was seen.
    """

    bug: PlantedBug
    invariants: tuple[str, ...] = ()
    seed: int = 0
    fires: int = 0
    found: str = ""


def catch(bug: PlantedBug, stories: int = 60, fires: int = 240) -> Catch:
    """Tell stories with a bug in them until an invariant breaks.

    Args:
        bug: what is planted.
        stories: how many at most; their seeds run from 1.
        fires: in each.
    """
    for seed in range(1, stories + 1):
        with bug.planted():
            violations = World(drawn(seed, fires), bug.parts).told().violations
        if violations:
            names = {violation.partition(":")[0] for violation in violations}
            return Catch(bug, tuple(sorted(names, key=_number)), seed, seed * fires, violations[0])
    return Catch(bug, fires=stories * fires)


def _number(invariant: str) -> int:
    return int(invariant[1:])


class _RetryingLine:
    """Sends an order again, under a new id, when the answer does not come."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    async def place(self, order: MarketOrder) -> Answer:
        answer = await self._broker.place(order)
        if answer.kind is not AnswerKind.UNKNOWN:
            return answer
        return await self._broker.place(replace(order, client_order_id=order.client_order_id + _SECOND_TRY))

    async def close(self, order: CloseOrder) -> Answer:
        return await self._broker.close(order)

    async def modify(self, order: LevelsOrder) -> Answer:
        return await self._broker.modify(order)

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        return await self._broker.snapshot(since_deal)

    async def evidence_of(self, client_order_id: int) -> Evidence:
        return await self._broker.evidence_of(client_order_id)


class _SendsFirst(Dispatch):
    async def __call__(self, client_order_id: int) -> Dispatched:
        errand = await self.unit_of_work.read(lambda store: store.intents.by_order(client_order_id))
        if errand is not None and errand.attempt.state is OrderState.RESERVED:
            intent = errand.intent
            if isinstance(intent, FireIntent):
                try:
                    await self.brokers[intent.account].place(intent.order(client_order_id))
                except Unavailable:
                    return Dispatched.NOT_DUE
        return await super().__call__(client_order_id)


class _Decided(Fire):
    """A fire whose decision was made before."""

    _decision: OrderApproved | OrderRefused | None = None

    def _checked(
        self, store: Repositories, account: TradingAccount, command: FireCommand, market: MarketFacts, now: int
    ) -> OrderApproved | OrderRefused:
        if self._decision is not None:
            return self._decision
        return super()._checked(store, account, command, market, now)


class _LooksThenLeaps(Fire):
    async def __call__(self, command: FireCommand) -> FireAnswer:
        now = int(self.clock.now().timestamp())
        market = self.market.facts(command.signal, now)

        def look(store: Repositories) -> OrderApproved | OrderRefused | None:
            account = store.accounts.lock(command.account)
            if account is None or store.processed.get(f"fire:{command.account}", command.key) is not None:
                return None
            return self._checked(store, account, command, market, now)

        decided = _Decided(self.unit_of_work, self.clock, self.identity, self.market, self.rules, self.terms)
        object.__setattr__(decided, "_decision", await self.unit_of_work.run(look))
        return await decided(command)


class _ReleasesTwice(Settle):
    async def __call__(
        self,
        account_id: AccountId,
        evidence: Mapping[int, Evidence],
        snapshot: BrokerSnapshot | None,
        since_deal: int,
    ) -> AccountChanges:
        changes = await super().__call__(account_id, evidence, snapshot, since_deal)
        for intent_id in changes.released:
            await self.unit_of_work.run(lambda store, one=intent_id: store.reservations.release(one, changes.at))  # type: ignore[misc]
        return changes


class _IgnoresStops(Dispatch):
    def _why_not(self, store: Repositories, account: TradingAccount, intent: FireIntent, now: int) -> str:
        return ""


class _StealsClaims(Dispatch):
    def _claimed_before(self, waiting: DispatchRow, errand: Errand, claim: dispatch.Claim) -> Dispatched:
        claim.errand = errand
        return Dispatched.SENT if errand.attempt.state is OrderState.SENDING else Dispatched.NOT_DUE


class _ClosesWhenReady(Close):
    async def __call__(self, command: CloseCommand) -> int:
        account = await self.unit_of_work.read(lambda store: store.accounts.get(command.account))
        if account is None or account.standing is not AccountStanding.READY:
            raise InvalidInput("the account is not ready", where="standing")
        return await super().__call__(command)


class _ForgetsKeys(Fire):
    async def __call__(self, command: FireCommand) -> FireAnswer:
        return await super().__call__(replace(command, key=self.identity.new_id()))


class _AcknowledgesEarly(Fire):
    async def __call__(self, command: FireCommand) -> FireAnswer:
        try:
            return await super().__call__(command)
        except (Unavailable, OutcomeUnknown):
            return FireAnswer(_SECOND_TRY, IntentId(self.identity.new_id()))


def _float_lots(value: Decimal) -> Lots:
    return Lots(Decimal(repr(0.1 + float(value) - 0.1)))


def _newer_than_the_last(store: Repositories, account_id: AccountId, deals: Iterable[Deal]) -> tuple[Deal, ...]:
    account = store.accounts.get(account_id)
    last = 0 if account is None else account.last_deal
    new = tuple(deal for deal in deals if deal.ticket > last)
    return account_records.newly_booked(store, account_id, new)


def _silence_is_a_no(answer: Answer) -> Evidence:
    return Evidence(Trace.ABSENT) if answer.kind is AnswerKind.UNKNOWN else Evidence(Trace.FOUND, answer)


async def _gives_up_waiting(broker: Broker, order_ids: tuple[int, ...]) -> dict[int, Evidence]:
    return {order_id: Evidence(Trace.ABSENT) for order_id in order_ids}


def _nothing(*_: object) -> None:
    return None


def _unreserved(store: Repositories, account: TradingAccount) -> AccountBooks:
    return replace(account_records.books_of(store, account), reservations=())


def _unjournalled(
    store: Repositories, account: TradingAccount, errand: Errand, to: OrderState, reason: str, now: int
) -> Errand:
    attempt = errand.attempt.moved(to, now)
    store.intents.move(attempt, errand.attempt.state)
    return replace(errand, attempt=attempt)


PLANTED_BUGS: tuple[PlantedBug, ...] = (
    PlantedBug("retry on timeout", "sends an order again when no answer came", Parts(line=_RetryingLine)),
    PlantedBug(
        "commit after send", "sends first and writes down that it sends afterwards", Parts(dispatch=_SendsFirst)
    ),
    PlantedBug("no lock", "checks risk in one transaction and reserves it in the next", Parts(fire=_LooksThenLeaps)),
    PlantedBug("release twice", "gives reserved risk back again", Parts(settle=_ReleasesTwice)),
    PlantedBug(
        "float volume", "keeps what is left of a position as a float", patches=((deals_booked, "Lots", _float_lots),)
    ),
    PlantedBug(
        "dedupe by greater than",
        "takes a deal for known when a newer one is",
        patches=((settle, "newly_booked", _newer_than_the_last), (reconcile, "newly_booked", _newer_than_the_last)),
    ),
    PlantedBug(
        "silence is a no",
        "takes a timeout for a failure",
        patches=((dispatch, "evidence_of_answer", _silence_is_a_no),),
    ),
    PlantedBug(
        "gives up waiting",
        "ends an unknown fate by time instead of evidence",
        patches=((reconcile, "_proven", _gives_up_waiting),),
    ),
    PlantedBug(
        "never asks", "leaves an unknown fate unknown", patches=((reconcile, "_TO_PROVE", frozenset[OrderState]()),)
    ),
    PlantedBug("stops ignored", "claims without reading the emergency stops", Parts(dispatch=_IgnoresStops)),
    PlantedBug("claim stolen", "sends what somebody else is sending", Parts(dispatch=_StealsClaims)),
    PlantedBug("close refused", "closes only while the account is ready", Parts(close=_ClosesWhenReady)),
    PlantedBug("keys forgotten", "decides anew when a fire is told again", Parts(fire=_ForgetsKeys)),
    PlantedBug("acknowledges early", "says yes before the commit is known", Parts(fire=_AcknowledgesEarly)),
    PlantedBug(
        "stops believed",
        "never looks whether the broker keeps a stop",
        patches=((settlement, "confirm_stops", _nothing),),
    ),
    PlantedBug(
        "strangers ignored",
        "does not adopt what nobody asked for",
        patches=((deals_booked, "adopt", _nothing), (reconciliation, "adopt", _nothing)),
    ),
    PlantedBug(
        "reservations ignored", "checks limits without what is reserved", patches=((fire, "books_of", _unreserved),)
    ),
    PlantedBug(
        "journal skipped", "moves an attempt without a journal row", patches=((dispatch, "_moved", _unjournalled),)
    ),
)
"""The list; safety.md's six come first."""
