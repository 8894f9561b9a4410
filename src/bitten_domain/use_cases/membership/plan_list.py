"""Plans as a store knows them: those it was given, over those a new store begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.membership.subscription import PLANS

if TYPE_CHECKING:
    from bitten_domain.membership.subscription import Plan
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["begin_plans", "plans_in"]


def plans_in(store: Repositories) -> dict[str, Plan]:
    """List every plan there ever was, by id."""
    return {**PLANS, **{plan.plan_id: plan for plan in store.plans.all()}}


def begin_plans(store: Repositories) -> dict[str, Plan]:
    """List every plan as `plans_in` does, and keep those a new store begins with.

    What was sold is then known by its price and tier, whatever a later version begins with.
    """
    kept = {plan.plan_id for plan in store.plans.all()}
    for name, plan in PLANS.items():
        if name not in kept:
            # One that was offered meanwhile stays as it is: nobody's first subscription overwrites a price.
            store.plans.begin(plan)
    return plans_in(store)
