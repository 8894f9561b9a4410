"""What discipline has earned, and the days it was earned on."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from bitten_adapters.sql.tables.described import flag, json, key, moment, one_of, reference, table, text, whole
from bitten_domain.vocabulary import XpKind

__all__ = ["MARKET_DAYS", "USER_PROGRESS", "XP_TRANSACTIONS"]

_SPENDS = ", ".join(f"'{kind.value}'" for kind in XpKind if kind.spends)

XP_TRANSACTIONS = table(
    "xp_transactions",
    "The XP ledger; rows never change, and a cause is booked once.",
    key(),
    reference("user_id", "users.id"),
    text("cause"),
    text("kind"),
    whole("base"),
    whole("amount"),
    whole("day"),
    moment("at"),
    UniqueConstraint("user_id", "cause"),
    Index("ix_xp_transactions_day", "user_id", "day"),
    one_of("kind", XpKind),
    CheckConstraint(f"(amount < 0) = (kind IN ({_SPENDS}))", name="spending"),
    CheckConstraint("amount <> 0 AND amount <= 1000 AND base >= 0", name="amount"),
)

USER_PROGRESS = table(
    "user_progress",
    "Where people stand beyond the ledger.",
    # Not the key itself: SQLite numbers a key that is missing, and would give somebody else's row away.
    key(),
    reference("user_id", "users.id", unique=True),
    whole("streak"),
    whole("best_streak"),
    whole("adherent_days"),
    whole("closed_trades"),
    whole("banked_days"),
    whole("prestige"),
    whole("settled_day"),
    flag("is_game_off"),
    CheckConstraint(
        "streak >= 0 AND best_streak >= streak AND adherent_days >= best_streak AND closed_trades >= 0"
        " AND banked_days >= 0 AND prestige >= 0",
        name="counts",
    ),
)

MARKET_DAYS = table(
    "market_days",
    "Market days of people: whether they prepared for one, and what was closed on it.",
    key(),
    reference("user_id", "users.id"),
    whole("day"),
    moment("briefed_at", optional=True),
    moment("closed_at", optional=True),
    json("trades", optional=True),
    json("still_broken", optional=True),
    UniqueConstraint("user_id", "day"),
    CheckConstraint(
        "(closed_at IS NULL) = (trades IS NULL) AND (closed_at IS NULL) = (still_broken IS NULL)", name="closed"
    ),
    CheckConstraint("briefed_at IS NOT NULL OR closed_at IS NOT NULL", name="reason"),
)
