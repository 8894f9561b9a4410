"""Make the first tables: accounts, people, fires, books, signals, news, the record, messages, housekeeping.

The statements lie beside this module, a file for each database, as they were written by `tools/write_first_tables.py`
when they were released.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

__all__: list[str] = []

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FOLDER = Path(__file__).parent / "first_tables"

# Each after those that refer to it.
_NEWEST_FIRST = (
    "dispatches", "reservations", "fire_attempts", "fire_intents", "journal", "journal_streams", "mandates",
    "news_events", "news_calendars", "positions", "deals", "trades", "trade_modifications", "risk_sessions",
    "signal_outcomes", "signals", "user_profiles", "users", "accounts", "anchors", "audit_log", "emergency_stops",
    "inbox_updates", "jobs_history", "outbox", "processed_events", "signal_desk", "tcs_adjustments",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables with their indexes and guards."""
    connection = op.get_bind()
    text = (_FOLDER / f"{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in text.strip().removesuffix(";").split(";\n\n"):
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in _NEWEST_FIRST:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_edit()")
