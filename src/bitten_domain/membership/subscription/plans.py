"""Plans: what can be paid for each month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.risk.policy.bounds import require_bounds
from bitten_domain.values import Money
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PLANS", "Plan", "SubscriptionPolicy", "is_paying", "plan_of_tier"]

_FREE = (Tier.NONE, Tier.PRESS_PASS)


def is_paying(tier: Tier) -> bool:
    """Say whether a tier is paid for."""
    return tier not in _FREE


@dataclass(frozen=True, slots=True)
class Plan:
    """A monthly plan; it is never deleted, only no longer offered, since somebody may still have it.

    Args:
        plan_id: its short name.
        tier: what it gives, one that is paid for.
        price: a month, whole cents, > 0.
        is_offered: whether it can be taken now.

    Raises:
        InvalidInput: the tier is free, or the price is not a positive number of cents.
    """

    plan_id: str
    tier: Tier
    price: Money
    is_offered: bool = True

    def __post_init__(self) -> None:
        if not is_paying(self.tier):
            raise InvalidInput(f"tier {self.tier.value} is not paid for", where=self.plan_id)
        if self.price.amount <= 0 or self.price != self.price.rounded():
            raise InvalidInput(
                f"a price of {self.price.amount}", where=self.plan_id, remedy="give a positive number of cents"
            )


@dataclass(frozen=True, slots=True)
class SubscriptionPolicy:
    """Figures of subscriptions.

    Args:
        trial_days: how long a trial lasts; 0 for none.
        grace_days: how long a tier stays after a paid period whose renewal has not been paid.
        refund_days: how long after somebody's first payment it is given back when asked.
    """

    trial_days: int = 7
    grace_days: int = 3
    refund_days: int = 7

    def __post_init__(self) -> None:
        require_bounds(self, {"trial_days": ("0", "30"), "grace_days": ("0", "7"), "refund_days": ("0", "60")})


def _monthly(tier: Tier, dollars: int) -> Plan:
    return Plan(f"{tier.value.lower()}_monthly", tier, Money(Decimal(f"{dollars}.00"), "USD"))


PLANS: Mapping[str, Plan] = MappingProxyType(
    {
        plan.plan_id: plan
        for plan in (
            _monthly(Tier.NIBBLER, 39),
            _monthly(Tier.FANG, 89),
            _monthly(Tier.COMMANDER, 139),
            _monthly(Tier.APEX, 188),
        )
    }
)
"""The plans a new store begins with, by id (rules: risk, the tier table)."""


def plan_of_tier(tier: Tier, plans: Mapping[str, Plan] = PLANS) -> Plan | None:
    """Find the plan that is offered for a tier; None when there is none."""
    return next((plan for plan in plans.values() if plan.tier is tier and plan.is_offered), None)
