"""How people came in, what they agreed to, and what they chose for themselves."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql

from bitten_adapters.sql.tables.described import flag, key, moment, one_of, reference, table, text, whole
from bitten_domain.membership.onboarding import Experience, Step
from bitten_domain.membership.privacy import ConsentPurpose

__all__ = ["CONSENTS", "ONBOARDING_SESSIONS", "USER_CHOICES"]

ONBOARDING_SESSIONS = table(
    "onboarding_sessions",
    "Onboardings: what is asked next, and what was answered.",
    key(),
    reference("user_id", "users.id", unique=True),
    moment("started_at"),
    text("step"),
    text("experience", optional=True),
    moment("adult_at", optional=True),
    whole("risk_version"),
    whole("privacy_version"),
    text("quiz_result"),
    text("callsign"),
    flag("has_account"),
    moment("done_at", optional=True),
    one_of("step", Step),
    one_of("experience", Experience, optional=True),
    CheckConstraint("risk_version >= 0 AND privacy_version >= 0", name="versions"),
    CheckConstraint("(done_at IS NULL) = (step <> 'DONE')", name="done"),
    CheckConstraint(
        "done_at IS NULL OR adult_at IS NOT NULL AND risk_version >= 1 AND privacy_version >= 1"
        " AND length(quiz_result) > 0",
        name="nothing_legal_is_skipped",
    ),
)

CONSENTS = table(
    "consents",
    "What people agreed to: each yes to one version of one text, given once and withdrawn once.",
    key(),
    text("public_id"),
    reference("user_id", "users.id"),
    text("purpose"),
    whole("version"),
    moment("given_at"),
    moment("withdrawn_at", optional=True),
    UniqueConstraint("public_id"),
    # Of one text's version, one yes stands.
    Index(
        "uq_consents_standing",
        "user_id",
        "purpose",
        "version",
        unique=True,
        sqlite_where=sql("withdrawn_at IS NULL"),
        postgresql_where=sql("withdrawn_at IS NULL"),
    ),
    Index("ix_consents_user", "user_id", "given_at"),
    one_of("purpose", ConsentPurpose),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="span"),
)

USER_CHOICES = table(
    "user_choices",
    "What people chose for themselves: a callsign, as it is compared, and when they chose their limits.",
    key(),
    reference("user_id", "users.id", unique=True),
    text("callsign_key", optional=True),
    moment("limits_chosen_at", optional=True),
    # A callsign belongs to one person, whatever its case.
    UniqueConstraint("callsign_key"),
    CheckConstraint("callsign_key IS NULL OR length(callsign_key) BETWEEN 3 AND 20", name="callsign"),
)
