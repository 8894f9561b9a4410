"""Add what discipline has earned: the XP ledger, people's progress and their market days."""

from __future__ import annotations

from alembic import op

from bitten_adapters.sql.migrations.statements import run_statements

__all__: list[str] = []

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables with their indexes and guards."""
    run_statements("progression_tables")


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in ("market_days", "user_progress", "xp_transactions"):
        op.drop_table(table)
