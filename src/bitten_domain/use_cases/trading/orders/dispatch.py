"""Dispatch: claim an attempt, hand it to its broker, and settle what comes back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from bitten_domain.desk.account import AccountStanding
from bitten_domain.desk.account.happenings import AttemptMoved, ReservationReleased
from bitten_domain.desk.account.settling.verdict import evidence_of_answer
from bitten_domain.errors import BittenError, BrokenInvariant, OutcomeUnknown, Unavailable
from bitten_domain.execution.protocol import CloseIntent, Errand, FireIntent
from bitten_domain.ports.broker import Answer, AnswerKind
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.risk.emergency_stop import applies_to
from bitten_domain.use_cases.trading.orders.account_records import locked
from bitten_domain.vocabulary import AccountStatus, OrderState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.execution.protocol import Dispatch as DispatchRow
    from bitten_domain.ports.broker import Broker, BrokerSnapshot
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.choices.live_gate import LiveGate
    from bitten_domain.use_cases.trading.orders.settle import Settle
    from bitten_domain.values import AccountId

__all__ = ["Claim", "Dispatch", "Dispatched", "snapshot_of"]

_CLAIM_TRIES = 3


class Dispatched(Enum):
    """What became of a dispatch.

    SENT: the broker has answered, in whatever way. NOT_DUE: somebody else has it, or it has to wait. ENDED: it was
    ended before it was sent: past its deadline, or stopped.
    """

    SENT = "SENT"
    NOT_DUE = "NOT_DUE"
    ENDED = "ENDED"


class Claim:
    """One process's try at a claim, over as many transactions as it takes to know whether it holds."""

    def __init__(self) -> None:
        self.fence: int | None = None
        self.errand: Errand | None = None
        self.since_deal = 0


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Send one attempt.

    Args:
        unit_of_work: the store.
        clock: time.
        brokers: each account's broker.
        settle: books what comes back.
        owner: name of this process among those that send.
        sending: orders this process is sending at present; shared with whoever reconciles.
        attested: live accounts whose type their broker's agent vouched for.
        live_gate: asked about the owner of a live account before anything is opened on it; without one nothing is.
        lease_seconds: how long others leave a claimed attempt alone.
    """

    unit_of_work: UnitOfWork
    clock: Clock
    brokers: Mapping[AccountId, Broker]
    settle: Settle
    owner: str
    sending: set[int]
    attested: AbstractSet[AccountId] = frozenset()
    live_gate: LiveGate | None = None
    lease_seconds: int = 30

    async def __call__(self, client_order_id: int) -> Dispatched:
        """Send an attempt unless somebody else does; its failure is settled, not raised.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; the attempt is sent later, or cleared up by
                evidence.
        """
        if client_order_id in self.sending:
            return Dispatched.NOT_DUE
        self.sending.add(client_order_id)
        try:
            claim = Claim()
            became = await self._claimed(client_order_id, claim)
            if claim.errand is not None and became is Dispatched.SENT:
                await self._sent(claim.errand, claim.since_deal)
            return became
        finally:
            self.sending.discard(client_order_id)

    async def _claimed(self, client_order_id: int, claim: Claim) -> Dispatched:
        now = int(self.clock.now().timestamp())
        for _ in range(_CLAIM_TRIES - 1):
            try:
                return await self.unit_of_work.run(lambda store: self._claim(store, client_order_id, claim, now))
            except OutcomeUnknown:
                continue
        return await self.unit_of_work.run(lambda store: self._claim(store, client_order_id, claim, now))

    def _claim(self, store: Repositories, client_order_id: int, claim: Claim, now: int) -> Dispatched:
        waiting = store.dispatches.get(client_order_id)
        if waiting is None:
            return Dispatched.NOT_DUE
        account = locked(store, waiting.account)
        errand = store.intents.by_order(client_order_id)
        if errand is None:
            raise BrokenInvariant(f"dispatch {client_order_id} has no attempt")
        claim.since_deal = account.last_deal
        if waiting.claimed_by:
            return self._claimed_before(waiting, errand, claim)
        if waiting.due_at > now:
            return Dispatched.NOT_DUE
        if isinstance(errand.intent, FireIntent):
            if account.standing is not AccountStanding.READY and now <= errand.intent.not_after:
                return Dispatched.NOT_DUE
            reason = self._why_not(store, account, errand.intent, now)
            if reason:
                to = OrderState.EXPIRED if reason == "DEADLINE" else OrderState.CANCELLED
                self._ended(store, account, errand, to, reason, now)
                return Dispatched.ENDED
        taken = store.dispatches.claim(client_order_id, self.owner, now + self.lease_seconds)
        if taken is None:
            return Dispatched.NOT_DUE
        claim.fence = taken.fence
        claim.errand = _moved(store, account, errand, OrderState.SENDING, "", now)
        return Dispatched.SENT

    def _claimed_before(self, waiting: DispatchRow, errand: Errand, claim: Claim) -> Dispatched:
        # A commit whose answer was lost may have been kept: then the claim that is there is this very one.
        ours = waiting.claimed_by == self.owner and claim.fence is not None and waiting.fence == claim.fence
        if ours and errand.attempt.state is OrderState.SENDING:
            return Dispatched.SENT
        return Dispatched.NOT_DUE

    def _why_not(self, store: Repositories, account: TradingAccount, intent: FireIntent, now: int) -> str:
        if any(applies_to(stop, account.broker, account.user_id) for stop in store.stops.in_force()):
            return "EMERGENCY_STOP"
        if now > intent.not_after:
            return "DEADLINE"
        person = store.people.get(account.user_id)
        if person is None or person.status is not AccountStatus.ACTIVE:
            return "PERSON_NOT_ACTIVE"
        if account.is_live:
            if self.live_gate is None or not self.live_gate.seen(store, person, now).has_live_consent:
                return "NO_LIVE_CONSENT"
            if account.account_id not in self.attested:
                return "NOT_ATTESTED"
        return ""

    def _ended(
        self, store: Repositories, account: TradingAccount, errand: Errand, to: OrderState, reason: str, now: int
    ) -> None:
        _moved(store, account, errand, to, reason, now)
        store.dispatches.finish(errand.attempt.client_order_id)
        intent_id = errand.intent.intent_id
        for held in store.reservations.held(account.account_id):
            if held.intent_id == intent_id:
                store.reservations.release(intent_id, now)
                store.journal.append(account.stream, [account_payload_of(ReservationReleased(now, held))])

    async def _sent(self, errand: Errand, since_deal: int) -> None:
        intent, order_id = errand.intent, errand.attempt.client_order_id
        broker = self.brokers[intent.account]
        answer = await _answered(broker, errand)
        snapshot = None
        if answer.kind in (AnswerKind.EXECUTED, AnswerKind.WORKING):
            snapshot = await snapshot_of(broker, since_deal)
        await self.settle(intent.account, {order_id: evidence_of_answer(answer)}, snapshot, since_deal)


async def _answered(broker: Broker, errand: Errand) -> Answer:
    intent, order_id = errand.intent, errand.attempt.client_order_id
    try:
        if isinstance(intent, FireIntent):
            return await broker.place(intent.order(order_id))
        if isinstance(intent, CloseIntent):
            return await broker.close(intent.order(order_id))
        return await broker.modify(intent.order(order_id))
    except Unavailable as error:
        return Answer(order_id, AnswerKind.NOT_EXECUTED, detail=f"nothing was sent: {error}")
    except BittenError as error:
        return Answer(order_id, AnswerKind.UNKNOWN, detail=str(error))


async def snapshot_of(broker: Broker, since_deal: int) -> BrokerSnapshot | None:
    """Read a broker's snapshot; None when it does not give one now."""
    try:
        return await broker.snapshot(since_deal)
    except (Unavailable, OutcomeUnknown):
        return None


def _moved(
    store: Repositories, account: TradingAccount, errand: Errand, to: OrderState, reason: str, now: int
) -> Errand:
    was = errand.attempt.state
    attempt = errand.attempt.moved(to, now)
    store.intents.move(attempt, was)
    store.journal.append(account.stream, [account_payload_of(AttemptMoved(attempt, was, reason))])
    return replace(errand, attempt=attempt)
