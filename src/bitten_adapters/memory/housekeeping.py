"""The audit log and the jobs that ran, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_adapters.memory.transaction import Timeline

if TYPE_CHECKING:
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun

__all__ = ["MemoryAudit", "MemoryJobs"]


class MemoryAudit:
    """Audit entries in the order they were written."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._entries: Timeline[AuditEntry] = Timeline(transaction)

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""
        self._transaction.to_write()
        # Of one moment, so that they stand as they were written: people act by two clocks.
        self._entries.add(0, entry)

    def recent(self, limit: int, about: str | None = None) -> tuple[AuditEntry, ...]:
        """List the newest entries first; of one subject, or of all."""
        self._transaction.to_read()
        if about is None:
            return tuple(self._entries.newest(limit))
        found = [entry for entry in reversed(self._entries.oldest()) if entry.subject == about]
        return tuple(found[: max(0, limit)])


class MemoryJobs:
    """Runs by job and key."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._known: dict[tuple[str, str], JobRun] = {}
        self._runs: dict[str, Timeline[JobRun]] = {}

    def add(self, run: JobRun) -> bool:
        """Keep a run, once for a key."""
        self._transaction.to_write()
        if (run.job, run.key) in self._known:
            return False
        self._transaction.put(self._known, (run.job, run.key), run)
        if run.job not in self._runs:
            self._runs[run.job] = Timeline(self._transaction)
        self._runs[run.job].add(run.started_at, run)
        return True

    def latest(self, job: str) -> JobRun | None:
        """Read a job's newest run."""
        self._transaction.to_read()
        runs = self._runs.get(job)
        newest = [] if runs is None else runs.newest(1)
        return newest[0] if newest else None
