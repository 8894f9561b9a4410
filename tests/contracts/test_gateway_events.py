"""What gateways tell, on every store: any order and any number of times end in one state, and effects come once."""

from __future__ import annotations

import asyncio
import itertools
import random
import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.errors import Conflict
from bitten_domain.membership import Person
from bitten_domain.membership.press_pass import DayScore, PressPass, PressPassPolicy, PressPassState, press_pass_state
from bitten_domain.membership.subscription import GatewayEvent, GatewayEventKind, Plan
from bitten_domain.use_cases.membership.gateway_events import EventTaken, FoldWaiting, TakeGatewayEvent
from bitten_domain.use_cases.membership.tier_at import tier_at
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Rank, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.ports.repositories.messages import OutboxMessage
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

    T = TypeVar("T")

DAY = 86_400
MONTH = 30 * DAY
NOW = s.NOON + 40 * DAY
_K = GatewayEventKind
FANG, APEX, NIBBLER = "fang_monthly", "apex_monthly", "nibbler_monthly"


def who(tag: int) -> UserId:
    return UserId(f"user#{tag}#")


def event(
    tag: int,
    name: str,
    kind: GatewayEventKind,
    after: int,
    *,
    plan: str = FANG,
    period: tuple[int, int] | None = None,
    payment: str = "",
    amount: str = "89.00",
    subscription: str = "one",
) -> GatewayEvent:
    """Make an event of somebody; whatever names them carries their tag."""
    start, end = (None, None) if period is None else (s.NOON + period[0], s.NOON + period[1])
    return GatewayEvent(
        "local",
        f"{name}#{tag}#",
        kind,
        s.NOON + after,
        0,
        who(tag),
        f"{subscription}#{tag}#",
        plan,
        start,
        end,
        f"{payment}#{tag}#" if payment else "",
        s.usd(amount) if payment else None,
        is_test=True,
    )


def story(tag: int) -> list[GatewayEvent]:
    """Tell of two months, an upgrade, a second checkout, refunds, and cancellations of which one was taken back."""
    return [
        event(tag, "paid", _K.PERIOD_PAID, 0, period=(0, MONTH), payment="p1"),
        event(tag, "up", _K.PERIOD_PAID, 10 * DAY, plan=APEX, period=(10 * DAY, MONTH), payment="p2", amount="66.00"),
        event(tag, "off", _K.CANCEL_REQUESTED, 11 * DAY),
        event(tag, "on", _K.CANCEL_WITHDRAWN, 12 * DAY),
        event(tag, "down", _K.PLAN_SCHEDULED, 13 * DAY, plan=NIBBLER),
        event(tag, "failed", _K.PAYMENT_FAILED, MONTH),
        event(
            tag,
            "again",
            _K.PERIOD_PAID,
            MONTH + DAY,
            plan=NIBBLER,
            period=(MONTH, 2 * MONTH),
            payment="p3",
            amount="39.00",
        ),
        # One payment that the gateway told of twice, under two ids.
        event(
            tag,
            "again2",
            _K.PERIOD_PAID,
            MONTH + DAY + 9,
            plan=NIBBLER,
            period=(MONTH, 2 * MONTH),
            payment="p3",
            amount="39.00",
        ),
        event(tag, "part", _K.REFUNDED, MONTH + 2 * DAY, payment="p2", amount="20.00"),
        event(
            tag,
            "two",
            _K.PERIOD_PAID,
            MONTH + 3 * DAY,
            period=(MONTH + 3 * DAY, 2 * MONTH + 3 * DAY),
            payment="p4",
            subscription="two",
        ),
        event(tag, "back", _K.REFUNDED, MONTH + 4 * DAY, payment="p4", subscription="two"),
        event(tag, "last", _K.CANCEL_REQUESTED, MONTH + 5 * DAY),
    ]


