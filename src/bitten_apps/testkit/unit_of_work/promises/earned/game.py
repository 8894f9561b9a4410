"""Promises about achievements, challenges, gear, boards and forecasts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import game_samples as g
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, each, expect, refused, rivals, told_apart
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.ports.repositories.game import JudgedForecast
from bitten_domain.progression.gear import Equipped, GearSlot
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Board

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["GAME_PROMISES"]

_USER, _OTHER = UserId("user-1"), UserId("user-2")
_DAY = 19_724
_MANY = 12


async def _keeps_an_achievement_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    first, second = g.achievement("ten"), g.achievement("all", 0)
    await bench.store.run(lambda r: r.achievements.publish((first, second)))
    await bench.store.run(lambda r: r.achievements.publish((replace(first, xp=9),)))
    expect(await bench.store.read(lambda r: r.achievements.all()), (second, replace(first, xp=9)), "definitions")
    late, early = g.earned("ten", s.NOON + 9), g.earned("all")
    had = await each(
        bench, lambda r, one: r.achievements.earn(one), (late, early, g.earned("ten"), g.earned("ten", by=_OTHER))
    )
    expect(had, [True, True, False, True], "whether achievements were new")
    expect(await bench.store.read(lambda r: r.achievements.of(_USER)), (early, late), "achievements, oldest first")
    await refused(bench, BrokenInvariant, lambda r: r.achievements.earn(g.earned("none")), "one that is not published")


async def _keeps_one_achievement_of_many_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)

    def earned(r: Repositories, number: int) -> bool:
        r.achievements.publish((g.achievement("two"), g.achievement("ten")))
        return r.achievements.earn(g.earned("ten", s.NOON + number))

    kept, _ = told_apart(await rivals(bench, earned, range(_MANY)), Conflict)
    found = await bench.store.read(lambda r: r.achievements.of(_USER))
    expect((sum(kept), len(found)), (1, 1), "one achievement earned many times at once")


async def _sets_a_day_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    day, others = g.challenges(_DAY, "a", "b", "c"), g.challenges(_DAY, "a", of=_OTHER)
    given = (day, g.challenges(_DAY, "d", "e"), g.challenges(_DAY, "b", "a"), g.challenges(_DAY + 1, "b"), others)
    was_set = await each(bench, lambda r, one: r.challenges.set(one), given)
    expect(was_set, [True, False, False, True, True], "whether a day's challenges were new")
    met = await each(bench, lambda r, at: r.challenges.meet(_USER, _DAY, "b", at), (s.NOON, s.NOON + 9))
    expect(met, [True, False], "whether a challenge was met just then")
    for missing in ((_USER, _DAY, "d"), (_USER, _DAY + 2, "b"), (_OTHER, _DAY, "b")):

        def meet(r: Repositories, of: tuple[UserId, int, str] = missing) -> object:
            return r.challenges.meet(*of, s.NOON)

        await refused(bench, BrokenInvariant, meet, "a challenge that was not set")

    def read(r: Repositories) -> list[object]:
        of = r.challenges.of
        return [of(_USER, _DAY, _DAY), of(_USER, _DAY + 1, _DAY + 9), of(_OTHER, 0, 1 << 20), of(_USER, 0, _DAY - 1)]

    a, b, c = day
    expected = [(a, replace(b, met_at=s.NOON), c), g.challenges(_DAY + 1, "b"), others, ()]
    expect(await bench.store.read(read), expected, "challenges")


async def _sets_one_day_of_many_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    sets = [g.challenges(_DAY, f"a{number}", f"b{number}", f"c{number}") for number in range(_MANY)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.challenges.set(one), sets), Conflict)
    found = await bench.store.read(lambda r: r.challenges.of(_USER, _DAY, _DAY))
    expect((sum(kept), found in sets), (1, True), "one day set many times at once, and nothing mixed")
    code = found[0].code
    met, _ = told_apart(
        await rivals(bench, lambda r, n: r.challenges.meet(_USER, _DAY, code, s.NOON + n), range(_MANY)), Conflict
    )
    expect(sum(met), 1, "one challenge met many times at once")


async def _keeps_gear(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    late, early = g.owned("grid", s.NOON + 9), g.owned("bands")
    new = await each(bench, lambda r, one: r.gear.own(one), (late, early, g.owned("grid"), g.owned("dial", by=_OTHER)))
    expect(new, [True, True, False, True], "whether gear was new")
    expect(await bench.store.read(lambda r: r.gear.owned(_USER)), (early, late), "gear, oldest first")
    slot = GearSlot.INDICATOR
    await bench.store.run(lambda r: r.gear.equip(_USER, slot, 0, "bands"))
    await refused(bench, Conflict, lambda r: r.gear.equip(_USER, slot, 1, "bands"), "an item in two places")
    await refused(bench, BrokenInvariant, lambda r: r.gear.equip(_USER, slot, 1, "dial"), "an item of somebody else's")
    await each(bench, lambda r, place: r.gear.equip(_USER, slot, place, None), (0, 1))
    expect(await bench.store.read(lambda r: r.gear.equipped(_USER)), (), "what is worn after it was taken off")
    for place, code in ((1, "bands"), (0, "grid"), (0, "grid")):
        await bench.store.run(lambda r, at=place, what=code: r.gear.equip(_USER, slot, at, what))  # type: ignore[misc]
    worn = (Equipped(_USER, slot, 0, "grid"), Equipped(_USER, slot, 1, "bands"))
    expect(await bench.store.read(lambda r: [r.gear.equipped(_USER), r.gear.equipped(_OTHER)]), [worn, ()], "worn")


async def _owns_one_of_many_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    items = [g.owned("grid", s.NOON + number) for number in range(_MANY)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.gear.own(one), items), Conflict)
    expect((sum(kept), len(await bench.store.read(lambda r: r.gear.owned(_USER)))), (1, 1), "one item owned at once")


async def _calls_no_two_alike(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    ann, both = g.member("Ann_1"), g.member("Ann_1", Board.CALIBRATION)
    await each(bench, lambda r, one: r.boards.join(one), (ann, both))
    for taken in ("Ann_1", "aNN_1"):
        other = g.member(taken, of=_OTHER)
        await refused(bench, Conflict, lambda r, one=other: r.boards.join(one), "a name that is taken")  # type: ignore[misc]
    renamed = replace(ann, pseudonym="Bea", since=s.NOON + 9)
    await each(bench, lambda r, one: r.boards.join(one), (renamed, g.member("ANN_1", of=_OTHER)))
    await refused(bench, Conflict, lambda r: r.boards.join(replace(renamed, pseudonym="ann_1")), "a taken new name")
    expected = [(replace(ann, pseudonym="Bea"), g.member("ANN_1", of=_OTHER)), (replace(ann, pseudonym="Bea"), both)]

    def read(r: Repositories) -> list[object]:
        return [r.boards.members(Board.ADHERENCE), r.boards.of(_USER)]

    expect(await bench.store.read(read), expected, "a board, and somebody's boards")
    left = await each(bench, lambda r, board: r.boards.leave(_USER, board), (Board.ADHERENCE, Board.ADHERENCE))
    expect(left, [True, False], "whether somebody left")
    expect(await bench.store.read(lambda r: r.boards.of(_USER)), (both,), "boards after leaving one")


async def _calls_no_two_alike_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, _MANY))
    members = [g.member("same" if n % 2 else "SAME", of=UserId(f"user-{n}")) for n in range(1, _MANY + 1)]
    kept, lost = told_apart(await rivals(bench, lambda r, one: r.boards.join(one), members), Conflict)
    found = await bench.store.read(lambda r: r.boards.members(Board.ADHERENCE))
    expect((len(kept), lost, len(found)), (1, _MANY - 1, 1), "one name asked for by many at once")


async def _keeps_a_forecast_once(bench: UnitOfWorkBench) -> None:
    def begin(r: Repositories) -> None:
        s.add_accounts(r, 2)
        for number in (1, 2, 3):
            r.signals.add(s.signal(number, s.NOON))

    await bench.store.run(begin)
    one, two, other = g.forecast(1, s.NOON + 9), g.forecast(2), g.forecast(1, by=_OTHER)
    new = await each(bench, lambda r, one: r.forecasts.add(one), (one, two, replace(one, percent=77), other))
    expect(new, [True, True, False, True], "whether forecasts were new")
    await refused(bench, BrokenInvariant, lambda r: r.forecasts.add(g.forecast(7)), "a forecast of no signal")
    await bench.store.run(lambda r: r.outcomes.add(s.outcome(2, s.NOON + 60)))

    def read(r: Repositories) -> list[object]:
        of = r.forecasts
        return [
            of.of(_USER, one.signal_id),
            of.of(_OTHER, two.signal_id),
            of.recent(_USER, 9),
            of.recent(_USER, 1),
            of.judged(_USER),
            of.judged(_OTHER),
        ]

    judged = JudgedForecast(two, s.outcome(2, 0).net_r)
    expect(await bench.store.read(read), [one, None, (one, two), (one,), (judged,), ()], "forecasts")
    await bench.store.run(lambda r: r.outcomes.add(replace(s.outcome(1, s.NOON + 90), net_r=None)))
    expected = (judged, JudgedForecast(one, None))
    expect(await bench.store.read(lambda r: r.forecasts.judged(_USER)), expected, "judged forecasts, oldest first")


async def _keeps_one_forecast_of_many_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    await bench.store.run(lambda r: r.signals.add(s.signal(1, s.NOON)))
    stated = [replace(g.forecast(1), percent=number) for number in range(1, _MANY + 1)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.forecasts.add(one), stated), Conflict)
    expect((sum(kept), len(await bench.store.read(lambda r: r.forecasts.recent(_USER, 99)))), (1, 1), "at once")


async def _forgets_a_player(bench: UnitOfWorkBench) -> None:
    def play(r: Repositories) -> None:
        s.add_accounts(r, 2)
        r.signals.add(s.signal(1, s.NOON))
        r.achievements.publish((g.achievement("ten"),))
        for user in (_USER, _OTHER):
            r.achievements.earn(g.earned("ten", by=user))
            r.challenges.set(g.challenges(_DAY, "a", "b", of=user))
            r.gear.own(g.owned("grid", by=user))
            r.gear.equip(user, GearSlot.INDICATOR, 0, "grid")
            r.boards.join(g.member(user.replace("-", "_"), of=user))
            r.forecasts.add(g.forecast(1, by=user))

    def forget(r: Repositories) -> list[int]:
        return [one.forget(_USER) for one in (r.achievements, r.challenges, r.gear, r.boards, r.forecasts)]

    def left(r: Repositories) -> list[int]:
        return [
            len(found)
            for user in (_USER, _OTHER)
            for found in (
                r.achievements.of(user),
                r.challenges.of(user, 0, 1 << 20),
                r.gear.owned(user),
                r.gear.equipped(user),
                r.boards.of(user),
                r.forecasts.recent(user, 9),
            )
        ]

    await bench.store.run(play)
    expect(await bench.store.run(forget), [1, 2, 2, 1, 1], "what was forgotten")
    expect(await bench.store.run(forget), [0] * 5, "what was forgotten again")
    expect(await bench.store.read(left), [0, 0, 0, 0, 0, 0, 1, 2, 1, 1, 1, 1], "what is left")
    expect(len(await bench.store.read(lambda r: r.achievements.all())), 1, "definitions after a person was forgotten")


GAME_PROMISES: tuple[tuple[str, Check], ...] = (
    ("an achievement is somebody's once, and its newest definition is told", _keeps_an_achievement_once),
    ("of one achievement earned many times at once, one is kept", _keeps_one_achievement_of_many_at_once),
    ("a day's challenges are set once, and each is met once", _sets_a_day_once),
    ("of a day set many times at once, one set is kept whole", _sets_one_day_of_many_at_once),
    ("gear is owned once, and worn by its owner in one place", _keeps_gear),
    ("of one item owned many times at once, one is kept", _owns_one_of_many_at_once),
    ("a board calls no two people alike, and lets go at once", _calls_no_two_alike),
    ("of many who ask for a name at once, one has it", _calls_no_two_alike_at_once),
    ("a forecast is kept once, and told with what its signal came to", _keeps_a_forecast_once),
    ("of many forecasts for a signal at once, one is kept", _keeps_one_forecast_of_many_at_once),
    ("what the game gave somebody is forgotten, and nobody else's", _forgets_a_player),
)
"""Promises of the repositories of the game."""
