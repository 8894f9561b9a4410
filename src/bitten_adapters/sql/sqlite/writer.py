"""The writer: one thread that runs every work, several to a commit when several wait.

A durable commit costs a disk's sync, whether one work is in it or fifty. Each work has a savepoint of its own, so that
one that raises takes nothing else with it; nobody is answered before the group's COMMIT is. A group begins with what is
waiting and never waits for more.
"""

from __future__ import annotations

import sqlite3
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from bitten_adapters.sql.answers import Request, deliver
from bitten_adapters.sql.repositories import repositories_on
from bitten_adapters.sql.sqlite.connections import commit_failed, statement_failed
from bitten_adapters.sql.statements import Wire
from bitten_domain.errors import BittenError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_adapters.sql.statements import Speech
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import Instrument

__all__ = ["Writer"]

_LARGEST_GROUP = 64


class Writer:
    """Run works one after the other on one connection, which is opened when needed and replaced when it fails.

    Args:
        connect: opens the connection.
        speech: SQLite's.
        instruments: contracts of every pair the store may hold positions in.
        salt: gives 16 random bytes for each journal row.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        speech: Speech,
        instruments: Mapping[str, Instrument],
        salt: Callable[[], bytes],
    ) -> None:
        self._connect = connect
        self._speech = speech
        self._instruments = instruments
        self._salt = salt
        self._waiting: SimpleQueue[Request[Any] | None] = SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._wire: Wire | None = None
        self._repositories: Repositories | None = None
        self._thread = threading.Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    def put(self, request: Request[Any]) -> None:
        """Let a work wait for its turn."""
        self._waiting.put(request)

    def close(self) -> None:
        """Run what waits, then end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _serve(self) -> None:
        is_open = True
        while is_open:
            group: list[Request[Any]] = []
            request = self._waiting.get()
            while request is not None:
                group.append(request)
                if len(group) == _LARGEST_GROUP:
                    break
                try:
                    request = self._waiting.get_nowait()
                except Empty:
                    break
            is_open = request is not None
            if group:
                self._run_group(group)
                deliver(group)
        if self._connection is not None:
            self._connection.close()

    def _run_group(self, group: list[Request[Any]]) -> None:
        try:
            connection, wire, repositories = self._ready()
            connection.execute("BEGIN IMMEDIATE").close()
        except sqlite3.Error as error:
            self._fail(group, Unavailable(f"the store cannot be used now: {error}"), error)
            self._reset()
            return
        try:
            broken = self._run_works(group, connection, wire, repositories)
        finally:
            wire.close()
        if broken is not None:
            # SQLite itself gave the whole transaction up, as it may when the disk is full: nobody's writes are kept.
            self._reset()
            if len(group) == 1:
                self._fail(group, Unavailable(f"the store gave the transaction up: {broken}"), broken)
                return
            for request in group:
                # Each by itself, so that the one it happened to takes nobody with it.
                self._run_group([request])
            return
        try:
            connection.execute("COMMIT").close()
        except sqlite3.Error as error:
            self._fail(group, commit_failed(error), error)
            self._reset()

    def _run_works(
        self, group: list[Request[Any]], connection: sqlite3.Connection, wire: Wire, repositories: Repositories
    ) -> BaseException | None:
        execute = connection.execute
        for request in group:
            try:
                execute("SAVEPOINT work").close()
                wire.open()
                request.error = None
                request.result = request.work(repositories)
                execute("RELEASE work").close()
            except BaseException as error:
                request.error = error
                if not connection.in_transaction:
                    return error
                try:
                    execute("ROLLBACK TO work").close()
                    execute("RELEASE work").close()
                except sqlite3.Error as failure:
                    return failure
        return None

    def _fail(self, group: list[Request[Any]], error: BittenError, cause: BaseException) -> None:
        for request in group:
            # A copy each: an exception collects the traceback of everybody who awaits it.
            request.error = type(error)(*error.args)
            request.error.__cause__ = cause

    def _ready(self) -> tuple[sqlite3.Connection, Wire, Repositories]:
        if self._connection is None or self._wire is None or self._repositories is None:
            self._connection = self._connect()
            self._wire = Wire(self._speech, self._connection.cursor(), statement_failed, may_write=True)
            self._repositories = repositories_on(self._wire, self._instruments, self._salt)
        return self._connection, self._wire, self._repositories

    def _reset(self) -> None:
        # Closing rolls back what is still open, and a fresh connection forgets whatever state the error left.
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except sqlite3.Error:
                # It is given up either way.
                return
