"""Fires: intents with their attempts, what they have reserved, and who is to send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bitten_domain.execution.protocol.intent import Errand

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.execution.protocol.dispatch import Dispatch
    from bitten_domain.execution.protocol.intent import Attempt, Intent
    from bitten_domain.execution.protocol.reservation import Reservation
    from bitten_domain.values import AccountId, Direction, IntentId, Money, SignalId
    from bitten_domain.vocabulary import OrderState

__all__ = ["DispatchRepository", "Errand", "IntentRepository", "ReservationRepository"]


class IntentRepository(Protocol):
    """Intents and attempts.

    Promises: an account fires a signal once, for ever; a client order id is given once; an intent's attempts are
    numbered from 1; a second one exists only when the one before is NOT_EXECUTED or REJECTED.
    """

    def add(self, intent: Intent, attempt: Attempt) -> None:
        """Keep a new intent with its first attempt, or a known intent's next attempt.

        Raises:
            Conflict: the signal was fired, the client order id was given, or the intent has an attempt of that number.
            BrokenInvariant: the attempt is another intent's or leaves out a number, the intent is not the one that was
                kept, or its last attempt is not proven undone.
        """
        ...

    def attempts(self, intent_id: IntentId) -> tuple[Errand, ...]:
        """Read an intent with all its attempts, oldest first; empty when there is no such intent."""
        ...

    def by_order(self, client_order_id: int) -> Errand | None:
        """Find an attempt by its id at the broker."""
        ...

    def move(self, attempt: Attempt, was: OrderState) -> None:
        """Store an attempt's new state.

        Raises:
            Conflict: there is no such attempt, or its state is not ``was``; somebody else moved it.
        """
        ...

    def unfinished(self, account: AccountId) -> tuple[Errand, ...]:
        """List an account's attempts that are not in a terminal state, by client order id."""
        ...

    def has_fired(self, account: AccountId, signal: SignalId) -> bool:
        """Say whether the account ever fired the signal, whatever became of it."""
        ...

    def last_fires(self, account: AccountId, since: int) -> Mapping[tuple[str, Direction], int]:
        """Say when the account last fired each pair and side, from ``since`` on."""
        ...


class ReservationRepository(Protocol):
    """Reserved risk."""

    def hold(self, reservation: Reservation) -> None:
        """Reserve, or lower what the intent already holds; it cannot be raised.

        Raises:
            BrokenInvariant: the intent's reservation was released, or would grow.
        """
        ...

    def held(self, account: AccountId) -> tuple[Reservation, ...]:
        """List what is held, by intent."""
        ...

    def release(self, intent_id: IntentId, at: int) -> Money:
        """Release an intent's reservation; give the risk it still held.

        Raises:
            BrokenInvariant: it holds none: it never did, or it was released before.
        """
        ...


class DispatchRepository(Protocol):
    """Errands to brokers."""

    def add(self, dispatch: Dispatch) -> None:
        """Keep a new errand."""
        ...

    def get(self, client_order_id: int) -> Dispatch | None:
        """Read an errand that is not finished."""
        ...

    def due(self, now: int, limit: int) -> tuple[Dispatch, ...]:
        """List what nobody has claimed and is due: closing first, then the oldest."""
        ...

    def claim(self, client_order_id: int, owner: str, lease_until: int) -> Dispatch | None:
        """Claim an errand that nobody has claimed; None when somebody was faster or it is finished."""
        ...

    def take_over(self, client_order_id: int, owner: str, now: int, lease_until: int) -> Dispatch | None:
        """Take a claimed errand whose lease has run out, or is one's own, in order to clear it up; None otherwise."""
        ...

    def finish(self, client_order_id: int) -> None:
        """End an errand; a second time changes nothing."""
        ...
