"""The books of accounts: positions, deals, trades, changes of levels."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlalchemy import text as sql

from bitten_adapters.sql.column_types import Exact, lots, money, price
from bitten_adapters.sql.tables.described import (
    CURRENCY,
    currency,
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
from bitten_domain.execution import DealReason
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.values import Direction

__all__ = ["DEALS", "POSITIONS", "TRADES", "TRADE_MODIFICATIONS"]

_NOT_CLOSED = sql("state <> 'CLOSED'")

POSITIONS = table(
    "positions",
    "What is or was open at brokers; a ticket is one position of an account.",
    key(),
    reference("account_id", "accounts.id"),
    whole("ticket"),
    whole("client_order_id"),
    text("symbol"),
    text("direction"),
    exactly("lots", lots()),
    exactly("filled_lots", lots()),
    exactly("entry", price()),
    exactly("stop", price(), optional=True),
    exactly("target", price(), optional=True),
    exactly("initial_stop", price(), optional=True),
    moment("opened_at"),
    whole("charged_day"),
    exactly("initial_risk", Exact(), optional=True),
    exactly("conversion", Exact()),
    exactly("swap", Exact()),
    currency(),
    text("state"),
    text("intent_public_id", optional=True),
    json("known", optional=True),
    moment("stop_confirmed_at", optional=True),
    whole("stop_tries"),
    UniqueConstraint("account_id", "ticket"),
    Index("ix_positions_open", "account_id", "ticket", sqlite_where=_NOT_CLOSED, postgresql_where=_NOT_CLOSED),
    one_of("direction", Direction),
    one_of("state", PositionState),
    CheckConstraint("lots >= 0 AND lots <= filled_lots AND filled_lots > 0", name="lots"),
    CheckConstraint("entry > 0", name="entry"),
    CheckConstraint("CAST(conversion AS REAL) > 0", name="conversion"),
    CheckConstraint("CAST(initial_risk AS REAL) > 0", name="initial_risk"),
    CheckConstraint("stop_tries >= 0", name="stop_tries"),
    CheckConstraint(CURRENCY, name="currency"),
)


def _booked() -> tuple[Column[int], ...]:
    names = ("profit", "swap", "commission", "fee", "spread_cost", "slippage_cost")
    return tuple(exactly(name, money()) for name in names)


DEALS = table(
    "deals",
    "What brokers booked, once each; rows never change.",
    key(),
    reference("account_id", "accounts.id"),
    whole("ticket"),
    whole("position"),
    whole("client_order_id"),
    text("symbol"),
    text("direction"),
    text("reason"),
    exactly("lots", lots()),
    exactly("price", price()),
    moment("at"),
    *_booked(),
    currency(),
    flag("ambiguous"),
    UniqueConstraint("account_id", "ticket"),
    Index("ix_deals_position", "account_id", "position"),
    one_of("direction", Direction),
    one_of("reason", DealReason),
    CheckConstraint("lots > 0", name="lots"),
    CheckConstraint("price > 0", name="price"),
    CheckConstraint("spread_cost >= 0 AND slippage_cost >= 0", name="costs"),
    CheckConstraint(CURRENCY, name="currency"),
)

TRADES = table(
    "trades",
    "Positions from their first deal to their last.",
    key(),
    reference("account_id", "accounts.id"),
    whole("position"),
    whole("client_order_id"),
    text("symbol"),
    text("direction"),
    exactly("lots", lots()),
    exactly("entry", price()),
    exactly("exit", Exact()),
    exactly("initial_stop", price(), optional=True),
    moment("opened_at"),
    moment("closed_at"),
    text("reason"),
    *_booked(),
    exactly("initial_risk", Exact(), optional=True),
    exactly("net_r", Exact(), optional=True),
    flag("ambiguous"),
    json("known", optional=True),
    exactly("balance_after", money()),
    currency(),
    UniqueConstraint("account_id", "position"),
    Index("ix_trades_closed", "account_id", "closed_at"),
    one_of("direction", Direction),
    one_of("reason", DealReason),
    CheckConstraint("lots > 0", name="lots"),
    CheckConstraint("closed_at >= opened_at", name="span"),
    CheckConstraint(CURRENCY, name="currency"),
)

TRADE_MODIFICATIONS = table(
    "trade_modifications",
    "Stops and targets that were moved at brokers.",
    key(),
    reference("account_id", "accounts.id"),
    whole("ticket"),
    moment("at"),
    exactly("stop_before", price(), optional=True),
    exactly("stop_after", price(), optional=True),
    exactly("target_before", price(), optional=True),
    exactly("target_after", price(), optional=True),
    text("reason"),
    Index("ix_trade_modifications_ticket", "account_id", "ticket"),
)
