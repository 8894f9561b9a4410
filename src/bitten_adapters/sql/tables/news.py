"""The news calendar as last refreshed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint

from bitten_adapters.sql.tables.described import (
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
from bitten_domain.vocabulary import Impact

__all__ = ["NEWS_CALENDARS", "NEWS_EVENTS"]

NEWS_CALENDARS = table(
    "news_calendars",
    "What each source of news can vouch for.",
    key(),
    text("source"),
    moment("covers_from"),
    moment("covers_to"),
    json("impacts"),
    moment("refreshed_at", optional=True),
    UniqueConstraint("source"),
    CheckConstraint("covers_from <= covers_to", name="span"),
)

NEWS_EVENTS = table(
    "news_events",
    "Releases and speeches, in the order of their source.",
    key(),
    reference("calendar_id", "news_calendars.id"),
    whole("place"),
    moment("time"),
    text("currency"),
    text("impact"),
    text("title"),
    text("forecast"),
    text("previous"),
    text("actual"),
    text("source"),
    flag("time_known"),
    UniqueConstraint("calendar_id", "place"),
    one_of("impact", Impact),
)
