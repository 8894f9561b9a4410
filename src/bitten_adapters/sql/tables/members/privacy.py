"""What people want done with their data, and what is sealed of it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql

from bitten_adapters.sql.column_types import Bytes
from bitten_adapters.sql.tables.described import exactly, key, moment, reference, table, text

__all__ = ["DELETION_REQUESTS", "ERASURES", "EXPORT_REQUESTS", "PERSON_KEYS", "USER_EMAILS"]

_OPEN = sql("withdrawn_at IS NULL AND done_at IS NULL")

DELETION_REQUESTS = table(
    "deletion_requests",
    "Wishes to be deleted: asked for, confirmed, taken back or carried out.",
    key(),
    text("public_id"),
    reference("user_id", "users.id"),
    moment("asked_at"),
    moment("confirmed_at", optional=True),
    moment("undo_until", optional=True),
    moment("withdrawn_at", optional=True),
    moment("done_at", optional=True),
    UniqueConstraint("public_id"),
    # A person has at most one that is open.
    Index("uq_deletion_requests_open", "user_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_deletion_requests_user", "user_id", "asked_at"),
    CheckConstraint("(confirmed_at IS NULL) = (undo_until IS NULL)", name="confirmed"),
    CheckConstraint("done_at IS NULL OR confirmed_at IS NOT NULL AND withdrawn_at IS NULL", name="done"),
)

EXPORT_REQUESTS = table(
    "export_requests",
    "Wishes to have one's data; of a link's token there is only a hash.",
    key(),
    text("public_id"),
    reference("user_id", "users.id"),
    moment("asked_at"),
    exactly("token_hash", Bytes()),
    moment("ready_at", optional=True),
    moment("link_until", optional=True),
    moment("fetched_at", optional=True),
    UniqueConstraint("public_id"),
    UniqueConstraint("token_hash"),
    Index("ix_export_requests_user", "user_id", "asked_at"),
    Index("ix_export_requests_asked", "asked_at"),
    CheckConstraint("length(token_hash) = 32", name="token_hash"),
    CheckConstraint("(ready_at IS NULL) = (link_until IS NULL)", name="ready"),
)

ERASURES = table(
    "erasures",
    "Persons who were erased, by an id that leads to nobody; carried out again after a restore.",
    key(),
    text("user_public_id"),
    moment("erased_at"),
    UniqueConstraint("user_public_id"),
)

PERSON_KEYS = table(
    "person_keys",
    "Keys that persons' data is sealed with, themselves sealed by the operator's; a destroyed one leaves its row.",
    key(),
    reference("user_id", "users.id", unique=True),
    text("key_id", optional=True),
    exactly("nonce", Bytes(), optional=True),
    exactly("ciphertext", Bytes(), optional=True),
    moment("made_at"),
    moment("destroyed_at", optional=True),
    CheckConstraint(
        "(key_id IS NULL) = (destroyed_at IS NOT NULL) AND (key_id IS NULL) = (nonce IS NULL)"
        " AND (key_id IS NULL) = (ciphertext IS NULL)",
        name="destroyed",
    ),
)

USER_EMAILS = table(
    "user_emails",
    "E-mail addresses, sealed by their persons' keys, with a blind index to find them by.",
    key(),
    reference("user_id", "users.id", unique=True),
    exactly("blind_index", Bytes()),
    text("key_id"),
    exactly("nonce", Bytes()),
    exactly("ciphertext", Bytes()),
    moment("set_at"),
    Index("ix_user_emails_blind_index", "blind_index"),
    CheckConstraint("length(blind_index) = 32", name="blind_index"),
)
