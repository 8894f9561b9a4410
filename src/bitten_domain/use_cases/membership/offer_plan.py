"""Offer a plan: an ADMIN adds one, prices it anew, or offers it no longer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.access.standing import allowed
from bitten_domain.use_cases.membership.plan_list import begin_plans
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership.subscription import Plan
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["OfferPlan"]

_NAME = re.compile(r"[a-z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class OfferPlan:
    """Keep a plan. Whoever may grant a tier may price one; who has a plan keeps it, whatever becomes of its offer.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, plan: Plan, actor: UserId, at: int) -> Plan | Denial:
        """Keep it, with an entry in the audit log; the same again changes nothing.

        Args:
            plan: as it shall be.
            actor: who decides.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: the plan's name is none, there is no such person, or the plan of that id gives another tier,
                which it keeps.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        if not _NAME.fullmatch(plan.plan_id):
            raise InvalidInput(
                "that is no name of a plan", where="plan", remedy="take a-z, 0-9 and _, at most 40 of them"
            )
        return await durably(self.unit_of_work, lambda store: self._offered(store, plan, actor, at))

    def _offered(self, store: Repositories, plan: Plan, actor: UserId, at: int) -> Plan | Denial:
        by = allowed(store, actor, Action.GRANT_TIER, at, hold=True)
        if isinstance(by, Denial):
            return by
        known = begin_plans(store).get(plan.plan_id)
        if known is not None and known.tier is not plan.tier:
            raise InvalidInput(
                f"plan {plan.plan_id} gives {known.tier.value}, and keeps it", where="tier", remedy="choose another id"
            )
        if known != plan:
            store.plans.put(plan)
            detail = {"tier": plan.tier.value, "price": str(plan.price), "is_offered": plan.is_offered}
            store.audit.add(AuditEntry(at, actor, "PLAN_OFFERED", plan.plan_id, json.dumps(detail)))
        return plan
