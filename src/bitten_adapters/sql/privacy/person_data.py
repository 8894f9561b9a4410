"""Everything of one person, table by table, found by how the described tables refer to each other.

A table is a person's by a reference to `users`, by a person's public id, or by a reference to a row that is theirs,
such as a trade's to its account. Tables that name persons in another way are listed in `_BY_RULE`; a test fails for a
table that can hold something of persons and is found in none of these ways.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import create_engine, false, literal, or_, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import NullType

from bitten_adapters.sql.column_types import Moment
from bitten_adapters.sql.tables import METADATA
from bitten_adapters.sql.tables.accounts import ACCOUNTS
from bitten_adapters.sql.tables.housekeeping import AUDIT_LOG
from bitten_adapters.sql.tables.messages import INBOX_UPDATES, PROCESSED_EVENTS
from bitten_adapters.sql.tables.people import EMERGENCY_STOPS, USERS
from bitten_adapters.sql.tables.record import JOURNAL_STREAMS
from bitten_domain.errors import Unavailable
from bitten_domain.membership.privacy import speaks_in
from bitten_domain.ports.membership.person_data import PersonTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Column, ColumnElement, Connection, Table

    from bitten_domain.ports.membership.person_data import Cell
    from bitten_domain.values import UserId

    # What a column gives has no static type.
    Rows = list[dict[str, Any]]

__all__ = ["SqlPersonData", "person_tables"]

_SECRET = frozenset({"blind_index", "ciphertext", "key_id", "nonce", "telegram_key", "token_hash"})
_NAMES_PEOPLE = frozenset({"actor", "released_by", "set_by", "subject"})
# What a row is called by those who refer to it, the best first.
_NAMES = ("public_id", "name", "code")
_SOMEBODY_ELSE, _USER = "somebody else", "USER:"
# An answer's scope is what was asked for, and on which account.
_ACTS = ("fire", "close", "modify")


class _Who(NamedTuple):
    """Whose rows are looked for."""

    user_id: str
    telegram_id: int | None


_BY_RULE: Mapping[Table, Callable[[_Who], ColumnElement[bool]]] = MappingProxyType(
    {
        USERS: lambda who: USERS.c.public_id == who.user_id,
        AUDIT_LOG: lambda who: or_(
            AUDIT_LOG.c.actor == who.user_id, AUDIT_LOG.c.subject.in_([who.user_id, f"USER:{who.user_id}"])
        ),
        EMERGENCY_STOPS: lambda who: or_(
            EMERGENCY_STOPS.c.set_by == who.user_id,
            EMERGENCY_STOPS.c.released_by == who.user_id,
            (EMERGENCY_STOPS.c.scope == "USER") & (EMERGENCY_STOPS.c.subject == who.user_id),
        ),
        JOURNAL_STREAMS: lambda who: JOURNAL_STREAMS.c.name.in_(_scopes(who, "account")),
        PROCESSED_EVENTS: lambda who: or_(*(PROCESSED_EVENTS.c.scope.in_(_scopes(who, kind)) for kind in _ACTS)),
        # Those with the digits in them; who speaks is read from each.
        INBOX_UPDATES: lambda who: (
            false() if who.telegram_id is None else INBOX_UPDATES.c.body.like(f"%{who.telegram_id}%")
        ),
    }
)


def _scopes(who: _Who, kind: str) -> Any:
    return select(literal(f"{kind}:") + ACCOUNTS.c.public_id).where(ACCOUNTS.c.user_public_id == who.user_id)


def _condition(table: Table, who: _Who) -> ColumnElement[bool] | None:
    """Say which rows of a table are somebody's; None where none can be."""
    if (rule := _BY_RULE.get(table)) is not None:
        return rule(who)
    if "user_public_id" in table.c:
        return table.c.user_public_id == who.user_id
    for column, target in _references(table):
        theirs = _condition(target, who)
        if theirs is not None:
            return column.in_(select(target.c.id).where(theirs))
    return None


def _references(table: Table) -> list[tuple[Column[Any], Table]]:
    """List references to other tables' keys; one to persons comes first."""
    found = [(column, key.column.table) for column in table.c for key in column.foreign_keys if key.column.name == "id"]
    return sorted(found, key=lambda pair: pair[1] is not USERS)


