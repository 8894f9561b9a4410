"""What members were given and what they paid: press passes, plans, gateway events, subscriptions, payments, trials."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql

from bitten_adapters.sql.column_types import Bytes, Whole, money
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
from bitten_domain.membership.press_pass import TELEGRAM_KEY_BYTES
from bitten_domain.membership.subscription import GatewayEventKind
from bitten_domain.membership.subscription.plans import is_paying
from bitten_domain.vocabulary import Tier

__all__ = [
    "GATEWAY_EVENTS",
    "PAYMENT_TRANSACTIONS",
    "PRESS_PASSES",
    "PRESS_PASS_DAYS",
    "SUBSCRIPTION_PLANS",
    "TRIAL_MARKS",
    "USER_SUBSCRIPTIONS",
]

_A_KEY = f"length(telegram_key) = {TELEGRAM_KEY_BYTES}"
_PAID_TIERS = ", ".join(f"'{tier.value}'" for tier in Tier if is_paying(tier))


def _whose() -> Column[int]:
    """Describe whose a row is, until that person is erased."""
    return Column("user_id", Whole(), ForeignKey("users.id"))


PRESS_PASS_DAYS = table(
    "press_pass_days",
    "Days on which press passes are given: whoever claims holds the row, and the count is that of the passes.",
    key(),
    whole("day"),
    whole("most"),
    UniqueConstraint("day"),
    CheckConstraint("most >= 0", name="most"),
)

PRESS_PASSES = table(
    "press_passes",
    "Press passes, one in the life of a Telegram id; the keyed hash of the id outlives its person.",
    key(),
    exactly("telegram_key", Bytes()),
    _whose(),
    whole("day"),
    moment("claimed_at"),
    moment("ends_at"),
    moment("activated_at", optional=True),
    moment("converted_at", optional=True),
    moment("revoked_at", optional=True),
    whole("reminders_sent"),
    flag("wants_reminders"),
    whole("score_day"),
    whole("score_points"),
    UniqueConstraint("telegram_key"),
    UniqueConstraint("user_id"),
    Index("ix_press_passes_day", "day"),
    CheckConstraint(_A_KEY, name="key"),
    CheckConstraint("ends_at > claimed_at", name="span"),
    CheckConstraint("reminders_sent BETWEEN 0 AND 2", name="reminders"),
    CheckConstraint("score_points >= 0", name="score"),
)

SUBSCRIPTION_PLANS = table(
    "subscription_plans",
    "Monthly plans; they are never deleted, only no longer offered.",
    key(),
    text("plan_id"),
    text("tier"),
    exactly("price", money()),
    currency(),
    flag("is_offered"),
    UniqueConstraint("plan_id"),
    CheckConstraint(f"tier IN ({_PAID_TIERS})", name="tier"),
    CheckConstraint("price > 0", name="price"),
    CheckConstraint(CURRENCY, name="currency"),
)

GATEWAY_EVENTS = table(
    "gateway_events",
    "What payment gateways told, each event once; subscriptions and payments are worked out from these rows.",
    key(),
    text("gateway"),
    text("event_id"),
    text("kind"),
    moment("created_at"),
    whole("sequence"),
    # Not a reference: what a gateway told is kept whoever it names.
    text("user_public_id"),
    text("subscription_ref"),
    text("plan_id"),
    moment("period_start", optional=True),
    moment("period_end", optional=True),
    text("payment_ref"),
    exactly("amount", money(), optional=True),
    text("currency", optional=True),
    flag("is_test"),
    moment("received_at"),
    UniqueConstraint("gateway", "event_id"),
    Index("ix_gateway_events_subscription", "gateway", "subscription_ref"),
    one_of("kind", GatewayEventKind),
    CheckConstraint("sequence >= 0", name="sequence"),
    CheckConstraint("(period_start IS NULL) = (period_end IS NULL)", name="period"),
    CheckConstraint("period_end IS NULL OR period_end > period_start", name="span"),
    CheckConstraint("(amount IS NULL) = (payment_ref = '') AND (amount IS NULL) = (currency IS NULL)", name="payment"),
    CheckConstraint("amount IS NULL OR amount >= 0", name="amount"),
)

USER_SUBSCRIPTIONS = table(
    "user_subscriptions",
    "Subscriptions as their events tell them: it can be dropped and worked out anew.",
    key(),
    text("gateway"),
    text("subscription_ref"),
    reference("user_id", "users.id"),
    moment("begun_at"),
    json("periods"),
    text("next_plan_id"),
    text("next_tier", optional=True),
    moment("cancelled_at", optional=True),
    moment("failed_at", optional=True),
    whole("events"),
    flag("is_test"),
    flag("is_current"),
    UniqueConstraint("gateway", "subscription_ref"),
    Index("ix_user_subscriptions_user", "user_id"),
    # A person has at most one current one.
    Index(
        "uq_user_subscriptions_current",
        "user_id",
        unique=True,
        sqlite_where=sql("is_current"),
        postgresql_where=sql("is_current"),
    ),
    one_of("next_tier", Tier, optional=True),
    CheckConstraint("(next_tier IS NULL) = (next_plan_id = '')", name="next_plan"),
    CheckConstraint("events >= 0", name="events"),
)

PAYMENT_TRANSACTIONS = table(
    "payment_transactions",
    "Money that moved, as gateways say, with what was given back.",
    key(),
    text("gateway"),
    text("payment_ref"),
    reference("user_id", "users.id"),
    text("subscription_ref"),
    text("plan_id"),
    exactly("amount", money()),
    exactly("refunded", money()),
    currency(),
    moment("paid_at"),
    moment("refunded_at", optional=True),
    flag("is_test"),
    UniqueConstraint("gateway", "payment_ref"),
    Index("ix_payment_transactions_user", "user_id", "paid_at"),
    CheckConstraint("amount >= 0 AND refunded BETWEEN 0 AND amount", name="amount"),
    CheckConstraint("refunded = 0 OR refunded_at IS NOT NULL", name="refund"),
    CheckConstraint(CURRENCY, name="currency"),
)

TRIAL_MARKS = table(
    "trial_marks",
    "Trials that were given, one in the life of a Telegram id; the keyed hash of the id outlives its person.",
    key(),
    exactly("telegram_key", Bytes()),
    _whose(),
    moment("at"),
    UniqueConstraint("telegram_key"),
    Index("ix_trial_marks_user", "user_id"),
    CheckConstraint(_A_KEY, name="key"),
)
