"""A stored journal, read through the unit of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bitten_domain.ports.journal_reader import JournalSummary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.stream_check import JournalPages

__all__ = ["StoredJournal"]

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoredJournal:
    """Read the journal of a store: one reading transaction a stream, one stream after the other."""

    unit_of_work: UnitOfWork

    async def summary(self) -> JournalSummary:
        """Read heads and anchors of one committed state."""
        return await self.unit_of_work.read(_summary)

    async def each(self, work: Callable[[JournalPages, S], T], pieces: Sequence[S]) -> tuple[T, ...]:
        """Do the work on every piece, in the store's reading thread."""
        return tuple([await self._one(work, piece) for piece in pieces])

    async def _one(self, work: Callable[[JournalPages, S], T], piece: S) -> T:
        return await self.unit_of_work.read(lambda repositories: work(repositories.journal, piece))


def _summary(repositories: Repositories) -> JournalSummary:
    return JournalSummary(repositories.journal.heads(), repositories.anchors.all())
