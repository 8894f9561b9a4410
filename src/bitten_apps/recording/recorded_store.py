"""A store whose transactions are recorded in the order they take effect.

Each transaction looks, as its last deed, how far the journal has come. Whoever changes what others decide by adds rows
to it, so these counts say between which of another process's transactions it stands, whatever the database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from bitten_apps.recording.seen_facts import SeenFacts
from bitten_domain.errors import Conflict, OutcomeUnknown, Unavailable
from bitten_domain.record.inputs.entries import RowsAdded, StoreFailed, StoreRead, StoreRefused, StoreWritten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_apps.recording.tape import Tape
    from bitten_domain.ports.repositories.record import JournalRepository
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.journal_row import JournalRow, StreamHead

__all__ = ["RecordedStore"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RecordedStore:
    """A unit of work, recorded inside acts; outside them it may be read, and is not recorded.

    What a transaction was decided from is durable before it is committed.

    Args:
        unit_of_work: the store.
        tape: the recording.
    """

    unit_of_work: UnitOfWork
    tape: Tape

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        act = self.tape.act
        number, step = act.number, act.step()
        refused: list[BaseException] = []
        seen = SeenFacts(self.tape)

        def recorded(store: Repositories) -> T:
            nonlocal seen
            # Called anew after a conflict, it sees anew.
            seen = SeenFacts(self.tape)
            journal = _CountedJournal(store.journal)
            try:
                result = work(seen.noted(replace(store, journal=journal)))
            except BaseException as error:
                refused.append(error)
                raise
            heads = store.journal.heads()
            before = {head.stream: head.rows - journal.rows_of(head.stream) for head in heads}
            added = {
                head.stream: RowsAdded(journal.rows_of(head.stream), head.head.hex())
                for head in heads
                if journal.rows_of(head.stream)
            }
            self.tape.write(StoreWritten(number, step, before, added, seen.digests), is_durable=True)
            return result

        try:
            return await self.unit_of_work.run(recorded)
        except (Unavailable, OutcomeUnknown, Conflict) as error:
            if error in refused:
                self.tape.write(StoreRefused(number, step, seen.digests))
            else:
                self.tape.write(StoreFailed(number, step, (type(error).__name__, str(error))))
            raise
        except Exception:
            self.tape.write(StoreRefused(number, step, seen.digests))
            raise

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads, on a snapshot."""
        if not self.tape.is_in_act:
            return await self.unit_of_work.read(work)
        act = self.tape.act
        number, step = act.number, act.step()

        def recorded(store: Repositories) -> T:
            seen = SeenFacts(self.tape)
            result = work(seen.noted(store))
            before = {head.stream: head.rows for head in store.journal.heads()}
            self.tape.write(StoreRead(number, step, before, seen.digests))
            return result

        try:
            return await self.unit_of_work.read(recorded)
        except (Unavailable, OutcomeUnknown, Conflict) as error:
            self.tape.write(StoreFailed(number, step, (type(error).__name__, str(error))))
            raise


class _CountedJournal:
    """A journal that counts what one transaction adds."""

    def __init__(self, journal: JournalRepository) -> None:
        self._journal = journal
        self._rows: dict[str, int] = {}

    def rows_of(self, stream: str) -> int:
        return self._rows.get(stream, 0)

    def append(self, stream: str, payloads: Sequence[bytes]) -> StreamHead:
        self._rows[stream] = self.rows_of(stream) + len(payloads)
        return self._journal.append(stream, payloads)

    def heads(self) -> tuple[StreamHead, ...]:
        return self._journal.heads()

    def rows(self, stream: str, after: int, limit: int) -> tuple[JournalRow, ...]:
        return self._journal.rows(stream, after, limit)

    def erase(self, stream: str, number: int) -> None:
        self._journal.erase(stream, number)
