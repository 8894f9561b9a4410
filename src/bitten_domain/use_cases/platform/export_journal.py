"""Export the journal, so that it can be verified where there is no store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.ports.journal_reader import JournalSummary
from bitten_domain.record.stream_check import PAGE_ROWS

if TYPE_CHECKING:
    from bitten_domain.ports.journal_reader import JournalSink
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.journal_row import JournalRow, StreamHead

__all__ = ["ExportJournal"]


@dataclass(frozen=True, slots=True)
class ExportJournal:
    """Copy every stream, up to where it stands now, with the anchors."""

    unit_of_work: UnitOfWork
    sink: JournalSink

    async def __call__(self) -> JournalSummary:
        """Copy the journal and say what was copied; a journal that grows meanwhile grows behind the copy."""
        summary = await self.unit_of_work.read(_summary)
        for head in summary.heads:
            await self._copy(head)
        self.sink.finish(summary)
        return summary

    async def _copy(self, head: StreamHead) -> None:
        after = 0
        while after < head.rows:
            page = await self._page(head.stream, after, min(PAGE_ROWS, head.rows - after))
            if not page:
                return
            self.sink.add(page)
            after += len(page)

    async def _page(self, stream: str, after: int, limit: int) -> tuple[JournalRow, ...]:
        return await self.unit_of_work.read(lambda repositories: repositories.journal.rows(stream, after, limit))


def _summary(repositories: Repositories) -> JournalSummary:
    return JournalSummary(repositories.journal.heads(), repositories.anchors.all())
