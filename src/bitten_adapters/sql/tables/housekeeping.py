"""Who did what, and which jobs ran."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from bitten_adapters.sql.tables.described import json, key, moment, table, text

__all__ = ["AUDIT_LOG", "JOBS_HISTORY"]

AUDIT_LOG = table(
    "audit_log",
    "What people and the operator did; rows never change.",
    key(),
    moment("at"),
    text("actor"),
    text("action"),
    text("subject"),
    json("detail"),
    Index("ix_audit_log_at", "at"),
)

JOBS_HISTORY = table(
    "jobs_history",
    "Jobs that ran, once for a key.",
    key(),
    text("job"),
    text("key"),
    moment("started_at"),
    moment("ended_at"),
    text("detail"),
    UniqueConstraint("job", "key"),
)
