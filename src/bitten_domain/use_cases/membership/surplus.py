"""Surplus: what somebody pays for beside their current subscription, by two checkouts at once, is given back.

So is what a gateway collected from somebody who was erased.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import Conflict, InvalidInput, OutcomeUnknown
from bitten_domain.membership.subscription import surplus
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority, Processed
from bitten_domain.use_cases.membership.change_subscription import stop_and_refund
from bitten_domain.use_cases.membership.paid_after_erasure import is_paid_after_erasure
from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, MemberFigures
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from bitten_domain.membership.subscription import Subscription
    from bitten_domain.ports.membership.payments import Payments
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["GiveBackSurplus", "GivenBack", "SurplusPaid"]

_SYSTEM = UserId("system")
_SCOPE = "surplus"


class SurplusPaid(NamedTuple):
    """Something that is given back.

    Args:
        user_id: to whom.
        gateway, subscription_ref: of which subscription.
        payment_ref: which payment; empty for a trial, which is only ended.
    """

    user_id: UserId
    gateway: str
    subscription_ref: str
    payment_ref: str


class GivenBack(NamedTuple):
    """What became of a surplus.

    Args:
        asked: what the gateway was asked for, whether or not it could.
        problems: what it refused, a line each.
    """

    asked: tuple[SurplusPaid, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GiveBackSurplus:
    """Give back what is paid twice, of everybody who has a current subscription, and what was paid after an erasure.

    Each is written down, audited and told once, before the gateway is asked; asking again moves no money twice.

    Args:
        unit_of_work: the store.
        payments: the gateway.
        gateway: its name in events.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    payments: Payments
    gateway: str
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, at: int) -> GivenBack:
        """Ask the gateway for each by itself, at a moment, seconds since 1970 UTC: one it refuses keeps no other back.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed, or the gateway is not there; try again.
        """
        found = await self.unit_of_work.read(lambda store: self._found(store, at))
        problems: list[str] = []
        for one in found:
            await durably(self.unit_of_work, lambda store, one=one: _note(store, one, at))  # type: ignore[misc]
            try:
                await stop_and_refund(self.payments, one.subscription_ref, one.payment_ref, _SCOPE)
            except (InvalidInput, Conflict, OutcomeUnknown) as error:
                what = f"payment {one.payment_ref}" if one.payment_ref else "its trial"
                problems.append(f"{one.gateway} subscription {one.subscription_ref}: {what} is not given back: {error}")
        return GivenBack(found, tuple(problems))

    def _found(self, store: Repositories, at: int) -> tuple[SurplusPaid, ...]:
        found: list[SurplusPaid] = []
        for user_id in sorted({one.user_id for one in store.subscriptions.current()}):
            for one in surplus(store.subscriptions.of(user_id), self.figures.subscription, at):
                if one.gateway == self.gateway:
                    found += _parts(one, at)
        return (*found, *self._after_erasure(store))

    def _after_erasure(self, store: Repositories) -> list[SurplusPaid]:
        found: list[SurplusPaid] = []
        for person in store.people.all():
            if person.status is not AccountStatus.DELETED:
                continue
            user_id = person.user_id
            owed = [
                (one.subscription_ref, one.payment_ref, one.gateway)
                for one in store.payments.of(user_id)
                if one.refunded_at is None
            ]
            owed += [
                (one.subscription_ref, "", one.gateway)
                for one in store.subscriptions.of(user_id)
                if one.cancelled_at is None
            ]
            found += [
                SurplusPaid(user_id, gateway, subscription, payment)
                for subscription, payment, gateway in owed
                if gateway == self.gateway and is_paid_after_erasure(store, gateway, subscription, payment)
            ]
        return found


def _parts(one: Subscription, at: int) -> list[SurplusPaid]:
    # What still runs: in the grace nothing is paid for, and it is only ended.
    running = [period for period in one.periods if at < period.end and not period.is_refunded]
    refs = [period.payment_ref for period in running] or [""]
    return [SurplusPaid(one.user_id, one.gateway, one.subscription_ref, ref) for ref in refs]


def _note(store: Repositories, one: SurplusPaid, at: int) -> None:
    key = f"{one.gateway}:{one.subscription_ref}:{one.payment_ref}"
    if store.processed.get(_SCOPE, key) is not None:
        return
    detail = json.dumps({"gateway": one.gateway, "subscription": one.subscription_ref, "payment": one.payment_ref})
    store.processed.add(Processed(_SCOPE, key, hashlib.sha256(key.encode()).digest(), "{}", at))
    store.audit.add(AuditEntry(at, _SYSTEM, "SURPLUS_GIVEN_BACK", one.user_id, detail))
    person = store.people.get(one.user_id)
    if person is None or person.status is AccountStatus.DELETED:
        return
    body = json.dumps({"what": "PAID_TWICE", "payment": one.payment_ref})
    store.outbox.add(OutboxMessage(f"membership:surplus:{key}", one.user_id, "membership", Priority.REST, body, at))
