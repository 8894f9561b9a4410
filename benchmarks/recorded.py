"""Statements as a driver is given them: noted down while repositories work, told again to the bare driver."""

from __future__ import annotations

from secrets import token_bytes
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from bitten_adapters.sql.repositories import repositories_on
from bitten_adapters.sql.statements import Wire
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_adapters.sql.statements import Speech
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["RecordingStore", "Told", "replay"]

T = TypeVar("T")


class Told(NamedTuple):
    """A statement's text and its values; a list of them where it is run for each."""

    text: str
    values: Any
    many: bool


class _Notes:
    """A cursor that notes down what it is told."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self.told: list[Told] = []
        self.fetchone = cursor.fetchone
        self.fetchall = cursor.fetchall

    @property
    def rowcount(self) -> int:
        return int(self._cursor.rowcount)

    def execute(self, text: str, values: Any = ()) -> None:
        self.told.append(Told(text, values, many=False))
        self._cursor.execute(text, values)

    def executemany(self, text: str, values: Any) -> None:
        self.told.append(Told(text, values, many=True))
        self._cursor.executemany(text, values)


class RecordingStore:
    """The store's repositories on one cursor, each work a transaction that is noted down.

    Args:
        speech: the database's dialect.
        cursor: of a connection that leaves transactions to whoever uses it.
        begin: the statement that begins one.
    """

    def __init__(self, speech: Speech, cursor: Any, begin: str) -> None:
        self._cursor = cursor
        self._begin = begin
        self._notes = _Notes(cursor)
        self._wire = Wire(speech, self._notes, lambda _error: None, may_write=True)
        self._repositories = repositories_on(self._wire, INSTRUMENTS, lambda: token_bytes(16))
        self.transactions: list[list[Told]] = []

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a work and note down its statements."""
        self._notes.told = []
        self._cursor.execute(self._begin)
        self._wire.open()
        result = work(self._repositories)
        self._wire.close()
        self._cursor.execute("COMMIT")
        self.transactions.append(self._notes.told)
        return result

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a work."""
        return await self.run(work)


def replay(cursor: Any, transaction: Sequence[Told]) -> None:
    """Tell one transaction's statements to a cursor, and read what they give."""
    for text, values, many in transaction:
        if many:
            cursor.executemany(text, values)
        else:
            cursor.execute(text, values)
            if cursor.description is not None:
                cursor.fetchall()
