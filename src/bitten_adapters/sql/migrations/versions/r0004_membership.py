"""Add what members were given and paid: press passes, plans, gateway events, subscriptions, trials."""

from __future__ import annotations

from alembic import op

from bitten_adapters.sql.migrations.statements import run_statements

__all__: list[str] = []

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NEWEST_FIRST: tuple[str, ...] = (
    "trial_marks",
    "payment_transactions",
    "user_subscriptions",
    "gateway_events",
    "subscription_plans",
    "press_passes",
    "press_pass_days",
)


def upgrade() -> None:
    """Make the tables with their indexes."""
    run_statements("membership_tables")


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in _NEWEST_FIRST:
        op.drop_table(table)
