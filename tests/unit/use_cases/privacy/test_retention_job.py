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
from bitten_domain.ports.repositories.messages import InboxUpdate
from bitten_domain.use_cases.privacy.retention_job import ApplyRetention

if TYPE_CHECKING:
    from bitten_domain.ports.unit_of_work import Repositories

DAY = 86_400
NOW = s.NOON


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

    gone = asyncio.run(ApplyRetention(store)(NOW))

    assert gone == {
        "export_requests": 2, "inbox_updates": 2, "onboarding_sessions": 1, "outbox": 2, "press_pass_days": 1,
    }  # fmt: skip
    left = asyncio.run(store.read(lambda r: (r.outbox.waiting(NOW, 9), r.inbox.waiting(9))))
    assert ([one.message_id for one in left[0]], [one.update_id for one in left[1]]) == (
        [f"m{30 * DAY}", f"m{29 * DAY}"],
        [29 * DAY, 30 * DAY],
    )


def test_given_a_day_when_it_turns_more_than_once_then_the_job_runs_once_for_it(store: MemoryUnitOfWork) -> None:
    first = asyncio.run(ApplyRetention(store)(NOW))
    asyncio.run(store.run(lambda r: r.outbox.add(s.message("old", at=NOW - 99 * DAY))))

    again, tomorrow = (asyncio.run(ApplyRetention(store)(at)) for at in (NOW + 60, NOW + DAY))

    assert (first, again, tomorrow) == ({}, None, {"outbox": 1})


def test_given_a_clock_that_was_set_back_when_the_job_is_asked_for_then_nothing_runs(store: MemoryUnitOfWork) -> None:
    asyncio.run(ApplyRetention(store)(NOW))

    assert asyncio.run(ApplyRetention(store)(NOW - 3 * DAY)) is None


def test_given_what_was_deleted_when_noted_then_the_audit_has_numbers_and_nothing_else(store: MemoryUnitOfWork) -> None:
    asyncio.run(store.run(lambda r: r.outbox.add(s.message("old", at=NOW - 99 * DAY))))
    asyncio.run(ApplyRetention(store)(NOW))

    (entry,) = asyncio.run(store.read(lambda r: r.audit.recent(9)))
    assert (entry.actor, entry.action, entry.detail) == ("system", "RETENTION_APPLIED", '{"outbox": 1}')
