"""The journal and its anchors."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, UniqueConstraint

from bitten_adapters.sql.column_types import Bytes, Whole
from bitten_adapters.sql.tables.described import (
    exactly,
    json,
    key,
    moment,
    reference,
    table,
    text,
    whole,
)

__all__ = ["ANCHORS", "JOURNAL", "JOURNAL_STREAMS"]

JOURNAL_STREAMS = table(
    "journal_streams",
    "How far each stream has come; its row is held while the stream is extended.",
    key(),
    text("name"),
    whole("rows"),
    exactly("head", Bytes()),
    UniqueConstraint("name"),
    CheckConstraint("rows >= 0", name="rows"),
    CheckConstraint("length(head) = 32", name="head"),
)

JOURNAL = table(
    "journal",
    "Payloads, each chained to all before it in its stream; only salt and payload can ever be destroyed.",
    reference("stream_id", "journal_streams.id", primary_key=True),
    Column("number", Whole(), primary_key=True, nullable=False),
    exactly("salt", Bytes(), optional=True),
    exactly("payload", Bytes(), optional=True),
    exactly("commitment", Bytes()),
    exactly("head", Bytes()),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("(salt IS NULL) = (payload IS NULL)", name="erasure"),
    CheckConstraint("length(commitment) = 32", name="commitment"),
    CheckConstraint("length(head) = 32", name="head"),
)

ANCHORS = table(
    "anchors",
    "Signed statements of where the whole journal stood, one a day.",
    key(),
    whole("day"),
    moment("at"),
    exactly("root", Bytes()),
    json("heads"),
    text("key_id"),
    exactly("signature", Bytes()),
    moment("published_at", optional=True),
    UniqueConstraint("day"),
    CheckConstraint("length(root) = 32", name="root"),
)
