"""Intents, reservations and dispatches, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.execution.lifecycle import TERMINAL_STATES
from bitten_domain.execution.protocol import Attempt, FireIntent
from bitten_domain.ports.repositories.fires import Errand
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_adapters.memory.accounts import MemoryAccounts
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.execution.protocol import Dispatch, Intent, Reservation
    from bitten_domain.values import AccountId, Direction, IntentId, Money, SignalId

__all__ = ["MemoryDispatches", "MemoryIntents", "MemoryReservations"]

_PROVEN_ABSENT = frozenset({OrderState.NOT_EXECUTED, OrderState.REJECTED})


class MemoryIntents:
    """Intents by id, attempts by client order id, and what is asked of them before a fire."""

    def __init__(self, transaction: Transaction, accounts: MemoryAccounts) -> None:
        self._transaction = transaction
        self._accounts = accounts
        self._intents: dict[IntentId, Intent] = {}
        self._numbers: dict[IntentId, tuple[int, ...]] = {}
        self._attempts: dict[int, Attempt] = {}
        self._unfinished: dict[AccountId, dict[int, IntentId]] = {}
        self._fired: dict[tuple[AccountId, SignalId], IntentId] = {}
        self._last_fires: dict[AccountId, dict[tuple[str, Direction], int]] = {}

    def add(self, intent: Intent, attempt: Attempt) -> None:
        """Keep an intent with its first attempt, or its next attempt."""
        transaction = self._transaction
        transaction.to_write()
        intent_id, number = intent.intent_id, attempt.client_order_id
        if attempt.intent_id != intent_id:
            raise BrokenInvariant(f"attempt {number} belongs to intent {attempt.intent_id}, not to {intent_id}")
        if number in self._attempts:
            raise Conflict(f"client order id {number} was given before")
        self._accounts.require(intent.account)
        before = self._numbers.get(intent_id, ())
        if before:
            self._check_next(intent, attempt, before)
        else:
            self._add_intent(intent, attempt)
        transaction.put(self._numbers, intent_id, (*before, number))
        transaction.put(self._attempts, number, attempt)
        if attempt.state not in TERMINAL_STATES:
            transaction.put(self._unfinished.setdefault(intent.account, {}), number, intent_id)

    def _check_next(self, intent: Intent, attempt: Attempt, before: tuple[int, ...]) -> None:
        if attempt.number <= len(before):
            raise Conflict(f"intent {intent.intent_id} has an attempt {attempt.number}")
        if attempt.number != len(before) + 1 or intent != self._intents[intent.intent_id]:
            raise BrokenInvariant(f"intent {intent.intent_id}: attempt {attempt.number} does not follow {len(before)}")
        last = self._attempts[before[-1]]
        if last.state not in _PROVEN_ABSENT:
            raise BrokenInvariant(
                f"intent {intent.intent_id}: its last attempt is {last.state.value}, no other follows"
            )

    def _add_intent(self, intent: Intent, attempt: Attempt) -> None:
        if attempt.number != 1:
            raise BrokenInvariant(f"intent {intent.intent_id} begins with attempt 1, not {attempt.number}")
        if isinstance(intent, FireIntent):
            self._add_fire(intent)
        self._transaction.put(self._intents, intent.intent_id, intent)

    def _add_fire(self, intent: FireIntent) -> None:
        if intent.signal is not None:
            if (intent.account, intent.signal) in self._fired:
                raise Conflict(f"account {intent.account} has fired signal {intent.signal} before")
            self._transaction.put(self._fired, (intent.account, intent.signal), intent.intent_id)
        last_fires = self._last_fires.setdefault(intent.account, {})
        side = (intent.symbol, intent.direction)
        self._transaction.put(last_fires, side, max(last_fires.get(side, intent.created_at), intent.created_at))

    def require(self, intent_id: IntentId) -> None:
        """Make sure that something may be kept for an intent.

        Raises:
            BrokenInvariant: it is not there.
        """
        if intent_id not in self._intents:
            raise BrokenInvariant(f"intent {intent_id} is not there; nothing can be kept for it")

    def require_attempt(self, client_order_id: int) -> None:
        """Make sure that something may be kept for an attempt.

        Raises:
            BrokenInvariant: it is not there.
        """
        if client_order_id not in self._attempts:
            raise BrokenInvariant(f"attempt {client_order_id} is not there; nothing can be kept for it")

    def attempts(self, intent_id: IntentId) -> tuple[Errand, ...]:
        """Read an intent with all its attempts."""
        self._transaction.to_read()
        return tuple(
            Errand(self._intents[intent_id], self._attempts[number]) for number in self._numbers.get(intent_id, ())
        )

    def by_order(self, client_order_id: int) -> Errand | None:
        """Find an attempt by its id at the broker."""
        self._transaction.to_read()
        attempt = self._attempts.get(client_order_id)
        return None if attempt is None else Errand(self._intents[attempt.intent_id], attempt)

    def move(self, attempt: Attempt, was: OrderState) -> None:
        """Store an attempt's new state if it is still where it was."""
        transaction = self._transaction
        transaction.to_write()
        number = attempt.client_order_id
        stored = self._attempts.get(number)
        if stored is None or stored.state is not was:
            found = "not there" if stored is None else stored.state.value
            raise Conflict(f"attempt {number} is {found}, not {was.value}")
        moved = Attempt(stored.intent_id, stored.number, number, attempt.state, attempt.since)
        transaction.put(self._attempts, number, moved)
        unfinished = self._unfinished.setdefault(self._intents[stored.intent_id].account, {})
        if attempt.state not in TERMINAL_STATES:
            transaction.put(unfinished, number, stored.intent_id)
        elif number in unfinished:
            transaction.drop(unfinished, number)

    def unfinished(self, account: AccountId) -> tuple[Errand, ...]:
        """List attempts that are not in a terminal state, by client order id."""
        self._transaction.to_read()
        return tuple(
            Errand(self._intents[intent_id], self._attempts[number])
            for number, intent_id in sorted(self._unfinished.get(account, {}).items())
        )

    def has_fired(self, account: AccountId, signal: SignalId) -> bool:
        """Say whether the account ever fired the signal."""
        self._transaction.to_read()
        return (account, signal) in self._fired

    def last_fires(self, account: AccountId, since: int) -> Mapping[tuple[str, Direction], int]:
        """Say when each pair and side was last fired."""
        self._transaction.to_read()
        return {side: at for side, at in self._last_fires.get(account, {}).items() if at >= since}


