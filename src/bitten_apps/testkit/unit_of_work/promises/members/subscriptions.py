"""Promises about plans, gateway events, subscriptions and payments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import member_samples as m
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import (
    UnitOfWorkBench,
    each,
    each_refused,
    expect,
    refused,
    rivals,
    told_apart,
)
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["SUBSCRIPTION_PROMISES"]

_USER, _OTHER = UserId("user-1"), UserId("user-2")


async def _keeps_a_plans_tier(bench: UnitOfWorkBench) -> None:
    fang, apex = m.plan(), m.plan(Tier.APEX, "188.00")
    dearer = replace(m.plan(price="99.00"), is_offered=False)
    await each(bench, lambda r, one: r.plans.put(one), (fang, apex, dearer))
    other = replace(fang, tier=Tier.NIBBLER)
    await refused(bench, BrokenInvariant, lambda r: r.plans.put(other), "a plan given another tier")
    expect(await bench.store.read(lambda r: r.plans.all()), (apex, dearer), "plans, by id")


async def _begins_a_plan_once(bench: UnitOfWorkBench) -> None:
    dearer = replace(m.plan(price="99.00"), is_offered=False)
    begun = await each(bench, lambda r, one: r.plans.begin(one), (dearer, m.plan(), m.plan(Tier.APEX, "188.00")))
    expect(list(begun), [True, False, True], "whether a plan was begun")
    expected = (m.plan(Tier.APEX, "188.00"), dearer)
    expect(await bench.store.read(lambda r: r.plans.all()), expected, "plans that were there, as they were")


async def _keeps_an_event_once(bench: UnitOfWorkBench) -> None:
    late, early = m.gateway_event("late", at=s.NOON + 60), m.gateway_event("early")
    numbered = replace(m.gateway_event("numbered"), sequence=2)
    elsewhere = m.gateway_event("elsewhere", subscription_ref="subscription-2")
    other_gateway = replace(early, gateway="other")
    events = (late, numbered, early, elsewhere, other_gateway, early)
    kept = await each(bench, lambda r, one: r.gateway_events.add(one, s.NOON), events)
    expect(kept, [True, True, True, True, True, False], "whether events were new")
    changed = [
        replace(early, plan_id="apex_monthly"),
        replace(early, amount=s.usd("0.01")),
        replace(early, user_id=_OTHER),
        replace(early, created_at=early.created_at + 1),
    ]
    await each_refused(bench, Conflict, lambda r, one: r.gateway_events.add(one, s.NOON), changed, "an event changed")
    found = await bench.store.read(lambda r: r.gateway_events.of_subscription("local", "subscription-1"))
    expect(found, (early, numbered, late), "a subscription's events, in the gateway's order")


async def _keeps_one_event_of_many_at_once(bench: UnitOfWorkBench) -> None:
    event = m.gateway_event("one")
    results = await rivals(bench, lambda r, at: r.gateway_events.add(event, at), range(s.NOON, s.NOON + 12))
    kept, _ = told_apart(results, Conflict)
    found = await bench.store.read(lambda r: r.gateway_events.of_subscription("local", "subscription-1"))
    expect((sum(kept), found), (1, (event,)), "one event that came twelve times at once")


async def _tells_what_is_not_folded(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    events = [m.gateway_event("1"), m.gateway_event("2"), m.gateway_event("3", subscription_ref="subscription-2")]
    await each(bench, lambda r, one: r.gateway_events.add(one, s.NOON), events)
    waiting = [await bench.store.read(lambda r: r.gateway_events.unfolded())]
    for count in (1, 2):
        await bench.store.run(lambda r, n=count: r.subscriptions.put(m.subscription("subscription-1", events=n)))  # type: ignore[misc]
        waiting.append(await bench.store.read(lambda r: r.gateway_events.unfolded()))
    both = (("local", "subscription-1"), ("local", "subscription-2"))
    expect(waiting, [both, both, both[1:]], "subscriptions with events that wait")


async def _has_one_current_subscription(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    first, second = m.subscription("one", is_current=True), m.subscription("two")
    theirs = m.subscription("three", of=2, is_current=True)
    await each(bench, lambda r, one: r.subscriptions.put(one), (second, theirs, first))
    await refused(
        bench, Conflict, lambda r: r.subscriptions.put(replace(second, is_current=True)), "a second current one"
    )
    found = await bench.store.read(lambda r: (r.subscriptions.of(_USER), r.subscriptions.current()))
    expect(found, ((first, second), (first, theirs)), "subscriptions")

    def changed_over(r: Repositories) -> None:
        r.subscriptions.put(replace(first, is_current=False, cancelled_at=s.NOON + 1, next_plan_id="", failed_at=7))
        r.subscriptions.put(replace(second, is_current=True))

    await bench.store.run(changed_over)
    names = await bench.store.read(lambda r: [one.subscription_ref for one in r.subscriptions.current()])
    expect(names, ["three", "two"], "current ones after a change, by reference")


async def _has_one_current_subscription_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    many = [m.subscription(f"subscription-{number:02}", is_current=True) for number in range(12)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.subscriptions.put(one), many), Conflict)
    found = await bench.store.read(lambda r: r.subscriptions.current())
    expect((len(kept), len(found)), (1, 1), "current subscriptions of twelve kept at once")


async def _goes_on_only(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    one = m.subscription("one", events=3)
    await bench.store.run(lambda r: r.subscriptions.put(one))
    wrong = [replace(one, events=2), replace(one, user_id=_OTHER)]
    await each_refused(bench, BrokenInvariant, lambda r, bad: r.subscriptions.put(bad), wrong, "a subscription")
    again = replace(one, periods=(), next_plan_id="apex_monthly", next_tier=Tier.APEX)
    await bench.store.run(lambda r: r.subscriptions.put(again))
    expect(await bench.store.read(lambda r: r.subscriptions.of(_USER)), (again,), "worked out anew")


async def _holds_a_persons_subscriptions(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)

    def added(r: Repositories, number: int) -> int:
        held = r.subscriptions.lock(_USER)
        r.subscriptions.put(m.subscription(f"subscription-{number}", is_current=not held))
        return len(held)

    # Not one of them loses: whoever comes later waits, though there is no subscription to hold at first.
    seen, lost = told_apart(await rivals(bench, added, range(12)), Conflict)
    expect((sorted(seen), lost), (list(range(12)), 0), "what twelve saw who held a person's subscriptions at once")


async def _keeps_what_was_paid(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    first, second = m.payment("one", paid_at=s.NOON + 60), m.payment("two", paid_at=s.NOON + 90)
    await each(bench, lambda r, one: r.payments.put(one), (second, first, m.payment("three", of=2)))
    back = m.payment("one", paid_at=s.NOON + 60, refunded="20.00")
    await bench.store.run(lambda r: r.payments.put(back))
    wrong = [
        first,
        replace(back, amount=s.usd("88.00")),
        replace(back, subscription_ref="subscription-2"),
        replace(back, plan_id="apex_monthly"),
        replace(back, user_id=_OTHER),
        replace(back, paid_at=back.paid_at + 1),
    ]
    await each_refused(bench, BrokenInvariant, lambda r, bad: r.payments.put(bad), wrong, "a payment")
    # An event that came late may say that it was paid earlier.
    earlier = replace(back, paid_at=s.NOON + 30, refunded=s.usd("89.00"))
    await bench.store.run(lambda r: r.payments.put(earlier))
    expect(await bench.store.read(lambda r: r.payments.of(_USER)), (earlier, second), "payments, oldest first")


SUBSCRIPTION_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a plan is replaced, and gives its tier for ever", _keeps_a_plans_tier),
    ("a plan is begun where there is none, and changes none that is there", _begins_a_plan_once),
    ("an event is kept once, as it came, in the gateway's order", _keeps_an_event_once),
    ("of one event that comes many times at once, one is kept", _keeps_one_event_of_many_at_once),
    ("subscriptions with events that wait are told", _tells_what_is_not_folded),
    ("a person has at most one current subscription", _has_one_current_subscription),
    ("of current subscriptions kept at once, one stands", _has_one_current_subscription_at_once),
    ("a subscription is replaced by one of as many events, of the same person", _goes_on_only),
    (
        "whoever holds a person's subscriptions is alone with them, also before the first",
        _holds_a_persons_subscriptions,
    ),
    ("a payment stays what it was, and no less of it is given back", _keeps_what_was_paid),
)
"""Promises of `PlanRepository`, `GatewayEventRepository`, `SubscriptionRepository` and `PaymentRepository`."""
