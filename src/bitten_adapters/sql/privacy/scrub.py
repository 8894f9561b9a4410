"""Overwriting what was deleted, in a database's own files.

SQLite overwrites with zeros what a statement deletes (``secure_delete``), but not what it has moved: when a page is
split, the old page keeps the moved rows in its free space, and the log keeps every earlier state of a page. So the
file is written anew and the log is emptied. PostgreSQL's dead rows are made free space by VACUUM; what is left in that
space, and in its log and their copies, is its operator's to deal with.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bitten_adapters.sql.tables import METADATA
from bitten_domain.errors import Unavailable
from bitten_domain.membership.privacy import RETENTION, OnErasure

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

__all__ = ["SqlScrub"]

_BUSY_SECONDS = 5.0


class SqlScrub:
    """Overwrite what was deleted in a store.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://...`.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url)

    async def __call__(self) -> None:
        """Overwrite it; on SQLite nobody else writes meanwhile, and it takes as long as copying the file."""
        scrub = _sqlite if self._url.get_backend_name() == "sqlite" else _postgres
        await asyncio.to_thread(scrub, self._url)


def _sqlite(url: URL) -> None:
    try:
        with closing(sqlite3.connect(str(url.database), timeout=_BUSY_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete = ON").close()
            connection.execute("VACUUM").close()
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise Unavailable(f"what was deleted cannot be overwritten now: {error}") from error
    if busy:
        raise Unavailable("what was deleted cannot be overwritten now: the store is being read")


def _postgres(url: URL) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    personal = {rule.table for rule in RETENTION if rule.on_erasure is not OnErasure.UNTOUCHED}
    tables = ", ".join(name for name in METADATA.tables if name in personal)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"VACUUM {tables}")
    except DBAPIError as error:
        raise Unavailable(f"what was deleted cannot be overwritten now: {error.orig}") from error
    finally:
        engine.dispose()
