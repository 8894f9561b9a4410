"""Promises about reserved risk and about errands to brokers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import (
    UnitOfWorkBench,
    at_once,
    each,
    each_refused,
    expect,
    refused,
    rivals,
    told_apart,
)
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.values import IntentId

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.execution.protocol import Dispatch
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import Money

__all__ = ["ERRAND_PROMISES"]

_INTENT = s.fire(1).intent_id
_ORDER = s.order_id(1)


async def _add_fires(bench: UnitOfWorkBench, *numbers: int) -> None:
    def work(r: Repositories) -> None:
        s.add_accounts(r, 2)
        for number in numbers:
            r.intents.add(s.fire(number), s.attempt(s.fire(number), number))

    await bench.store.run(work)


async def _lowers_a_reservation(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, 1, 2)
    await each(bench, lambda r, number: r.reservations.hold(s.reservation(s.fire(number))), (2, 1))
    lower = s.reservation(s.fire(1), "4.123456789", "299.99")
    for _ in range(2):
        await bench.store.run(lambda r: r.reservations.hold(lower))
    wrong = (
        s.reservation(s.fire(1), "4.123456790", "299.99"),
        s.reservation(s.fire(1), "4.123456789", "300.00"),
        s.reservation(s.fire(1), "1.00", "300.00"),
    )
    await each_refused(bench, BrokenInvariant, lambda r, one: r.reservations.hold(one), wrong, "raising it")
    held = await bench.store.read(lambda r: [r.reservations.held(s.account_id(of)) for of in (1, 2)])
    expect(held, [(lower, s.reservation(s.fire(2))), ()], "what is held, by intent")


async def _releases_once(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, 1)

    def release(r: Repositories) -> Money:
        return r.reservations.release(_INTENT, s.NOON + 5)

    await refused(bench, BrokenInvariant, release, "releasing what was never held")
    await bench.store.run(lambda r: r.reservations.hold(s.reservation(s.fire(1), "10.00")))
    await bench.store.run(lambda r: r.reservations.hold(s.reservation(s.fire(1), "4.50")))
    expect(await bench.store.run(release), s.usd("4.50"), "risk that was still held")
    await refused(bench, BrokenInvariant, release, "a second release")
    again = s.reservation(s.fire(1), "1.00", "1.00")
    await refused(bench, BrokenInvariant, lambda r: r.reservations.hold(again), "holding after the release")
    expect(await bench.store.read(lambda r: r.reservations.held(s.account_id())), (), "what is held")
    await refused(bench, BrokenInvariant, lambda r: r.reservations.release(IntentId("x"), 1), "releasing a stranger's")


async def _releases_once_at_once(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, 1)
    await bench.store.run(lambda r: r.reservations.hold(s.reservation(s.fire(1))))
    results = await at_once(bench, [lambda r: r.reservations.release(_INTENT, s.NOON)] * 12)
    expect(told_apart(results, BrokenInvariant), ([s.usd("10.00")], 11), "releases and refusals of twelve at once")


async def _keeps_an_errand(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, 1)
    await bench.store.run(lambda r: r.dispatches.add(s.dispatch(1)))
    await refused(bench, Conflict, lambda r: r.dispatches.add(s.dispatch(1, s.NOON + 1)), "the same errand")
    found = await bench.store.read(lambda r: [r.dispatches.get(_ORDER), r.dispatches.get(s.order_id(99))])
    expect(found, [s.dispatch(1), None], "errands")


async def _lists_what_is_due(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, *range(1, 9))
    errands = [
        s.dispatch(1, s.NOON + 40),
        s.dispatch(2, s.NOON + 10),
        s.dispatch(3, s.NOON + 30, opens=False),
        s.dispatch(4, s.NOON + 20, opens=False),
        s.dispatch(5, s.NOON + 60),
        s.dispatch(6, s.NOON + 5),
        s.dispatch(7, s.NOON + 6),
        s.dispatch(8, s.NOON + 50),
    ]

    def work(r: Repositories) -> None:
        for errand in errands:
            r.dispatches.add(errand)
        r.dispatches.claim(s.order_id(6), "one", s.NOON + 1)
        r.dispatches.finish(s.order_id(7))

    await bench.store.run(work)

    def due(r: Repositories) -> list[list[int]]:
        asked = ((s.NOON + 50, 99), (s.NOON + 49, 99), (s.NOON + 50, 3), (s.NOON, 99), (s.NOON + 50, 0))
        return [[one.client_order_id - s.order_id(0) for one in r.dispatches.due(now, limit)] for now, limit in asked]

    expected = [[4, 3, 2, 1, 8], [4, 3, 2, 1], [4, 3, 2], [], []]
    expect(await bench.store.read(due), expected, "due: closing first, then the oldest, unclaimed, at most so many")


async def _claims_once(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, 1)
    await bench.store.run(lambda r: r.dispatches.add(s.dispatch(1)))

    claimed = await bench.store.run(lambda r: r.dispatches.claim(_ORDER, "one", s.NOON + 30))
    expected = replace(s.dispatch(1), claimed_by="one", lease_until=s.NOON + 30, fence=1)
    expect(claimed, expected, "the claimed errand")
    expect(await bench.store.read(lambda r: r.dispatches.get(_ORDER)), claimed, "the stored errand")
    found = await each(bench, lambda r, owner: r.dispatches.claim(_ORDER, owner, s.NOON + 9_999), ("two", "one"))
    expect(found, [None, None], "second claims")
    expect(await bench.store.read(lambda r: r.dispatches.get(_ORDER)), claimed, "the errand after a second claim")
    expect(await bench.store.run(lambda r: r.dispatches.claim(s.order_id(9), "one", 1)), None, "a stranger's claim")


async def _claims_once_at_once(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, 1)
    await bench.store.run(lambda r: r.dispatches.add(s.dispatch(1)))
    owners = [f"process-{number}" for number in range(12)]
    results = await rivals(bench, lambda r, owner: r.dispatches.claim(_ORDER, owner, s.NOON + 30), owners)
    claims = [claim for claim in told_apart(results, Conflict)[0] if claim is not None]
    expect(len(claims), 1, "claims that were given, of twelve at once")
    expect(await bench.store.read(lambda r: r.dispatches.get(_ORDER)), claims[0], "who has it")


async def _takes_over_what_ran_out(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, 1)
    await bench.store.run(lambda r: r.dispatches.add(s.dispatch(1)))

    async def taken(owner: str, now: int, until: int) -> Dispatch | None:
        return await bench.store.run(lambda r: r.dispatches.take_over(_ORDER, owner, s.NOON + now, s.NOON + until))

    expect(await taken("two", 999, 1_000), None, "taking over what nobody has claimed")
    await bench.store.run(lambda r: r.dispatches.claim(_ORDER, "one", s.NOON + 30))
    expect(await taken("two", 29, 99), None, "taking over a lease that runs")
    expected = replace(s.dispatch(1), claimed_by="one", lease_until=s.NOON + 40, fence=2)
    expect(await taken("one", 1, 40), expected, "taking over one's own")
    expected = replace(expected, claimed_by="two", lease_until=s.NOON + 99, fence=3)
    expect(await taken("two", 40, 99), expected, "taking over at the moment the lease runs out")
    expect(await bench.store.read(lambda r: r.dispatches.get(_ORDER)), expected, "the stored errand")
    owners = [f"process-{number}" for number in range(12)]
    results = await rivals(
        bench, lambda r, owner: r.dispatches.take_over(_ORDER, owner, s.NOON + 99, s.NOON + 120), owners
    )
    given = [one for one in told_apart(results, Conflict)[0] if one is not None]
    expect([one.fence for one in given], [4], "take-overs that were given, of twelve at once")


async def _finishes_for_ever(bench: UnitOfWorkBench) -> None:
    await _add_fires(bench, 1, 2)
    await each(bench, lambda r, number: r.dispatches.add(s.dispatch(number)), (1, 2))
    await bench.store.run(lambda r: r.dispatches.claim(_ORDER, "one", s.NOON + 30))
    await each(
        bench, lambda r, order_id: r.dispatches.finish(order_id), (_ORDER, s.order_id(2), _ORDER, s.order_id(77))
    )

    def work(r: Repositories) -> list[object]:
        return [
            r.dispatches.get(_ORDER),
            r.dispatches.due(s.NOON + 99, 9),
            r.dispatches.claim(s.order_id(2), "two", s.NOON + 99),
            r.dispatches.take_over(_ORDER, "one", s.NOON + 99, s.NOON + 200),
        ]

    expect(await bench.store.run(work), [None, (), None, None], "a finished errand")
    await refused(bench, Conflict, lambda r: r.dispatches.add(s.dispatch(1)), "a finished errand added again")


ERRAND_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a reservation is held and lowered, never raised, and listed by intent", _lowers_a_reservation),
    ("a reservation is released once, with what it still held", _releases_once),
    ("of releases at once, one is given the risk", _releases_once_at_once),
    ("an errand is kept once and found while it is not finished", _keeps_an_errand),
    ("due errands are listed: closing first, then the oldest", _lists_what_is_due),
    ("an errand is claimed once, with a rising fence", _claims_once),
    ("of claims at once, one is given", _claims_once_at_once),
    ("an errand is taken over by its owner, or when its lease has run out", _takes_over_what_ran_out),
    ("a finished errand is never given, listed or added again", _finishes_for_ever),
)
"""Promises of `ReservationRepository` and `DispatchRepository`."""
