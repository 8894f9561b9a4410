"""People, what they let the machine do, and what has been stopped."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql

from bitten_adapters.sql.column_types import Exact
from bitten_adapters.sql.tables.described import (
    exactly,
    flag,
    json,
    key,
    moment,
    one_of,
    reference,
    table,
    text,
    whole,
)
from bitten_domain.risk.emergency_stop import StopKind, StopScope
from bitten_domain.vocabulary import AccountStatus, Rank, SystemMode, Tier

__all__ = ["EMERGENCY_STOPS", "MANDATES", "USERS", "USER_PROFILES"]

_PERCENTS = "CAST({0}risk_percent AS REAL) BETWEEN 0.1 AND 2 AND CAST({0}daily_loss_percent AS REAL) BETWEEN 0.5 AND 6"

USERS = table(
    "users",
    "People: what decides what they may do, and the limits they chose.",
    key(),
    text("public_id"),
    whole("telegram_id", optional=True),
    text("status"),
    text("rank"),
    text("tier"),
    text("mode"),
    flag("is_sniper"),
    flag("has_live_consent"),
    exactly("risk_percent", Exact()),
    exactly("daily_loss_percent", Exact()),
    whole("max_positions"),
    exactly("raised_risk_percent", Exact(), optional=True),
    exactly("raised_daily_loss_percent", Exact(), optional=True),
    whole("raised_max_positions", optional=True),
    moment("raise_at"),
    moment("joined_at"),
    UniqueConstraint("public_id"),
    UniqueConstraint("telegram_id"),
    one_of("status", AccountStatus),
    one_of("rank", Rank),
    one_of("tier", Tier),
    one_of("mode", SystemMode),
    CheckConstraint(f"{_PERCENTS.format('')} AND max_positions BETWEEN 1 AND 10", name="limits"),
    CheckConstraint(
        "raised_risk_percent IS NULL AND raised_daily_loss_percent IS NULL AND raised_max_positions IS NULL"
        f" OR {_PERCENTS.format('raised_')} AND raised_max_positions BETWEEN 1 AND 10",
        name="raised_limits",
    ),
)

USER_PROFILES = table(
    "user_profiles",
    "How people are called and addressed.",
    reference("user_id", "users.id", primary_key=True),
    text("callsign"),
    text("language"),
    text("zone"),
    CheckConstraint("length(callsign) = 0 OR length(callsign) BETWEEN 3 AND 20", name="callsign"),
)

MANDATES = table(
    "mandates",
    "What users let the machine fire by itself.",
    key(),
    text("public_id"),
    reference("account_id", "accounts.id"),
    text("user_public_id"),
    json("pairs"),
    exactly("least_score", Exact()),
    whole("shots_a_day"),
    exactly("risk_percent", Exact()),
    moment("granted_at"),
    moment("ends_at"),
    moment("revoked_at", optional=True),
    UniqueConstraint("public_id"),
    # An account has at most one that is not revoked.
    Index(
        "uq_mandates_standing",
        "account_id",
        unique=True,
        sqlite_where=sql("revoked_at IS NULL"),
        postgresql_where=sql("revoked_at IS NULL"),
    ),
    CheckConstraint("CAST(least_score AS REAL) BETWEEN 0 AND 100", name="least_score"),
    CheckConstraint("shots_a_day BETWEEN 1 AND 50", name="shots_a_day"),
    CheckConstraint("CAST(risk_percent AS REAL) BETWEEN 0.1 AND 2", name="risk_percent"),
    CheckConstraint("ends_at > granted_at", name="span"),
)

EMERGENCY_STOPS = table(
    "emergency_stops",
    "What blocks opening: whom, since when, and who ended it.",
    key(),
    text("scope"),
    text("subject"),
    text("kind"),
    text("set_by"),
    moment("set_at"),
    text("released_by", optional=True),
    moment("released_at", optional=True),
    # A scope and subject has at most one of a kind in force.
    Index(
        "uq_emergency_stops_in_force",
        "scope",
        "subject",
        "kind",
        unique=True,
        sqlite_where=sql("released_at IS NULL"),
        postgresql_where=sql("released_at IS NULL"),
    ),
    one_of("scope", StopScope),
    one_of("kind", StopKind),
    CheckConstraint("(subject = '') = (scope = 'GLOBAL')", name="subject"),
    CheckConstraint("(released_by IS NULL) = (released_at IS NULL)", name="release"),
)
