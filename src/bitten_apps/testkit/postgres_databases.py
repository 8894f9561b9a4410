"""Fresh PostgreSQL databases, cheaply: copies of one that was migrated once."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bitten_adapters.sql import schema
from bitten_adapters.sql.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from uuid import UUID

__all__ = ["PostgresDatabases"]


class PostgresDatabases:
    """Databases of one server that belong to one run of tests, dropped at its end.

    Args:
        server_url: `postgresql+psycopg://...` of any database on it, as somebody who may create databases.
        run: names the run, so that two of them may use one server.
    """

    def __init__(self, server_url: str, run: UUID) -> None:
        self._server = make_url(server_url)
        self._prefix = f"bitten_test_{run.hex[:12]}"
        self._numbers = count(1)
        self._made: list[str] = []
        self._idle: list[str] = []
        self._template = self._create(None)
        schema.upgrade(self._url(self._template))

    def __enter__(self) -> PostgresDatabases:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(self._made):
            self._tell("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def bare(self) -> str:
        """Make a database without tables; give its URL."""
        return self._url(self._create(None))

    def fresh(self) -> str:
        """Make a database with empty tables of the newest revision, for one use; give its URL."""
        return self._url(self._create(self._template))

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Lend a database with empty tables of the newest revision; give its URL.

        It is emptied and lent again afterwards, since making one takes some megabytes and a tenth of a second.
        """
        name = self._idle.pop() if self._idle else self._create(self._template)
        url = self._url(name)
        yield url
        self._empty(name)
        self._idle.append(name)

    def _empty(self, name: str) -> None:
        plain = self._server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        deletes = sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in METADATA.tables)
        with psycopg.connect(plain, autocommit=True) as connection:
            # Whoever still holds something there is a leftover; and no guard nor reference keeps a test's rows.
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("SET session_replication_role = replica")
            connection.execute(deletes)

    def _create(self, template: str | None) -> str:
        name = f"{self._prefix}_{next(self._numbers)}"
        if template is None:
            self._tell("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", name)
        else:
            self._tell("CREATE DATABASE {} TEMPLATE {}", name, template)
        self._made.append(name)
        return name

    def _url(self, name: str) -> str:
        return self._server.set(database=name).render_as_string(hide_password=False)

    def _tell(self, statement: str, *names: str) -> None:
        plain = self._server.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
