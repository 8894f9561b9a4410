"""Who did what, and which jobs ran."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.values import UserId

__all__ = ["AuditEntry", "AuditRepository", "JobRepository", "JobRun"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something a person or the operator did.

    Args:
        at: seconds since 1970 UTC.
        actor: who.
        action: what, as a verb in capitals such as `STOP_SET`.
        subject: to whom or what.
        detail: JSON; no secret and nothing personal.
    """

    at: int
    actor: UserId
    action: str
    subject: str
    detail: str


class AuditRepository(Protocol):
    """The audit log; it only grows."""

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""
        ...

    def recent(self, limit: int, about: str | None = None) -> tuple[AuditEntry, ...]:
        """List what was written last first, whatever clock it names; of one subject, or of all."""
        ...


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job.

    Args:
        job: its name.
        key: what it ran for, such as a day; a job runs once for a key.
        started_at, ended_at: seconds since 1970 UTC.
        detail: what it did, in a sentence.
    """

    job: str
    key: str
    started_at: int
    ended_at: int
    detail: str


class JobRepository(Protocol):
    """Jobs that ran."""

    def add(self, run: JobRun) -> bool:
        """Keep a run; False when the job ran for that key before, which changes nothing."""
        ...

    def latest(self, job: str) -> JobRun | None:
        """Read a job's newest run."""
        ...
