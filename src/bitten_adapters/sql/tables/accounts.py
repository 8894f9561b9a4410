"""Accounts and their trading days."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from bitten_adapters.sql.column_types import Exact, money
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
from bitten_domain.desk.account import AccountStanding

__all__ = ["ACCOUNTS", "RISK_SESSIONS"]

ACCOUNTS = table(
    "accounts",
    "Trading accounts; the row is locked while anything about the account is decided.",
    key(),
    text("public_id"),
    text("user_public_id"),
    text("broker"),
    flag("is_live"),
    flag("is_netting"),
    currency(),
    exactly("opening", money()),
    exactly("balance", money()),
    exactly("leverage", Exact()),
    moment("opened_at"),
    text("standing"),
    text("standing_reason"),
    whole("epoch"),
    whole("next_sequence"),
    whole("last_deal"),
    UniqueConstraint("public_id"),
    # Client order ids begin with it, and no two attempts share one.
    UniqueConstraint("epoch"),
    Index("ix_accounts_user", "user_public_id", "public_id"),
    one_of("standing", AccountStanding),
    CheckConstraint(CURRENCY, name="currency"),
    CheckConstraint("CAST(leverage AS REAL) > 0", name="leverage"),
    CheckConstraint("epoch >= 1 AND epoch < 2097152", name="epoch"),
    CheckConstraint("next_sequence >= 1 AND next_sequence <= 4294967296", name="next_sequence"),
    CheckConstraint("last_deal >= 0", name="last_deal"),
)

RISK_SESSIONS = table(
    "risk_sessions",
    "Trading days of accounts: the limits they began with and the pauses results have earned.",
    key(),
    reference("account_id", "accounts.id"),
    whole("day"),
    exactly("start_balance", Exact()),
    exactly("start_equity", Exact()),
    exactly("loss_floor", Exact()),
    whole("shots"),
    json("behaviour"),
    exactly("marked_equity", Exact()),
    moment("marked_at"),
    UniqueConstraint("account_id", "day"),
    CheckConstraint("shots >= 0", name="shots"),
)
