"""Payments: how members pay, at a gateway that tells what happened by events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.membership.subscription import GatewayEvent, Plan, PlanChange
    from bitten_domain.values import UserId

__all__ = ["Checkout", "CheckoutOrder", "EventReader", "Payments", "RawEvent"]


@dataclass(frozen=True, slots=True)
class CheckoutOrder:
    """A subscription somebody wants to begin.

    Args:
        key: unique for the wish; the same key again is the same wish.
        user_id: who; every event of the subscription names them.
        plan: what.
        trial_days: days without payment first; 0 for none.
    """

    key: str
    user_id: UserId
    plan: Plan
    trial_days: int = 0


@dataclass(frozen=True, slots=True)
class Checkout:
    """Where somebody pays.

    Args:
        checkout_ref: its id at the gateway.
        url: to be opened by the person.
        expires_at: seconds since 1970 UTC.
        is_test: no real money can be paid there; it is labelled so.
    """

    checkout_ref: str
    url: str
    expires_at: int
    is_test: bool


class Payments(Protocol):
    """Ask a gateway for what concerns money.

    Promises, each checked by the contract suite:

    - Nothing here says that somebody has paid: only events do, which the gateway sends by itself. Returning means that
      the wish was taken.
    - The same key again gives the same answer and moves no money twice; the same key for another wish is `Conflict`.
    - `InvalidInput`: the gateway knows no such subscription or payment, or refuses. `Unavailable`: the wish was not
      taken, try again. `OutcomeUnknown`: it may have been; repeat it with the same key.
    - Every event concerns one subscription and names its person; its id is never given twice.
    """

    async def begin_checkout(self, order: CheckoutOrder) -> Checkout:
        """Open a place to pay at; abandoned, it does nothing."""
        ...

    async def change_plan(self, key: str, subscription_ref: str, plan: Plan, change: PlanChange) -> None:
        """Give a subscription another plan."""
        ...

    async def set_renewal(self, key: str, subscription_ref: str, *, renews: bool) -> None:
        """Let a subscription end with its period, or go on after all."""
        ...

    async def refund(self, key: str, payment_ref: str) -> None:
        """Give a payment back whole; a payment that was given back gives nothing more."""
        ...

    async def events_since(self, moment: int) -> tuple[RawEvent, ...]:
        """List the events created from a moment on (seconds since 1970 UTC), so that none is missed."""
        ...


@dataclass(frozen=True, slots=True)
class RawEvent:
    """An event as a gateway sends it.

    Args:
        body: the bytes that were signed.
        signature: as it came beside them.
    """

    body: bytes
    signature: str


class EventReader(Protocol):
    """Read what a gateway sent.

    Promises: what the gateway did not sign, or signed over other bytes or too long ago, is `InvalidInput`, and nothing
    of it is read; what it signed and this product does not use is None; the same bytes give the same event.
    """

    def __call__(self, raw: RawEvent, now: int) -> GatewayEvent | None:
        """Check an event and put it in the domain's words.

        Args:
            raw: as it came.
            now: seconds since 1970 UTC.
        """
        ...
