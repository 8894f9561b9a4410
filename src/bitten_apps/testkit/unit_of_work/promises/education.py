"""Promises about lessons, quizzes, missions and the diary."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, each, expect, rivals, told_apart
from bitten_domain.errors import Conflict
from bitten_domain.membership.education import TradeRef
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["EDUCATION_PROMISES"]

_USER, _OTHER = UserId("user-1"), UserId("user-2")


async def _keeps_a_lesson_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    later, first = s.lesson("pips", s.NOON + 9), s.lesson("lots", s.NOON)
    lessons = (later, first, replace(first, version=2), replace(first, user_id=_OTHER))
    kept = await each(bench, lambda r, one: r.lessons.done(one), lessons)
    expect(kept, [True, True, False, True], "whether lessons were new")
    expect(await bench.store.read(lambda r: r.lessons.of(_USER)), (first, later), "lessons, oldest first")


async def _keeps_one_lesson_of_many_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    lessons = [s.lesson("pips", s.NOON + number) for number in range(12)]
    kept, _ = told_apart(await rivals(bench, lambda r, one: r.lessons.done(one), lessons), Conflict)
    expect((sum(kept), len(await bench.store.read(lambda r: r.lessons.of(_USER)))), (1, 1), "one lesson read at once")


async def _keeps_every_try(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    failed, passed = s.quiz_result("one", right=1), s.quiz_result("two", right=2, at=s.NOON + 1)
    again, other = s.quiz_result("three", right=2, at=s.NOON + 2), s.quiz_result("four", right=2, quiz="basics")
    tries = (failed, passed, again, other, replace(failed, at=s.NOON + 9))
    kept = await each(bench, lambda r, one: r.quizzes.add(one), tries)
    expect(kept, [True, True, True, True, False], "whether tries were new")

    def read(r: Repositories) -> list[object]:
        return [r.quizzes.of(_USER, "risk"), r.quizzes.passed(_USER), r.quizzes.passed(_OTHER)]

    expect(await bench.store.read(read), [(failed, passed, again), (other, passed), ()], "tries")


async def _keeps_a_mission_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    mission = s.mission("patience")
    kept = await each(bench, lambda r, one: r.missions.done(one), (mission, replace(mission, at=s.NOON + 9)))
    expect(kept, [True, False], "whether missions were new")
    expect(await bench.store.read(lambda r: r.missions.of(_USER)), (mission,), "missions")


async def _keeps_the_diary(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    old, new = s.diary_entry("one", s.NOON), s.diary_entry("two", s.NOON + 86_400, about=7)
    others = replace(s.diary_entry("three", s.NOON), user_id=_OTHER)
    kept = await each(bench, lambda r, one: r.diary.add(one), (new, old, others, replace(old, text="otherwise")))
    expect(kept, [True, True, True, False], "whether entries were new")

    def read(r: Repositories) -> list[object]:
        diary = r.diary
        return [
            diary.recent(_USER, 9),
            diary.recent(_USER, 1),
            diary.recent(_USER, 9, new.at),
            diary.about(_USER, TradeRef(s.account_id(), 7)),
            diary.about(_USER, TradeRef(s.account_id(2), 7)),
            diary.of_days(_USER, old.day, old.day),
        ]

    expected = [(new, old), (new,), (old,), (new,), (), (old,)]
    expect(await bench.store.read(read), expected, "the diary")


async def _forgets_a_person(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    for user in (_USER, _OTHER):

        def learn(r: Repositories, user: UserId = user) -> None:
            r.lessons.done(replace(s.lesson("pips", s.NOON), user_id=user))
            r.quizzes.add(replace(s.quiz_result(f"try of {user}", right=2), user_id=user))
            r.missions.done(replace(s.mission("patience"), user_id=user))
            r.diary.add(replace(s.diary_entry(f"entry of {user}", s.NOON), user_id=user))

        await bench.store.run(learn)

    def forget(r: Repositories) -> list[int]:
        return [one.forget(_USER) for one in (r.lessons, r.quizzes, r.missions, r.diary)]

    def left(r: Repositories) -> list[int]:
        return [
            len(found)
            for user in (_USER, _OTHER)
            for found in (r.lessons.of(user), r.quizzes.passed(user), r.missions.of(user), r.diary.recent(user, 9))
        ]

    expect(await bench.store.run(forget), [1, 1, 1, 1], "what was forgotten")
    expect(await bench.store.run(forget), [0, 0, 0, 0], "what was forgotten again")
    expect(await bench.store.read(left), [0, 0, 0, 0, 1, 1, 1, 1], "what is left")


EDUCATION_PROMISES: tuple[tuple[str, Check], ...] = (
    ("a lesson is read once, whatever its version", _keeps_a_lesson_once),
    ("of one lesson read many times at once, one is kept", _keeps_one_lesson_of_many_at_once),
    ("every try at a quiz is kept, and the first that passed is told", _keeps_every_try),
    ("a mission is fulfilled once", _keeps_a_mission_once),
    ("a diary is kept by moment, day and trade, and is its writer's", _keeps_the_diary),
    ("somebody's learning is forgotten, and nobody else's", _forgets_a_person),
)
"""Promises of the repositories of what people learn."""
