"""Add exports, deletions, erasures, e-mail addresses, and the keys that persons' data is sealed with."""

from __future__ import annotations

from alembic import op

from bitten_adapters.sql.migrations.statements import run_statements

__all__: list[str] = []

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NEWEST_FIRST: tuple[str, ...] = (
    "user_emails", "person_keys", "erasures", "export_requests", "deletion_requests",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables with their indexes."""
    run_statements("privacy_tables")


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in _NEWEST_FIRST:
        op.drop_table(table)
