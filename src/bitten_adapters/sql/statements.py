"""Statements: written once with SQLAlchemy Core, compiled once for each database, run on the driver's own cursor.

SQLAlchemy's execution of a small statement costs more than the database's. A fire is a dozen of them, so what is kept
of SQLAlchemy is the part that pays: one description for both dialects, its types and its pool. Text and converters of a
statement are worked out at first use; after that a run is a list of values and one call of the driver.
"""

from __future__ import annotations

from decimal import Decimal
from operator import itemgetter
from threading import get_ident
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from sqlalchemy import func, insert, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from bitten_domain.errors import BrokenInvariant, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Dialect, Table
    from sqlalchemy.sql.dml import Insert

    from bitten_domain.errors import BittenError

__all__ = ["Cursor", "Row", "Speech", "Statement", "Value", "Wire", "adding", "adding_once", "locking", "replacing"]

Value: TypeAlias = int | str | bytes | float | Decimal | None
"""What a statement is given."""

# A driver's row has no static type; each repository names its columns once and unpacks them into a typed value.
Row: TypeAlias = tuple[Any, ...]


class Cursor(Protocol):
    """What is used of a driver's cursor."""

    @property
    def rowcount(self) -> int:
        """Number of rows the last statement wrote."""
        ...

    def execute(self, text: Any, values: Any = ..., /) -> object:
        """Run a statement."""
        ...

    def executemany(self, text: Any, values: Any, /) -> object:
        """Run a statement for each list of values."""
        ...

    def fetchone(self) -> Any:
        """Give the next row."""
        ...

    def fetchall(self) -> Any:
        """Give the rows that are left."""
        ...


class Statement:
    """A statement both databases can be told.

    Args:
        write: gives the Core construct for a dialect's name.
        columns: what an INSERT or UPDATE sets beyond its own expressions, by column name.
    """

    __slots__ = ("columns", "write")

    def __init__(self, write: Any, columns: Iterable[str] = ()) -> None:
        self.write: Callable[[str], Any] = write if callable(write) else lambda _dialect: write
        self.columns = tuple(columns)


class _Compiled(NamedTuple):
    text: str
    ordered: Callable[[Mapping[str, Value]], tuple[Any, ...]]
    encoders: tuple[tuple[int, Callable[[Any], Any]], ...]
    decoders: tuple[tuple[int, Callable[[Any], Any]], ...]

    def listed(self, values: Mapping[str, Value]) -> Sequence[Any]:
        """Put values in the text's order, as the driver wants them."""
        if not self.encoders:
            return self.ordered(values)
        given = list(self.ordered(values))
        for place, encode in self.encoders:
            value = given[place]
            if value is not None:
                given[place] = encode(value)
        return given

    def decoded(self, row: Row) -> Row:
        """Turn a driver's row into the domain's kinds of value."""
        if not self.decoders:
            return row
        values = list(row)
        for place, decode in self.decoders:
            value = values[place]
            if value is not None:
                values[place] = decode(value)
        return tuple(values)


