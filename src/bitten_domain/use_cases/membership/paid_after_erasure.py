"""Paid after an erasure: what a gateway began or collected for somebody who is gone is marked, to be given back."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bitten_domain.membership.subscription import GatewayEventKind
from bitten_domain.ports.repositories.messages import Processed
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from bitten_domain.membership.subscription import GatewayEvent
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["is_gone", "is_paid_after_erasure", "mark_paid_after_erasure"]

_SCOPE = "paid_after_erasure"
_BEGINS = (GatewayEventKind.PERIOD_PAID, GatewayEventKind.TRIAL_STARTED)


def is_gone(store: Repositories, user_id: UserId) -> bool:
    """Say whether somebody was erased: nothing is told to them any more."""
    person = store.people.get(user_id)
    return person is not None and person.status is AccountStatus.DELETED


def mark_paid_after_erasure(store: Repositories, event: GatewayEvent, at: int) -> None:
    """Mark what a new event says was paid by somebody who is gone, or tried, which would be paid later.

    That is what was created after the erasure, and what was paid for time that is still to come. An erasure is dated by
    the machine's clock and an event by its gateway's, which may follow a recording: each of both finds what the other
    cannot. What was paid for time that was over before is theirs to have paid.

    Args:
        store: the transaction's, which holds the person.
        event: one that was not kept before.
        at: now, by the clock events are taken by; seconds since 1970 UTC.
    """
    if event.kind not in _BEGINS or not is_gone(store, event.user_id):
        return
    erased_at = next((one.erased_at for one in store.erasures.all() if one.user_id == event.user_id), None)
    is_after = erased_at is not None and event.created_at >= erased_at
    if is_after or (event.period_end is not None and at < event.period_end):
        key = _key(event.gateway, event.subscription_ref, event.payment_ref)
        if store.processed.get(_SCOPE, key) is None:
            store.processed.add(Processed(_SCOPE, key, hashlib.sha256(key.encode()).digest(), "{}", at))


def is_paid_after_erasure(store: Repositories, gateway: str, subscription_ref: str, payment_ref: str) -> bool:
    """Say whether a payment was marked; an empty payment is a trial."""
    return store.processed.get(_SCOPE, _key(gateway, subscription_ref, payment_ref)) is not None


def _key(gateway: str, subscription_ref: str, payment_ref: str) -> str:
    return f"{gateway}:{subscription_ref}:{payment_ref}"
