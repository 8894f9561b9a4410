"""Promises about persons, mandates and emergency stops."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, each, expect, refused, rivals, told_apart
from bitten_apps.testkit.unit_of_work.whole_store import GLOBAL_STOP
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership import Profile
from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Rank

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["PEOPLE_PROMISES"]

_BIG = (1 << 63) - 1


async def _knows_a_telegram_id_once(bench: UnitOfWorkBench) -> None:
    await each(bench, lambda r, one: r.people.add(one), (s.person(1, _BIG), s.person(2)))
    await refused(bench, Conflict, lambda r: r.people.add(s.person(1)), "the same person")
    await refused(bench, Conflict, lambda r: r.people.add(s.person(3, _BIG)), "somebody else's Telegram id")
    await bench.store.run(lambda r: r.people.add(s.person(4)))

    def work(r: Repositories) -> list[object]:
        users = [r.people.get(UserId(f"user-{number}")) for number in (1, 2, 3)]
        return [*users, r.people.by_telegram(_BIG), r.people.by_telegram(5)]

    expected = [s.person(1, _BIG), s.person(2), None, s.person(1, _BIG), None]
    expect(await bench.store.read(work), expected, "persons by id and by Telegram id")


async def _replaces_a_person(bench: UnitOfWorkBench) -> None:
    await each(bench, lambda r, one: r.people.add(one), (s.person(1, 11), s.person(2, 22)))
    await refused(bench, BrokenInvariant, lambda r: r.people.put(s.person(3)), "replacing nobody")
    await refused(bench, Conflict, lambda r: r.people.put(s.person(1, 22)), "somebody else's Telegram id")
    changed = replace(s.person(1, 12), rank=Rank.ELITE, has_live_consent=True)
    await bench.store.run(lambda r: r.people.put(changed))
    await bench.store.run(lambda r: r.people.put(s.person(2)))
    found = await bench.store.read(lambda r: [r.people.by_telegram(number) for number in (11, 12, 22)])
    expect(found, [None, changed, None], "persons by Telegram ids, old and new")
    await bench.store.run(lambda r: r.people.put(s.person(2, 11)))
    expect(await bench.store.read(lambda r: r.people.by_telegram(11)), s.person(2, 11), "a Telegram id set free")


async def _knows_a_callsign_once(bench: UnitOfWorkBench) -> None:
    owl, other, nameless = s.person(1), s.person(2), s.person(3)
    named = replace(owl, profile=Profile("Night_Owl7", "de", "Europe/Berlin"))
    await each(bench, lambda r, one: r.people.add(one), (named, other, nameless))
    taken = replace(other, profile=Profile("NIGHT_owl7"))
    await refused(bench, Conflict, lambda r: r.people.put(taken), "somebody else's callsign in another case")
    await refused(bench, Conflict, lambda r: r.people.add(replace(taken, user_id=UserId("user-4"))), "adding it anew")

    def read(r: Repositories) -> list[object]:
        return [r.people.by_callsign(name) for name in ("night_OWL7", "owl", "")]

    expect(await bench.store.read(read), [named, None, None], "persons by callsign")
    await bench.store.run(lambda r: r.people.put(replace(named, profile=Profile("night_owl7"))))
    await bench.store.run(lambda r: r.people.put(owl))
    await bench.store.run(lambda r: r.people.put(taken))
    expect(await bench.store.read(read), [taken, None, None], "a callsign that was set free")


async def _gives_one_callsign_at_once(bench: UnitOfWorkBench) -> None:
    persons = [s.person(number) for number in range(8)]
    await each(bench, lambda r, one: r.people.add(one), persons)

    def named(r: Repositories, one: Person) -> None:
        r.people.put(replace(one, profile=Profile("Owl_" if one.user_id < "user-4" else "owl_")))

    told_apart(await rivals(bench, named, persons), Conflict)
    found = await bench.store.read(lambda r: [one for one in r.people.all() if one.profile.callsign])
    expect(len(found), 1, "persons of one callsign, of eight at once")


async def _sees_what_it_waited_for(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.people.add(s.person()))

    def longer(r: Repositories, _: int) -> None:
        found = r.people.lock(UserId("user-1"))
        if found is not None:
            chosen = found.limits.chosen_at or 0
            profile = replace(found.profile, language=f"{found.profile.language}x")
            r.people.put(replace(found, profile=profile, limits=replace(found.limits, chosen_at=chosen + 1)))

    changes = len(told_apart(await rivals(bench, longer, range(12)), Conflict)[0])
    found = await bench.store.read(lambda r: r.people.get(UserId("user-1")))
    seen = None if found is None else (found.profile.language, found.limits.chosen_at)
    expect(seen, ("en" + "x" * changes, changes), "profile and choices after changes at once")


async def _holds_a_person(bench: UnitOfWorkBench) -> None:
    await each(bench, lambda r, one: r.people.add(one), (s.person(2), s.person(1, 11), s.person(10)))
    expect(await bench.store.run(lambda r: r.people.lock(UserId("nobody"))), None, "holding nobody")

    def moved(r: Repositories, _: int) -> None:
        found = r.people.lock(UserId("user-1"))
        if found is not None:
            r.people.put(replace(found, joined_at=found.joined_at + 1))

    results = await rivals(bench, moved, range(12))
    changes = len(told_apart(results, Conflict)[0])
    expected = (replace(s.person(1, 11), joined_at=s.person(1).joined_at + changes), s.person(10), s.person(2))
    expect(await bench.store.read(lambda r: r.people.all()), expected, "everybody after changes at once, by id")


async def _has_one_standing_mandate(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    first, other = s.mandate("first"), s.mandate("other", of=2)
    await each(bench, lambda r, one: r.mandates.add(one), (other, first))
    await refused(bench, Conflict, lambda r: r.mandates.add(s.mandate("second")), "a second standing mandate")
    expect(await bench.store.read(lambda r: r.mandates.all_standing()), (first, other), "standing, by account")
    for _ in range(2):
        await bench.store.run(lambda r: r.mandates.revoke("first", s.NOON + 9))
    await bench.store.run(lambda r: r.mandates.revoke("nobody's", s.NOON + 9))
    expect(await bench.store.read(lambda r: r.mandates.standing(s.account_id())), None, "standing once revoked")
    await refused(bench, Conflict, lambda r: r.mandates.add(first), "a mandate's id again")
    second = s.mandate("second")
    await bench.store.run(lambda r: r.mandates.add(second))
    await bench.store.run(lambda r: r.mandates.revoke("first", s.NOON + 10))
    past = replace(s.mandate("past", of=2), revoked_at=s.NOON)
    await bench.store.run(lambda r: r.mandates.add(past))
    found = await bench.store.read(lambda r: (r.mandates.standing(s.account_id()), r.mandates.all_standing()))
    expect(found, (second, (second, other)), "standing after the next was granted, and one that was revoked before")


async def _grants_one_mandate_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    granted = [s.mandate(f"mandate-{number}") for number in range(12)]
    results = await rivals(bench, lambda r, one: r.mandates.add(one), granted)
    expect(len(told_apart(results, Conflict)[0]), 1, "mandates that were kept, of twelve at once")


def _stop(scope: StopScope, subject: str, kind: StopKind, at: int) -> EmergencyStop:
    return EmergencyStop(scope, subject, kind, UserId("user-1"), s.NOON + at)


async def _keeps_stops_apart(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.people.add(s.person()))
    stops = [
        _stop(StopScope.USER, "user-1", StopKind.PAUSE, 40),
        _stop(StopScope.USER, "user-1", StopKind.HALT, 10),
        _stop(StopScope.USER, "user-2", StopKind.PAUSE, 30),
        _stop(StopScope.BROKER, "user-1", StopKind.PAUSE, 20),
        _stop(StopScope.GLOBAL, "", StopKind.LOCK, 50),
    ]
    await each(bench, lambda r, stop: r.stops.set(stop), stops)
    expected = [stops[number] for number in (1, 3, 2, 0, 4)]
    expect(list(await bench.store.read(lambda r: r.stops.in_force())), expected, "stops in force, oldest first")
    again = replace(stops[1], set_at=s.NOON + 60, set_by=UserId("user-2"))
    await bench.store.run(lambda r: r.stops.set(again))
    expected = [*expected[1:], again]
    expect(list(await bench.store.read(lambda r: r.stops.in_force())), expected, "stops after one was set again")


async def _releases_a_stop(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.people.add(s.person()))
    other = replace(GLOBAL_STOP, kind=StopKind.HALT, set_at=s.NOON + 1)
    await each(bench, lambda r, one: r.stops.set(one), (GLOBAL_STOP, other))
    asked = replace(GLOBAL_STOP, set_at=s.NOON + 77, set_by=UserId("user-9"))
    for _ in range(2):
        await bench.store.run(lambda r: r.stops.release(asked, UserId("user-1"), s.NOON + 80))
        expect(await bench.store.read(lambda r: r.stops.in_force()), (other,), "stops after a release")
    again = replace(GLOBAL_STOP, set_at=s.NOON + 90)
    await bench.store.run(lambda r: r.stops.set(again))
    expect(await bench.store.read(lambda r: r.stops.in_force()), (other, again), "stops after setting it anew")


async def _sets_one_stop_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: r.people.add(s.person()))
    stops = [replace(GLOBAL_STOP, set_at=s.NOON + number) for number in range(12)]
    told_apart(await rivals(bench, lambda r, stop: r.stops.set(stop), stops), BrokenInvariant)
    found = await bench.store.read(lambda r: r.stops.in_force())
    expect((len(found), found[0] in stops), (1, True), "stops in force after twelve were set at once")


PEOPLE_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a person is added once, and a Telegram id belongs to one", _knows_a_telegram_id_once),
    ("a person who is there is replaced, and gives a Telegram id free", _replaces_a_person),
    ("whoever changes a person by what they are holds them meanwhile", _holds_a_person),
    ("whoever waited for a person sees their profile and choices as they were left", _sees_what_it_waited_for),
    ("a callsign belongs to one person, whatever its case, and is given free", _knows_a_callsign_once),
    ("of persons who take one callsign at once, one has it", _gives_one_callsign_at_once),
    ("an account has at most one mandate that is not revoked", _has_one_standing_mandate),
    ("of mandates granted at once, one stands", _grants_one_mandate_at_once),
    ("stops are told apart by scope, subject and kind; setting one again replaces it", _keeps_stops_apart),
    ("a stop is released once, and may be set again", _releases_a_stop),
    ("of stops set at once, one is in force", _sets_one_stop_at_once),
)
"""Promises of `PersonRepository`, `MandateRepository` and `StopRepository`."""
