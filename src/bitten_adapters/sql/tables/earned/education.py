"""What people have learned, and what they wrote to themselves."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from bitten_adapters.sql.tables.described import flag, json, key, moment, one_of, reference, table, text, whole
from bitten_domain.membership.education import Mood

__all__ = ["DIARY_ENTRIES", "LESSONS", "MISSIONS", "QUIZ_RESULTS"]

LESSONS = table(
    "lessons",
    "Lessons people have read, each once.",
    key(),
    reference("user_id", "users.id"),
    text("course"),
    text("lesson"),
    whole("version"),
    moment("at"),
    UniqueConstraint("user_id", "course", "lesson"),
    CheckConstraint("version >= 1", name="version"),
)

QUIZ_RESULTS = table(
    "quiz_results",
    "Tries at quizzes, graded by the mark that held then.",
    key(),
    text("public_id"),
    reference("user_id", "users.id"),
    text("quiz"),
    whole("version"),
    moment("at"),
    whole("pass_percent"),
    json("answers"),
    flag("is_passed"),
    UniqueConstraint("public_id"),
    Index("ix_quiz_results_user", "user_id", "quiz"),
    CheckConstraint("pass_percent BETWEEN 1 AND 100 AND version >= 1", name="mark"),
)

MISSIONS = table(
    "missions",
    "Missions people have fulfilled, each once, with what fulfilled them.",
    key(),
    reference("user_id", "users.id"),
    text("mission"),
    whole("version"),
    moment("at"),
    json("evidence"),
    UniqueConstraint("user_id", "mission"),
    CheckConstraint("version >= 1", name="version"),
)

DIARY_ENTRIES = table(
    "diary_entries",
    "What people wrote to themselves; nobody else reads it.",
    key(),
    text("public_id"),
    reference("user_id", "users.id"),
    moment("at"),
    whole("day"),
    text("text"),
    text("account", optional=True),
    whole("ticket", optional=True),
    text("mood", optional=True),
    UniqueConstraint("public_id"),
    Index("ix_diary_entries_user", "user_id", "at"),
    one_of("mood", Mood, optional=True),
    CheckConstraint("(account IS NULL) = (ticket IS NULL)", name="trade"),
    CheckConstraint("length(text) BETWEEN 1 AND 4000", name="text"),
)
