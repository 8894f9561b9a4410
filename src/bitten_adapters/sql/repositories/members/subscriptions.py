"""Subscriptions and payments, as the events of gateways tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy import text as sql

from bitten_adapters.sql.repositories.decoding import amount_in, json_of, parsed
from bitten_adapters.sql.repositories.keys import user_key
from bitten_adapters.sql.statements import Statement, replacing
from bitten_adapters.sql.tables.members.membership import PAYMENT_TRANSACTIONS, USER_SUBSCRIPTIONS
from bitten_adapters.sql.tables.people import USERS
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership.subscription import Payment, Period, Subscription
from bitten_domain.values import Money, UserId
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bitten_adapters.sql.statements import Row, Wire

__all__ = ["SqlPayments", "SqlSubscriptions"]

_S, _P = USER_SUBSCRIPTIONS.c, PAYMENT_TRANSACTIONS.c
_TIERS = {tier.value: tier for tier in Tier}

_SUBSCRIPTION = select(
    _S.gateway,
    _S.subscription_ref,
    USERS.c.public_id,
    _S.begun_at,
    _S.periods,
    _S.next_plan_id,
    _S.next_tier,
    _S.cancelled_at,
    _S.failed_at,
    _S.events,
    _S.is_test,
    _S.is_current,
).join_from(USER_SUBSCRIPTIONS, USERS)
_PUT_SUBSCRIPTION = replacing(
    USER_SUBSCRIPTIONS,
    ("gateway", "subscription_ref"),
    only_if=literal_column(
        "excluded.user_id = user_subscriptions.user_id AND excluded.events >= user_subscriptions.events"
    ),
    user_id=user_key(),
)
_OTHER_CURRENT = Statement(
    _SUBSCRIPTION.where(
        _S.user_id == user_key(),
        sql("user_subscriptions.is_current"),
        (_S.gateway != bindparam("of_gateway")) | (_S.subscription_ref != bindparam("of_subscription")),
    )
)
_SUBSCRIPTIONS_OF = Statement(
    _SUBSCRIPTION.where(_S.user_id == user_key()).order_by(_S.begun_at, _S.gateway, _S.subscription_ref)
)
_CURRENT = Statement(
    _SUBSCRIPTION.where(sql("user_subscriptions.is_current")).order_by(_S.gateway, _S.subscription_ref)
)
# Whoever has no subscription yet can be held too: it is the person's own row that is.
_HOLD_PERSON = Statement(select(USERS.c.id).where(USERS.c.public_id == bindparam("user")).with_for_update())

_PUT_PAYMENT = replacing(
    PAYMENT_TRANSACTIONS,
    ("gateway", "payment_ref"),
    only_if=literal_column(
        " AND ".join(
            (
                *(
                    f"excluded.{name} = payment_transactions.{name}"
                    for name in ("user_id", "subscription_ref", "plan_id", "amount", "currency")
                ),
                "excluded.paid_at <= payment_transactions.paid_at",
                "excluded.refunded >= payment_transactions.refunded",
            )
        )
    ),
    user_id=user_key(),
)
_PAYMENTS_OF = Statement(
    select(
        _P.gateway,
        _P.payment_ref,
        USERS.c.public_id,
        _P.subscription_ref,
        _P.plan_id,
        _P.amount,
        _P.currency,
        _P.paid_at,
        _P.refunded,
        _P.refunded_at,
        _P.is_test,
    )
    .join_from(PAYMENT_TRANSACTIONS, USERS)
    .where(_P.user_id == user_key())
    .order_by(_P.paid_at, _P.gateway, _P.payment_ref)
)


class SqlSubscriptions:
    """Subscriptions as their events tell them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription, or replace the one of the same gateway and reference."""
        one = subscription
        self._wire.require_writing()
        if one.is_current and self._wire.one(
            _OTHER_CURRENT, user=one.user_id, of_gateway=one.gateway, of_subscription=one.subscription_ref
        ):
            raise Conflict(f"{one.user_id} has another current subscription")
        written = self._wire.write(
            _PUT_SUBSCRIPTION,
            user=one.user_id,
            gateway=one.gateway,
            subscription_ref=one.subscription_ref,
            begun_at=one.begun_at,
            periods=json_of([_period_row(period) for period in one.periods]),
            next_plan_id=one.next_plan_id,
            next_tier=None if one.next_tier is None else one.next_tier.value,
            cancelled_at=one.cancelled_at,
            failed_at=one.failed_at,
            events=one.events,
            is_test=one.is_test,
            is_current=one.is_current,
        )
        if not written:
            raise BrokenInvariant(f"subscription {one.subscription_ref} is somebody else's, or of more events")

    def lock(self, user_id: UserId) -> tuple[Subscription, ...]:
        """List a person's subscriptions, and hold them until the transaction ends."""
        self._wire.require_writing()
        self._wire.one(_HOLD_PERSON, user=user_id)
        return self.of(user_id)

    def of(self, user_id: UserId) -> tuple[Subscription, ...]:
        """List a person's subscriptions, by beginning, then gateway and reference."""
        return tuple(map(_subscription, self._wire.all(_SUBSCRIPTIONS_OF, user=user_id)))

    def current(self) -> tuple[Subscription, ...]:
        """List everybody's current subscriptions, by gateway and reference."""
        return tuple(map(_subscription, self._wire.all(_CURRENT)))


class SqlPayments:
    """Payments."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def put(self, payment: Payment) -> None:
        """Keep a payment, or replace the one of the same gateway and reference."""
        currency = payment.amount.currency
        written = self._wire.write(
            _PUT_PAYMENT,
            user=payment.user_id,
            gateway=payment.gateway,
            payment_ref=payment.payment_ref,
            subscription_ref=payment.subscription_ref,
            plan_id=payment.plan_id,
            amount=payment.amount.amount,
            refunded=amount_in(payment.refunded, currency),
            currency=currency,
            paid_at=payment.paid_at,
            refunded_at=payment.refunded_at,
            is_test=payment.is_test,
        )
        if not written:
            raise BrokenInvariant(f"payment {payment.payment_ref} is another one, or more of it was refunded")

    def of(self, user_id: UserId) -> tuple[Payment, ...]:
        """List a person's payments, oldest first, then by gateway and reference."""
        return tuple(map(_payment, self._wire.all(_PAYMENTS_OF, user=user_id)))


def _period_row(period: Period) -> list[object]:
    one = period
    return [one.start, one.end, one.plan_id, one.tier.value, one.payment_ref, one.is_refunded]


def _periods(text: str) -> Iterator[Period]:
    for start, end, plan, tier, payment, is_refunded in parsed(text):
        yield Period(start, end, plan, _TIERS[tier], payment, is_refunded)


def _subscription(row: Row) -> Subscription:
    gateway, ref, user, begun_at, periods, next_plan, next_tier, *rest = row
    tier = None if next_tier is None else _TIERS[next_tier]
    return Subscription(gateway, ref, UserId(user), begun_at, tuple(_periods(periods)), next_plan, tier, *rest)


def _payment(row: Row) -> Payment:
    gateway, ref, user, subscription, plan, amount, currency, paid_at, refunded, refunded_at, is_test = row
    return Payment(
        gateway,
        ref,
        UserId(user),
        subscription,
        plan,
        Money(amount, currency),
        paid_at,
        Money(refunded, currency),
        refunded_at,
        is_test=is_test,
    )
