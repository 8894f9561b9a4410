"""The unit of work on a SQLite file."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from bitten_adapters.sql.answers import Request
from bitten_adapters.sql.repositories import repositories_on
from bitten_adapters.sql.sqlite.connections import SPEECH, open_reader, open_writer, statement_failed
from bitten_adapters.sql.sqlite.writer import Writer
from bitten_adapters.sql.statements import Wire
from bitten_domain.errors import BrokenInvariant, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import Instrument

__all__ = ["SqliteUnitOfWork"]

T = TypeVar("T")


class _Reader:
    """A connection that reads, with its repositories."""

    def __init__(self, connection: sqlite3.Connection, instruments: Mapping[str, Instrument]) -> None:
        self.connection = connection
        self.wire = Wire(SPEECH, connection.cursor(), statement_failed, may_write=False)
        self.repositories = repositories_on(self.wire, instruments, _no_salt)


class SqliteUnitOfWork:
    """Transactions on a SQLite file, which several processes may use at once.

    Writes are durable (WAL, ``synchronous=FULL``) and go through one thread that commits what waits together; reads go
    through threads of their own and never wait for a writer. The file's tables must be there (`schema.upgrade`).

    Args:
        path: the file.
        instruments: contracts of every pair the store may hold positions in.
        salt: gives 16 random bytes for each journal row.
        busy_seconds: how long to wait for another process's write to end before it is `Unavailable`.
        readers: how many reads may run at once.
        connect_writer, connect_reader: open the connections; for tests that let them fail.
    """

    def __init__(
        self,
        path: Path,
        instruments: Mapping[str, Instrument],
        salt: Callable[[], bytes],
        *,
        busy_seconds: float = 5.0,
        readers: int = 4,
        connect_writer: Callable[[Path, float], sqlite3.Connection] = open_writer,
        connect_reader: Callable[[Path, float], sqlite3.Connection] = open_reader,
    ) -> None:
        self._instruments = instruments
        self._connect_reader = partial(connect_reader, path, busy_seconds)
        self._idle: SimpleQueue[_Reader] = SimpleQueue()
        self._threads = ThreadPoolExecutor(readers, "sqlite-reader")
        self._writer = Writer(partial(connect_writer, path, busy_seconds), SPEECH, instruments, salt)
        self._is_open = True

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        self._require_open()
        request = Request.here(work)
        self._writer.put(request)
        return await request.future

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads, on a snapshot."""
        self._require_open()
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, work)

    def close(self) -> None:
        """End what is running and let go of the file; a second time changes nothing."""
        if self._is_open:
            self._is_open = False
            self._writer.close()
            self._threads.shutdown()
            while (reader := self._next_idle()) is not None:
                reader.connection.close()

    def _read(self, work: Callable[[Repositories], T]) -> T:
        reader = None
        try:
            reader = self._next_idle() or _Reader(self._connect_reader(), self._instruments)
            connection = reader.connection
            connection.execute("BEGIN").close()
            reader.wire.open()
            try:
                return work(reader.repositories)
            finally:
                reader.wire.close()
                connection.execute("ROLLBACK").close()
                self._idle.put(reader)
                reader = None
        except sqlite3.Error as error:
            if reader is not None:
                reader.connection.close()
            raise Unavailable(f"the store cannot be read now: {error}") from error

    def _next_idle(self) -> _Reader | None:
        try:
            return self._idle.get_nowait()
        except Empty:
            return None

    def _require_open(self) -> None:
        if not self._is_open:
            raise BrokenInvariant("the store is closed")


def _no_salt() -> bytes:
    raise BrokenInvariant("a reading transaction writes nothing")
