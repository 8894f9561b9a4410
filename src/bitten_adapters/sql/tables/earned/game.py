"""What the game gives: achievements, challenges of days, gear, boards and forecasts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint

from bitten_adapters.sql.tables.described import key, moment, one_of, reference, table, text, whole
from bitten_domain.progression.achievements import AchievementGroup
from bitten_domain.progression.challenges import CHALLENGES_A_DAY
from bitten_domain.progression.gear import PLACES, GearSlot, Origin
from bitten_domain.progression.naming import MOST_POINTS
from bitten_domain.vocabulary import Board

__all__ = ["ACHIEVEMENTS", "BOARD_MEMBERS", "CHALLENGES", "FORECASTS", "GEAR", "GEAR_WORN", "USER_ACHIEVEMENTS"]

ACHIEVEMENTS = table(
    "achievements",
    "Achievements as they were published; one that is no more stays for those who have it.",
    key(),
    text("code"),
    text("name"),
    text("text"),
    text("about"),
    text("condition"),
    whole("least"),
    text("subject"),
    whole("xp"),
    UniqueConstraint("code"),
    one_of("about", AchievementGroup),
    CheckConstraint(f"least >= 1 AND xp BETWEEN 0 AND {MOST_POINTS}", name="figures"),
)

USER_ACHIEVEMENTS = table(
    "user_achievements",
    "Who has which achievement, each once.",
    key(),
    reference("user_id", "users.id"),
    reference("achievement_id", "achievements.id"),
    moment("at"),
    UniqueConstraint("user_id", "achievement_id"),
)

CHALLENGES = table(
    "challenges",
    "Challenges that were set for people's days, and when they were found met.",
    key(),
    reference("user_id", "users.id"),
    whole("day"),
    # The first place decides who sets a day, so that two catalogues never mix.
    whole("place"),
    text("code"),
    moment("met_at", optional=True),
    UniqueConstraint("user_id", "day", "place"),
    UniqueConstraint("user_id", "day", "code"),
    CheckConstraint(f"place BETWEEN 0 AND {CHALLENGES_A_DAY - 1}", name="place"),
)

GEAR = table(
    "gear",
    "Gear and goods of the shop that people own; nothing is taken back.",
    key(),
    reference("user_id", "users.id"),
    text("code"),
    text("origin"),
    moment("at"),
    UniqueConstraint("user_id", "code"),
    one_of("origin", Origin),
)

GEAR_WORN = table(
    "gear_worn",
    "What people have put where.",
    key(),
    reference("user_id", "users.id"),
    text("slot"),
    whole("place"),
    reference("gear_id", "gear.id", unique=True),
    UniqueConstraint("user_id", "slot", "place"),
    one_of("slot", GearSlot),
    CheckConstraint(f"place BETWEEN 0 AND {max(PLACES.values()) - 1}", name="place"),
)

BOARD_MEMBERS = table(
    "board_members",
    "Who asked to be ranked, under which name.",
    key(),
    reference("user_id", "users.id"),
    text("board"),
    text("pseudonym"),
    text("folded"),
    moment("since"),
    UniqueConstraint("user_id", "board"),
    UniqueConstraint("board", "folded"),
    one_of("board", Board),
    CheckConstraint("length(pseudonym) BETWEEN 3 AND 20", name="pseudonym"),
    # Small letters, so that names that differ in nothing else are one.
    CheckConstraint("folded = lower(pseudonym)", name="folded"),
)

FORECASTS = table(
    "forecasts",
    "Chances people gave to signals before their outcome was known, never changed.",
    key(),
    reference("user_id", "users.id"),
    reference("signal_id", "signals.id"),
    whole("percent"),
    moment("at"),
    UniqueConstraint("user_id", "signal_id"),
    Index("ix_forecasts_user", "user_id", "at"),
    CheckConstraint("percent BETWEEN 1 AND 99", name="percent"),
)