class Speech(dict["Statement", "_Compiled"]):
    """A dialect, as a dictionary of what was compiled for it, which fills itself; shared by all threads."""

    def __init__(self, dialect: Dialect) -> None:
        super().__init__()
        self._dialect = dialect

    @property
    def is_sqlite(self) -> bool:
        """Whether it is SQLite's."""
        return self._dialect.name == "sqlite"

    def __missing__(self, statement: Statement) -> _Compiled:
        """Work a statement's text and converters out. Two threads may both come here at first; they make the same."""
        compiled = self[statement] = self._compile(statement)
        return compiled

    def _compile(self, statement: Statement) -> _Compiled:
        construct = statement.write(self._dialect.name)
        compiled = construct.compile(dialect=self._dialect, column_keys=list(statement.columns) or None)
        names = tuple(compiled.positiontup or ())
        fixed = [name for name in names if not compiled.binds[name].required]
        if fixed:
            raise BrokenInvariant(f"a statement writes its constants out, and takes {fixed} as parameters: {compiled}")
        encoders = [
            (place, encode)
            for place, name in enumerate(names)
            if (encode := compiled.binds[name].type.bind_processor(self._dialect)) is not None
        ]
        results = getattr(construct, "exported_columns", ())
        decoders = [
            (place, decode)
            for place, column in enumerate(results)
            if (decode := column.type.result_processor(self._dialect, None)) is not None
        ]
        return _Compiled(str(compiled), _picker(names), tuple(encoders), tuple(decoders))


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Value]], tuple[Any, ...]]:
    """Give a function that picks values by name: the interpreter's own where it makes a tuple."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


class Wire:
    """The way from repositories to one connection's cursor; it outlives transactions and works inside them only.

    Args:
        speech: the dialect.
        cursor: of the connection whose transaction the statements belong to.
        meaning: says what a driver's error means to the domain; None for what is no error of the driver's.
        may_write: whether rows may be locked and written.
    """

    __slots__ = ("_cursor", "_meaning", "_speech", "_thread", "held", "held_days", "may_write", "writes_alone")

    def __init__(
        self, speech: Speech, cursor: Cursor, meaning: Callable[[Exception], BittenError | None], *, may_write: bool
    ) -> None:
        self._speech = speech
        self._cursor = cursor
        self._meaning = meaning
        self._thread = 0
        self.held: set[str] = set()
        """Accounts the transaction holds."""
        self.held_days: set[int] = set()
        """Days of press passes it holds."""
        self.may_write = may_write
        self.writes_alone = speech.is_sqlite
        """Whether the database has one transaction write at a time, so that nothing else needs to be held."""

    def open(self) -> None:
        """Let the calling thread run statements: a transaction has begun."""
        self._thread = get_ident()
        self.held.clear()
        self.held_days.clear()

    def close(self) -> None:
        """Let nobody run statements: the transaction has ended."""
        self._thread = 0

    def one(self, statement: Statement, /, **values: Value) -> Row | None:
        """Run a statement and give its first row; None when there is none."""
        compiled = self._speech[statement]
        row = self._executed(compiled.text, compiled.listed(values)).fetchone()
        return None if row is None else compiled.decoded(row)

    def all(self, statement: Statement, /, **values: Value) -> list[Row]:
        """Run a statement and give its rows."""
        compiled = self._speech[statement]
        rows: list[Row] = self._executed(compiled.text, compiled.listed(values)).fetchall()
        return [compiled.decoded(row) for row in rows] if compiled.decoders else rows

    def write(self, statement: Statement, /, **values: Value) -> int:
        """Run a statement that writes; give the number of rows written."""
        self.require_writing()
        compiled = self._speech[statement]
        return self._executed(compiled.text, compiled.listed(values)).rowcount

    def write_all(self, statement: Statement, rows: Sequence[Mapping[str, Value]]) -> None:
        """Run a statement that writes once for each row."""
        self.require_writing()
        compiled = self._speech[statement]
        if len(rows) == 1:
            # A driver's way to run a list of one costs more than a run.
            self._executed(compiled.text, compiled.listed(rows[0]))
        elif rows:
            self._executed(compiled.text, [compiled.listed(row) for row in rows], many=True)

    def add(self, statement: Statement, what: str, /, **values: Value) -> None:
        """Run an `adding_once` statement.

        Raises:
            Conflict: a row of the same key is there.
        """
        if not self.write(statement, **values):
            raise Conflict(f"{what} is there already")

    def hold(self, statement: Statement) -> None:
        """Run a statement of `locking`, where others may write beside this transaction."""
        if self.may_write and not self.writes_alone:
            self.one(statement)

    def require_writing(self) -> None:
        """Refuse to write or to lock in a reading transaction."""
        if not self.may_write:
            raise BrokenInvariant("a reading transaction writes and locks nothing")

    def _executed(self, text: str, values: Sequence[Any], *, many: bool = False) -> Cursor:
        if self._thread != get_ident():
            raise BrokenInvariant("repositories are of use inside their own transaction only")
        cursor = self._cursor
        try:
            if many:
                cursor.executemany(text, values)
            else:
                cursor.execute(text, values)
        except Exception as error:
            meaning = self._meaning(error)
            if meaning is None:
                raise
            raise meaning from error
        return cursor


def locking(key: int, *, shared: bool = False) -> Statement:
    """Hold something that is no row until the transaction ends: whoever holds it otherwise is waited for.

    Args:
        key: which; a number of this application's.
        shared: let others hold it shared too.
    """
    take = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    return Statement(select(take(literal_column(str(key)))))


def adding(table: Table, **expressions: ColumnElement[Any]) -> Statement:
    """Insert a row; a row of the same key is the database's error."""
    plain = insert(table).inline()
    return Statement(plain.values(expressions) if expressions else plain, _columns(table, expressions))


def adding_once(table: Table, **expressions: ColumnElement[Any]) -> Statement:
    """Insert a row; a row with any of the same unique keys stays, and nothing is written."""

    def write(dialect: str) -> Insert:
        if dialect == "sqlite":
            quiet = sqlite.insert(table).inline().on_conflict_do_nothing()
        else:
            quiet = postgresql.insert(table).inline().on_conflict_do_nothing()  # type: ignore[assignment]
        return quiet.values(expressions) if expressions else quiet

    return Statement(write, _columns(table, expressions))


def replacing(table: Table, keys: tuple[str, ...], only_if: Any = None, **expressions: ColumnElement[Any]) -> Statement:
    """Insert a row, or replace all but the keys of the one that is there.

    Args:
        table: which.
        keys: its unique columns.
        only_if: condition on the old row and the `excluded` new one under which it may be replaced; None for always.
        expressions: columns that are not given as they are.
    """
    given = (*_columns(table, expressions), *expressions)
    changed = [name for name in given if name not in keys]

    def write(dialect: str) -> Insert:
        if dialect == "sqlite":
            lite = sqlite.insert(table).inline()
            lite = lite.values(expressions) if expressions else lite
            return lite.on_conflict_do_update(keys, set_={name: lite.excluded[name] for name in changed}, where=only_if)
        big = postgresql.insert(table).inline()
        big = big.values(expressions) if expressions else big
        taken = {name: big.excluded[name] for name in changed}
        return big.on_conflict_do_update(index_elements=keys, set_=taken, where=only_if)

    return Statement(write, _columns(table, expressions))


def _columns(table: Table, expressions: Mapping[str, object]) -> tuple[str, ...]:
    given_by_database = table.c["id"] if "id" in table.c and table.c["id"].identity is not None else None
    return tuple(
        column.name for column in table.columns if column is not given_by_database and column.name not in expressions
    )
