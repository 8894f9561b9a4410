"""Plans, and what gateways told, in memory."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, Conflict

if TYPE_CHECKING:
    from bitten_adapters.memory.members.subscriptions import MemorySubscriptions
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.membership.subscription import GatewayEvent, Plan

__all__ = ["MemoryGatewayEvents", "MemoryPlans"]


class MemoryPlans:
    """Plans by id."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._plans: dict[str, Plan] = {}

    def begin(self, plan: Plan) -> bool:
        """Keep a plan where there is none of its id; False where there is one."""
        self._transaction.to_write()
        if plan.plan_id in self._plans:
            return False
        self._transaction.put(self._plans, plan.plan_id, plan)
        return True

    def put(self, plan: Plan) -> None:
        """Keep a new plan, or replace the one of the same id."""
        self._transaction.to_write()
        stored = self._plans.get(plan.plan_id)
        if stored is not None and stored.tier is not plan.tier:
            raise BrokenInvariant(f"plan {plan.plan_id} gives {stored.tier.value}, and keeps it")
        self._transaction.put(self._plans, plan.plan_id, plan)

    def all(self) -> tuple[Plan, ...]:
        """List them, by id."""
        self._transaction.to_read()
        return tuple(plan for _, plan in sorted(self._plans.items()))


class MemoryGatewayEvents:
    """Events by gateway and id."""

    def __init__(self, transaction: Transaction, subscriptions: MemorySubscriptions) -> None:
        self._transaction, self._subscriptions = transaction, subscriptions
        self._events: dict[tuple[str, str], GatewayEvent] = {}

    def add(self, event: GatewayEvent, received_at: int) -> bool:
        """Keep an event, once for its id."""
        self._transaction.to_write()
        stored = self._events.get((event.gateway, event.event_id))
        if stored is None:
            self._transaction.put(self._events, (event.gateway, event.event_id), event)
            return True
        if stored != event:
            raise Conflict(f"{event.gateway} event {event.event_id} came in two forms")
        return False

    def of_subscription(self, gateway: str, subscription_ref: str) -> tuple[GatewayEvent, ...]:
        """List a subscription's events by their order."""
        self._transaction.to_read()
        wanted = gateway, subscription_ref
        found = [one for one in self._events.values() if (one.gateway, one.subscription_ref) == wanted]
        return tuple(sorted(found, key=lambda one: one.order))

    def unfolded(self) -> tuple[tuple[str, str], ...]:
        """List the subscriptions that are worked out from fewer events than are kept."""
        self._transaction.to_read()
        kept = Counter((one.gateway, one.subscription_ref) for one in self._events.values())
        return tuple(sorted(ref for ref, count in kept.items() if count > self._subscriptions.events_of(*ref)))
