"""Signals, their outcomes, the threshold, and what the emission remembers."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from bitten_adapters.sql.column_types import Exact, number, price
from bitten_adapters.sql.tables.described import (
    exactly,
    json,
    key,
    moment,
    one_of,
    reference,
    table,
    text,
    whole,
)
from bitten_domain.market.news_view import Blackout
from bitten_domain.tcs.threshold import CEILING, FLOOR, Condition
from bitten_domain.values import Direction
from bitten_domain.vocabulary import Band, PlanKind

__all__ = ["SIGNALS", "SIGNAL_DESK", "SIGNAL_OUTCOMES", "TCS_ADJUSTMENTS"]

SIGNALS = table(
    "signals",
    "Emitted signals.",
    key(),
    text("public_id"),
    text("symbol"),
    text("direction"),
    text("strategy"),
    whole("timeframe"),
    moment("at"),
    exactly("entry", price()),
    exactly("stop", price()),
    exactly("target", price()),
    text("plan"),
    moment("flat_at"),
    moment("valid_until"),
    whole("score"),
    whole("gate"),
    whole("threshold"),
    text("band"),
    whole("coverage"),
    exactly("cost_share", number()),
    exactly("reward_net", number()),
    text("blackout"),
    json("detail"),
    UniqueConstraint("public_id"),
    Index("ix_signals_at", "at"),
    one_of("direction", Direction),
    one_of("plan", PlanKind),
    one_of("band", Band),
    one_of("blackout", Blackout),
    CheckConstraint("score BETWEEN 0 AND 10000", name="score"),
    CheckConstraint("valid_until >= at", name="life"),
)

SIGNAL_OUTCOMES = table(
    "signal_outcomes",
    "What signals came to under the one fill model, fired or not.",
    key(),
    reference("signal_id", "signals.id", unique=True),
    moment("ended_at"),
    whole("day"),
    exactly("net_r", Exact(), optional=True),
    exactly("gross_r", Exact(), optional=True),
)

TCS_ADJUSTMENTS = table(
    "tcs_adjustments",
    "Decisions of the self-optimising threshold.",
    key(),
    moment("at"),
    whole("open_clock"),
    whole("old"),
    whole("new"),
    whole("count"),
    whole("volume_move"),
    whole("performance_move"),
    text("reason"),
    text("condition"),
    whole("closed_count"),
    exactly("closed_total_r", number()),
    exactly("closed_deviation_r", number()),
    one_of("condition", Condition),
    CheckConstraint(f"old BETWEEN {FLOOR} AND {CEILING} AND new BETWEEN {FLOOR} AND {CEILING}", name="bounds"),
    CheckConstraint("count >= 0", name="count"),
)

SIGNAL_DESK = table(
    "signal_desk",
    "What the emission of signals remembers; one row.",
    whole("id"),
    moment("scanned_to"),
    json("state"),
    UniqueConstraint("id"),
    CheckConstraint("id = 1", name="single"),
)
