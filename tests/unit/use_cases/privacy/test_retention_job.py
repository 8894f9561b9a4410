"""Retention: what is past its days goes, once a day, and nothing else does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_apps.testkit.unit_of_work import privacy_samples as p
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.membership.privacy import RowClock
from bitten_domain.ports.repositories.messages import InboxUpdate
from bitten_domain.use_cases.privacy.retention_job import ApplyRetention
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.ports.unit_of_work import Repositories

DAY = 86_400
NOW = s.NOON
DESK, MACHINE = RowClock.DESK, RowClock.MACHINE


def applied(store: MemoryUnitOfWork, at: int, clock: RowClock = DESK) -> Mapping[str, int] | None:
    return asyncio.run(ApplyRetention(store)(at, clock))


@pytest.fixture
def store() -> MemoryUnitOfWork:
    numbers = count(1)
    made = MemoryUnitOfWork(lambda: next(numbers).to_bytes(16, "big"))
    asyncio.run(made.run(s.add_accounts))
    return made


def test_given_rows_of_many_ages_when_the_day_turns_then_those_past_their_days_go(store: MemoryUnitOfWork) -> None:
    ages = (29 * DAY, 30 * DAY, 30 * DAY + 1, 90 * DAY)

    def keep(r: Repositories) -> None:
        for age in ages:
            r.outbox.add(s.message(f"m{age}", at=NOW - age))
            r.inbox.add(InboxUpdate("bot", age, "{}", NOW - age))
            wish = replace(p.export(age), asked_at=NOW - age)
            r.exports.add(wish)
        r.press_pass_days.lock((NOW - 401 * DAY) // DAY, 10)
        r.press_pass_days.lock((NOW - 400 * DAY) // DAY, 10)
        r.onboardings.put(replace(s.onboarding(), started_at=NOW - 7 * DAY - 1))

    asyncio.run(store.run(keep))

    by_machine, by_desk = applied(store, NOW, MACHINE), applied(store, NOW, DESK)

    assert by_machine == {"export_requests": 2, "inbox_updates": 2, "onboarding_sessions": 1}
    assert by_desk == {"outbox": 2, "press_pass_days": 1}
    left = asyncio.run(store.read(lambda r: (r.outbox.waiting(NOW, 9), r.inbox.waiting(9))))
    assert ([one.message_id for one in left[0]], [one.update_id for one in left[1]]) == (
        [f"m{30 * DAY}", f"m{29 * DAY}"],
        [29 * DAY, 30 * DAY],
    )


def test_given_a_day_when_it_turns_more_than_once_then_the_job_runs_once_for_it(store: MemoryUnitOfWork) -> None:
    first = applied(store, NOW)
    asyncio.run(store.run(lambda r: r.outbox.add(s.message("old", at=NOW - 99 * DAY))))

    again, tomorrow = (applied(store, at) for at in (NOW + 60, NOW + DAY))

    assert (first, again, tomorrow) == ({}, None, {"outbox": 1})


def test_given_a_clock_that_was_set_back_when_the_job_is_asked_for_then_nothing_runs(store: MemoryUnitOfWork) -> None:
    applied(store, NOW)

    assert applied(store, NOW - 3 * DAY) is None


@pytest.mark.parametrize("other", [NOW + 4_000 * DAY, NOW - 4_000 * DAY])
@pytest.mark.parametrize("clock", [DESK, MACHINE])
def test_given_one_clock_far_from_the_other_when_it_ran_then_rows_of_the_other_stay_and_still_go_in_their_time(
    store: MemoryUnitOfWork, clock: RowClock, other: int
) -> None:
    far, near = clock, MACHINE if clock is DESK else DESK

    def keep(r: Repositories) -> None:
        r.outbox.add(s.message("young", at=NOW - 29 * DAY))
        r.exports.add(replace(p.export(1), asked_at=NOW - 29 * DAY))

    asyncio.run(store.run(keep))

    applied(store, other, far)
    messages, exports = asyncio.run(store.read(lambda r: (r.outbox.waiting(NOW, 9), r.exports.of(UserId("user-1")))))
    early, due = applied(store, NOW, near), applied(store, NOW + 2 * DAY, near)

    assert len(messages if near is DESK else exports) == 1
    assert (early, due) == ({}, {"outbox" if near is DESK else "export_requests": 1})


def test_given_what_was_deleted_when_noted_then_the_audit_has_numbers_and_nothing_else(store: MemoryUnitOfWork) -> None:
    asyncio.run(store.run(lambda r: r.outbox.add(s.message("old", at=NOW - 99 * DAY))))
    applied(store, NOW)

    (entry,) = asyncio.run(store.read(lambda r: r.audit.recent(9)))
    assert (entry.actor, entry.action, entry.detail) == ("system", "RETENTION_APPLIED", '{"outbox": 1}')
