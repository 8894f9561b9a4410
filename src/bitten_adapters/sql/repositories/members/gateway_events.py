"""Plans, and what gateways told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, literal_column, select
from sqlalchemy import text as sql

from bitten_adapters.sql.statements import Statement, adding_once, replacing
from bitten_adapters.sql.tables.members.membership import GATEWAY_EVENTS, SUBSCRIPTION_PLANS, USER_SUBSCRIPTIONS
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership.subscription import GatewayEvent, GatewayEventKind, Plan
from bitten_domain.values import Money, UserId
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row, Wire

__all__ = ["SqlGatewayEvents", "SqlPlans"]

_L, _E, _S = SUBSCRIPTION_PLANS.c, GATEWAY_EVENTS.c, USER_SUBSCRIPTIONS.c
_KINDS = {kind.value: kind for kind in GatewayEventKind}
_TIERS = {tier.value: tier for tier in Tier}

_BEGIN_PLAN = adding_once(SUBSCRIPTION_PLANS)
_PUT_PLAN = replacing(
    SUBSCRIPTION_PLANS, ("plan_id",), only_if=literal_column("excluded.tier = subscription_plans.tier")
)
_PLANS = Statement(select(_L.plan_id, _L.tier, _L.price, _L.currency, _L.is_offered).order_by(_L.plan_id))

_EVENT = select(
    _E.gateway,
    _E.event_id,
    _E.kind,
    _E.created_at,
    _E.sequence,
    _E.user_public_id,
    _E.subscription_ref,
    _E.plan_id,
    _E.period_start,
    _E.period_end,
    _E.payment_ref,
    _E.amount,
    _E.currency,
    _E.is_test,
)
_ADD_EVENT = adding_once(GATEWAY_EVENTS)
_SAME_EVENT = Statement(_EVENT.where(_E.gateway == bindparam("of_gateway"), _E.event_id == bindparam("of_event")))
_EVENTS_OF = Statement(
    _EVENT.where(_E.gateway == bindparam("of_gateway"), _E.subscription_ref == bindparam("of_subscription")).order_by(
        _E.created_at, _E.sequence, _E.event_id
    )
)
_UNFOLDED = Statement(
    select(_E.gateway, _E.subscription_ref)
    .join_from(
        GATEWAY_EVENTS,
        USER_SUBSCRIPTIONS,
        (_S.gateway == _E.gateway) & (_S.subscription_ref == _E.subscription_ref),
        isouter=True,
    )
    .group_by(_E.gateway, _E.subscription_ref, _S.events)
    .having(sql("count(*) > coalesce(user_subscriptions.events, 0)"))
    .order_by(_E.gateway, _E.subscription_ref)
)


class SqlPlans:
    """Plans; they are never deleted."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def begin(self, plan: Plan) -> bool:
        """Keep a plan where there is none of its id; False where there is one."""
        return self._written(_BEGIN_PLAN, plan)

    def put(self, plan: Plan) -> None:
        """Keep a new plan, or replace the one of the same id."""
        if not self._written(_PUT_PLAN, plan):
            raise BrokenInvariant(f"plan {plan.plan_id} gives another tier than {plan.tier.value}, and keeps it")

    def all(self) -> tuple[Plan, ...]:
        """List them, by id."""
        return tuple(
            Plan(name, _TIERS[tier], Money(price, currency), is_offered)
            for name, tier, price, currency, is_offered in self._wire.all(_PLANS)
        )

    def _written(self, statement: Statement, plan: Plan) -> bool:
        written = self._wire.write(
            statement,
            plan_id=plan.plan_id,
            tier=plan.tier.value,
            price=plan.price.amount,
            currency=plan.price.currency,
            is_offered=plan.is_offered,
        )
        return bool(written)


class SqlGatewayEvents:
    """Events of payment gateways, as they came."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, event: GatewayEvent, received_at: int) -> bool:
        """Keep an event; False when the gateway's event of that id is kept already."""
        amount = event.amount
        written = self._wire.write(
            _ADD_EVENT,
            gateway=event.gateway,
            event_id=event.event_id,
            kind=event.kind.value,
            created_at=event.created_at,
            sequence=event.sequence,
            user_public_id=event.user_id,
            subscription_ref=event.subscription_ref,
            plan_id=event.plan_id,
            period_start=event.period_start,
            period_end=event.period_end,
            payment_ref=event.payment_ref,
            amount=None if amount is None else amount.amount,
            currency=None if amount is None else amount.currency,
            is_test=event.is_test,
            received_at=received_at,
        )
        if written:
            return True
        row = self._wire.one(_SAME_EVENT, of_gateway=event.gateway, of_event=event.event_id)
        if row is None or _event(row) != event:
            raise Conflict(f"{event.gateway} event {event.event_id} came in two forms")
        return False

    def of_subscription(self, gateway: str, subscription_ref: str) -> tuple[GatewayEvent, ...]:
        """List a subscription's events by their order."""
        rows = self._wire.all(_EVENTS_OF, of_gateway=gateway, of_subscription=subscription_ref)
        return tuple(map(_event, rows))

    def unfolded(self) -> tuple[tuple[str, str], ...]:
        """List the subscriptions that are worked out from fewer events than are kept."""
        return tuple((gateway, ref) for gateway, ref in self._wire.all(_UNFOLDED))


def _event(row: Row) -> GatewayEvent:
    gateway, name, kind, created_at, sequence, user, ref, plan, start, end, payment, amount, currency, is_test = row
    paid = None if amount is None else Money(amount, currency)
    return GatewayEvent(
        gateway,
        name,
        _KINDS[kind],
        created_at,
        sequence,
        UserId(user),
        ref,
        plan,
        start,
        end,
        payment,
        paid,
        is_test=is_test,
    )
