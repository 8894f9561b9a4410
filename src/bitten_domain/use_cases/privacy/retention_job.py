"""Retention: rows past their days go, by the table of `membership.privacy.retention` and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from bitten_domain.membership.calendar_day import utc_day
from bitten_domain.membership.privacy import RETENTION, due_before
from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
from bitten_domain.use_cases.privacy.erase_person import SYSTEM
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_domain.membership.privacy import RowClock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["SWEEPERS", "ApplyRetention", "Sweeper"]

_JOB = "retention-{}"

Sweeper: TypeAlias = "Callable[[Repositories, int], int]"
"""Deletes a table's rows from before a moment, and gives how many there were."""

SWEEPERS: Mapping[str, Sweeper] = MappingProxyType(
    {
        "export_requests": lambda store, before: store.exports.drop_before(before),
        "inbox_updates": lambda store, before: store.inbox.drop_before(before),
        "onboarding_sessions": lambda store, before: store.onboardings.drop_started_before(before),
        "outbox": lambda store, before: store.outbox.drop_before(before),
        "press_pass_days": lambda store, before: store.press_pass_days.drop_before(utc_day(before)),
    }
)
"""Sweepers by table. A table whose rule has days has one, and a test fails for one that has not."""


@dataclass(frozen=True, slots=True)
class ApplyRetention:
    """Delete what is past its days, once for each day of each clock.

    Neither clock keeps the other's rows from being swept, wherever it stands.

    Args:
        unit_of_work: the store.
        sweepers: by table.
    """

    unit_of_work: UnitOfWork
    sweepers: Mapping[str, Sweeper] = field(default_factory=lambda: SWEEPERS)

    async def __call__(self, at: int, clock: RowClock) -> Mapping[str, int] | None:
        """Delete what was stamped by a clock.

        Args:
            at: now, by that clock; seconds since 1970 UTC.
            clock: which.

        Returns:
            Rows deleted by table, without tables that had none; None when it was done for this UTC day before.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        return await durably(self.unit_of_work, lambda store: self._applied(store, at, clock))

    def _applied(self, store: Repositories, at: int, clock: RowClock) -> Mapping[str, int] | None:
        day, job = datetime.fromtimestamp(at, UTC).date().isoformat(), _JOB.format(clock.value.lower())
        latest = store.jobs.latest(job)
        if latest is not None and latest.key >= day:
            return None
        counts: dict[str, int] = {}
        for rule in RETENTION:
            if rule.clock is not clock:
                continue
            before, sweep = due_before(rule, at), self.sweepers.get(rule.table)
            if before is not None and sweep is not None and (count := sweep(store, max(0, before))):
                counts[rule.table] = count
        detail = json.dumps(counts, sort_keys=True)
        if store.jobs.add(JobRun(job, day, at, at, detail)) and counts:
            store.audit.add(AuditEntry(at, SYSTEM, "RETENTION_APPLIED", day, detail))
        return counts
