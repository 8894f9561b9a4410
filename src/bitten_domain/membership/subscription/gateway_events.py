"""Events of payment gateways, in the domain's words, whatever the gateway calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.values.identity_enum import IdentityEnum

if TYPE_CHECKING:
    from bitten_domain.values import Money, UserId

__all__ = ["GatewayEvent", "GatewayEventKind"]


class GatewayEventKind(IdentityEnum):
    """What happened at a gateway.

    TRIAL_STARTED: a period without payment began. PERIOD_PAID: a period was paid, be it the first, a renewal or the
    rest of one after an upgrade. PAYMENT_FAILED: a renewal could not be collected. PLAN_SCHEDULED: another plan holds
    from the next period on. CANCEL_REQUESTED, CANCEL_WITHDRAWN: the subscription ends with its period, or goes on.
    REFUNDED: a payment was given back or taken back. ENDED: the gateway gave the subscription up.
    """

    TRIAL_STARTED = "TRIAL_STARTED"
    PERIOD_PAID = "PERIOD_PAID"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    PLAN_SCHEDULED = "PLAN_SCHEDULED"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    CANCEL_WITHDRAWN = "CANCEL_WITHDRAWN"
    REFUNDED = "REFUNDED"
    ENDED = "ENDED"


_K = GatewayEventKind
_WITH_PERIOD = (_K.TRIAL_STARTED, _K.PERIOD_PAID)
_WITH_PAYMENT = (_K.PERIOD_PAID, _K.REFUNDED)
_END_OF_TIMES = 7_258_118_400
"""2200-01-01 00:00 UTC: a later time is a mistake, and some databases could not write it."""


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """One event, kept by its id and counted once.

    Events are ordered by `order`, not by when they arrived: a gateway that numbers a subscription's events gives the
    number, another one 0.

    Args:
        gateway: the gateway's name.
        event_id: its id there, unique for ever.
        kind: what happened.
        created_at: when, by the gateway's clock, seconds since 1970 UTC.
        sequence: the gateway's number of the event within its subscription, >= 0.
        user_id: whose subscription, as the checkout named them.
        subscription_ref: the subscription's id at the gateway.
        plan_id: the plan it concerns: of the period, or of the next one for PLAN_SCHEDULED.
        period_start, period_end: what TRIAL_STARTED and PERIOD_PAID give, `[start, end)`; None for other kinds.
        payment_ref: the payment's id at the gateway, for PERIOD_PAID and REFUNDED; empty for other kinds.
        amount: paid or given back, whole cents, for the same kinds; None for others.
        is_test: no real money moved.

    Raises:
        InvalidInput: what its kind needs is missing, what it does not know is there, or a figure is out of bounds.
    """

    gateway: str
    event_id: str
    kind: GatewayEventKind
    created_at: int
    sequence: int
    user_id: UserId
    subscription_ref: str
    plan_id: str
    period_start: int | None = None
    period_end: int | None = None
    payment_ref: str = ""
    amount: Money | None = None
    is_test: bool = False

    def __post_init__(self) -> None:
        self._expect(
            bool(self.gateway and self.event_id and self.user_id and self.subscription_ref and self.plan_id),
            "an id is missing",
        )
        self._expect(self.sequence >= 0, "a number of an event is not negative")
        start, end = self.period_start, self.period_end
        times = [one for one in (self.created_at, start, end) if one is not None]
        self._expect(all(0 <= one < _END_OF_TIMES for one in times), "a time lies before 1970 or after 2199")
        if self.kind in _WITH_PERIOD:
            self._expect(start is not None and end is not None and start < end, "a period ends after it begins")
        else:
            self._expect(start is None and end is None, "this kind has no period")
        if self.kind in _WITH_PAYMENT:
            self._expect(bool(self.payment_ref), "the payment has no id")
            amount = self.amount
            self._expect(
                amount is not None and amount.amount >= 0 and amount == amount.rounded(), "the amount is not in cents"
            )
        else:
            self._expect(not self.payment_ref and self.amount is None, "this kind has no payment")

    @property
    def order(self) -> tuple[int, int, str]:
        """Where it stands among the events of its subscription: by time, then by number, then by id."""
        return self.created_at, self.sequence, self.event_id

    def _expect(self, holds: bool, what: str) -> None:
        if not holds:
            raise InvalidInput(
                what, where=f"{self.gateway} event {self.event_id}", remedy="ask the gateway for it again"
            )
