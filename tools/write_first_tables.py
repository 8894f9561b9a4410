"""Write the statements of the first migration from the described tables; once they are released they are frozen."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, SetTableComment

from bitten_adapters.sql.tables import METADATA
from bitten_adapters.sql.tables.guards import guard_statements

FOLDER = Path(__file__).parents[1] / "src/bitten_adapters/sql/migrations/versions/first_tables"


def main() -> None:
    """Write a file for each database."""
    for dialect in (sqlite.dialect(), postgresql.dialect()):  # type: ignore[no-untyped-call]
        statements: list[str] = []
        for table in METADATA.sorted_tables:
            statements.append(str(CreateTable(table).compile(dialect=dialect)))
            indexes = sorted(table.indexes, key=lambda index: str(index.name))
            statements += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
            if dialect.name == "postgresql":
                statements.append(str(SetTableComment(table).compile(dialect=dialect)))
        statements += guard_statements(dialect.name)
        tidy = ("\n".join(line.rstrip() for line in text.strip().splitlines()) for text in statements)
        (FOLDER / f"{dialect.name}.sql").write_text(";\n\n".join(tidy) + ";\n", encoding="utf-8")


if __name__ == "__main__":
    main()
