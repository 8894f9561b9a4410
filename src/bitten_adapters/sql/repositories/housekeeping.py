"""Who did what, and which jobs ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bitten_adapters.sql.repositories.keys import MOST, ONE, ZERO
from bitten_adapters.sql.statements import Statement, adding, adding_once
from bitten_adapters.sql.tables.housekeeping import AUDIT_LOG, JOBS_HISTORY
from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Wire

__all__ = ["SqlAudit", "SqlJobs"]

_A, _J = AUDIT_LOG.c, JOBS_HISTORY.c

_ADD = adding(AUDIT_LOG)
_NEWEST = select(_A.at, _A.actor, _A.action, _A.subject, _A.detail).order_by(_A.id.desc())
_RECENT = Statement(_NEWEST.limit(MOST).offset(ZERO))
_RECENT_ABOUT = Statement(_NEWEST.where(_A.subject == bindparam("of_subject")).limit(MOST).offset(ZERO))
_RAN = adding_once(JOBS_HISTORY)
_LATEST = Statement(
    select(_J.job, _J.key, _J.started_at, _J.ended_at, _J.detail)
    .where(_J.job == bindparam("of_job"))
    .order_by(_J.started_at.desc(), _J.id.desc())
    .limit(ONE)
    .offset(ZERO)
)


class SqlAudit:
    """The audit log; it only grows."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""
        self._wire.write(
            _ADD,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            detail=entry.detail,
        )

    def recent(self, limit: int, about: str | None = None) -> tuple[AuditEntry, ...]:
        """List the newest entries first; of one subject, or of all."""
        if about is None:
            rows = self._wire.all(_RECENT, most=limit)
        else:
            rows = self._wire.all(_RECENT_ABOUT, most=limit, of_subject=about)
        return tuple(AuditEntry(at, UserId(actor), *rest) for at, actor, *rest in rows)


class SqlJobs:
    """Jobs that ran."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, run: JobRun) -> bool:
        """Keep a run; False when the job ran for that key before, which changes nothing."""
        return bool(
            self._wire.write(
                _RAN,
                job=run.job,
                key=run.key,
                started_at=run.started_at,
                ended_at=run.ended_at,
                detail=run.detail,
            )
        )

    def latest(self, job: str) -> JobRun | None:
        """Read a job's newest run."""
        row = self._wire.one(_LATEST, of_job=job)
        return None if row is None else JobRun(*row)
