"""From a gateway's events to a subscription and its payments: a function of their *set*.

Events arrive in any order and any number of times. They are counted once by their id and taken in the gateway's order,
so that whatever has arrived gives one state, and the same set gives the same one. A payment that was given back whole
ends its period at that moment; one given back in part leaves it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.membership.subscription.gateway_events import GatewayEventKind
from bitten_domain.membership.subscription.records import Payment, Period, Subscription
from bitten_domain.values import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bitten_domain.membership.subscription.gateway_events import GatewayEvent
    from bitten_domain.membership.subscription.plans import Plan

__all__ = ["in_order", "payments_of", "subscription_of"]

_K = GatewayEventKind


def in_order(events: Iterable[GatewayEvent]) -> tuple[GatewayEvent, ...]:
    """Take each event of one subscription once, in the gateway's order.

    Raises:
        BrokenInvariant: two of one id differ, or they are of two subscriptions or persons.
    """
    by_id: dict[str, GatewayEvent] = {}
    for event in events:
        if by_id.setdefault(event.event_id, event) != event:
            raise BrokenInvariant(f"event {event.event_id} came in two forms")
    if len({(event.gateway, event.subscription_ref, event.user_id, event.is_test) for event in by_id.values()}) > 1:
        raise BrokenInvariant("these events are not of one subscription of one person")
    return tuple(sorted(by_id.values(), key=lambda event: event.order))


def subscription_of(events: Iterable[GatewayEvent], plans: Mapping[str, Plan]) -> Subscription:
    """Work out a subscription.

    Args:
        events: all that arrived of one subscription, in any order, with repetitions; at least one.
        plans: every plan there ever was, by id.

    Raises:
        BrokenInvariant: as `in_order`, or there is no event.
        InvalidInput: a plan is not known.
    """
    taken = in_order(events)
    if not taken:
        raise BrokenInvariant("a subscription has at least one event")
    first = taken[0]
    made = Subscription(
        first.gateway,
        first.subscription_ref,
        first.user_id,
        begun_at=first.created_at,
        periods=_periods(taken, plans),
        events=len(taken),
        is_test=first.is_test,
    )
    ended = False
    for event in taken:
        made = _after(made, event, plans, ended=ended)
        ended = ended or event.kind is _K.ENDED
    return made


def _after(made: Subscription, event: GatewayEvent, plans: Mapping[str, Plan], *, ended: bool) -> Subscription:
    match event.kind:
        case _K.PERIOD_PAID:
            # A payment settles what was owed, and the plan it was made with is the one that goes on.
            return replace(made, next_plan_id="", next_tier=None, failed_at=None)
        case _K.PAYMENT_FAILED:
            return replace(made, failed_at=event.created_at)
        case _K.PLAN_SCHEDULED:
            return replace(made, next_plan_id=event.plan_id, next_tier=_plan(event, plans).tier)
        case _K.CANCEL_REQUESTED | _K.ENDED if made.cancelled_at is None:
            return replace(made, cancelled_at=event.created_at)
        case _K.CANCEL_WITHDRAWN if not ended:
            return replace(made, cancelled_at=None)
        case _:
            return made


def _plan(event: GatewayEvent, plans: Mapping[str, Plan]) -> Plan:
    found = plans.get(event.plan_id)
    if found is None:
        raise InvalidInput(
            f"there is no plan {event.plan_id!r}",
            where=f"{event.gateway} event {event.event_id}",
            remedy="add the plan, then take the event again",
        )
    return found


def _periods(taken: tuple[GatewayEvent, ...], plans: Mapping[str, Plan]) -> tuple[Period, ...]:
    given_back = {payment.payment_ref: payment.refunded_at for payment in payments_of(taken) if _is_whole(payment)}
    periods: dict[str, Period] = {}
    for event in taken:
        if event.period_start is None or event.period_end is None:
            continue
        # A trial has no payment, and is one by where it begins.
        name = event.payment_ref or f"trial {event.period_start}"
        period = Period(
            event.period_start, event.period_end, event.plan_id, _plan(event, plans).tier, event.payment_ref
        )
        refunded_at = given_back.get(event.payment_ref)
        if refunded_at is not None:
            end = max(period.start, min(period.end, refunded_at))
            period = replace(period, end=end, is_refunded=True)
        periods.setdefault(name, period)
    return tuple(sorted(periods.values(), key=lambda one: (one.start, one.end, one.plan_id, one.payment_ref)))


def payments_of(events: Iterable[GatewayEvent]) -> tuple[Payment, ...]:
    """List the payments of one subscription, oldest first, with what was given back of each.

    A refund whose payment has not arrived yet waits for it.

    Raises:
        BrokenInvariant: as `in_order`.
    """
    taken = in_order(events)
    payments: dict[str, Payment] = {}
    for event in taken:
        if event.kind is _K.PERIOD_PAID and event.amount is not None:
            payment = Payment(
                event.gateway,
                event.payment_ref,
                event.user_id,
                event.subscription_ref,
                event.plan_id,
                event.amount,
                event.created_at,
                refunded=event.amount - event.amount,
                is_test=event.is_test,
            )
            payments.setdefault(event.payment_ref, payment)
    for event in taken:
        paid = payments.get(event.payment_ref)
        if event.kind is _K.REFUNDED and event.amount is not None and paid is not None and not _is_whole(paid):
            back = min(paid.amount.amount, (paid.refunded + event.amount).amount)
            payments[event.payment_ref] = replace(
                paid, refunded=Money(back, paid.amount.currency), refunded_at=event.created_at
            )
    return tuple(sorted(payments.values(), key=lambda one: (one.paid_at, one.payment_ref)))


def _is_whole(payment: Payment) -> bool:
    return payment.refunded_at is not None and payment.refunded >= payment.amount
