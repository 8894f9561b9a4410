"""Limits a user chooses: lowering is immediate, raising waits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.risk.policy.bounds import require_bounds

if TYPE_CHECKING:
    from bitten_domain.risk.policy.tiers import TierLimits

__all__ = [
    "LimitChoice",
    "UserLimits",
    "choose_limits",
    "default_limits",
    "limits_in_force",
    "lower_of",
    "with_due_raise",
]


@dataclass(frozen=True, slots=True)
class UserLimits:
    """What a user allows themselves.

    Args:
        risk_percent: risk per trade, 0.1 to 2 percent of the sizing balance.
        daily_loss_percent: loss of a trading day, 0.5 to 6 percent of the equity it started with.
        max_positions: most open positions, 1 to 10; the balance may allow fewer.

    Raises:
        InvalidInput: a figure lies outside its hard bounds.
    """

    risk_percent: Decimal = Decimal(1)
    daily_loss_percent: Decimal = Decimal(4)
    max_positions: int = 10

    def __post_init__(self) -> None:
        require_bounds(
            self,
            {"risk_percent": ("0.1", "2"), "daily_loss_percent": ("0.5", "6"), "max_positions": ("1", "10")},
        )


@dataclass(frozen=True, slots=True)
class LimitChoice:
    """A user's limits with a raise that may still be waiting.

    Args:
        current: limits that every decision of the desk takes, whatever waits.
        raised: limits that become current by `with_due_raise`, from `raise_at` on; None when nothing waits.
        raise_at: by the machine's clock, seconds since 1970 UTC; meaningless without a raise.
        chosen_at: when the user last chose limits themselves, by the same clock, even if they chose the default; None
            before.
    """

    current: UserLimits
    raised: UserLimits | None = None
    raise_at: int = 0
    chosen_at: int | None = None


def default_limits(tier: TierLimits) -> UserLimits:
    """Give the limits somebody of a tier has who never chose any."""
    return UserLimits(tier.default_risk_percent, tier.default_daily_loss_percent)


def lower_of(one: UserLimits, other: UserLimits) -> UserLimits:
    """Take the stricter of two sets of limits, figure by figure.

    A trading day keeps the limits it started with: the desk passes `lower_of(limits at the day's start, limits in
    force)`, so that a lowered limit bites at once and a raised one tomorrow.
    """
    return UserLimits(
        min(one.risk_percent, other.risk_percent),
        min(one.daily_loss_percent, other.daily_loss_percent),
        min(one.max_positions, other.max_positions),
    )


def limits_in_force(choice: LimitChoice, now: int) -> UserLimits:
    """Read the limits that hold once a raise that is due by `now` was made current.

    Args:
        choice: limits so far.
        now: by the machine's clock, never by the desk's, which may be a recording's; seconds since 1970 UTC.
    """
    return with_due_raise(choice, now).current


def with_due_raise(choice: LimitChoice, now: int) -> LimitChoice:
    """Make a raise current that has waited long enough; `now` as in `limits_in_force`."""
    if choice.raised is None or now < choice.raise_at:
        return choice
    return LimitChoice(choice.raised, chosen_at=choice.chosen_at)


def choose_limits(choice: LimitChoice, wanted: UserLimits, now: int, wait_seconds: int) -> LimitChoice:
    """Choose new limits: what is lower holds at once, what is higher after the wait.

    A new choice replaces a waiting raise and starts its wait again.

    Args:
        choice: limits so far.
        wanted: the complete new set.
        now: by the machine's clock, seconds since 1970 UTC.
        wait_seconds: how long a raise waits, >= 0.
    """
    lowered = lower_of(limits_in_force(choice, now), wanted)
    if lowered == wanted:
        return LimitChoice(lowered, chosen_at=now)
    return LimitChoice(lowered, wanted, now + wait_seconds, now)
