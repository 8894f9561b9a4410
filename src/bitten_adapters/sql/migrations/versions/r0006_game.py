"""Add what the game gives: achievements, challenges, gear, boards and forecasts."""

from __future__ import annotations

from alembic import op

from bitten_adapters.sql.migrations.statements import run_statements

__all__: list[str] = []

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEWEST_FIRST = (
    "forecasts",
    "board_members",
    "gear_worn",
    "gear",
    "challenges",
    "user_achievements",
    "achievements",
)


def upgrade() -> None:
    """Make the tables with their indexes."""
    run_statements("game_tables")


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in _NEWEST_FIRST:
        op.drop_table(table)
