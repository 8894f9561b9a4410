"""Lines: connections to PostgreSQL with their repositories, opened when needed, kept, and given up when they fail."""

from __future__ import annotations

from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql import psycopg as spoken
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bitten_adapters.sql.postgres.faults import statement_failed
from bitten_adapters.sql.repositories import repositories_on
from bitten_adapters.sql.statements import Speech, Wire
from bitten_domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import PoolProxiedConnection

    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import Instrument

__all__ = ["SPEECH", "Line", "Lines"]

SPEECH = Speech(spoken.dialect(paramstyle="format"))  # type: ignore[no-untyped-call]
"""PostgreSQL's dialect as psycopg takes it, shared by all stores."""

_STATEMENTS_KEPT = 512

# Whatever a server's defaults are: a commit that is answered is on disk, a wait for a lock ends, and a process that
# stands still in a transaction does not hold an account for ever.
_SETTINGS = (
    "SET synchronous_commit = on",
    "SET timezone = 'UTC'",
    "SET idle_in_transaction_session_timeout = '60s'",
)


@dataclass(slots=True)
class Line:
    """A connection with what is needed to run a transaction on it."""

    proxy: PoolProxiedConnection
    connection: psycopg.Connection[Any]
    cursor: psycopg.Cursor[Any]
    wire: Wire
    repositories: Repositories

    @property
    def stands(self) -> bool:
        """Whether the connection can still be used."""
        return not self.connection.closed

    def hang_up(self) -> None:
        """Give the connection up; whatever was open in it is rolled back by the server."""
        self.wire.close()
        self.connection.close()
        self.proxy.invalidate()


class Lines:
    """Idle lines of one kind, writing or reading.

    Args:
        url: `postgresql+psycopg://...`.
        instruments: contracts of every pair the store may hold positions in.
        salt: gives 16 random bytes for each journal row.
        begin: the statement that begins a transaction.
        may_write: whether its transactions write.
        lock_seconds: how long a statement waits for a lock before it is `Unavailable`.
    """

    def __init__(
        self,
        url: str,
        instruments: Mapping[str, Instrument],
        salt: Callable[[], bytes],
        *,
        begin: str,
        may_write: bool,
        lock_seconds: float,
    ) -> None:
        self._engine = create_engine(url, poolclass=NullPool)
        self._instruments = instruments
        self._salt = salt
        self._begin = begin
        self._may_write = may_write
        self._settings = (*_SETTINGS, f"SET lock_timeout = {int(lock_seconds * 1000)}")
        self._idle: SimpleQueue[Line] = SimpleQueue()

    def begin(self) -> Line:
        """Take a line, begin a transaction and open its wire.

        Raises:
            Unavailable: the server does not answer, even on a fresh connection.
        """
        while (line := self._next_idle()) is not None:
            try:
                line.cursor.execute(self._begin)
            except psycopg.Error:
                # It died while nobody used it, as after a restart of the server; nothing was done on it yet.
                line.hang_up()
                continue
            line.wire.open()
            return line
        try:
            line = self._opened()
            line.cursor.execute(self._begin)
        except (psycopg.Error, DBAPIError) as error:
            raise Unavailable(f"the store cannot be reached: {error}") from error
        line.wire.open()
        return line

    def give_back(self, line: Line) -> None:
        """Keep a line whose transaction has ended for the next one."""
        line.wire.close()
        if line.stands:
            self._idle.put(line)
        else:
            line.hang_up()

    def roll_back(self, line: Line) -> None:
        """End a transaction with nothing kept."""
        line.wire.close()
        try:
            line.cursor.execute("ROLLBACK")
        except psycopg.Error:
            line.hang_up()
            return
        self.give_back(line)

    def close(self) -> None:
        """Close the idle lines."""
        while (line := self._next_idle()) is not None:
            line.hang_up()
        self._engine.dispose()

    def _next_idle(self) -> Line | None:
        try:
            return self._idle.get_nowait()
        except Empty:
            return None

    def _opened(self) -> Line:
        proxy = self._engine.raw_connection()
        connection: psycopg.Connection[Any] = proxy.driver_connection  # type: ignore[assignment]
        connection.autocommit = True
        connection.prepared_max = _STATEMENTS_KEPT
        cursor = connection.cursor()
        for setting in self._settings:
            cursor.execute(setting.encode())
        wire = Wire(SPEECH, cursor, statement_failed, may_write=self._may_write)
        return Line(proxy, connection, cursor, wire, repositories_on(wire, self._instruments, self._salt))
