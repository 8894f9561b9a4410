"""Any press pass, trial, plan, gateway event, subscription and payment."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.membership.press_pass import DayScore, PressPass
from bitten_domain.membership.subscription import (
    GatewayEvent,
    GatewayEventKind,
    Payment,
    Period,
    Plan,
    Subscription,
    TrialMark,
    is_paying,
)
from bitten_domain.values import Money, UserId
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["gateway_events", "payments", "plans", "press_passes", "subscriptions", "trial_marks"]

_USER = UserId("user-1")
_K = GatewayEventKind
_keys = st.binary(min_size=32, max_size=32)
_tiers = st.sampled_from(Tier)
_spans = st.tuples(v.moments, st.integers(1, 40 * v.DAY_SECONDS)).map(lambda span: (span[0], span[0] + span[1]))

trial_marks: SearchStrategy[TrialMark] = st.builds(TrialMark, _keys, st.just(_USER), v.moments)
"""Trials of the first sample person."""


@st.composite
def press_passes(draw: DrawFn) -> PressPass:
    """Draw a press pass of the first sample person."""
    claimed_at, ends_at = draw(_spans)
    return PressPass(
        draw(_keys),
        _USER,
        claimed_at,
        ends_at,
        draw(v.optional(v.moments)),
        draw(v.optional(v.moments)),
        draw(v.optional(v.moments)),
        draw(st.integers(0, 2)),
        draw(st.booleans()),
        DayScore(draw(v.days), draw(v.counts)),
    )


@st.composite
def plans(draw: DrawFn) -> Plan:
    """Draw a plan."""
    tier = draw(_tiers.filter(is_paying))
    return Plan(draw(v.names), tier, draw(v.cents(draw(v.currencies), 1)), draw(st.booleans()))


@st.composite
def gateway_events(draw: DrawFn) -> GatewayEvent:
    """Draw an event of any kind, of anybody."""
    kind = draw(st.sampled_from(_K))
    event = GatewayEvent(
        draw(v.names),
        draw(v.names),
        _K.ENDED,
        draw(v.moments),
        draw(v.counts),
        UserId(draw(v.names)),
        draw(v.names),
        draw(v.names),
        is_test=draw(st.booleans()),
    )
    if kind in (_K.TRIAL_STARTED, _K.PERIOD_PAID):
        start, end = draw(_spans)
        event = replace(event, period_start=start, period_end=end, kind=_K.TRIAL_STARTED)
    if kind in (_K.PERIOD_PAID, _K.REFUNDED):
        amount = draw(v.cents(draw(v.currencies), 0))
        return replace(event, kind=kind, payment_ref=draw(v.names), amount=amount)
    return replace(event, kind=kind)


@st.composite
def subscriptions(draw: DrawFn) -> Subscription:
    """Draw a subscription of the first sample person."""
    spans = draw(st.lists(_spans, max_size=3))
    periods = tuple(
        Period(start, end, draw(v.names), draw(_tiers), draw(v.texts), draw(st.booleans())) for start, end in spans
    )
    next_plan = draw(v.texts)
    return Subscription(
        draw(v.names),
        draw(v.names),
        _USER,
        draw(v.moments),
        periods,
        next_plan,
        draw(_tiers) if next_plan else None,
        draw(v.optional(v.moments)),
        draw(v.optional(v.moments)),
        draw(v.counts),
        draw(st.booleans()),
        draw(st.booleans()),
    )


@st.composite
def payments(draw: DrawFn) -> Payment:
    """Draw a payment of the first sample person, of which something may have been given back."""
    currency, cents = draw(v.currencies), draw(st.integers(0, 10**12))
    back = draw(st.integers(0, cents))
    refunded_at = draw(v.moments if back else v.optional(v.moments))
    return Payment(
        draw(v.names),
        draw(v.names),
        _USER,
        draw(v.names),
        draw(v.names),
        Money(Decimal(cents).scaleb(-2), currency),
        draw(v.moments),
        Money(Decimal(back).scaleb(-2), currency),
        refunded_at,
        is_test=draw(st.booleans()),
    )
