"""Write docs/reference/tables.md: every table of the store with its columns, types, rules and guards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite

from bitten_adapters.sql.tables import METADATA
from bitten_adapters.sql.tables.guards import guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, Table

PAGE = Path(__file__).parents[1] / "docs/reference/tables.md"

_HEAD = """# Tables

Written by `python tools/write_tables.py`; not edited by hand. Why they are as they are:
[decision 19](../decisions/0020-store-in-sql.md).

`id` is given by the database and never leaves it; what the domain calls an account, a person or an intent is its
`public_id`. On SQLite a moment is whole seconds since 1970 UTC and an amount an integer of its last decimals.
"""


def page() -> str:
    """Write the page."""
    return _HEAD + "".join(_section(METADATA.tables[name]) for name in sorted(METADATA.tables))


def _section(table: Table) -> str:
    columns = "\n".join(_column(column) for column in table.columns)
    rules = "".join(f"- {rule}\n" for rule in sorted(_rules(table)))
    return f"""
## {table.name}

{table.comment}

| column | PostgreSQL | SQLite | may be empty |
|---|---|---|---|
{columns}

{rules}"""


def _column(column: Column[object]) -> str:
    big = column.type.compile(dialect=postgresql.dialect()).replace(' COLLATE "C"', "")  # type: ignore[no-untyped-call]
    small = column.type.compile(dialect=sqlite.dialect())
    empty = "yes" if column.nullable else ""
    return f"| {column.name} | {big.lower()} | {small.lower()} | {empty} |"


def _rules(table: Table) -> Iterator[str]:
    for rule in table.constraints:
        names = ", ".join(column.name for column in getattr(rule, "columns", ()))
        if isinstance(rule, PrimaryKeyConstraint):
            yield f"key: {names}"
        elif isinstance(rule, UniqueConstraint):
            yield f"unique: {names}"
        elif isinstance(rule, ForeignKeyConstraint):
            yield f"{names} is in {', '.join(element.target_fullname for element in rule.elements)}"
        elif isinstance(rule, CheckConstraint):
            yield f"rule: `{rule.sqltext}`"
    for index in table.indexes:
        names = ", ".join(column.name for column in index.columns)
        where = index.dialect_options["postgresql"]["where"]
        kind = "unique" if index.unique else "index"
        yield f"{kind}: {names}" + ("" if where is None else f" where `{where}`")
    for guard in guards("postgresql"):
        if guard.table == table.name:
            yield f"refuses {guard.verb}" + (f" unless `{guard.unless}`" if guard.unless else "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
