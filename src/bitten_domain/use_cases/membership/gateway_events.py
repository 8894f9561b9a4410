"""What gateways tell: each event is kept once, and all of its subscription is worked out anew, in one transaction.

So the order of arrival and the number of times cannot matter: what is stored is a function of the set of events. An
event that cannot be worked in (its plan or person is not known, or it contradicts others) is kept all the same, told to
the ADMINs, and worked in once that is mended.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.membership.press_pass import convert
from bitten_domain.membership.subscription import payments_of, subscription_of, with_current
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.use_cases.membership.paid_after_erasure import is_gone, mark_paid_after_erasure
from bitten_domain.use_cases.membership.plan_list import plans_in
from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, MemberFigures
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Rank

if TYPE_CHECKING:
    from bitten_domain.membership.press_pass import PressPass, PressPassPolicy
    from bitten_domain.membership.subscription import GatewayEvent, Payment
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["EventTaken", "FoldWaiting", "TakeGatewayEvent"]

_SYSTEM = UserId("system")


class EventTaken(NamedTuple):
    """What became of an event.

    Args:
        is_new: it was not kept before.
        waits_for: why it is kept and not worked in; empty when it is.
    """

    is_new: bool
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class TakeGatewayEvent:
    """Keep an event and all that follows from it.

    Args:
        unit_of_work: the store.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, event: GatewayEvent, at: int) -> EventTaken:
        """Take an event; one that was taken before changes nothing.

        Args:
            event: as the gateway's reader gave it.
            at: now, seconds since 1970 UTC.

        Raises:
            Conflict: an event of that id was kept, and said something else; or the store failed.
            Unavailable, OutcomeUnknown: the store failed; take it again.
        """
        try:
            return await durably(self.unit_of_work, lambda store: self._taken(store, event, at))
        except (InvalidInput, BrokenInvariant) as error:
            why = str(error)
        return await durably(self.unit_of_work, lambda store: _kept(store, event, why, at))

    def _taken(self, store: Repositories, event: GatewayEvent, at: int) -> EventTaken:
        # Held first: whoever takes another event of this person meanwhile waits, and then sees this one.
        store.subscriptions.lock(event.user_id)
        is_new = store.gateway_events.add(event, at)
        _fold(store, event.gateway, event.subscription_ref, event.user_id, at, self.figures)
        if is_new:
            mark_paid_after_erasure(store, event, at)
        if is_new and not is_gone(store, event.user_id):
            store.outbox.add(_news(event, at))
        return EventTaken(is_new)


@dataclass(frozen=True, slots=True)
class FoldWaiting:
    """Work events in that waited for a plan or a person.

    Args:
        unit_of_work: the store.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, at: int) -> tuple[str, ...]:
        """Try all that wait, at a moment, seconds since 1970 UTC.

        Returns:
            What still waits, a line each.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        waits: list[str] = []
        for gateway, ref in await self.unit_of_work.read(lambda store: store.gateway_events.unfolded()):
            try:
                await durably(self.unit_of_work, partial(self._folded, gateway, ref, at))
            except (InvalidInput, BrokenInvariant) as error:
                waits.append(f"{gateway} subscription {ref}: {error}")
        return tuple(waits)

    def _folded(self, gateway: str, ref: str, at: int, store: Repositories) -> None:
        user_id = store.gateway_events.of_subscription(gateway, ref)[0].user_id
        store.subscriptions.lock(user_id)
        count = _fold(store, gateway, ref, user_id, at, self.figures)
        if is_gone(store, user_id):
            return
        body = json.dumps({"what": "CAUGHT_UP", "subscription": ref})
        name = f"membership:{gateway}:{ref}:caught_up:{count}"
        store.outbox.add(OutboxMessage(name, user_id, "membership", Priority.REST, body, at))


def _fold(store: Repositories, gateway: str, ref: str, user_id: UserId, at: int, figures: MemberFigures) -> int:
    """Work a subscription, its payments and what follows out from all its events; give how many there are."""
    events = store.gateway_events.of_subscription(gateway, ref)
    made, paid = subscription_of(events, plans_in(store)), payments_of(events)
    if store.people.get(user_id) is None:
        raise InvalidInput(f"there is no person {user_id}", where=f"{gateway} subscription {ref}", remedy="add them")
    stored = store.subscriptions.of(user_id)
    others = [one for one in stored if (one.gateway, one.subscription_ref) != (gateway, ref)]
    marked = with_current([made, *others], figures.subscription, at)
    # The one that stops being current comes first: there is at most one at any moment.
    for one in sorted(marked, key=lambda one: one.is_current):
        if one not in stored:
            store.subscriptions.put(one)
    for payment in paid:
        store.payments.put(payment)
    _convert(store, user_id, figures.press_pass)
    return len(events)


def _convert(store: Repositories, user_id: UserId, policy: PressPassPolicy) -> None:
    payments = store.payments.of(user_id)
    found = store.press_passes.lock(user_id) if payments else None
    if found is None or found.revoked_at is not None:
        return
    converted = _converted(found, payments, policy)
    if converted != found:
        store.press_passes.put(converted)


def _converted(found: PressPass, payments: tuple[Payment, ...], policy: PressPassPolicy) -> PressPass:
    """Say when somebody's pass became a membership: by their first payment, whenever its event comes."""
    first = max(found.claimed_at, min(payment.paid_at for payment in payments))
    fresh = convert(replace(found, converted_at=None), policy, first)
    return found if fresh.converted_at is None else fresh


def _kept(store: Repositories, event: GatewayEvent, why: str, at: int) -> EventTaken:
    store.subscriptions.lock(event.user_id)
    is_new = store.gateway_events.add(event, at)
    if is_new:
        mark_paid_after_erasure(store, event, at)
        name = f"{event.gateway}:{event.event_id}"
        store.audit.add(AuditEntry(at, _SYSTEM, "GATEWAY_EVENT_WAITS", name, json.dumps({"why": why})))
        body = json.dumps({"what": "GATEWAY_EVENT_WAITS", "event": name, "why": why})
        for person in store.people.all():
            if person.rank is Rank.ADMIN and person.status is AccountStatus.ACTIVE:
                message = f"membership:{name}:waits:{person.user_id}"
                store.outbox.add(OutboxMessage(message, person.user_id, "membership", Priority.REPLIES, body, at))
    return EventTaken(is_new, why)


def _news(event: GatewayEvent, at: int) -> OutboxMessage:
    body: dict[str, object] = {"what": event.kind.value, "plan": event.plan_id}
    if event.amount is not None:
        body["amount"] = f"{event.amount.amount} {event.amount.currency}"
    if event.is_test:
        body["label"] = "TEST, no real money"
    name = f"membership:{event.gateway}:{event.event_id}"
    return OutboxMessage(name, event.user_id, "membership", Priority.REST, json.dumps(body), at)
