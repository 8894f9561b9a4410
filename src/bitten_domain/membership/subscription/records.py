"""What is kept of a subscription: its periods and payments, worked out from the gateway's events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership.press_pass.passes import TELEGRAM_KEY_BYTES
from bitten_domain.values.identity_enum import IdentityEnum

if TYPE_CHECKING:
    from bitten_domain.values import Money, UserId
    from bitten_domain.vocabulary import Tier

__all__ = ["Payment", "Period", "Subscription", "SubscriptionState", "TrialMark"]


class SubscriptionState(IdentityEnum):
    """What a subscription is at a moment.

    PENDING: nothing of it has begun, since its first event has not come. TRIALING, ACTIVE: a period runs.
    PAST_DUE: a paid period is over, its renewal is not paid, and the grace runs. CANCELLED: a period runs, and the
    subscription ends with it. EXPIRED: it gives nothing any more.
    """

    PENDING = "PENDING"
    TRIALING = "TRIALING"
    ACTIVE = "ACTIVE"
    PAST_DUE = "PAST_DUE"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time a tier was paid or tried for, `[start, end)`.

    Args:
        start, end: seconds since 1970 UTC; equal when its payment was given back before it began.
        plan_id, tier: what holds in it.
        payment_ref: what paid for it; empty for a trial.
        is_refunded: its payment was given back, and it ended there.
    """

    start: int
    end: int
    plan_id: str
    tier: Tier
    payment_ref: str = ""
    is_refunded: bool = False

    @property
    def is_trial(self) -> bool:
        """Whether nothing was paid for it."""
        return not self.payment_ref


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as its events tell it; what it gives at a moment is worked out when it is asked for.

    Args:
        gateway, subscription_ref: which; the pair is unique.
        user_id: whose; it stays when that person is erased, and leads to nobody then.
        begun_at: time of its first event, seconds since 1970 UTC.
        periods: tried and paid, by start, then end; an upgrade's overlaps the one it came in.
        next_plan_id, next_tier: of the next period where another plan was chosen for it; empty and None otherwise.
        cancelled_at: when it was decided that it ends with its period; None while it renews.
        failed_at: when collecting a renewal last failed; None when nothing did since the last payment.
        events: how many events it was worked out from.
        is_test: no real money is in it.
        is_current: it is the person's subscription; they have at most one, and older ones are kept beside it.
    """

    gateway: str
    subscription_ref: str
    user_id: UserId
    begun_at: int
    periods: tuple[Period, ...] = ()
    next_plan_id: str = ""
    next_tier: Tier | None = None
    cancelled_at: int | None = None
    failed_at: int | None = None
    events: int = 0
    is_test: bool = False
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that moved, as a gateway says.

    Args:
        gateway, payment_ref: which; the pair is unique.
        user_id: who paid; it stays when that person is erased, and leads to nobody then.
        subscription_ref, plan_id: what for.
        amount: paid, whole cents.
        paid_at: seconds since 1970 UTC.
        refunded: given back so far, at most the amount.
        refunded_at: when the last of it went; None when nothing did.
        is_test: no real money moved.
    """

    gateway: str
    payment_ref: str
    user_id: UserId
    subscription_ref: str
    plan_id: str
    amount: Money
    paid_at: int
    refunded: Money
    refunded_at: int | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class TrialMark:
    """A trial that was given; a Telegram id gets one in its life.

    Args:
        telegram_key: keyed hash of the Telegram id, 32 bytes; it outlives the person's data.
        user_id: whom it was given to; None once that person was erased.
        at: when, seconds since 1970 UTC.
    """

    telegram_key: bytes
    user_id: UserId | None
    at: int

    def __post_init__(self) -> None:
        if len(self.telegram_key) != TELEGRAM_KEY_BYTES:
            raise BrokenInvariant(f"a Telegram key has {TELEGRAM_KEY_BYTES} bytes")
