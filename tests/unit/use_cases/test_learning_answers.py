"""What learning is told to have earned, where a commit's answer was lost too; and nothing where it is not allowed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.system.salt import os_salt
from bitten_apps.container import Container
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.lost_answers import LosesAnswers
from bitten_domain.membership import Denial, DenialCode
from bitten_domain.use_cases.people.learn import Learnt, ReadLesson, WriteDiary
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus

USER = UserId("user-1")


def lesson() -> tuple[str, str]:
    course = Container.syllabus().courses[0]
    return course.name, course.lessons[0].name


def test_given_a_commit_whose_answer_is_lost_when_a_lesson_is_read_then_its_points_are_told_and_booked_once() -> None:
    store = MemoryUnitOfWork(os_salt)
    asyncio.run(store.run(s.add_accounts))

    read = asyncio.run(ReadLesson(LosesAnswers(store), Container.game_rules())(USER, *lesson(), s.NOON))
    again = asyncio.run(ReadLesson(store, Container.game_rules())(USER, *lesson(), s.NOON))

    assert isinstance(read, Learnt)
    assert isinstance(again, Learnt)
    # A lesson is worth 15 points, and the first one an achievement of its own.
    assert read.earned is not None
    assert (read.earned.amount, again.earned) == (15, None)
    entries = asyncio.run(store.read(lambda r: r.xp.recent(USER, 9)))
    assert [entry.cause for entry in entries].count(read.earned.cause) == 1


@pytest.mark.parametrize(("status", "is_denied"), [(AccountStatus.LOCKED, False), (AccountStatus.BANNED, True)])
def test_given_an_account_that_is_not_active_when_they_learn_then_only_a_ban_keeps_them_from_it(
    status: AccountStatus, *, is_denied: bool
) -> None:
    store = MemoryUnitOfWork(os_salt)
    asyncio.run(store.run(s.add_accounts))
    asyncio.run(store.run(lambda r: r.people.put(replace(s.person(), status=status))))

    read = asyncio.run(ReadLesson(store, Container.game_rules())(USER, *lesson(), s.NOON))
    written = asyncio.run(WriteDiary(store, Container.game_rules(), Container.identity())(USER, "I waited.", s.NOON))

    assert [isinstance(one, Denial) for one in (read, written)] == [is_denied, is_denied]
    if isinstance(read, Denial):
        assert read.codes == (DenialCode.STATUS,)
        assert asyncio.run(store.read(lambda r: (r.lessons.of(USER), r.diary.recent(USER, 9)))) == ((), ())
