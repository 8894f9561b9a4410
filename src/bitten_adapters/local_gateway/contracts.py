"""What the local gateway knows: checkouts, subscriptions, payments, wishes, and what it has sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.membership.subscription import Plan
    from bitten_domain.ports.membership.payments import Checkout, CheckoutOrder
    from bitten_domain.values import Money, UserId

__all__ = ["Contract", "GatewayBooks", "OpenCheckout", "Taken"]


@dataclass(frozen=True, slots=True)
class OpenCheckout:
    """A place to pay at.

    Args:
        checkout: as it was given out.
        order: what it is for.
        subscription_ref: what paying began; empty before.
    """

    checkout: Checkout
    order: CheckoutOrder
    subscription_ref: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """A subscription as the gateway keeps it.

    Args:
        ref: its id.
        user_id: whose.
        plan: of the running period.
        start, end: the running period, `[start, end)`.
        is_paid: the running period was paid; False for a trial.
        renews: it goes on after its period.
        next_plan: plan of the next period; None for the same.
        failures: of the renewal that is due.
        is_over: nothing more is collected.
        numbered: events so far.
    """

    ref: str
    user_id: UserId
    plan: Plan
    start: int
    end: int
    is_paid: bool
    renews: bool = True
    next_plan: Plan | None = None
    failures: int = 0
    is_over: bool = False
    numbered: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """A payment the gateway collected.

    Args:
        ref: its id.
        contract: the subscription it was for.
        plan_id: the plan it paid.
        amount: how much.
        is_back: it was given back.
    """

    ref: str
    contract: str
    plan_id: str
    amount: Money
    is_back: bool = False


@dataclass(slots=True)
class GatewayBooks:
    """All a gateway knows; it may be kept and taken up again.

    Args:
        checkouts: by their id.
        contracts: subscriptions, by their id.
        taken: payments, by their id.
        wishes: by their key: the wish in words, and the id of the checkout it opened; None where it opened none.
        sent: bodies of events with their moments, oldest first.
        waiting: how many of the newest were not delivered yet.
    """

    checkouts: dict[str, OpenCheckout] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    taken: dict[str, Taken] = field(default_factory=dict)
    wishes: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    sent: list[tuple[int, bytes]] = field(default_factory=list)
    waiting: int = 0
