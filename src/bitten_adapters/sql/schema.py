"""The schema of a store: bring it up, take it down, and say how it differs from what this version expects.

Steps run in one transaction under a lock, so that two processes that start at once do not both migrate, and a step that
fails leaves nothing behind.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from bitten_adapters.sql.tables import METADATA
from bitten_adapters.sql.tables.guards import guards
from bitten_domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection as SqliteConnection

    from sqlalchemy import Connection, Engine

__all__ = ["differences", "downgrade", "newest_revision", "revision_of", "upgrade"]

_FOLDER = Path(__file__).parent / "migrations"
_MIGRATING = 0x6269_7474
"""Key of PostgreSQL's advisory lock for migrations."""


def upgrade(url: str, to: str = "head") -> None:
    """Bring a store's tables to a revision, by default the newest; make the file or fill the empty database.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://...`.
        to: a revision.

    Raises:
        Unavailable: the store cannot be reached, or somebody else holds it.
    """
    with _transaction(url) as connection:
        command.upgrade(_config(connection), to)


def downgrade(url: str, to: str) -> None:
    """Take a store's tables back to a revision, or to `base`; what the later steps brought is lost.

    Args:
        url: as in `upgrade`.
        to: a revision.

    Raises:
        Unavailable: as in `upgrade`.
    """
    with _transaction(url) as connection:
        command.downgrade(_config(connection), to)


def revision_of(url: str) -> str | None:
    """Read a store's revision; None for one without tables."""
    with _transaction(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Give the revision this version expects."""
    return ScriptDirectory(str(_FOLDER)).get_current_head()


def differences(url: str) -> tuple[str, ...]:
    """List how a store's tables, rules and guards differ from what this version expects; empty when they agree."""
    with _transaction(url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = [str(difference) for difference in compare_metadata(context, METADATA)]
        return (*found, *_missing_rules(connection), *_missing_guards(connection))


def _missing_rules(connection: Connection) -> list[str]:
    # Alembic does not compare CHECKs. Their names do: a rule is never changed under its name.
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    missing: list[str] = []
    for table in METADATA.sorted_tables:
        if table.name not in there:
            continue
        expected = {str(rule.name) for rule in table.constraints if isinstance(rule, CheckConstraint)}
        found = {str(rule["name"]) for rule in inspector.get_check_constraints(table.name)}
        missing += [f"{table.name} lacks {name}" for name in sorted(expected - found)]
        missing += [f"{table.name} has {name}" for name in sorted(found - expected)]
    return missing


def _missing_guards(connection: Connection) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    found = set(connection.scalars(text(query)))
    return [f"{guard.table} lacks {guard.name}" for guard in guards(connection.dialect.name) if guard.name not in found]


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        _begin_by_hand(engine)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            yield connection
    except DBAPIError as error:
        if error.connection_invalidated or error.code == "e3q8":
            raise Unavailable(f"the store cannot be used now: {error.orig}") from error
        raise


def _begin_by_hand(engine: Engine) -> None:
    # The driver's own notion of transactions ends one at each change of a table.
    @event.listens_for(engine, "connect")
    def _plain(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
