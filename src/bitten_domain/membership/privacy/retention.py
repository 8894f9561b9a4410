"""Retention: how long what is kept, and what then becomes of it. The job reads this table and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from bitten_domain.errors import BrokenInvariant
from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["RETENTION", "OnErasure", "RetentionRule", "RowClock", "due_before"]

_DAY = 86_400


class OnErasure(IdentityEnum):
    """What becomes of a person's rows when they are erased.

    ERASED: they go. UNNAMED: they stay, and the id in them leads to nobody. UNLINKED: they stay without the id.
    UNTOUCHED: there is no person in them.
    """

    ERASED = "ERASED"
    UNNAMED = "UNNAMED"
    UNLINKED = "UNLINKED"
    UNTOUCHED = "UNTOUCHED"


class RowClock(IdentityEnum):
    """Whose time rows are stamped by, and so whose time their days are counted in.

    DESK: the market's that is traded, which may be a recording's. MACHINE: the clock of where people do things.
    """

    DESK = "DESK"
    MACHINE = "MACHINE"


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long one kind of row is kept.

    Args:
        table: which, by its name in the store.
        days: kept after `since`; None for as long as the platform runs.
        since: what the days are counted from; empty where none are.
        on_erasure: what an erasure does to them.
        why: the reason, in a sentence.
        clock: what `since` is stamped by; None where no days are counted.
    """

    table: str
    days: int | None
    since: str
    on_erasure: OnErasure
    why: str
    clock: RowClock | None = None

    def __post_init__(self) -> None:
        if self.days is not None and self.days < 1:
            raise BrokenInvariant("what is kept at all is kept for a day")
        if (self.days is None) is not (self.clock is None):
            raise BrokenInvariant("days are counted by one clock, and no clock is asked where none are")


_E = OnErasure
_DESK, _MACHINE = RowClock.DESK, RowClock.MACHINE


def _kept(on_erasure: OnErasure, why: str, *tables: str) -> tuple[RetentionRule, ...]:
    return tuple(RetentionRule(table, None, "", on_erasure, why) for table in tables)


RETENTION: tuple[RetentionRule, ...] = (
    *_kept(_E.UNNAMED, "books point to it: a number, and that it was deleted; see `deletion.erased`", "users"),
    *_kept(_E.ERASED, "how they are addressed", "user_profiles"),
    *_kept(_E.ERASED, "what they chose for themselves", "user_choices"),
    *_kept(_E.ERASED, "what they learned and earned", "lessons", "quiz_results", "missions", "user_progress"),
    *_kept(_E.ERASED, "theirs alone", "diary_entries"),
    *_kept(
        _E.ERASED,
        "what the game gave them, and what they foretold",
        "board_members",
        "challenges",
        "forecasts",
        "gear",
        "gear_worn",
        "user_achievements",
    ),
    *_kept(_E.ERASED, "what they agreed to, as long as they are here", "consents"),
    *_kept(_E.ERASED, "a way to reach them", "user_emails"),
    *_kept(_E.UNNAMED, "the key goes; that there was one stays, so that none is made again", "person_keys"),
    *_kept(_E.UNLINKED, "one for each Telegram id, for life", "press_passes", "trial_marks"),
    *_kept(_E.UNNAMED, "that it was asked for and done, again after every restore", "deletion_requests", "erasures"),
    *_kept(_E.UNNAMED, "books must be kept", "gateway_events", "user_subscriptions", "payment_transactions"),
    *_kept(
        _E.UNNAMED, "who did what, on whose behalf, and what was stopped", "audit_log", "mandates", "emergency_stops"
    ),
    *_kept(_E.UNNAMED, "each cause counts once, for ever", "xp_transactions", "processed_events"),
    *_kept(
        _E.UNNAMED,
        "the track record is not made prettier by those who leave, and no order is sent twice",
        "accounts",
        "deals",
        "dispatches",
        "fire_attempts",
        "fire_intents",
        "market_days",
        "positions",
        "reservations",
        "risk_sessions",
        "trade_modifications",
        "trades",
    ),
    *_kept(
        _E.UNNAMED, "salt and payload of personal rows are destroyed, and the chain holds", "journal", "journal_streams"
    ),
    *_kept(
        _E.UNTOUCHED,
        "nobody is in it",
        "achievements",
        "anchors",
        "jobs_history",
        "news_calendars",
        "news_events",
        "signal_desk",
        "signal_outcomes",
        "signals",
        "subscription_plans",
        "tcs_adjustments",
    ),
    RetentionRule("press_pass_days", 400, "the day", _E.UNTOUCHED, "counts of a year", _DESK),
    RetentionRule(
        "onboarding_sessions", 7, "its beginning, while it is not done", _E.ERASED, "it cannot be resumed", _MACHINE
    ),
    RetentionRule("export_requests", 30, "its request", _E.ERASED, "the link is dead after a day", _MACHINE),
    RetentionRule("inbox_updates", 30, "its arrival", _E.ERASED, "what was said to the bot", _MACHINE),
    RetentionRule("outbox", 30, "the message", _E.ERASED, "what was told", _DESK),
)
"""Rules by table of the store; a table without one fails a test."""


def due_before(rule: RetentionRule, now: int) -> int | None:
    """Give the moment (seconds since 1970 UTC) before which rows of a rule go; None when they are kept."""
    return None if rule.days is None else now - rule.days * _DAY
