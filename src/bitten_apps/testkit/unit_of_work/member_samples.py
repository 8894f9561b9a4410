"""Records of members to try a store with: small, valid, and told apart by a number."""

from __future__ import annotations

from bitten_apps.testkit.unit_of_work.samples import NOON, usd
from bitten_domain.membership.press_pass import DayScore, PressPass
from bitten_domain.membership.subscription import (
    GatewayEvent,
    GatewayEventKind,
    Payment,
    Period,
    Plan,
    Subscription,
    TrialMark,
)
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Tier

__all__ = [
    "gateway_event",
    "payment",
    "plan",
    "press_pass",
    "subscription",
    "telegram_key",
    "trial_mark",
]


def telegram_key(number: int = 1) -> bytes:
    """Make a keyed hash of a Telegram id."""
    return number.to_bytes(32, "big")


def press_pass(number: int = 1, claimed_at: int = NOON) -> PressPass:
    """Make a press pass of the person of the same number."""
    score = DayScore(claimed_at // 86_400, 45)
    return PressPass(telegram_key(number), UserId(f"user-{number}"), claimed_at, claimed_at + 7 * 86_400, score=score)


def trial_mark(number: int = 1) -> TrialMark:
    """Make the trial of the person of the same number."""
    return TrialMark(telegram_key(number), UserId(f"user-{number}"), NOON)


def plan(tier: Tier = Tier.FANG, price: str = "89.00") -> Plan:
    """Make a monthly plan of a tier."""
    return Plan(f"{tier.value.lower()}_monthly", tier, usd(price))


def gateway_event(name: str, of: int = 1, at: int = NOON, subscription_ref: str = "subscription-1") -> GatewayEvent:
    """Make the event of a paid month."""
    return GatewayEvent(
        gateway="local",
        event_id=name,
        kind=GatewayEventKind.PERIOD_PAID,
        created_at=at,
        sequence=1,
        user_id=UserId(f"user-{of}"),
        subscription_ref=subscription_ref,
        plan_id="fang_monthly",
        period_start=at,
        period_end=at + 30 * 86_400,
        payment_ref=f"payment of {name}",
        amount=usd("89.00"),
        is_test=True,
    )


def subscription(name: str, of: int = 1, *, events: int = 1, is_current: bool = False) -> Subscription:
    """Make a subscription with a paid month."""
    period = Period(NOON, NOON + 30 * 86_400, "fang_monthly", Tier.FANG, "payment")
    return Subscription(
        "local", name, UserId(f"user-{of}"), NOON, (period,), events=events, is_test=True, is_current=is_current
    )


def payment(name: str, of: int = 1, paid_at: int = NOON, refunded: str = "0.00") -> Payment:
    """Make the payment of a month."""
    refunded_at = None if refunded == "0.00" else paid_at + 60
    return Payment(
        "local", name, UserId(f"user-{of}"), "subscription-1", "fang_monthly", usd("89.00"), paid_at, usd(refunded),
        refunded_at, is_test=True,
    )  # fmt: skip
