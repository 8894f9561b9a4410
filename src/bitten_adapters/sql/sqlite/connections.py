"""Connections to a SQLite file, and what its errors mean."""

from __future__ import annotations

import sqlite3
from time import monotonic, sleep  # noqa: TID251 -- another process tells of no event to wait for
from typing import TYPE_CHECKING

from sqlalchemy.dialects import sqlite

from bitten_adapters.sql.statements import Speech
from bitten_domain.errors import BrokenInvariant, Conflict, OutcomeUnknown, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.errors import BittenError

__all__ = ["SPEECH", "commit_failed", "open_reader", "open_writer", "statement_failed"]

SPEECH = Speech(sqlite.dialect())
"""SQLite's dialect, shared by all stores."""

_STATEMENTS_KEPT = 512
_PAUSE_SECONDS = 0.01
# Durable when COMMIT returns: the log is synced each time, and the file is checkpointed from it. What is deleted is
# overwritten with zeros.
_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)
_READER = ("PRAGMA query_only = ON",)
_KEY_IS_THERE = frozenset({sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY})
# Faults of a statement or of its values; everything else is the file's, the disk's or another process's doing.
_OURS = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_MISUSE,
        sqlite3.SQLITE_RANGE,
        sqlite3.SQLITE_TOOBIG,
    }
)
# What kept a COMMIT from being made, and certainly kept it: the frame that would have made it was never written.
_SURELY_REFUSED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_LOCKED})


def open_writer(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Open a connection that writes durably and waits that long for another process's write to end."""
    return _opened(path, busy_seconds, _WRITER)


def open_reader(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Open a connection that cannot write."""
    return _opened(path, busy_seconds, _READER)


def statement_failed(error: Exception) -> BittenError | None:
    """Say what a failed statement means; nothing it did is kept. None for what is not SQLite's."""
    if not isinstance(error, sqlite3.Error):
        return None
    if getattr(error, "sqlite_errorcode", 0) in _KEY_IS_THERE:
        return Conflict(f"it is there already: {error}")
    if _primary_code(error) in _OURS:
        return BrokenInvariant(f"the store refuses it: {error}")
    return Unavailable(f"the store cannot be used now: {error}")


def commit_failed(error: sqlite3.Error) -> BittenError:
    """Say what a failed COMMIT means."""
    if _primary_code(error) in _SURELY_REFUSED:
        return Unavailable(f"the store could not commit: {error}")
    return OutcomeUnknown(f"the store's answer to a commit is lost: {error}")


def _primary_code(error: sqlite3.Error) -> int:
    # Extended codes carry the primary one in their low byte; errors of the module itself have none.
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE)
    return code & 0xFF


def _opened(path: Path, busy_seconds: float, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS_KEPT,
    )
    try:
        for pragma in pragmas:
            _set(connection, pragma, busy_seconds)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _set(connection: sqlite3.Connection, pragma: str, busy_seconds: float) -> None:
    # SQLite itself does not wait where two who open a file at once both turn its log on.
    ends = monotonic() + busy_seconds
    while True:
        try:
            connection.execute(pragma).close()
        except sqlite3.OperationalError as error:
            if _primary_code(error) != sqlite3.SQLITE_BUSY or monotonic() >= ends:
                raise
            sleep(_PAUSE_SECONDS)
        else:
            return
