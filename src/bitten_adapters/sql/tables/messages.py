"""Messages: what goes out after a commit, what came in, and what was answered."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql

from bitten_adapters.sql.column_types import Bytes
from bitten_adapters.sql.tables.described import exactly, flag, json, key, moment, table, text, whole

__all__ = ["INBOX_UPDATES", "OUTBOX", "PROCESSED_EVENTS", "WAITING"]

WAITING = "handled_at IS NULL AND NOT is_parked"
"""An update that is neither handled nor parked. Queries use the index's own words, or the index is not used."""

_UNTOLD, _WAITING = sql("told_at IS NULL"), sql(WAITING)

OUTBOX = table(
    "outbox",
    "What is to be told after the commit it was written in.",
    key(),
    text("message_id"),
    text("user_public_id", optional=True),
    text("topic"),
    whole("priority"),
    json("body"),
    moment("created_at"),
    moment("not_before"),
    moment("told_at", optional=True),
    UniqueConstraint("message_id"),
    Index("ix_outbox_waiting", "priority", "created_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    CheckConstraint("priority BETWEEN 0 AND 3", name="priority"),
)

INBOX_UPDATES = table(
    "inbox_updates",
    "What messengers told us, kept before it is answered.",
    key(),
    text("bot"),
    whole("update_id"),
    json("body"),
    moment("received_at"),
    whole("failures"),
    flag("is_parked"),
    moment("handled_at", optional=True),
    UniqueConstraint("bot", "update_id"),
    Index(
        "ix_inbox_updates_waiting",
        "bot",
        "update_id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    CheckConstraint("failures >= 0", name="failures"),
)

PROCESSED_EVENTS = table(
    "processed_events",
    "Answers to inputs that must act once; keys are unique in their scope for ever.",
    key(),
    text("scope"),
    text("key"),
    exactly("body_hash", Bytes()),
    json("answer"),
    moment("at"),
    UniqueConstraint("scope", "key"),
    CheckConstraint("length(body_hash) = 32", name="body_hash"),
)
