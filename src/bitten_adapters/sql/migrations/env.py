"""How Alembic runs the steps: on the connection that `bitten_adapters.sql.schema` holds, in its transaction."""

from __future__ import annotations

from alembic import context

from bitten_adapters.sql.tables import METADATA

__all__: list[str] = []

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite alters a table by making it again.
    render_as_batch=True,
)
context.run_migrations()
