"""What a member may ask for: to begin, to try, to change the plan, to have the first payment back."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from enum import Enum
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership.calendar_day import DAY_SECONDS
from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.subscription.standing import is_live
from bitten_domain.values import Money
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bitten_domain.membership.press_pass.passes import PressPass
    from bitten_domain.membership.subscription.plans import Plan, SubscriptionPolicy
    from bitten_domain.membership.subscription.records import Payment, Period, Subscription, TrialMark
    from bitten_domain.values import UserId

__all__ = ["PlanChange", "may_subscribe", "plan_change", "refundable", "trial_days_for", "upgrade_price"]

_TIERS = tuple(Tier)
_CENT = Decimal("0.01")


class PlanChange(Enum):
    """When another plan begins: an upgrade AT_ONCE, its difference charged; a downgrade AT_PERIOD_END."""

    AT_ONCE = "AT_ONCE"
    AT_PERIOD_END = "AT_PERIOD_END"


def may_subscribe(
    plan: Plan, subscriptions: Iterable[Subscription], policy: SubscriptionPolicy, now: int
) -> Denial | None:
    """Say what stands against a new subscription; None for nothing.

    Args:
        plan: the wanted one.
        subscriptions: all of the person's.
        policy: the figures.
        now: seconds since 1970 UTC.
    """
    reasons: list[DenialReason] = []
    if not plan.is_offered:
        reasons.append(
            DenialReason(
                DenialCode.NOT_OFFERED, "a plan that is offered", plan.plan_id, "see /subscribe for the others"
            )
        )
    if any(is_live(one, policy, now) for one in subscriptions):
        reasons.append(
            DenialReason(
                DenialCode.ALREADY_MEMBER,
                "no subscription that still runs",
                "one runs",
                "change its plan with /upgrade",
            )
        )
    return Denial(tuple(reasons)) if reasons else None


def trial_days_for(
    user_id: UserId,
    mark: TrialMark | None,
    press_pass: PressPass | None,
    subscriptions: Sequence[Subscription],
    policy: SubscriptionPolicy,
) -> int:
    """Give the days somebody may try for: once for each Telegram id, not after a press pass, not after having paid.

    A trial that was given and whose checkout was abandoned can still be begun by the same person.

    Args:
        user_id: who asks.
        mark: the trial this Telegram id was given; None for none.
        press_pass: the pass this Telegram id was given, whatever became of it; None for none.
        subscriptions: all of the person's.
        policy: the figures.
    """
    is_used = mark is not None and mark.user_id != user_id
    return 0 if is_used or press_pass is not None or any(one.periods for one in subscriptions) else policy.trial_days


def plan_change(now_on: Plan, wanted: Plan) -> PlanChange | Denial:
    """Say when another plan begins; to the same tier there is nothing to change."""
    if not wanted.is_offered:
        return Denial(
            (DenialReason(DenialCode.NOT_OFFERED, "a plan that is offered", wanted.plan_id, "see /subscribe"),)
        )
    if wanted.tier is now_on.tier:
        return Denial(
            (DenialReason(DenialCode.SAME_PLAN, "another tier", wanted.tier.value, "choose another, or leave it so"),)
        )
    is_higher = _TIERS.index(wanted.tier) > _TIERS.index(now_on.tier)
    return PlanChange.AT_ONCE if is_higher else PlanChange.AT_PERIOD_END


def upgrade_price(now_on: Plan, wanted: Plan, period: Period, now: int) -> Money:
    """Work out what an upgrade costs for the rest of the period: the difference, by the second, down to whole cents.

    Args:
        now_on: the plan the period was paid for.
        wanted: a dearer one.
        period: the running one.
        now: seconds since 1970 UTC, in the period.

    Raises:
        BrokenInvariant: the wanted plan is not dearer, currencies differ, the period is a trial, for which nothing was
            paid, or the moment is not in it.
    """
    difference = wanted.price - now_on.price
    if difference.amount <= 0:
        raise BrokenInvariant("an upgrade is to a dearer plan")
    if period.is_trial or not period.start <= now < period.end:
        raise BrokenInvariant("an upgrade is made within a paid period")
    # Multiplied before it is divided: the quotient alone would be rounded.
    share = difference.amount * (period.end - now) / (period.end - period.start)
    return Money(share.quantize(_CENT, ROUND_DOWN), difference.currency)


def refundable(payments: Iterable[Payment], policy: SubscriptionPolicy, now: int) -> tuple[Payment, ...] | Denial:
    """Find what is given back when asked: for seven days, somebody's first payment ever and what was paid on top of it.

    That is every payment for the same subscription within these days, so that no upgrade is left running. One that was
    given back already is left out.

    Args:
        payments: all of the person's, over all their subscriptions.
        policy: the figures.
        now: seconds since 1970 UTC.
    """
    ordered = sorted(payments, key=lambda one: (one.paid_at, one.gateway, one.payment_ref))
    first = ordered[0] if ordered else None
    until = 0 if first is None else first.paid_at + policy.refund_days * DAY_SECONDS
    left = tuple(one for one in ordered if _is_on_top(one, ordered[0], until) and one.refunded_at is None)
    if first is None or not left:
        actual = "nothing was paid" if first is None else "it was given back"
        return Denial((DenialReason(DenialCode.NOTHING_TO_REFUND, "a first payment", actual, "see /cancel to end it"),))
    if now >= until:
        days = (now - first.paid_at) // DAY_SECONDS
        return Denial(
            (
                DenialReason(
                    DenialCode.REFUND_TOO_LATE,
                    f"{policy.refund_days} days after the first payment",
                    f"{days} days ago",
                    "cancel, and it ends with its period",
                ),
            )
        )
    return left


def _is_on_top(one: Payment, first: Payment, until: int) -> bool:
    of_first = (one.gateway, one.subscription_ref) == (first.gateway, first.subscription_ref)
    return of_first and one.paid_at < until
