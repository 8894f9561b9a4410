"""Running the statements of a migration, which lie beside it in a file for each database."""

from __future__ import annotations

from pathlib import Path

from alembic import op

__all__ = ["run_statements"]


def run_statements(folder: str) -> None:
    """Run the file of the database that is migrated.

    Args:
        folder: of the migration's files.
    """
    connection = op.get_bind()
    text = (Path(__file__).parent / "versions" / folder / f"{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in text.strip().removesuffix(";").split(";\n\n"):
        connection.exec_driver_sql(statement)
