"""What subscriptions give at a moment. Nothing of this is kept: it is worked out whenever it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.membership.calendar_day import DAY_SECONDS
from bitten_domain.membership.press_pass.holding import lent_tier
from bitten_domain.membership.subscription.records import SubscriptionState
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bitten_domain.membership.press_pass.passes import PressPass, PressPassPolicy
    from bitten_domain.membership.subscription.plans import SubscriptionPolicy
    from bitten_domain.membership.subscription.records import Period, Subscription

__all__ = ["is_live", "subscription_state", "subscription_tier", "surplus", "tier_now", "with_current"]

_S = SubscriptionState
_TIERS = tuple(Tier)
_LIVE = (_S.TRIALING, _S.ACTIVE, _S.PAST_DUE, _S.CANCELLED)


def subscription_state(subscription: Subscription, policy: SubscriptionPolicy, now: int) -> SubscriptionState:
    """Name what a subscription is at a moment (seconds since 1970 UTC).

    The grace follows a paid period only: not a trial, not one that was given back, not one that was to be the last.
    """
    running = _running(subscription, now)
    if running:
        if subscription.cancelled_at is not None:
            return _S.CANCELLED
        return _S.TRIALING if all(period.is_trial for period in running) else _S.ACTIVE
    if _in_grace(subscription, policy, now) is not None:
        return _S.PAST_DUE
    waits = any(now < period.start < period.end for period in subscription.periods)
    is_new = not subscription.periods and subscription.cancelled_at is None
    return _S.PENDING if waits or is_new else _S.EXPIRED


def subscription_tier(subscription: Subscription, policy: SubscriptionPolicy, now: int) -> Tier:
    """Give the tier of a subscription at a moment: the highest that is paid or tried then, or that of the grace.

    In the grace a lower plan chosen for the next period holds already.
    """
    running = _running(subscription, now)
    if running:
        return max((period.tier for period in running), key=_TIERS.index)
    last = _in_grace(subscription, policy, now)
    if last is None:
        return Tier.NONE
    chosen = subscription.next_tier
    return last.tier if chosen is None else min(last.tier, chosen, key=_TIERS.index)


def _running(subscription: Subscription, now: int) -> list[Period]:
    return [period for period in subscription.periods if period.start <= now < period.end]


def _in_grace(subscription: Subscription, policy: SubscriptionPolicy, now: int) -> Period | None:
    # Of periods that end together the dearest counts, as it did while they ran.
    paid = [period for period in subscription.periods if not period.is_trial]
    last = max(paid, key=lambda period: (period.end, not period.is_refunded, _TIERS.index(period.tier)), default=None)
    if last is None or last.is_refunded or subscription.cancelled_at is not None:
        return None
    return last if last.end <= now < last.end + policy.grace_days * DAY_SECONDS else None


def is_live(subscription: Subscription, policy: SubscriptionPolicy, now: int) -> bool:
    """Say whether a subscription gives something now."""
    return subscription_state(subscription, policy, now) in _LIVE


def with_current(
    subscriptions: Iterable[Subscription], policy: SubscriptionPolicy, now: int
) -> tuple[Subscription, ...]:
    """Mark a person's current subscription: of those that give something the one that began first; the others are not.

    The answer is in the order of beginning.
    """
    ordered = sorted(subscriptions, key=lambda one: (one.begun_at, one.gateway, one.subscription_ref))
    current = next((one for one in ordered if is_live(one, policy, now)), None)
    return tuple(replace(one, is_current=one is current) for one in ordered)


def surplus(subscriptions: Iterable[Subscription], policy: SubscriptionPolicy, now: int) -> tuple[Subscription, ...]:
    """List what a person pays for beside their current subscription, by two checkouts at once: to be given back."""
    marked = with_current(subscriptions, policy, now)
    return tuple(one for one in marked if not one.is_current and is_live(one, policy, now))


def tier_now(
    granted: Tier,
    subscriptions: Sequence[Subscription],
    press_pass: PressPass | None,
    *,
    policy: SubscriptionPolicy,
    pass_policy: PressPassPolicy,
    now: int,
) -> Tier:
    """Work out the tier somebody has at a moment: the highest of what was granted, is paid, is tried or is lent.

    Args:
        granted: by an ADMIN or the configuration; NONE for almost everybody.
        subscriptions: all of the person's; only the trial that began first counts, whatever a gateway let through.
        press_pass: the person's; None for none.
        policy, pass_policy: the figures.
        now: seconds since 1970 UTC.
    """
    found = [granted, lent_tier(press_pass, pass_policy, now)]
    found += [subscription_tier(one, policy, now) for one in _one_trial(subscriptions)]
    return max(found, key=_TIERS.index)


def _one_trial(subscriptions: Sequence[Subscription]) -> list[Subscription]:
    trials = [
        (period.start, one.gateway, one.subscription_ref)
        for one in subscriptions
        for period in one.periods
        if period.is_trial
    ]
    first = min(trials, default=None)
    return [
        replace(
            one,
            periods=tuple(
                period
                for period in one.periods
                if not period.is_trial or (period.start, one.gateway, one.subscription_ref) == first
            ),
        )
        for one in subscriptions
    ]
