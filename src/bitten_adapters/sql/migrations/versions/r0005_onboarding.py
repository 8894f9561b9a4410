"""Add onboardings, what people agreed to, and what they chose for themselves."""

from __future__ import annotations

from alembic import op

from bitten_adapters.sql.migrations.statements import run_statements

__all__: list[str] = []

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Callsigns that are there already; of two persons with one, whoever came first has it.
_CALLSIGNS = """
INSERT INTO user_choices (user_id, callsign_key)
SELECT min(user_id), lower(callsign) FROM user_profiles WHERE callsign <> '' GROUP BY lower(callsign)
"""
_NEWEST_FIRST = ("user_choices", "consents", "onboarding_sessions")


def upgrade() -> None:
    """Make the tables with their indexes."""
    run_statements("onboarding_tables")
    op.execute(_CALLSIGNS)


def downgrade() -> None:
    """Drop the tables with all they hold."""
    for table in _NEWEST_FIRST:
        op.drop_table(table)
