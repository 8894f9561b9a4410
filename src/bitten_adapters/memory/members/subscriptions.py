"""Subscriptions and payments, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, Conflict

if TYPE_CHECKING:
    from bitten_adapters.memory.people import MemoryPersons
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.membership.subscription import Payment, Subscription
    from bitten_domain.values import UserId

__all__ = ["MemoryPayments", "MemorySubscriptions"]


class MemorySubscriptions:
    """Subscriptions by gateway and reference."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._subscriptions: dict[tuple[str, str], Subscription] = {}

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription, or replace the one of the same gateway and reference."""
        self._transaction.to_write()
        self._persons.require(subscription.user_id)
        key = subscription.gateway, subscription.subscription_ref
        stored = self._subscriptions.get(key)
        if stored is not None and (stored.user_id != subscription.user_id or stored.events > subscription.events):
            raise BrokenInvariant(f"subscription {key[1]} is somebody else's, or of more events")
        others = (one for of, one in self._subscriptions.items() if of != key)
        if subscription.is_current and any(one.is_current and one.user_id == subscription.user_id for one in others):
            raise Conflict(f"{subscription.user_id} has another current subscription")
        self._transaction.put(self._subscriptions, key, subscription)

    def lock(self, user_id: UserId) -> tuple[Subscription, ...]:
        """List a person's subscriptions; nobody else runs a transaction meanwhile."""
        self._transaction.to_write()
        return self.of(user_id)

    def of(self, user_id: UserId) -> tuple[Subscription, ...]:
        """List a person's subscriptions, by beginning, then gateway and reference."""
        self._transaction.to_read()
        found = [one for one in self._subscriptions.values() if one.user_id == user_id]
        return tuple(sorted(found, key=lambda one: (one.begun_at, one.gateway, one.subscription_ref)))

    def current(self) -> tuple[Subscription, ...]:
        """List everybody's current subscriptions, by gateway and reference."""
        self._transaction.to_read()
        return tuple(one for _, one in sorted(self._subscriptions.items()) if one.is_current)

    def events_of(self, gateway: str, subscription_ref: str) -> int:
        """Tell how many events a subscription was worked out from; 0 for one that is not there."""
        found = self._subscriptions.get((gateway, subscription_ref))
        return 0 if found is None else found.events


class MemoryPayments:
    """Payments by gateway and reference."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._payments: dict[tuple[str, str], Payment] = {}

    def put(self, payment: Payment) -> None:
        """Keep a payment, or replace the one of the same gateway and reference."""
        self._transaction.to_write()
        self._persons.require(payment.user_id)
        key = payment.gateway, payment.payment_ref
        stored = self._payments.get(key)
        if stored is not None and (
            _fixed(stored) != _fixed(payment)
            or payment.paid_at > stored.paid_at
            or payment.refunded.amount < stored.refunded.amount
        ):
            raise BrokenInvariant(f"payment {payment.payment_ref} is another one, or more of it was refunded")
        self._transaction.put(self._payments, key, payment)

    def of(self, user_id: UserId) -> tuple[Payment, ...]:
        """List a person's payments, oldest first, then by gateway and reference."""
        self._transaction.to_read()
        found = [one for one in self._payments.values() if one.user_id == user_id]
        return tuple(sorted(found, key=lambda one: (one.paid_at, one.gateway, one.payment_ref)))


def _fixed(payment: Payment) -> tuple[object, ...]:
    return payment.user_id, payment.subscription_ref, payment.plan_id, payment.amount