class MemoryReservations:
    """Reservations by intent; a released one is remembered."""

    def __init__(self, transaction: Transaction, intents: MemoryIntents) -> None:
        self._transaction = transaction
        self._intents = intents
        self._held: dict[IntentId, Reservation] = {}
        self._by_account: dict[AccountId, dict[IntentId, Reservation]] = {}
        self._released: dict[IntentId, int] = {}

    def hold(self, reservation: Reservation) -> None:
        """Reserve, or lower what is held."""
        transaction = self._transaction
        transaction.to_write()
        intent_id = reservation.intent_id
        self._intents.require(intent_id)
        if intent_id in self._released:
            raise BrokenInvariant(f"intent {intent_id}: its reservation was released at {self._released[intent_id]}")
        held = self._held.get(intent_id)
        if held is not None and (reservation.risk > held.risk or reservation.margin > held.margin):
            raise BrokenInvariant(f"intent {intent_id}: its reservation cannot be raised")
        transaction.put(self._held, intent_id, reservation)
        transaction.put(self._by_account.setdefault(reservation.account, {}), intent_id, reservation)

    def held(self, account: AccountId) -> tuple[Reservation, ...]:
        """List what is held, by intent."""
        self._transaction.to_read()
        return tuple(reservation for _, reservation in sorted(self._by_account.get(account, {}).items()))

    def release(self, intent_id: IntentId, at: int) -> Money:
        """Release a reservation, once."""
        transaction = self._transaction
        transaction.to_write()
        held = self._held.get(intent_id)
        if held is None:
            raise BrokenInvariant(f"intent {intent_id} holds no reservation that could be released")
        transaction.drop(self._held, intent_id)
        transaction.drop(self._by_account[held.account], intent_id)
        transaction.put(self._released, intent_id, at)
        return held.risk


class MemoryDispatches:
    """Errands by client order id: waiting, claimed, finished."""

    def __init__(self, transaction: Transaction, intents: MemoryIntents) -> None:
        self._transaction = transaction
        self._intents = intents
        self._waiting: dict[int, Dispatch] = {}
        self._claimed: dict[int, Dispatch] = {}
        self._known: dict[int, AccountId] = {}

    def add(self, dispatch: Dispatch) -> None:
        """Keep a new errand."""
        self._transaction.to_write()
        number = dispatch.client_order_id
        self._intents.require_attempt(number)
        if number in self._known:
            raise Conflict(f"errand {number} is there already")
        self._transaction.put(self._known, number, dispatch.account)
        self._transaction.put(self._claimed if dispatch.claimed_by else self._waiting, number, dispatch)

    def get(self, client_order_id: int) -> Dispatch | None:
        """Read an errand that is not finished."""
        self._transaction.to_read()
        return self._waiting.get(client_order_id) or self._claimed.get(client_order_id)

    def due(self, now: int, limit: int) -> tuple[Dispatch, ...]:
        """List what waits and is due: closing first, then the oldest."""
        self._transaction.to_read()
        due = [dispatch for dispatch in self._waiting.values() if dispatch.due_at <= now]
        due.sort(key=lambda dispatch: (dispatch.opens, dispatch.due_at, dispatch.client_order_id))
        return tuple(due[: max(0, limit)])

    def claim(self, client_order_id: int, owner: str, lease_until: int) -> Dispatch | None:
        """Claim an errand that waits."""
        self._transaction.to_write()
        waiting = self._waiting.get(client_order_id)
        if waiting is None:
            return None
        self._transaction.drop(self._waiting, client_order_id)
        return self._hand(waiting, owner, lease_until)

    def take_over(self, client_order_id: int, owner: str, now: int, lease_until: int) -> Dispatch | None:
        """Take an errand whose lease has run out, or one's own."""
        self._transaction.to_write()
        claimed = self._claimed.get(client_order_id)
        if claimed is None or (claimed.claimed_by != owner and now < claimed.lease_until):
            return None
        return self._hand(claimed, owner, lease_until)

    def _hand(self, dispatch: Dispatch, owner: str, lease_until: int) -> Dispatch:
        handed = replace(dispatch, claimed_by=owner, lease_until=lease_until, fence=dispatch.fence + 1)
        self._transaction.put(self._claimed, handed.client_order_id, handed)
        return handed

    def finish(self, client_order_id: int) -> None:
        """End an errand."""
        self._transaction.to_write()
        for table in (self._waiting, self._claimed):
            if client_order_id in table:
                self._transaction.drop(table, client_order_id)
