"""Make the first tables: accounts, people, fires, books, signals, news, the record, messages, housekeeping.

The statements lie beside this module, a file for each database, as they were written by
`tools/write_migration_tables.py` when they were released.
"""

from __future__ import annotations

from alembic import op

from bitten_adapters.sql.migrations.statements import run_statements

__all__: list[str] = []

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Each after those that refer to it.
_NEWEST_FIRST = (
    "dispatches", "reservations", "fire_attempts", "fire_intents", "journal", "journal_streams", "mandates",
    "news_events", "news_calendars", "positions", "deals", "trades", "trade_modifications", "risk_sessions",
    "signal_outcomes", "signals", "user_profiles", "users", "accounts", "anchors", "audit_log", "emergency_stops",
    "inbox_updates", "jobs_history", "outbox", "processed_events", "signal_desk", "tcs_adjustments",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables with their indexes and guards."""
    run_statements("first_tables")


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in _NEWEST_FIRST:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_edit()")
