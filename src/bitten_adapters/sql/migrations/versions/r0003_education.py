"""Add what people learn: lessons read, quizzes answered, missions fulfilled, and the diary."""

from __future__ import annotations

from alembic import op

from bitten_adapters.sql.migrations.statements import run_statements

__all__: list[str] = []

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables with their indexes."""
    run_statements("education_tables")


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in ("diary_entries", "missions", "quiz_results", "lessons"):
        op.drop_table(table)