def person_tables() -> frozenset[str]:
    """Name the tables in which rows of a person can be found."""
    nobody = _Who("", None)
    return frozenset(name for name, table in METADATA.tables.items() if _condition(table, nobody) is not None)


class SqlPersonData:
    """Read everything of a person, in one snapshot.

    Args:
        url: `sqlite:///path` or `postgresql+psycopg://...`.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    async def __call__(self, user_id: UserId) -> tuple[PersonTable, ...]:
        """Read it."""
        return await asyncio.to_thread(self._read, user_id)

    def _read(self, user_id: UserId) -> tuple[PersonTable, ...]:
        with _snapshot(self._url) as connection:
            telegram_id = connection.scalar(select(USERS.c.telegram_id).where(USERS.c.public_id == user_id))
            who = _Who(user_id, telegram_id)
            conditions = {table: _condition(table, who) for table in METADATA.sorted_tables}
            return tuple(
                _table(connection, table, condition, who)
                for table, condition in conditions.items()
                if condition is not None
            )


def _table(connection: Connection, table: Table, condition: ColumnElement[bool], who: _Who) -> PersonTable:
    keys = {column.name: target for column, target in _references(table)}
    columns = [column for column in table.c if column.name not in _SECRET | {"id"} | keys.keys()]
    named = [_named(table, name, target) for name, target in keys.items() if target is not USERS]
    order = [table.c.id] if "id" in table.c else list(table.primary_key.columns)
    # As the driver gives them: the columns' own processors are no friends of NULL.
    plain = (type_coerce(column, NullType()).label(column.name) for column in columns)
    statement = select(*named, *plain).where(condition).order_by(*order)
    names = tuple(column.name for column in (*named, *columns))
    decoders = {column.name: column.type.result_processor(connection.dialect, None) for column in columns}
    rows = [
        {name: _decoded(value, decoders.get(name)) for name, value in zip(names, row, strict=True)}
        for row in connection.execute(statement)
    ]
    if table is INBOX_UPDATES:
        rows = [row for row in rows if who.telegram_id is not None and speaks_in(row["body"], who.telegram_id)]
    others = _others(connection, rows, who)
    moments = {column.name for column in columns if isinstance(column.type, Moment)}
    for row in rows:
        row.update({name: _masked(row[name], others) for name in _NAMES_PEOPLE & row.keys()})
    cells = tuple(tuple(_moment(row[name]) if name in moments else _cell(row[name]) for name in names) for row in rows)
    return PersonTable(table.name, names, cells)


def _named(table: Table, column: str, target: Table) -> Any:
    """Give what another table calls the row that a key leads to."""
    name = next(name for name in _NAMES if name in target.c)
    return (
        select(target.c[name]).where(target.c.id == table.c[column]).scalar_subquery().label(column.removesuffix("_id"))
    )


def _others(connection: Connection, rows: Rows, who: _Who) -> frozenset[str]:
    """Name the other people in columns that may name people."""
    values = {str(row[name]).removeprefix(_USER) for row in rows for name in _NAMES_PEOPLE if row.get(name)}
    values.discard(who.user_id)
    if not values:
        return frozenset()
    return frozenset(connection.scalars(select(USERS.c.public_id).where(USERS.c.public_id.in_(values))))


def _masked(value: Any, others: frozenset[str]) -> Any:
    return _SOMEBODY_ELSE if value is not None and str(value).removeprefix(_USER) in others else value


def _decoded(value: Any, decoder: Callable[[Any], Any] | None) -> Any:
    return value if value is None or decoder is None else decoder(value)


def _moment(value: int | None) -> Cell:
    return None if value is None else datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")


def _cell(value: Any) -> Cell:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    cell: Cell = str(value) if isinstance(value, Decimal) else value
    return cell


@contextmanager
def _snapshot(url: str) -> Iterator[Connection]:
    """Open a connection that sees one state throughout, and writes nothing."""
    engine = create_engine(url, poolclass=NullPool)
    is_sqlite = engine.dialect.name == "sqlite"
    options = {} if is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with engine.connect().execution_options(**options) as connection:
            if is_sqlite:
                connection.exec_driver_sql("PRAGMA query_only = ON")
                connection.exec_driver_sql("BEGIN")
            yield connection
    except DBAPIError as error:
        raise Unavailable(f"the store cannot be read now: {error.orig}") from error
    finally:
        engine.dispose()
