"""Reconcile: end what is unknown by evidence, book what the broker did, and compare the books with its."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.desk.account import AccountStanding
from bitten_domain.desk.account.happenings import AttemptMoved, StandingMoved
from bitten_domain.desk.account.settling.reconciliation import DIFFERS, reconcile
from bitten_domain.errors import BrokenInvariant, InvalidInput, OutcomeUnknown, Unavailable
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.use_cases.trading.orders.account_records import (
    books_of,
    keep_changes,
    locked,
    newly_booked,
    rules_of_owner,
)
from bitten_domain.use_cases.trading.orders.dispatch import snapshot_of
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms
    from bitten_domain.execution.protocol import Attempt
    from bitten_domain.ports.broker import Broker, BrokerSnapshot, Evidence
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId

__all__ = ["Reconcile", "is_doubted"]

_DOUBT_AFTER = 5
_ON_ITS_WAY = frozenset({OrderState.SENDING, OrderState.UNKNOWN})

_TO_PROVE = frozenset({OrderState.UNKNOWN, OrderState.WORKING, OrderState.PARTIAL})


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Bring an account's books and the broker's together.

    Args:
        unit_of_work: the store.
        clock: time.
        brokers: each account's broker.
        rules: the desk's policies.
        terms: the broker's contracts and costs.
        owner: name of this process among those that send.
        sending: orders this process is sending at present; they are left alone.
        lease_seconds: how long others leave an attempt alone that is being cleared up.
    """

    unit_of_work: UnitOfWork
    clock: Clock
    brokers: Mapping[AccountId, Broker]
    rules: DeskRules
    terms: BrokerTerms
    owner: str
    sending: AbstractSet[int]
    lease_seconds: int = 30

    async def __call__(self, account_id: AccountId, *, in_full: bool = False) -> TradingAccount:
        """Reconcile an account and give it as it stands then.

        Args:
            account_id: which.
            in_full: read the broker's whole history and not only what is new.

        Raises:
            InvalidInput: there is no such account.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        account, to_prove, left_sending = await self.unit_of_work.read(lambda store: self._open(store, account_id))
        if left_sending:
            now = int(self.clock.now().timestamp())
            to_prove += await durably(self.unit_of_work, lambda store: self._taken_over(store, account_id, now))
        broker = self.brokers[account_id]
        evidence = await _proven(broker, to_prove)
        since = 0 if in_full else account.last_deal
        snapshot = await snapshot_of(broker, since)
        if snapshot is None:
            return account
        account = await self._compared(account_id, evidence, snapshot, since)
        if since and account.balance != snapshot.balance:
            # A deal may have come into the history late, below one that was booked: only the whole of it shows.
            whole = await snapshot_of(broker, 0)
            if whole is not None:
                return await self._compared(account_id, {}, whole, 0)
        return account

    def _open(self, store: Repositories, account_id: AccountId) -> tuple[TradingAccount, tuple[int, ...], bool]:
        """Find what has to be proven, and whether something is being sent, perhaps by somebody who died."""
        account = store.accounts.get(account_id)
        if account is None:
            raise InvalidInput(f"there is no account {account_id}", where="account")
        unfinished = [errand.attempt for errand in store.intents.unfinished(account_id)]
        to_prove = tuple(attempt.client_order_id for attempt in unfinished if attempt.state in _TO_PROVE)
        return account, to_prove, any(self._is_left(attempt) for attempt in unfinished)

    def _is_left(self, attempt: Attempt) -> bool:
        return attempt.state is OrderState.SENDING and attempt.client_order_id not in self.sending

    def _taken_over(self, store: Repositories, account_id: AccountId, now: int) -> tuple[int, ...]:
        """Take over what nobody is sending any more; it is UNKNOWN from here on."""
        account = locked(store, account_id)
        taken: list[int] = []
        for errand in store.intents.unfinished(account_id):
            attempt = errand.attempt
            order_id, lease = attempt.client_order_id, now + self.lease_seconds
            if not self._is_left(attempt) or store.dispatches.take_over(order_id, self.owner, now, lease) is None:
                continue
            unknown = attempt.moved(OrderState.UNKNOWN, now)
            store.intents.move(unknown, attempt.state)
            moved = AttemptMoved(unknown, attempt.state, "FOUND_SENDING")
            store.journal.append(account.stream, [account_payload_of(moved)])
            taken.append(order_id)
        return tuple(taken)

    async def _compared(
        self, account_id: AccountId, evidence: Mapping[int, Evidence], snapshot: BrokerSnapshot, since: int
    ) -> TradingAccount:
        now = int(self.clock.now().timestamp())

        def work(store: Repositories) -> TradingAccount:
            account = locked(store, account_id)
            new = newly_booked(store, account_id, snapshot.deals)
            changes = reconcile(
                books_of(store, account, new_deals=new, evidence=evidence, shown=snapshot.positions),
                new,
                evidence,
                snapshot,
                since_deal=since,
                rules=rules_of_owner(store.people.get(account.user_id), self.rules),
                terms=self.terms,
                now=now,
            )
            keep_changes(store, account, changes)
            return changes.account

        try:
            return await durably(self.unit_of_work, work)
        except BrokenInvariant as error:
            # Books that cannot be worked forward any more contradict the broker's: a person has to look.
            reason = f"{DIFFERS}{error}"
            return await durably(self.unit_of_work, lambda store: _frozen(store, account_id, reason, now))


def is_doubted(store: Repositories, account_id: AccountId, now: int, sending: AbstractSet[int]) -> bool:
    """Say whether an account should be reconciled before its turn.

    Args:
        store: read only.
        account_id: which.
        now: seconds since 1970 UTC.
        sending: orders this process is sending at present.

    Returns:
        Whether an attempt has been on its way for more than five seconds, or no snapshot has shown a stop yet.
    """
    return any(
        errand.attempt.state in _ON_ITS_WAY
        and errand.attempt.since + _DOUBT_AFTER <= now
        and errand.attempt.client_order_id not in sending
        for errand in store.intents.unfinished(account_id)
    ) or any(
        held.stop_confirmed_at is None and held.intent_id is not None and held.position.stop_ticks is not None
        for held in store.positions.open(account_id)
    )


async def _proven(broker: Broker, order_ids: tuple[int, ...]) -> dict[int, Evidence]:
    evidence: dict[int, Evidence] = {}
    for order_id in order_ids:
        try:
            evidence[order_id] = await broker.evidence_of(order_id)
        except (Unavailable, OutcomeUnknown):
            continue
    return evidence


def _frozen(store: Repositories, account_id: AccountId, reason: str, now: int) -> TradingAccount:
    account = locked(store, account_id)
    if account.standing is AccountStanding.FROZEN:
        return account
    frozen = replace(account, standing=AccountStanding.FROZEN, standing_reason=reason)
    store.accounts.put(frozen)
    moved = StandingMoved(now, AccountStanding.FROZEN, reason)
    store.journal.append(account.stream, [account_payload_of(moved)])
    return frozen