def with_pass(tag: int) -> Callable[[Repositories], None]:
    """Keep somebody, with a press pass that was claimed two days before they paid."""

    def work(r: Repositories) -> None:
        r.people.add(Person(who(tag), s.NOON - 3 * DAY, telegram_id=tag))
        claimed_at = s.NOON - 2 * DAY
        r.press_pass_days.lock(claimed_at // DAY, 10_000)
        key = tag.to_bytes(32, "big")
        r.press_passes.add(
            PressPass(key, who(tag), claimed_at, claimed_at + 7 * DAY, score=DayScore(claimed_at // DAY))
        )

    return work


async def taken(store: UnitOfWork, events: Sequence[GatewayEvent], until: int = NOW) -> list[EventTaken]:
    """Take events one after the other, the last of them at a moment."""
    take = TakeGatewayEvent(store)
    return [await take(one, until - len(events) + number) for number, one in enumerate(events, start=1)]


def state(r: Repositories, tag: int) -> str:
    """Write all that is stored of somebody, without their tag and the moments of messages."""
    told = sorted((one.message_id, one.body) for one in _messages(r) if one.user_id == who(tag))
    parts = [
        r.subscriptions.of(who(tag)),
        r.payments.of(who(tag)),
        r.press_passes.of(who(tag)),
        [r.gateway_events.of_subscription("local", f"{name}#{tag}#") for name in ("one", "two")],
        told,
        [tier_at(r, r.people.get(who(tag)) or s.person(), NOW + days * DAY) for days in (0, 14, 30, 90)],
    ]
    text = re.sub(r"telegram_key=b'.*?', user_id", "user_id", repr(parts))
    return re.sub(r"#\d+#", "", text)


def _messages(r: Repositories) -> tuple[OutboxMessage, ...]:
    return r.outbox.waiting(1 << 31, 1 << 20)


def run(bench: UnitOfWorkBench, work: Callable[[Repositories], T]) -> T:
    return asyncio.run(bench.store.run(work))


def read(bench: UnitOfWorkBench, work: Callable[[Repositories], T]) -> T:
    return asyncio.run(bench.store.read(work))


def memory() -> MemoryUnitOfWork:
    return MemoryUnitOfWork(lambda: bytes(16))


def test_I10_given_events_of_a_subscription_when_they_come_in_every_order_then_one_state_is_stored() -> None:
    chosen = [story(1)[number] for number in (0, 1, 3, 4, 6, 8)]
    found: set[str] = set()

    async def in_order(order: Sequence[GatewayEvent]) -> str:
        store = memory()
        await store.run(with_pass(1))
        await taken(store, order)
        return await store.read(lambda r: state(r, 1))

    for order in itertools.permutations(chosen):
        found.add(asyncio.run(in_order(order)))

    assert len(found) == 1
    assert "p1" in found.pop()


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_I9_I10_given_a_whole_story_when_it_comes_shuffled_and_repeated_then_one_state_is_stored(
    data: st.DataObject,
) -> None:
    events = story(1)
    more = data.draw(st.lists(st.sampled_from(events), max_size=12))
    order = data.draw(st.permutations(events + more))

    async def stored(arriving: Sequence[GatewayEvent]) -> str:
        store = memory()
        await store.run(with_pass(1))
        await taken(store, arriving)
        return await store.read(lambda r: state(r, 1))

    assert asyncio.run(stored(order)) == asyncio.run(stored(events))


def test_I9_I10_given_a_whole_story_of_many_when_each_comes_in_another_order_then_every_store_holds_the_same(
    store_bench: UnitOfWorkBench,
) -> None:
    # A person for each order, so that one store is enough; the first hears the story as it was.
    chance = random.Random(9)  # noqa: S311 - an order, not a secret
    for tag in range(1, 25):
        run(store_bench, with_pass(tag))
        events = story(tag)
        arriving = events if tag == 1 else chance.sample([*events, *events[:5]], len(events) + 5)
        asyncio.run(taken(store_bench.store, arriving))

    found = {read(store_bench, lambda r, tag=tag: state(r, tag)) for tag in range(1, 25)}  # type: ignore[misc]
    assert len(found) == 1
    (told,) = found
    # Seven moments: paid once for each payment, the pass converted by the first of them.
    assert told.count("Payment(") == 4
    assert f"converted_at={s.NOON}" in told


def test_I9_given_a_prefix_that_was_taken_when_it_comes_again_then_nothing_changes(
    store_bench: UnitOfWorkBench,
) -> None:
    run(store_bench, with_pass(1))
    events = story(1)
    for count in range(1, len(events) + 1):
        asyncio.run(taken(store_bench.store, events[count - 1 : count]))
        before = read(store_bench, lambda r: (state(r, 1), len(_messages(r))))
        again = asyncio.run(taken(store_bench.store, events[:count]))
        assert [one.is_new for one in again] == [False] * count
        assert read(store_bench, lambda r: (state(r, 1), len(_messages(r)))) == before


def test_I14_given_events_that_come_at_once_when_taken_then_every_effect_is_there_once(
    store_bench: UnitOfWorkBench,
) -> None:
    run(store_bench, with_pass(1))
    run(store_bench, with_pass(2))
    asyncio.run(taken(store_bench.store, story(2)))
    events = story(1) * 3
    random.Random(5).shuffle(events)  # noqa: S311 - an order, not a secret

    async def at_once() -> list[object]:
        take = TakeGatewayEvent(store_bench.store)
        return list(await asyncio.gather(*(take(one, NOW) for one in events)))

    answers = asyncio.run(at_once())

    assert sum(isinstance(one, EventTaken) and one.is_new for one in answers) == len(story(1))
    # What is current depends on the moment of the last one only.
    assert read(store_bench, lambda r: state(r, 1)) == read(store_bench, lambda r: state(r, 2))


def test_I10_given_two_events_of_somebody_when_they_come_in_the_same_moment_then_both_are_worked_in(
    store_bench: UnitOfWorkBench,
) -> None:
    tags = range(1, 41)
    for tag in tags:
        run(store_bench, with_pass(tag))

    async def at_once() -> None:
        take = TakeGatewayEvent(store_bench.store)
        await asyncio.gather(*(take(one, NOW) for tag in tags for one in story(tag)[:2]))

    asyncio.run(at_once())

    def events_of(r: Repositories) -> list[list[int]]:
        return [[one.events for one in r.subscriptions.of(who(tag))] for tag in tags]

    counts = read(store_bench, events_of)
    assert counts == [[2]] * 40
    assert read(store_bench, lambda r: r.gateway_events.unfolded()) == ()


@settings(max_examples=120, deadline=None)
@given(
    cancelled_after=st.integers(0, MONTH - 1),
    asked_after=st.integers(0, 3 * MONTH),
    order=st.permutations(range(3)),
)
def test_given_a_cancellation_when_any_moment_is_asked_then_the_tier_holds_to_the_periods_end_and_not_a_second_more(
    cancelled_after: int, asked_after: int, order: list[int]
) -> None:
    events = [
        event(1, "paid", _K.PERIOD_PAID, 0, period=(0, MONTH), payment="p1"),
        event(1, "off", _K.CANCEL_REQUESTED, cancelled_after),
        event(1, "ended", _K.ENDED, MONTH),
    ]
    store = memory()

    async def asked() -> Tier:
        await store.run(lambda r: r.people.add(Person(who(1), s.NOON)))
        await taken(store, [events[number] for number in order], s.NOON + asked_after)
        return await store.read(lambda r: tier_at(r, Person(who(1), s.NOON), s.NOON + asked_after))

    assert asyncio.run(asked()) is (Tier.FANG if asked_after < MONTH else Tier.NONE)


# What a payment does to a press pass


def one_pass(bench: UnitOfWorkBench) -> PressPass:
    found = read(bench, lambda r: r.press_passes.of(who(1)))
    assert found is not None
    return found


def paid(after: int, name: str = "paid") -> GatewayEvent:
    return event(1, name, _K.PERIOD_PAID, after, period=(after, after + MONTH), payment=name)


@pytest.mark.parametrize(
    ("after", "converted_at"),
    [
        (-2 * DAY, s.NOON - 2 * DAY),
        (0, s.NOON),
        (5 * DAY - 1, s.NOON + 5 * DAY - 1),
        (5 * DAY, None),  # the pass ended that second
        (-9 * DAY, s.NOON - 2 * DAY),  # paid before the claim, told later
    ],
)
def test_I14_given_a_pass_when_its_holder_pays_then_it_is_converted_by_the_payment_whenever_that_is_told(
    after: int, converted_at: int | None, store_bench: UnitOfWorkBench
) -> None:
    run(store_bench, with_pass(1))
    # The event comes long after the pass has ended, twice.
    asyncio.run(taken(store_bench.store, [paid(after)] * 2, s.NOON + 20 * DAY))

    assert one_pass(store_bench).converted_at == converted_at


def test_I14_given_a_pass_when_a_later_payment_is_told_first_then_the_first_payment_converts_it(
    store_bench: UnitOfWorkBench,
) -> None:
    run(store_bench, with_pass(1))
    late, early = paid(2 * DAY, "late"), paid(DAY, "early")
    seen = []
    for one in (late, early, late):
        asyncio.run(taken(store_bench.store, [one]))
        seen.append(one_pass(store_bench).converted_at)

    assert seen == [s.NOON + 2 * DAY, s.NOON + DAY, s.NOON + DAY]


def test_given_a_revoked_pass_when_its_holder_pays_then_it_stays_revoked(store_bench: UnitOfWorkBench) -> None:
    run(store_bench, with_pass(1))
    revoked = replace(one_pass(store_bench), revoked_at=s.NOON)
    run(store_bench, lambda r: r.press_passes.put(revoked))
    asyncio.run(taken(store_bench.store, [paid(60)]))

    assert one_pass(store_bench) == revoked
    assert press_pass_state(revoked, PressPassPolicy(), NOW) is PressPassState.REVOKED


def test_given_a_trial_when_it_begins_then_the_pass_is_not_converted(store_bench: UnitOfWorkBench) -> None:
    run(store_bench, with_pass(1))
    asyncio.run(taken(store_bench.store, [event(1, "try", _K.TRIAL_STARTED, 0, period=(0, 7 * DAY))]))

    assert one_pass(store_bench).converted_at is None


# What cannot be worked in is kept and told


def admins(r: Repositories) -> None:
    r.people.add(replace(s.person(1), rank=Rank.ADMIN))
    r.people.add(Person(who(1), s.NOON))


def odd(name: str = "odd", after: int = DAY) -> GatewayEvent:
    return event(1, name, _K.PLAN_SCHEDULED, after, plan="major_monthly")


def test_given_an_event_of_an_unknown_plan_when_it_comes_often_then_it_is_kept_and_told_once_and_what_held_holds(
    store_bench: UnitOfWorkBench,
) -> None:
    run(store_bench, admins)
    asyncio.run(taken(store_bench.store, [paid(0)]))
    before = read(store_bench, lambda r: r.subscriptions.of(who(1)))
    answers = asyncio.run(taken(store_bench.store, [odd(), odd(), odd()]))

    kept = read(store_bench, lambda r: r.gateway_events.of_subscription("local", "one#1#"))
    told = [one for one in read(store_bench, _messages) if one.user_id == s.person(1).user_id]
    audit = read(store_bench, lambda r: r.audit.recent(9))
    assert [(one.is_new, "major_monthly" in one.waits_for) for one in answers] == [
        (True, True),
        (False, True),
        (False, True),
    ]
    assert kept == (paid(0), odd())
    assert read(store_bench, lambda r: r.subscriptions.of(who(1))) == before
    assert len(told) == 1
    assert "major_monthly" in told[0].body
    assert [(one.action, one.subject) for one in audit] == [("GATEWAY_EVENT_WAITS", "local:odd#1#")]


def test_given_an_event_that_waits_when_its_plan_is_added_then_it_is_worked_in_with_those_that_came_meanwhile(
    store_bench: UnitOfWorkBench,
) -> None:
    run(store_bench, admins)
    renewed = event(1, "renewed", _K.PERIOD_PAID, MONTH, period=(MONTH, 2 * MONTH), payment="p2")
    asyncio.run(taken(store_bench.store, [paid(0), odd(), renewed]))
    waiting = asyncio.run(FoldWaiting(store_bench.store)(NOW))
    blocked = read(store_bench, lambda r: r.subscriptions.of(who(1))[0].events)
    run(store_bench, lambda r: r.plans.put(Plan("major_monthly", Tier.APEX, s.usd("300.00"))))
    mended = [asyncio.run(FoldWaiting(store_bench.store)(NOW)) for _ in range(2)]

    (made,) = read(store_bench, lambda r: r.subscriptions.of(who(1)))
    assert len(waiting) == 1
    assert "major_monthly" in waiting[0]
    assert (blocked, mended) == (1, [(), ()])
    assert (made.events, [period.payment_ref for period in made.periods]) == (3, ["paid#1#", "p2#1#"])
    assert sum("caught_up" in one.message_id for one in read(store_bench, _messages)) == 1


def test_given_an_event_of_somebody_unknown_when_taken_then_it_waits_until_they_are_there(
    store_bench: UnitOfWorkBench,
) -> None:
    (answer,) = asyncio.run(taken(store_bench.store, [paid(0)]))
    run(store_bench, lambda r: r.people.add(Person(who(1), s.NOON)))

    assert "no person" in answer.waits_for
    assert asyncio.run(FoldWaiting(store_bench.store)(NOW)) == ()
    assert len(read(store_bench, lambda r: r.payments.of(who(1)))) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        replace(paid(60, "other"), user_id=who(2)),  # a subscription of two persons
        replace(paid(60, "other"), payment_ref="paid#1#", amount=s.usd("1.00"), subscription_ref="two#1#"),
        replace(paid(60, "other"), payment_ref="paid#1#", user_id=who(2), subscription_ref="two#2#"),
    ],
    ids=["two persons", "payment of two amounts", "payment of two persons"],
)
def test_given_an_event_that_contradicts_others_when_taken_then_it_is_kept_and_told_and_changes_nothing(
    wrong: GatewayEvent, store_bench: UnitOfWorkBench
) -> None:
    run(store_bench, admins)
    run(store_bench, lambda r: r.people.add(Person(who(2), s.NOON)))
    asyncio.run(taken(store_bench.store, [paid(0)]))
    before = read(store_bench, lambda r: [(r.subscriptions.of(who(n)), r.payments.of(who(n))) for n in (1, 2)])
    (answer,) = asyncio.run(taken(store_bench.store, [wrong]))

    after = read(store_bench, lambda r: [(r.subscriptions.of(who(n)), r.payments.of(who(n))) for n in (1, 2)])
    kept = read(store_bench, lambda r: r.gateway_events.of_subscription("local", wrong.subscription_ref))
    assert answer.is_new
    assert answer.waits_for
    assert wrong in kept
    assert after == before


def test_given_an_id_that_comes_with_another_content_when_taken_then_it_is_a_conflict_and_the_first_stays(
    store_bench: UnitOfWorkBench,
) -> None:
    run(store_bench, admins)
    asyncio.run(taken(store_bench.store, [paid(0)]))

    with pytest.raises(Conflict):
        asyncio.run(taken(store_bench.store, [replace(paid(0), amount=s.usd("0.01"))]))

    (payment,) = read(store_bench, lambda r: r.payments.of(who(1)))
    assert payment.amount.amount == Decimal("89.00")
