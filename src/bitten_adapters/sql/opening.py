"""Opening: which database a URL means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_adapters.sql.postgres import PostgresUnitOfWork
    from bitten_adapters.sql.sqlite import SqliteUnitOfWork
    from bitten_domain.values import Instrument

__all__ = ["open_store"]

_REMEDY = "write sqlite:///path/of/the/file or postgresql+psycopg://user@host/database"


def open_store(
    url: str, instruments: Mapping[str, Instrument], salt: Callable[[], bytes]
) -> SqliteUnitOfWork | PostgresUnitOfWork:
    """Open the store a URL names; its tables must be there (`schema.upgrade`).

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://...`.
        instruments: contracts of every pair the store may hold positions in.
        salt: gives 16 random bytes for each journal row.

    Raises:
        InvalidInput: it names neither, or the driver is not installed.
    """
    try:
        named = make_url(url)
    except ArgumentError as error:
        raise InvalidInput("the store's URL cannot be read", where="database_url", remedy=_REMEDY) from error
    if named.get_backend_name() == "sqlite" and named.database:
        from bitten_adapters.sql.sqlite import SqliteUnitOfWork

        return SqliteUnitOfWork(Path(named.database), instruments, salt)
    if named.drivername == "postgresql+psycopg":
        try:
            from bitten_adapters.sql.postgres import PostgresUnitOfWork
        except ImportError as error:
            raise InvalidInput(
                "PostgreSQL's driver is not installed", where="database_url", remedy="install bitten[postgres]"
            ) from error
        return PostgresUnitOfWork(url, instruments, salt)
    raise InvalidInput(f"no store is kept in {named.drivername}", where="database_url", remedy=_REMEDY)
