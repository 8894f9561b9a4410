"""Subscribing on every store, at the local gateway: trials, plans, ends, refunds, and money that came twice."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.cryptography.blind_index import HmacBlindIndex
from bitten_adapters.local_gateway.payments import LocalPayments
from bitten_adapters.local_gateway.wire import GATEWAY, LocalEventReader, signed
from bitten_adapters.system.dice import SystemDice
from bitten_adapters.system.identity import SystemIdentity
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.errors import Conflict, InvalidInput, OutcomeUnknown, Unavailable
from bitten_domain.membership import Denial, DenialCode
from bitten_domain.membership.press_pass import PressPass
from bitten_domain.membership.privacy import ErasureEntry, erased
from bitten_domain.membership.subscription import PLANS, PlanChange, Subscription
from bitten_domain.use_cases.membership.change_subscription import AskRefund, ChangePlan, SetRenewal
from bitten_domain.use_cases.membership.collect_events import Collected, CollectEvents
from bitten_domain.use_cases.membership.plan_list import begin_plans
from bitten_domain.use_cases.membership.press_passes import ClaimPressPass
from bitten_domain.use_cases.membership.subscribe import OpenedCheckout, Subscribe, SubscribeCommand
from bitten_domain.use_cases.membership.surplus import GiveBackSurplus
from bitten_domain.use_cases.membership.tier_at import tier_at
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus, Tier

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.membership.subscription import Payment
    from bitten_domain.ports.membership.payments import RawEvent
    from bitten_domain.ports.unit_of_work import Repositories

    T = TypeVar("T")

SECRET = bytes(range(32))
INDEX = HmacBlindIndex(bytes(range(32)))
DAY, MONTH = 86_400, 30 * 86_400
USER = UserId("user-1")
FANG, APEX, NIBBLER = "fang_monthly", "apex_monthly", "nibbler_monthly"


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = s.NOON

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def monotonic_seconds(self) -> float:
        return float(self.at)


class Desk:
    """A store, a gateway and a clock."""

    named = GATEWAY

    def __init__(self, bench: UnitOfWorkBench) -> None:
        self.bench, self.clock = bench, HandClock()
        self.gateway = LocalPayments(self.clock, SystemDice(3), SystemIdentity(), SECRET)
        self._keys = itertools.count(1)
        self.write(lambda r: r.people.add(s.person(1, telegram_id=11)))

    @property
    def collect(self) -> CollectEvents:
        return CollectEvents(self.bench.store, self.gateway, LocalEventReader(SECRET), GATEWAY)

    def write(self, work: Callable[[Repositories], T]) -> T:
        return asyncio.run(self.bench.store.run(work))

    def read(self, work: Callable[[Repositories], T]) -> T:
        return asyncio.run(self.bench.store.read(work))

    def key(self) -> str:
        return f"key-{next(self._keys)}"

    def subscribe(self, plan: str = FANG, user: UserId = USER, key: str | None = None) -> OpenedCheckout | Denial:
        command = SubscribeCommand(key or self.key(), user, plan)
        return asyncio.run(Subscribe(self.bench.store, self.gateway, INDEX)(command, self.clock.at))

    def opened(self, plan: str = FANG) -> OpenedCheckout:
        found = self.subscribe(plan)
        assert isinstance(found, OpenedCheckout)
        return found

    def pay(self, opened: OpenedCheckout) -> str:
        ref = self.gateway.pay(opened.checkout.checkout_ref)
        self.told()
        return ref

    def paying(self, plan: str = FANG) -> str:
        """Pay for a plan, with the trial given up."""
        self.without_trial()
        return self.pay(self.opened(plan))

    def without_trial(self) -> None:
        person = s.person(1)
        self.write(lambda r: r.people.put(person))

    def told(self, raws: tuple[RawEvent, ...] | None = None) -> Collected:
        """Take what the gateway delivers, shuffled and repeated."""
        return asyncio.run(self.collect.take(self.gateway.deliver() if raws is None else raws, self.clock.at))

    def change(self, plan: str, key: str | None = None) -> PlanChange | Denial:
        change_plan = ChangePlan(self.bench.store, self.gateway, self.named)
        answer = asyncio.run(change_plan(key or self.key(), USER, plan, self.clock.at))
        self.told()
        return answer

    def renewal(self, *, renews: bool) -> Subscription | Denial:
        set_renewal = SetRenewal(self.bench.store, self.gateway, self.named)
        answer = asyncio.run(set_renewal(self.key(), USER, self.clock.at, renews=renews))
        self.told()
        return answer

    def refund(self) -> tuple[Payment, ...] | Denial:
        answer = asyncio.run(AskRefund(self.bench.store, self.gateway, self.named, INDEX)(USER, self.clock.at))
        self.told()
        return answer

    def renew(self, *, succeeds: bool = True) -> None:
        self.gateway.collect(succeeds=succeeds)
        self.told()

    def tier(self, user: int = 1) -> Tier:
        return self.read(lambda r: tier_at(r, s.person(user), self.clock.at))

    def payments(self) -> list[tuple[str, str]]:
        return [(str(one.amount.amount), str(one.refunded.amount)) for one in self.read(lambda r: r.payments.of(USER))]


@pytest.fixture
def desk(store_bench: UnitOfWorkBench) -> Desk:
    """Give a desk with a person who has the Telegram id 11."""
    return Desk(store_bench)


def codes(answer: object) -> tuple[DenialCode, ...]:
    assert isinstance(answer, Denial)
    return answer.codes


def test_given_a_first_subscription_when_begun_then_it_is_tried_for_a_week_and_paid_after(desk: Desk) -> None:
    opened = desk.opened()
    tiers = [desk.tier()]
    desk.pay(opened)
    tiers.append(desk.tier())
    desk.clock.at += 7 * DAY
    tiers.append(desk.tier())  # a trial has no grace
    desk.renew()
    tiers.append(desk.tier())

    assert (opened.trial_days, opened.checkout.is_test) == (7, True)
    assert tiers == [Tier.NONE, Tier.FANG, Tier.NONE, Tier.FANG]
    assert desk.payments() == [("89.00", "0.00")]


def test_given_a_trial_that_was_given_when_somebody_subscribes_again_then_there_is_no_second(desk: Desk) -> None:
    abandoned = [desk.opened().trial_days for _ in range(2)]
    desk.pay(desk.opened())
    desk.renewal(renews=False)
    desk.clock.at += 8 * DAY
    again = desk.opened().trial_days

    # Somebody else with the Telegram id of one who was erased.
    def erased(r: Repositories) -> None:
        r.people.put(replace(s.person(1), status=AccountStatus.DELETED))
        r.trials.forget(USER)
        r.people.add(s.person(2, telegram_id=11))

    desk.write(erased)
    other = desk.subscribe(user=UserId("user-2"))

    assert abandoned == [7, 7]
    assert again == 0
    assert isinstance(other, OpenedCheckout)
    assert other.trial_days == 0


def test_given_a_press_pass_or_no_telegram_id_when_somebody_subscribes_then_there_is_no_trial(desk: Desk) -> None:
    claimed = asyncio.run(ClaimPressPass(desk.bench.store, INDEX)(USER, desk.clock.at))
    after_pass = desk.opened().trial_days
    desk.write(lambda r: r.people.add(s.person(2)))
    without_id = desk.subscribe(user=UserId("user-2"))

    assert isinstance(claimed, PressPass)
    assert after_pass == 0
    assert isinstance(without_id, OpenedCheckout)
    assert without_id.trial_days == 0


def test_given_a_wish_when_it_is_repeated_with_its_key_then_it_is_the_same_checkout(desk: Desk) -> None:
    first, second = (desk.subscribe(key="one") for _ in range(2))

    assert first == second
    assert desk.subscribe(key="two") != first


@pytest.mark.parametrize("plan", ["no_such_plan", "old_monthly"])
def test_given_a_plan_that_is_not_offered_when_wanted_then_it_is_denied(plan: str, desk: Desk) -> None:
    old = replace(PLANS[FANG], plan_id="old_monthly", is_offered=False)
    desk.write(lambda r: r.plans.put(old))

    assert codes(desk.subscribe(plan)) == (DenialCode.NOT_OFFERED,)
    assert desk.read(lambda r: r.trials.by_key(INDEX("telegram_id", b"11"))) is None


def test_given_a_running_subscription_when_another_is_wanted_then_it_is_denied(desk: Desk) -> None:
    desk.paying()

    assert codes(desk.subscribe(APEX)) == (DenialCode.ALREADY_MEMBER,)


def test_given_plans_when_somebody_subscribes_then_what_was_sold_is_kept(desk: Desk) -> None:
    desk.opened()

    kept = {plan.plan_id: plan for plan in desk.read(lambda r: r.plans.all())}
    assert kept == dict(PLANS)


@pytest.mark.parametrize("status", [AccountStatus.BANNED, AccountStatus.DELETED])
def test_given_somebody_banned_when_they_ask_then_nothing_new_is_sold_and_they_can_still_leave(
    status: AccountStatus, desk: Desk
) -> None:
    desk.paying()
    desk.write(lambda r: r.people.put(replace(s.person(1), status=status)))

    assert DenialCode.STATUS in codes(desk.change(APEX))
    assert isinstance(desk.renewal(renews=False), Subscription)
    assert not isinstance(desk.refund(), Denial)


def test_given_an_upgrade_when_asked_for_twice_with_one_key_then_it_holds_at_once_and_is_charged_once(
    desk: Desk,
) -> None:
    desk.paying()
    desk.clock.at += 10 * DAY
    answers = [desk.change(APEX, "up")]
    tier = desk.tier()
    repeated = desk.change(APEX, "up")

    assert answers == [PlanChange.AT_ONCE]
    assert tier is Tier.APEX
    # Asked again it is the plan they have, and nothing more is charged: 99 USD for 20 of 30 days.
    assert codes(repeated) == (DenialCode.SAME_PLAN,)
    assert desk.payments() == [("89.00", "0.00"), ("66.00", "0.00")]


def test_given_a_downgrade_when_asked_for_then_it_holds_from_the_next_period_and_can_be_taken_back(desk: Desk) -> None:
    desk.paying()
    down = desk.change(NIBBLER)
    planned = desk.read(lambda r: r.subscriptions.of(USER))[0].next_plan_id
    back = desk.change(FANG)
    nothing_to_take_back = desk.change(FANG)
    again = desk.change(NIBBLER)
    tiers = [desk.tier()]
    desk.clock.at += MONTH
    desk.renew()
    tiers.append(desk.tier())

    assert (down, planned, back, again) == (
        PlanChange.AT_PERIOD_END,
        NIBBLER,
        PlanChange.AT_PERIOD_END,
        PlanChange.AT_PERIOD_END,
    )
    assert codes(nothing_to_take_back) == (DenialCode.SAME_PLAN,)
    assert tiers == [Tier.FANG, Tier.NIBBLER]
    assert desk.payments()[-1] == ("39.00", "0.00")


def test_given_a_cancellation_when_its_period_ends_then_the_tier_ends_with_it_to_the_second(desk: Desk) -> None:
    desk.paying()
    desk.renewal(renews=False)
    tiers = []
    for after in (0, MONTH - 1, MONTH, MONTH + DAY):
        desk.clock.at = s.NOON + after
        desk.renew()
        tiers.append(desk.tier())

    assert tiers == [Tier.FANG, Tier.FANG, Tier.NONE, Tier.NONE]
    assert len(desk.payments()) == 1
    assert codes(desk.renewal(renews=True)) == (DenialCode.NO_SUBSCRIPTION,)


def test_given_a_cancellation_when_taken_back_then_it_is_renewed(desk: Desk) -> None:
    desk.paying()
    for renews in (False, True, False, True):
        desk.renewal(renews=renews)
    desk.clock.at += MONTH
    desk.renew()

    assert desk.tier() is Tier.FANG
    assert len(desk.payments()) == 2


def test_given_a_renewal_that_fails_when_three_days_are_over_then_the_tier_ends_and_comes_back_when_paid(
    desk: Desk,
) -> None:
    desk.paying()
    tiers = []
    for after, succeeds in ((0, False), (3 * DAY - 1, False), (3 * DAY, False), (3 * DAY, True)):
        desk.clock.at = s.NOON + MONTH + after
        desk.renew(succeeds=succeeds)
        tiers.append(desk.tier())

    assert tiers == [Tier.FANG, Tier.FANG, Tier.NONE, Tier.FANG]


def test_given_a_first_payment_when_its_refund_is_asked_for_twice_then_it_goes_back_once_and_nothing_is_collected(
    desk: Desk,
) -> None:
    desk.paying()
    desk.clock.at += 7 * DAY - 1
    first, second = desk.refund(), desk.refund()
    tier = desk.tier()
    desk.clock.at += MONTH
    desk.renew()

    assert not isinstance(first, Denial)
    assert codes(second) == (DenialCode.NOTHING_TO_REFUND,)
    assert tier is Tier.NONE
    assert desk.payments() == [("89.00", "89.00")]


def test_given_somebody_erased_who_had_a_refund_when_they_come_and_pay_again_then_there_is_no_second_one(
    desk: Desk,
) -> None:
    desk.paying()
    desk.write(lambda r: r.people.put(s.person(1, 77)))
    first, again = desk.refund(), desk.refund()
    desk.write(lambda r: r.people.put(erased(s.person(1, 77))))
    desk.write(lambda r: r.people.add(s.person(2)))
    newcomer = UserId("user-2")
    opened = desk.subscribe(FANG, newcomer)
    assert isinstance(opened, OpenedCheckout)
    desk.pay(opened)
    desk.write(lambda r: r.people.put(s.person(2, 77)))

    answer = asyncio.run(AskRefund(desk.bench.store, desk.gateway, desk.named, INDEX)(newcomer, desk.clock.at))
    desk.told()

    assert isinstance(first, tuple)
    assert codes(again) == codes(answer) == (DenialCode.NOTHING_TO_REFUND,)
    assert isinstance(answer, Denial)
    assert answer.reasons[0].limit == "one refund for each Telegram account"
    assert [one.refunded.amount for one in desk.read(lambda r: r.payments.of(newcomer))] == [0]
    # With another Telegram id it is somebody else, who has one.
    desk.write(lambda r: r.people.put(s.person(2, 78)))
    other = asyncio.run(AskRefund(desk.bench.store, desk.gateway, desk.named, INDEX)(newcomer, desk.clock.at))
    assert isinstance(other, tuple)


def test_given_a_first_payment_when_seven_days_are_over_then_it_is_not_given_back(desk: Desk) -> None:
    desk.paying()
    desk.clock.at += 7 * DAY

    assert codes(desk.refund()) == (DenialCode.REFUND_TOO_LATE,)
    assert desk.tier() is Tier.FANG


def test_given_nobody_who_pays_when_they_cancel_or_change_then_it_is_denied(desk: Desk) -> None:
    answers = [desk.renewal(renews=False), desk.change(APEX), desk.refund()]

    assert [codes(one) for one in answers] == [
        (DenialCode.NO_SUBSCRIPTION,),
        (DenialCode.NO_SUBSCRIPTION,),
        (DenialCode.NOTHING_TO_REFUND,),
    ]
    with pytest.raises(InvalidInput, match="no person"):
        desk.subscribe(user=UserId("nobody"))


def test_given_an_upgrade_paid_in_the_seven_days_when_a_refund_is_asked_for_then_all_of_it_goes_back_once(
    desk: Desk,
) -> None:
    desk.paying()
    desk.clock.at += 3 * DAY
    desk.change(APEX)
    desk.clock.at += 3 * DAY
    first, second = desk.refund(), desk.refund()

    # 99 USD for 27 of 30 days are 89.10.
    assert isinstance(first, tuple)
    assert len(first) == 2
    assert codes(second) == (DenialCode.NOTHING_TO_REFUND,)
    assert desk.payments() == [("89.00", "89.00"), ("89.10", "89.10")]
    assert desk.tier() is Tier.NONE


def test_given_a_subscription_of_another_gateway_when_asked_for_then_this_one_is_not_asked(desk: Desk) -> None:
    desk.paying()
    desk.named = "other"

    for ask in (lambda: desk.renewal(renews=False), lambda: desk.change(APEX), desk.refund):
        with pytest.raises(InvalidInput, match="is at the gateway local"):
            ask()

    assert desk.told().new == 0
    assert desk.payments() == [("89.00", "0.00")]


def test_given_a_price_set_while_somebody_subscribes_first_when_plans_begin_then_it_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    dearer = replace(PLANS[FANG], price=s.usd("99.00"))
    desk.write(lambda r: r.plans.put(dearer))

    def behind(r: Repositories) -> None:
        # What was read before the other transaction ended.
        with monkeypatch.context() as patch:
            patch.setattr(type(r.plans), "all", lambda _: ())
            begin_plans(r)

    desk.write(behind)

    assert {one.plan_id: one for one in desk.read(lambda r: r.plans.all())} == {**PLANS, FANG: dearer}


# Money that came twice


def paid_twice(desk: Desk) -> None:
    """Pay at two checkouts that were both open."""
    desk.without_trial()
    both = [desk.opened(FANG), desk.opened(APEX)]
    desk.pay(both[0])
    desk.clock.at += 60
    desk.pay(both[1])


def surplus(desk: Desk) -> int:
    found = asyncio.run(GiveBackSurplus(desk.bench.store, desk.gateway, GATEWAY)(desk.clock.at))
    assert found.problems == ()
    return len(found.asked)


def test_I14_given_two_checkouts_that_were_paid_when_given_back_then_the_second_goes_back_once(desk: Desk) -> None:
    paid_twice(desk)
    before = desk.tier()
    counts = [surplus(desk), surplus(desk)]
    desk.told()
    counts.append(surplus(desk))
    after = desk.tier()
    desk.clock.at += MONTH
    desk.renew()

    audit = desk.read(lambda r: [(one.action, one.subject) for one in r.audit.recent(9)])
    told = [one for one in desk.read(lambda r: r.outbox.waiting(1 << 31, 99)) if "surplus" in one.message_id]
    # Asked for again until the gateway's event has come; it gives back once.
    assert counts == [1, 1, 0]
    assert (before, after) == (Tier.APEX, Tier.FANG)
    assert desk.payments() == [("89.00", "0.00"), ("188.00", "188.00"), ("89.00", "0.00")]
    assert audit == [("SURPLUS_GIVEN_BACK", USER)]
    assert len(told) == 1


def test_given_one_subscription_with_an_upgrade_when_looked_at_then_nothing_is_surplus(desk: Desk) -> None:
    desk.paying()
    desk.change(APEX)

    assert surplus(desk) == 0


def paid_twice_by(desk: Desk, number: int) -> str:
    """Let one more person pay at two checkouts; give the payment that is surplus."""
    user = UserId(f"user-{number}")
    desk.write(lambda r: r.people.add(s.person(number)))
    both = [desk.subscribe(plan, user) for plan in (FANG, APEX)]
    for opened in both:
        assert isinstance(opened, OpenedCheckout)
        desk.clock.at += 60
        desk.pay(opened)
    return desk.read(lambda r: r.payments.of(user))[-1].payment_ref


@pytest.mark.parametrize("error", [InvalidInput("no such payment"), OutcomeUnknown("cut"), Conflict("another wish")])
def test_given_one_refund_that_is_refused_when_given_back_then_everybody_else_is_and_it_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    refs = [paid_twice_by(desk, number) for number in (2, 3, 4)]
    refund = desk.gateway.refund

    async def refused(key: str, payment_ref: str) -> None:
        if payment_ref == refs[0]:
            raise error
        await refund(key, payment_ref)

    monkeypatch.setattr(desk.gateway, "refund", refused)
    found = asyncio.run(GiveBackSurplus(desk.bench.store, desk.gateway, GATEWAY)(desk.clock.at))
    desk.told()

    back = [desk.read(lambda r, n=n: r.payments.of(UserId(f"user-{n}")))[-1].refunded.amount for n in (2, 3, 4)]  # type: ignore[misc]
    assert [str(one) for one in back] == ["0.00", "188.00", "188.00"]
    assert len(found.problems) == 1
    assert refs[0] in found.problems[0]
    assert str(error) in found.problems[0]


# Whoever was erased


def erase(desk: Desk, at: int) -> None:
    """Leave of the person what an erasure leaves."""

    def work(r: Repositories) -> None:
        r.people.put(erased(s.person(1)))
        r.outbox.forget(USER)
        r.erasures.add(ErasureEntry(USER, at))

    desk.write(work)


def messages(desk: Desk) -> int:
    return len([one for one in desk.read(lambda r: r.outbox.waiting(1 << 31, 99)) if one.user_id == USER])


# By the machine's clock an erasure may lie years behind what a recording plays.
@pytest.mark.parametrize("erased_after", [MONTH - 1, 400 * DAY])
def test_given_a_renewal_collected_after_an_erasure_when_heard_then_it_goes_back_once_and_nobody_is_told(
    desk: Desk, erased_after: int
) -> None:
    desk.paying()
    erase(desk, s.NOON + erased_after)
    desk.clock.at += MONTH
    desk.renew()
    counts = [surplus(desk)]
    desk.told()
    counts.append(surplus(desk))
    desk.clock.at += MONTH
    desk.renew()

    assert counts == [1, 0]
    assert desk.payments() == [("89.00", "0.00"), ("89.00", "89.00")]
    assert messages(desk) == 0


def test_given_a_trial_begun_after_an_erasure_when_heard_then_it_ends_and_nothing_is_collected(desk: Desk) -> None:
    opened = desk.opened()
    erase(desk, s.NOON)
    desk.pay(opened)
    surplus(desk)
    desk.told()
    desk.clock.at += MONTH
    desk.renew()

    assert surplus(desk) == 0
    assert desk.payments() == []
    assert messages(desk) == 0


# Collecting what never arrived


def test_I9_given_events_that_never_arrived_when_collected_twice_then_nothing_is_missed_and_nothing_doubled(
    desk: Desk,
) -> None:
    desk.without_trial()
    opened = desk.opened()
    desk.gateway.pay(opened.checkout.checkout_ref)
    lost = desk.gateway.deliver()
    collected = [asyncio.run(desk.collect(desk.clock.at)) for _ in range(2)]
    late = desk.told(lost)

    assert [one.new for one in collected] == [1, 0]
    assert (late.new, late.problems) == (0, ())
    assert desk.payments() == [("89.00", "0.00")]
    assert desk.tier() is Tier.FANG


def test_given_a_clock_that_was_set_back_when_collected_then_what_happened_since_is_not_left_out(desk: Desk) -> None:
    desk.without_trial()
    first, second = desk.opened(FANG), desk.opened(APEX)
    desk.clock.at = s.NOON + 100 * DAY
    asyncio.run(desk.collect(desk.clock.at))
    desk.clock.at = s.NOON + 60
    desk.gateway.pay(first.checkout.checkout_ref)
    new = [asyncio.run(desk.collect(desk.clock.at)).new]
    desk.clock.at = s.NOON + 120
    desk.gateway.pay(second.checkout.checkout_ref)
    new.append(asyncio.run(desk.collect(desk.clock.at)).new)

    assert new == [1, 1]


def test_given_a_forgery_among_events_when_taken_then_it_is_told_and_the_others_are_taken(desk: Desk) -> None:
    desk.without_trial()
    desk.gateway.pay(desk.opened().checkout.checkout_ref)
    good = next(raw for raw in desk.gateway.deliver() if b"89.00" in raw.body)
    forged = replace(good, body=good.body.replace(b"89.00", b"88.00"))
    collected = asyncio.run(desk.collect.take([forged, *asyncio.run(desk.gateway.events_since(0))], desk.clock.at))

    assert collected.new == 1
    assert len(collected.problems) == 1
    assert desk.payments() == [("89.00", "0.00")]


def test_given_a_signed_event_of_an_unknown_plan_when_collected_then_it_is_told_once_as_new_and_then_as_waiting(
    desk: Desk,
) -> None:
    desk.without_trial()
    desk.gateway.pay(desk.opened().checkout.checkout_ref)
    raws = asyncio.run(desk.gateway.events_since(0))
    strange = [signed(raw.body.replace(b"fang_monthly", b"major_monthly"), SECRET, desk.clock.at) for raw in raws]
    first = asyncio.run(desk.collect.take(strange, desk.clock.at))
    second = asyncio.run(desk.collect.take(strange, desk.clock.at))

    assert (first.new, second.new) == (1, 0)
    assert ["major_monthly" in one for one in first.problems] == [True]
    assert second.problems == ()
    assert desk.tier() is Tier.NONE


def test_given_events_that_wait_when_collected_then_they_are_tried_again_once_an_hour(desk: Desk) -> None:
    early = replace(PLANS[FANG], plan_id="early_monthly")
    desk.without_trial()
    desk.gateway.pay(desk.opened().checkout.checkout_ref)
    raws = asyncio.run(desk.gateway.events_since(0))
    strange = [signed(raw.body.replace(b"fang_monthly", b"early_monthly"), SECRET, desk.clock.at) for raw in raws]
    desk.told(tuple(strange))
    # The gateway itself knows of no such event; its list is of no interest here.
    desk.gateway = LocalPayments(desk.clock, SystemDice(3), SystemIdentity(), SECRET)
    told = []
    for after, is_known in ((0, False), (60, True), (3_600, True), (7_200, True)):
        desk.clock.at = s.NOON + after
        if is_known:
            desk.write(lambda r: r.plans.put(early))
        told.append((len(asyncio.run(desk.collect(desk.clock.at)).problems), desk.tier()))

    assert told == [(1, Tier.NONE), (0, Tier.NONE), (0, Tier.FANG), (0, Tier.FANG)]


class Down(LocalPayments):
    """A gateway that does not answer."""

    async def events_since(self, moment: int) -> tuple[RawEvent, ...]:
        raise Unavailable("the gateway does not answer")


def test_given_a_gateway_that_is_down_when_collected_then_the_next_collection_asks_for_the_same(desk: Desk) -> None:
    down = Down(desk.clock, SystemDice(3), SystemIdentity(), SECRET)
    collect = CollectEvents(desk.bench.store, down, LocalEventReader(SECRET), GATEWAY)

    with pytest.raises(Unavailable):
        asyncio.run(collect(desk.clock.at))

    assert desk.read(lambda r: r.jobs.latest("gateway_events:local")) is None


def test_given_prices_when_read_from_the_plans_then_they_are_those_of_the_rules() -> None:
    assert {name: plan.price.amount for name, plan in PLANS.items()} == {
        "nibbler_monthly": Decimal("39.00"),
        "fang_monthly": Decimal("89.00"),
        "commander_monthly": Decimal("139.00"),
        "apex_monthly": Decimal("188.00"),
    }
