"""Subscriptions: whatever order events come in, one state; no tier without a payment, none taken before its time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.membership import Denial, DenialCode
from bitten_domain.membership.press_pass import PressPass, PressPassPolicy
from bitten_domain.membership.subscription import (
    PLANS,
    GatewayEvent,
    Payment,
    Period,
    Plan,
    PlanChange,
    Subscription,
    SubscriptionPolicy,
    TrialMark,
    may_subscribe,
    payments_of,
    plan_change,
    refundable,
    subscription_of,
    subscription_state,
    subscription_tier,
    surplus,
    tier_now,
    trial_days_for,
    upgrade_price,
    with_current,
)
from bitten_domain.membership.subscription import GatewayEventKind as K
from bitten_domain.membership.subscription import SubscriptionState as S
from bitten_domain.values import Money, UserId
from bitten_domain.vocabulary import Tier

POLICY, PASSES = SubscriptionPolicy(), PressPassPolicy()
DAY = 86_400
MONTH = 30 * DAY
ANN = UserId("ann")
NIBBLER, FANG, COMMANDER, APEX = (PLANS[f"{name}_monthly"] for name in ("nibbler", "fang", "commander", "apex"))


def dollars(text: str) -> Money:
    return Money(Decimal(text), "USD")


def event(
    kind: K,
    at: int,
    *,
    plan: Plan = FANG,
    period: tuple[int, int] | None = None,
    payment: str = "",
    amount: str | None = None,
    name: str = "",
    ref: str = "sub-1",
) -> GatewayEvent:
    start, end = period or (None, None)
    money = None if amount is None else dollars(amount)
    event_id = name or f"{kind.value}-{at}-{payment}"
    return GatewayEvent("local", event_id, kind, at, 0, ANN, ref, plan.plan_id, start, end, payment, money)


def paid(start: int, number: int, plan: Plan = FANG, *, at: int | None = None, end: int | None = None) -> GatewayEvent:
    period = (start, start + MONTH if end is None else end)
    moment = start if at is None else at
    return event(K.PERIOD_PAID, moment, plan=plan, period=period, payment=f"pay-{number}", amount="89.00")


def state(events: list[GatewayEvent], now: int) -> tuple[S, Tier]:
    made = subscription_of(events, PLANS)
    return subscription_state(made, POLICY, now), subscription_tier(made, POLICY, now)


# A life with everything in it: a trial, a month, a dunned renewal, an upgrade, a refund of it, a downgrade, the end.
LIFE = [
    event(K.TRIAL_STARTED, 0, period=(0, 7 * DAY)),
    paid(7 * DAY, 1),
    event(K.PAYMENT_FAILED, 7 * DAY + MONTH),
    paid(7 * DAY + MONTH, 2, at=8 * DAY + MONTH),
    paid(20 * DAY + MONTH, 3, APEX, end=7 * DAY + 2 * MONTH),
    event(K.REFUNDED, 22 * DAY + MONTH, plan=APEX, payment="pay-3", amount="89.00"),
    event(K.PLAN_SCHEDULED, 24 * DAY + MONTH, plan=NIBBLER),
    event(K.CANCEL_REQUESTED, 25 * DAY + MONTH),
]


def test_given_every_permutation_of_a_life_when_folded_then_the_state_and_payments_are_the_same() -> None:
    # The trial comes last each time: the other seven in all their orders are 5,040.
    found = {
        (subscription_of([*others, LIFE[0]], PLANS), payments_of([*others, LIFE[0]]))
        for others in permutations(LIFE[1:])
    }

    assert found == {(subscription_of(LIFE, PLANS), payments_of(LIFE))}


# Events of one subscription over two months, by quarter days; what the gateway numbers is left at 0, ties included.
MOMENTS = st.integers(0, 240).map(lambda quarter: quarter * DAY // 4)


@st.composite
def histories(draw: st.DrawFn) -> list[GatewayEvent]:
    made: list[GatewayEvent] = []
    for number in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(K))
        at, plan = draw(MOMENTS), draw(st.sampled_from(sorted(PLANS.values(), key=lambda one: one.plan_id)))
        period = (at, at + draw(st.integers(1, 40)) * DAY) if kind in (K.TRIAL_STARTED, K.PERIOD_PAID) else None
        # Few payment ids, so that refunds find their payments, come without one, and come twice.
        has_payment = kind in (K.PERIOD_PAID, K.REFUNDED)
        payment = f"pay-{draw(st.integers(0, 3))}" if has_payment else ""
        amount = draw(st.sampled_from(["10.00", "5.00"])) if has_payment else None
        made.append(event(kind, at, plan=plan, period=period, payment=payment, amount=amount, name=f"event-{number}"))
    return made


@settings(max_examples=150)
@given(history=histories(), data=st.data())
def test_given_any_events_when_shuffled_repeated_and_cut_into_deliveries_then_the_end_is_the_same(
    history: list[GatewayEvent], data: st.DataObject
) -> None:
    arrivals = data.draw(st.permutations(history + data.draw(st.lists(st.sampled_from(history), max_size=6))))
    seen: list[GatewayEvent] = []
    made: Subscription | None = None
    for arrived in arrivals:
        seen.append(arrived)
        made = subscription_of(seen, PLANS)

    assert made == subscription_of(history, PLANS)
    assert payments_of(arrivals) == payments_of(history)


def paid_until(history: list[GatewayEvent], now: int, *, grace: int) -> bool:
    """Say by brute force whether money, or a trial, covers a moment; written from the rule, not from the fold."""
    back: dict[str, list[tuple[int, Decimal]]] = {}
    firsts: dict[str, GatewayEvent] = {}
    for one in sorted(history, key=lambda each: (each.created_at, each.sequence, each.event_id)):
        if one.kind is K.REFUNDED and one.amount is not None:
            back.setdefault(one.payment_ref, []).append((one.created_at, one.amount.amount))
        elif one.kind is K.PERIOD_PAID:
            firsts.setdefault(one.payment_ref, one)
        elif one.kind is K.TRIAL_STARTED:
            firsts.setdefault(f"trial {one.period_start}", one)
    for one in firsts.values():
        start, end = one.period_start or 0, one.period_end or 0
        total = Decimal(0)
        for at, amount in back.get(one.payment_ref, []) if one.amount is not None else []:
            total += amount
            if one.amount is not None and total >= one.amount.amount:
                end = min(end, at)
                break
        longer = grace if one.kind is K.PERIOD_PAID else 0
        if start <= now < end + longer:
            return True
    return False


@settings(max_examples=150)
@given(history=histories(), now=MOMENTS)
def test_given_any_events_when_asked_at_any_moment_then_a_tier_is_there_when_paid_and_never_past_the_grace(
    history: list[GatewayEvent], now: int
) -> None:
    tier = subscription_tier(subscription_of(history, PLANS), POLICY, now)

    assert tier is not Tier.NONE or not paid_until(history, now, grace=0)
    assert tier is Tier.NONE or paid_until(history, now, grace=3 * DAY)


@settings(max_examples=150)
@given(history=histories(), now=MOMENTS, at=MOMENTS)
def test_given_any_events_when_cancelled_then_nothing_paid_is_taken_before_its_end_and_nothing_is_left_after(
    history: list[GatewayEvent], now: int, at: int
) -> None:
    before = [
        event(K.PAYMENT_FAILED, 0, name="failed"),
        *(one for one in history if one.kind is not K.CANCEL_WITHDRAWN),
    ]
    cancelled = subscription_of([*before, event(K.CANCEL_REQUESTED, at, name="cancel")], PLANS)

    tier = subscription_tier(cancelled, POLICY, now)

    assert (tier is not Tier.NONE) is paid_until(history, now, grace=0)
    assert tier in (Tier.NONE, subscription_tier(subscription_of(before, PLANS), POLICY, now))


@settings(max_examples=100)
@given(history=histories(), now=MOMENTS)
def test_given_any_events_when_named_then_the_state_and_the_tier_say_the_same(
    history: list[GatewayEvent], now: int
) -> None:
    made = subscription_of(history, PLANS)
    named = subscription_state(made, POLICY, now)

    gives = named in (S.TRIALING, S.ACTIVE, S.PAST_DUE, S.CANCELLED)
    assert gives is (subscription_tier(made, POLICY, now) is not Tier.NONE)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (0, (S.CANCELLED, Tier.FANG)),
        (7 * DAY - 1, (S.CANCELLED, Tier.FANG)),
        (7 * DAY + MONTH, (S.CANCELLED, Tier.FANG)),
        (21 * DAY + MONTH, (S.CANCELLED, Tier.APEX)),
        (22 * DAY + MONTH, (S.CANCELLED, Tier.FANG)),
        (7 * DAY + 2 * MONTH - 1, (S.CANCELLED, Tier.FANG)),
        (7 * DAY + 2 * MONTH, (S.EXPIRED, Tier.NONE)),
    ],
)
def test_given_the_whole_life_when_asked_at_a_moment_then_the_tier_is_what_was_paid(
    now: int, expected: tuple[S, Tier]
) -> None:
    assert state(LIFE, now) == expected


@pytest.mark.parametrize(
    ("events", "now", "expected"),
    [
        (LIFE[:1], 6 * DAY, (S.TRIALING, Tier.FANG)),
        (LIFE[:1], 7 * DAY, (S.EXPIRED, Tier.NONE)),
        (LIFE[:2], 8 * DAY, (S.ACTIVE, Tier.FANG)),
        (LIFE[:3], 7 * DAY + MONTH, (S.PAST_DUE, Tier.FANG)),
        (LIFE[:3], 10 * DAY + MONTH - 1, (S.PAST_DUE, Tier.FANG)),
        (LIFE[:3], 10 * DAY + MONTH, (S.EXPIRED, Tier.NONE)),
        (LIFE[:4], 11 * DAY + MONTH, (S.ACTIVE, Tier.FANG)),
        ([event(K.PAYMENT_FAILED, 0)], 0, (S.PENDING, Tier.NONE)),
        ([event(K.ENDED, 0)], 0, (S.EXPIRED, Tier.NONE)),
        ([paid(5, 1)], 4, (S.PENDING, Tier.NONE)),
        ([paid(0, 1), event(K.ENDED, DAY)], 2 * DAY, (S.CANCELLED, Tier.FANG)),
        ([paid(0, 1), event(K.ENDED, DAY), event(K.CANCEL_WITHDRAWN, 2 * DAY)], MONTH, (S.EXPIRED, Tier.NONE)),
        ([paid(0, 1), event(K.CANCEL_REQUESTED, 1), event(K.CANCEL_WITHDRAWN, 2)], 3, (S.ACTIVE, Tier.FANG)),
        ([paid(0, 1), event(K.PLAN_SCHEDULED, 1, plan=NIBBLER)], 2, (S.ACTIVE, Tier.FANG)),
        ([paid(0, 1), event(K.PLAN_SCHEDULED, 1, plan=NIBBLER)], MONTH, (S.PAST_DUE, Tier.NIBBLER)),
        ([paid(0, 1), event(K.PLAN_SCHEDULED, 1, plan=APEX)], MONTH, (S.PAST_DUE, Tier.FANG)),
        ([paid(0, 1), event(K.REFUNDED, 2, payment="pay-1", amount="89.00")], 2, (S.EXPIRED, Tier.NONE)),
        ([paid(0, 1), event(K.REFUNDED, 2, payment="pay-1", amount="88.99")], 2, (S.ACTIVE, Tier.FANG)),
    ],
)
def test_given_some_events_when_asked_at_a_moment_then_state_and_tier_are_the_rules(
    events: list[GatewayEvent], now: int, expected: tuple[S, Tier]
) -> None:
    assert state(events, now) == expected


def test_given_a_payment_of_the_next_plan_when_it_comes_then_nothing_is_scheduled_any_more() -> None:
    events = [paid(0, 1), event(K.PLAN_SCHEDULED, 1, plan=NIBBLER)]

    before, after = subscription_of(events, PLANS), subscription_of([*events, paid(MONTH, 2, NIBBLER)], PLANS)

    assert (before.next_plan_id, before.next_tier) == ("nibbler_monthly", Tier.NIBBLER)
    assert (after.next_plan_id, after.next_tier) == ("", None)
    assert subscription_tier(after, POLICY, MONTH) is Tier.NIBBLER


def test_given_a_refund_that_comes_before_its_payment_when_both_are_there_then_it_counts() -> None:
    refund = event(K.REFUNDED, 5, payment="pay-1", amount="89.00")

    assert payments_of([refund]) == ()
    assert [(one.refunded, one.refunded_at) for one in payments_of([refund, paid(0, 1)])] == [(dollars("89.00"), 5)]


def test_given_a_payment_that_is_told_under_two_ids_when_counted_then_the_first_telling_holds() -> None:
    told_again = replace(paid(0, 1, APEX, end=90 * DAY), event_id="again", created_at=1)

    made = subscription_of([told_again, paid(0, 1)], PLANS)

    assert made.periods == (Period(0, MONTH, "fang_monthly", Tier.FANG, "pay-1"),)
    assert len(payments_of([told_again, paid(0, 1)])) == 1


def test_given_more_given_back_than_paid_when_counted_then_it_is_what_was_paid() -> None:
    twice = [event(K.REFUNDED, at, payment="pay-1", amount="60.00") for at in (5, 6, 7)]

    assert [(one.refunded, one.refunded_at) for one in payments_of([paid(0, 1), *twice])] == [(dollars("89.00"), 6)]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [paid(0, 1), replace(paid(0, 1), created_at=1)],
        [paid(0, 1), replace(paid(9, 2), subscription_ref="sub-2")],
        [paid(0, 1), replace(paid(9, 2), user_id=UserId("bob"))],
        [paid(0, 1), replace(paid(9, 2), is_test=True)],
    ],
    ids=["none", "one id twice, differently", "two subscriptions", "two persons", "test beside real"],
)
def test_given_events_that_do_not_belong_together_when_folded_then_it_is_an_error(events: list[GatewayEvent]) -> None:
    with pytest.raises(BrokenInvariant):
        subscription_of(events, PLANS)


def test_given_a_plan_that_is_not_known_when_folded_then_it_says_which_event() -> None:
    with pytest.raises(InvalidInput, match="PERIOD_PAID-0-pay-1"):
        subscription_of([paid(0, 1)], {})


@pytest.mark.parametrize(
    "broken",
    [
        {"event_id": ""},
        {"period_start": None},
        {"period_end": 0},
        {"payment_ref": ""},
        {"amount": None},
        {"amount": dollars("1.005")},
        {"amount": dollars("-1.00")},
        {"sequence": -1},
        {"kind": K.CANCEL_REQUESTED},
        {"kind": K.REFUNDED},
    ],
    ids=str,
)
def test_given_an_event_that_lacks_what_its_kind_needs_when_made_then_it_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        replace(paid(0, 1), **broken)  # type: ignore[arg-type]


# Plan changes and prices


@pytest.mark.parametrize(
    ("elapsed_days", "price"),
    # FANG 89 to APEX 188: 99.00 for 30 days, 3.30 a day.
    [(0, "99.00"), (10, "66.00"), (29, "3.30")],
)
def test_given_a_month_when_upgraded_after_some_days_then_the_rest_is_charged(elapsed_days: int, price: str) -> None:
    period = Period(0, MONTH, FANG.plan_id, Tier.FANG, "pay-1")

    assert upgrade_price(FANG, APEX, period, elapsed_days * DAY) == dollars(price)


@given(length=st.integers(1, 40 * DAY), part=st.floats(0, 1, exclude_max=True), steps=st.integers(1, 3))
def test_given_any_moment_of_a_period_when_upgraded_then_the_price_is_the_exact_share_down_to_the_cent(
    length: int, part: float, steps: int
) -> None:
    plans = (NIBBLER, FANG, COMMANDER, APEX)
    now = int(length * part)
    wanted = plans[steps]
    exact = Fraction(wanted.price.amount - NIBBLER.price.amount) * (length - now) / length * 100

    charged = upgrade_price(NIBBLER, wanted, Period(0, length, NIBBLER.plan_id, Tier.NIBBLER, "pay-1"), now)

    assert int(charged.amount * 100) == exact.numerator // exact.denominator
    assert charged == charged.rounded()


@pytest.mark.parametrize(
    ("old", "new", "period", "now"),
    [
        (APEX, FANG, Period(0, MONTH, "x", Tier.APEX, "pay"), 1),
        (FANG, APEX, Period(0, MONTH, "x", Tier.FANG), 1),
        (FANG, APEX, Period(0, MONTH, "x", Tier.FANG, "pay"), MONTH),
    ],
    ids=["cheaper", "in a trial", "after the period"],
)
def test_given_what_is_no_upgrade_when_priced_then_it_is_an_error(
    old: Plan, new: Plan, period: Period, now: int
) -> None:
    with pytest.raises(BrokenInvariant):
        upgrade_price(old, new, period, now)


def test_given_two_plans_when_changed_then_up_is_at_once_and_down_at_the_end() -> None:
    assert plan_change(FANG, APEX) is PlanChange.AT_ONCE
    assert plan_change(APEX, NIBBLER) is PlanChange.AT_PERIOD_END


@pytest.mark.parametrize(
    ("wanted", "code"), [(FANG, DenialCode.SAME_PLAN), (replace(APEX, is_offered=False), DenialCode.NOT_OFFERED)]
)
def test_given_a_change_that_is_none_when_asked_then_it_is_denied(wanted: Plan, code: DenialCode) -> None:
    answer = plan_change(FANG, wanted)

    assert isinstance(answer, Denial)
    assert answer.codes == (code,)


def test_given_the_plans_when_read_then_prices_are_the_tier_tables() -> None:
    assert {plan.tier: str(plan.price) for plan in PLANS.values()} == {
        Tier.NIBBLER: "39.00 USD",
        Tier.FANG: "89.00 USD",
        Tier.COMMANDER: "139.00 USD",
        Tier.APEX: "188.00 USD",
    }


@pytest.mark.parametrize(("tier", "price"), [(Tier.PRESS_PASS, "1.00"), (Tier.APEX, "0.00"), (Tier.APEX, "1.005")])
def test_given_a_plan_that_cannot_be_when_made_then_it_is_refused(tier: Tier, price: str) -> None:
    with pytest.raises(InvalidInput):
        Plan("plan", tier, dollars(price))


# Beginning, trying, having it back


def test_given_a_subscription_that_runs_when_another_is_wanted_then_it_is_denied() -> None:
    running = subscription_of([paid(0, 1), event(K.CANCEL_REQUESTED, 1)], PLANS)

    answer = may_subscribe(replace(APEX, is_offered=False), [running], POLICY, DAY)

    assert answer is not None
    assert answer.codes == (DenialCode.NOT_OFFERED, DenialCode.ALREADY_MEMBER)
    assert may_subscribe(APEX, [running], POLICY, MONTH) is None


MARK = TrialMark(bytes(32), ANN, 0)
PASS = PressPass(bytes(32), None, 0, 7 * DAY)


@pytest.mark.parametrize(
    ("mark", "press_pass", "subscriptions", "days"),
    [
        (None, None, [], 7),
        (MARK, None, [], 7),
        (replace(MARK, user_id=UserId("an earlier account")), None, [], 0),
        (replace(MARK, user_id=None), None, [], 0),
        (None, PASS, [], 0),
        (MARK, None, [subscription_of(LIFE[:1], PLANS)], 0),
        (None, None, [subscription_of([paid(0, 1)], PLANS)], 0),
    ],
    ids=["never", "abandoned", "another account", "erased", "press pass", "tried", "paid"],
)
def test_given_a_telegram_id_when_a_trial_is_asked_for_then_it_gets_one_in_its_life(
    mark: TrialMark | None, press_pass: PressPass | None, subscriptions: list[Subscription], days: int
) -> None:
    assert trial_days_for(ANN, mark, press_pass, subscriptions, POLICY) == days


def payment(at: int, number: int, *, back: str = "0.00") -> Payment:
    given_back = None if back == "0.00" else at
    return Payment("local", f"pay-{number}", ANN, "sub", "fang", dollars("89.00"), at, dollars(back), given_back)


@pytest.mark.parametrize(
    ("payments", "now", "expected"),
    [
        ([payment(0, 1)], 7 * DAY - 1, "pay-1"),
        ([payment(DAY, 2), payment(0, 1)], 2 * DAY, "pay-1 pay-2"),
        ([replace(payment(DAY, 2), subscription_ref="two"), payment(0, 1)], 2 * DAY, "pay-1"),
        (
            [replace(payment(0, 1, back="89.00"), subscription_ref="two"), payment(DAY, 2)],
            2 * DAY,
            DenialCode.NOTHING_TO_REFUND,
        ),
        ([payment(0, 1)], 7 * DAY, DenialCode.REFUND_TOO_LATE),
        ([payment(0, 1, back="89.00"), payment(DAY, 2)], 2 * DAY, "pay-2"),
        ([payment(0, 1, back="89.00"), payment(DAY, 2, back="89.00")], 2 * DAY, DenialCode.NOTHING_TO_REFUND),
        ([], 0, DenialCode.NOTHING_TO_REFUND),
    ],
)
def test_given_payments_when_a_refund_is_asked_for_then_the_first_subscriptions_go_back_for_seven_days(
    payments: list[Payment], now: int, expected: str | DenialCode
) -> None:
    answer = refundable(payments, POLICY, now)

    assert (answer.codes[0] if isinstance(answer, Denial) else " ".join(one.payment_ref for one in answer)) == expected


# Over all of a person's subscriptions


def whole(subscriptions: list[Subscription], now: int, press_pass: PressPass | None = None) -> Tier:
    return tier_now(Tier.NONE, subscriptions, press_pass, policy=POLICY, pass_policy=PASSES, now=now)


def test_given_two_trials_that_a_gateway_let_through_when_asked_then_the_first_alone_counts() -> None:
    trials = [
        subscription_of([event(K.TRIAL_STARTED, start, period=(start, start + 7 * DAY), ref=f"sub-{start}")], PLANS)
        for start in (0, 10 * DAY)
    ]

    assert whole(trials, DAY) is Tier.FANG
    assert whole(trials, 11 * DAY) is Tier.NONE


def test_given_a_pass_and_a_subscription_when_asked_then_the_higher_tier_holds() -> None:
    lent = replace(PASS, activated_at=0)
    ended = [subscription_of([paid(0, 1), event(K.REFUNDED, DAY, payment="pay-1", amount="89.00")], PLANS)]

    assert whole([], DAY, lent) is Tier.PRESS_PASS
    assert whole(ended, 0, lent) is Tier.FANG
    assert whole(ended, DAY, lent) is Tier.PRESS_PASS


def test_given_two_subscriptions_at_once_when_marked_then_one_is_current_and_the_other_is_surplus() -> None:
    first, second = (subscription_of([replace(paid(at, 1), subscription_ref=f"sub-{at}")], PLANS) for at in (0, DAY))

    marked = with_current([second, first], POLICY, 2 * DAY)

    assert [(one.subscription_ref, one.is_current) for one in marked] == [("sub-0", True), (f"sub-{DAY}", False)]
    assert [one.subscription_ref for one in surplus([first, second], POLICY, 2 * DAY)] == [f"sub-{DAY}"]
    assert not any(one.is_current for one in with_current([first, second], POLICY, 90 * DAY))


@pytest.mark.parametrize(
    ("at", "period"), [(-1, (0, 1)), (7_258_118_400, (0, 1)), (0, (-5, 1)), (0, (0, 7_258_118_400)), (1 << 62, (0, 1))]
)
def test_given_an_event_of_an_absurd_time_when_it_is_made_then_it_is_refused(at: int, period: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput, match="before 1970 or after 2199"):
        event(K.TRIAL_STARTED, at, period=period)
