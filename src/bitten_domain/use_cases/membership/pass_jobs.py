"""What happens to press passes by the clock: points of the day, the nightly reset, and at most two reminders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bitten_domain.membership.calendar_day import day_start, utc_day
from bitten_domain.membership.press_pass import (
    PressPassPolicy,
    due_reminder,
    holds,
    reminded,
    reset_day_scores,
    with_points,
)
from bitten_domain.ports.repositories.housekeeping import JobRun
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, MemberFigures
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership.press_pass import PressPass
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["RESET_JOB", "RemindPressPasses", "ResetDayScores", "note_points"]

RESET_JOB = "press_pass_reset"
"""Name of the nightly job in the list of jobs that ran."""

_HOUR = 3_600


def note_points(
    store: Repositories, user_id: UserId, points: int, at: int, policy: PressPassPolicy = DEFAULT_FIGURES.press_pass
) -> None:
    """Add points to the day score of somebody whose press pass holds, in the transaction that books them.

    Args:
        store: of the transaction.
        user_id: whose points.
        points: booked by it; those that were booked before are left out by the caller, and spending counts for nothing.
        at: now, seconds since 1970 UTC.
        policy: the figures.
    """
    if points <= 0 or store.press_passes.of(user_id) is None:
        return
    found = store.press_passes.lock(user_id)
    if found is not None and holds(found, policy, at):
        store.press_passes.put(with_points(found, points, at))


@dataclass(frozen=True, slots=True)
class ResetDayScores:
    """Zero the day scores at 00:00 UTC; lifetime points are elsewhere, and nothing here can reach them.

    Args:
        unit_of_work: the store.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, at: int) -> JobRun | None:
        """Run for the day of a moment, seconds since 1970 UTC; None when it ran for that day before.

        However late, it resets to the day it is; a clock that was set back resets nothing of a later day.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        day = utc_day(at)
        key = datetime.fromtimestamp(day_start(day), UTC).date().isoformat()

        def work(store: Repositories) -> JobRun | None:
            # Those that ended long ago are left as they are.
            passes = [
                one for one in store.press_passes.held() if one.score.points or holds(one, self.figures.press_pass, at)
            ]
            reset = [self._reset(store, one, day) for one in passes]
            run = JobRun(RESET_JOB, key, at, at, f"{sum(reset)} press passes")
            return run if store.jobs.add(run) else None

        # Asked first, so that most calls only read. Whoever is late finds the day's row, and keeps nothing.
        latest = await self.unit_of_work.read(lambda store: store.jobs.latest(RESET_JOB))
        return None if latest is not None and latest.key == key else await durably(self.unit_of_work, work)

    def _reset(self, store: Repositories, one: PressPass, day: int) -> int:
        found = None if one.user_id is None else store.press_passes.lock(one.user_id)
        changed = () if found is None else reset_day_scores([found], day)
        for press_pass in changed:
            store.press_passes.put(press_pass)
        return len(changed)


@dataclass(frozen=True, slots=True)
class RemindPressPasses:
    """Remind those whose pass ends of its true end; the message and its count are kept in one transaction.

    Args:
        unit_of_work: the store.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, at: int) -> int:
        """Write the reminders that are due at a moment, seconds since 1970 UTC; how many there were.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again, nobody is reminded twice.
        """
        policy = self.figures.press_pass
        held = await self.unit_of_work.read(lambda store: store.press_passes.held())
        due = [one.user_id for one in held if one.user_id is not None and due_reminder(one, policy, at) is not None]
        count = 0
        for user_id in due:
            count += await durably(self.unit_of_work, lambda store, user_id=user_id: self._told(store, user_id, at))  # type: ignore[misc]
        return count

    def _told(self, store: Repositories, user_id: UserId, at: int) -> int:
        found = store.press_passes.lock(user_id)
        number = None if found is None else due_reminder(found, self.figures.press_pass, at)
        if found is None or number is None:
            return 0
        store.press_passes.put(reminded(found, number))
        body = {
            "reminder": number,
            "ends_at": datetime.fromtimestamp(found.ends_at, UTC).isoformat(),
            "hours_left": (found.ends_at - at) // _HOUR,
        }
        name = f"press_pass:{user_id}:reminder:{number}"
        store.outbox.add(OutboxMessage(name, user_id, "press_pass", Priority.REST, json.dumps(body), at))
        return 1
