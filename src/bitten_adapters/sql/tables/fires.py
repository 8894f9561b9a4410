"""Fires: intents, attempts, reserved risk, errands."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql

from bitten_adapters.sql.column_types import Exact, lots, number, price
from bitten_adapters.sql.tables.described import (
    CURRENCY,
    currency,
    exactly,
    flag,
    key,
    moment,
    one_of,
    reference,
    table,
    text,
    whole,
)
from bitten_domain.execution.lifecycle import TERMINAL_STATES
from bitten_domain.values import Direction
from bitten_domain.vocabulary import FireMode, OrderState, PlanKind

__all__ = ["DISPATCHES", "FIRE_ATTEMPTS", "FIRE_INTENTS", "RESERVATIONS", "UNCLAIMED", "UNFINISHED"]

UNFINISHED = f"state NOT IN ({', '.join(sorted(repr(state.value) for state in TERMINAL_STATES))})"
"""An attempt that may still move. Queries use the index's own words, or the index is not used."""

UNCLAIMED = "claimed_by = '' AND NOT is_finished"
"""An errand that waits for somebody to take it."""

_UNFINISHED, _UNCLAIMED = sql(UNFINISHED), sql(UNCLAIMED)
_HELD = sql("released_at IS NULL")
_IS_OPENING = (
    "fire_mode IS NOT NULL AND symbol IS NOT NULL AND direction IS NOT NULL AND lots IS NOT NULL AND stop IS NOT NULL"
    " AND plan IS NOT NULL AND risk_percent IS NOT NULL AND strategy IS NOT NULL AND score IS NOT NULL"
    " AND cost_share IS NOT NULL AND not_after IS NOT NULL AND ticket IS NULL"
)
_IS_CLOSING = "ticket IS NOT NULL AND reason IS NOT NULL AND not_after IS NULL AND signal IS NULL"

FIRE_INTENTS = table(
    "fire_intents",
    "What somebody wants done at a broker, written before anything leaves.",
    key(),
    text("public_id"),
    reference("account_id", "accounts.id"),
    text("kind"),
    text("signal", optional=True),
    text("fire_mode", optional=True),
    text("symbol", optional=True),
    text("direction", optional=True),
    exactly("lots", lots(), optional=True),
    exactly("stop", price(), optional=True),
    exactly("target", price(), optional=True),
    text("plan", optional=True),
    moment("flat_at", optional=True),
    whole("time_stop_seconds", optional=True),
    exactly("risk_percent", Exact(), optional=True),
    text("strategy", optional=True),
    whole("score", optional=True),
    exactly("cost_share", number(), optional=True),
    whole("ticket", optional=True),
    text("reason", optional=True),
    moment("created_at"),
    moment("not_after", optional=True),
    UniqueConstraint("public_id"),
    # An account fires a signal once, for ever.
    UniqueConstraint("account_id", "signal"),
    Index(
        "ix_fire_intents_fires",
        "account_id",
        "created_at",
        sqlite_where=sql("kind = 'FIRE'"),
        postgresql_where=sql("kind = 'FIRE'"),
    ),
    one_of("fire_mode", FireMode, optional=True),
    one_of("direction", Direction, optional=True),
    one_of("plan", PlanKind, optional=True),
    CheckConstraint(
        f"kind = 'FIRE' AND {_IS_OPENING} OR kind = 'CLOSE' AND {_IS_CLOSING} OR kind = 'LEVELS' AND {_IS_CLOSING}",
        name="kind",
    ),
    CheckConstraint("lots > 0", name="lots"),
    CheckConstraint("CAST(risk_percent AS REAL) >= 0", name="risk_percent"),
    CheckConstraint("not_after >= created_at", name="deadline"),
    CheckConstraint("(plan = 'TIME_STOP') = (time_stop_seconds IS NOT NULL)", name="time_stop"),
)

FIRE_ATTEMPTS = table(
    "fire_attempts",
    "Tries at intents, one message to one broker each.",
    key(),
    reference("intent_id", "fire_intents.id"),
    reference("account_id", "accounts.id"),
    whole("number"),
    whole("client_order_id"),
    text("state"),
    moment("since"),
    UniqueConstraint("intent_id", "number"),
    UniqueConstraint("client_order_id"),
    Index(
        "ix_fire_attempts_unfinished",
        "account_id",
        "client_order_id",
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    ),
    one_of("state", OrderState),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("client_order_id > 0 AND client_order_id < 9007199254740992", name="client_order_id"),
)

RESERVATIONS = table(
    "reservations",
    "Risk that is spoken for between an order's approval and its end; released once.",
    key(),
    reference("intent_id", "fire_intents.id", unique=True),
    reference("account_id", "accounts.id"),
    text("symbol"),
    text("direction"),
    exactly("risk", Exact()),
    exactly("margin", Exact()),
    currency(),
    text("group_name"),
    moment("reserved_at"),
    moment("released_at", optional=True),
    Index("ix_reservations_held", "account_id", sqlite_where=_HELD, postgresql_where=_HELD),
    one_of("direction", Direction),
    CheckConstraint("CAST(risk AS REAL) >= 0", name="risk"),
    CheckConstraint("CAST(margin AS REAL) >= 0", name="margin"),
    CheckConstraint(CURRENCY, name="currency"),
)

DISPATCHES = table(
    "dispatches",
    "Which attempt is to be handed to its broker, and by whom at present.",
    key(),
    whole("client_order_id"),
    reference("account_id", "accounts.id"),
    flag("opens"),
    moment("due_at"),
    text("claimed_by"),
    moment("lease_until"),
    whole("fence"),
    flag("is_finished"),
    UniqueConstraint("client_order_id"),
    ForeignKeyConstraint(["client_order_id"], ["fire_attempts.client_order_id"]),
    Index(
        "ix_dispatches_due",
        "opens",
        "due_at",
        sqlite_where=_UNCLAIMED,
        postgresql_where=_UNCLAIMED,
    ),
    CheckConstraint("fence >= 0", name="fence"),
    CheckConstraint("(claimed_by = '') = (fence = 0)", name="claim"),
)
