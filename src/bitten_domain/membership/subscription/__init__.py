"""Subscriptions: what a gateway's events say was paid, and what that gives at a moment."""

from bitten_domain.membership.subscription.changes import (
    PlanChange,
    may_subscribe,
    plan_change,
    refundable,
    trial_days_for,
    upgrade_price,
)
from bitten_domain.membership.subscription.fold import in_order, payments_of, subscription_of
from bitten_domain.membership.subscription.gateway_events import GatewayEvent, GatewayEventKind
from bitten_domain.membership.subscription.plans import PLANS, Plan, SubscriptionPolicy, is_paying, plan_of_tier
from bitten_domain.membership.subscription.records import (
    Payment,
    Period,
    Subscription,
    SubscriptionState,
    TrialMark,
)
from bitten_domain.membership.subscription.standing import (
    is_live,
    subscription_state,
    subscription_tier,
    surplus,
    tier_now,
    with_current,
)

__all__ = [
    "PLANS",
    "GatewayEvent",
    "GatewayEventKind",
    "Payment",
    "Period",
    "Plan",
    "PlanChange",
    "Subscription",
    "SubscriptionPolicy",
    "SubscriptionState",
    "TrialMark",
    "in_order",
    "is_live",
    "is_paying",
    "may_subscribe",
    "payments_of",
    "plan_change",
    "plan_of_tier",
    "refundable",
    "subscription_of",
    "subscription_state",
    "subscription_tier",
    "surplus",
    "tier_now",
    "trial_days_for",
    "upgrade_price",
    "with_current",
]
