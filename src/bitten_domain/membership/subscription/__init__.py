"""Subscriptions: what a gateway's events say was paid, and what that gives at a moment."""

from bitten_domain.membership.subscription.gateway_events import GatewayEvent, GatewayEventKind
from bitten_domain.membership.subscription.plans import PLANS, Plan, SubscriptionPolicy, is_paying, plan_of_tier
from bitten_domain.membership.subscription.records import (
    Payment,
    Period,
    Subscription,
    SubscriptionState,
    TrialMark,
)

__all__ = [
    "PLANS",
    "GatewayEvent",
    "GatewayEventKind",
    "Payment",
    "Period",
    "Plan",
    "Subscription",
    "SubscriptionPolicy",
    "SubscriptionState",
    "TrialMark",
    "is_paying",
    "plan_of_tier",
]
