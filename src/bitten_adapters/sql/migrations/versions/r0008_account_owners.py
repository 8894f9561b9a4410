"""Find a person's accounts by an index."""

from __future__ import annotations

from alembic import op

__all__: list[str] = []

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INDEX = "ix_accounts_user"


def upgrade() -> None:
    """Make the index."""
    op.create_index(_INDEX, "accounts", ["user_public_id", "public_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index(_INDEX, "accounts")
