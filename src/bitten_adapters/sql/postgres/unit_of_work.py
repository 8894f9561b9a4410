"""The unit of work on PostgreSQL."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import psycopg

from bitten_adapters.sql.postgres.faults import LostRace, commit_failed
from bitten_adapters.sql.postgres.lines import Lines
from bitten_domain.errors import BrokenInvariant, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import Instrument

__all__ = ["PostgresUnitOfWork"]

T = TypeVar("T")

_MOST_RACES = 16
"""How often a transaction that the database gave up for another is run again."""


class PostgresUnitOfWork:
    """Transactions on a PostgreSQL database, which any number of processes may use at once.

    Writes run at READ COMMITTED behind the account's row: whoever locks it first goes first, and the one that waited
    then reads what the other one wrote. A stricter level would read a state from before the wait, or give up every
    transaction that had to wait. A work that meets a row somebody else was faster to write is run again, once, so that
    it sees that row before it is told `Conflict`. Reads are snapshots (REPEATABLE READ READ ONLY). The tables must be
    there (`schema.upgrade`).

    Args:
        url: `postgresql+psycopg://...`.
        instruments: contracts of every pair the store may hold positions in.
        salt: gives 16 random bytes for each journal row.
        writers, readers: how many transactions of each kind may run at once, each on a connection of its own.
        lock_seconds: how long to wait for somebody else's lock before it is `Unavailable`.
    """

    def __init__(
        self,
        url: str,
        instruments: Mapping[str, Instrument],
        salt: Callable[[], bytes],
        *,
        writers: int = 8,
        readers: int = 4,
        lock_seconds: float = 10.0,
    ) -> None:
        self._writing = Lines(
            url,
            instruments,
            salt,
            begin="BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            may_write=True,
            lock_seconds=lock_seconds,
        )
        self._reading = Lines(
            url,
            instruments,
            salt,
            begin="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            may_write=False,
            lock_seconds=lock_seconds,
        )
        # Of their own each, so that writers that wait for a lock leave the readers their threads.
        self._writers = ThreadPoolExecutor(writers, "postgres-writer")
        self._readers = ThreadPoolExecutor(readers, "postgres-reader")
        self._is_open = True

    async def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        self._require_open()
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._run, work)

    async def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that only reads, on a snapshot."""
        self._require_open()
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def close(self) -> None:
        """End what is running and let go of the connections; a second time changes nothing."""
        if self._is_open:
            self._is_open = False
            self._writers.shutdown()
            self._readers.shutdown()
            self._writing.close()
            self._reading.close()

    def _run(self, work: Callable[[Repositories], T]) -> T:
        lost = met = 0
        while True:
            try:
                return self._once(work)
            except LostRace as race:
                lost += 1
                if lost > _MOST_RACES:
                    raise Conflict(f"lost against other transactions {lost} times") from race
            except Conflict:
                met += 1
                if met > 1:
                    raise

    def _once(self, work: Callable[[Repositories], T]) -> T:
        lines = self._writing
        line = lines.begin()
        try:
            result = work(line.repositories)
        except BaseException:
            lines.roll_back(line)
            raise
        line.wire.close()
        try:
            line.cursor.execute("COMMIT")
        except psycopg.Error as error:
            failure = commit_failed(error, is_connected=line.stands)
            line.hang_up()
            raise failure from error
        # A transaction in which a statement failed is rolled back by its COMMIT, without an error.
        kept = line.cursor.statusmessage == "COMMIT"
        lines.give_back(line)
        if not kept:
            raise BrokenInvariant("a work went on after the store had refused one of its statements")
        return result

    def _read(self, work: Callable[[Repositories], T]) -> T:
        line = self._reading.begin()
        try:
            return work(line.repositories)
        finally:
            self._reading.roll_back(line)

    def _require_open(self) -> None:
        if not self._is_open:
            raise BrokenInvariant("the store is closed")
