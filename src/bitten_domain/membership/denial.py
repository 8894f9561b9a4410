"""Denials: why somebody may not do what they asked for, as a value with every reason."""

from __future__ import annotations

from dataclasses import dataclass

from bitten_domain.errors import BrokenInvariant
from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["Denial", "DenialCode", "DenialReason"]


class DenialCode(IdentityEnum):
    """Which rule of membership said no, by the part it belongs to."""

    # access
    NO_RULE = "NO_RULE"
    STATUS = "STATUS"
    RANK = "RANK"
    TIER = "TIER"
    MODE = "MODE"
    STOPPED = "STOPPED"
    LOCKED_OUT = "LOCKED_OUT"
    RISK_UNKNOWN = "RISK_UNKNOWN"
    # press pass
    PASS_USED = "PASS_USED"  # noqa: S105 - a code, not a password
    PASSES_GONE_TODAY = "PASSES_GONE_TODAY"
    PASS_OVER = "PASS_OVER"  # noqa: S105 - a code, not a password
    ALREADY_MEMBER = "ALREADY_MEMBER"
    NO_TELEGRAM_ID = "NO_TELEGRAM_ID"
    NO_PRESS_PASS = "NO_PRESS_PASS"  # noqa: S105 - a code, not a password
    NO_PAPER_ACCOUNT = "NO_PAPER_ACCOUNT"
    # subscription
    TRIAL_USED = "TRIAL_USED"
    NOT_OFFERED = "NOT_OFFERED"
    NO_SUBSCRIPTION = "NO_SUBSCRIPTION"
    SAME_PLAN = "SAME_PLAN"
    REFUND_TOO_LATE = "REFUND_TOO_LATE"
    NOTHING_TO_REFUND = "NOTHING_TO_REFUND"
    # onboarding
    LEGAL_STEP = "LEGAL_STEP"
    WRONG_STEP = "WRONG_STEP"
    FIRST_STEP = "FIRST_STEP"
    ONBOARDING_OVER = "ONBOARDING_OVER"
    BAD_ANSWER = "BAD_ANSWER"
    QUIZ_NOT_PASSED = "QUIZ_NOT_PASSED"
    # privacy and consents
    OLD_VERSION = "OLD_VERSION"
    CONSENT_MISSING = "CONSENT_MISSING"
    PHRASE = "PHRASE"
    COOLING_OFF = "COOLING_OFF"
    NO_LIMITS_SET = "NO_LIMITS_SET"
    NOT_PAYING = "NOT_PAYING"
    TOO_FEW_PAPER_TRADES = "TOO_FEW_PAPER_TRADES"
    ONCE_A_DAY = "ONCE_A_DAY"
    LINK_NOT_VALID = "LINK_NOT_VALID"
    NOT_ASKED = "NOT_ASKED"
    TOO_LATE = "TOO_LATE"
    LIVE_POSITIONS = "LIVE_POSITIONS"
    RENEWAL_RUNS = "RENEWAL_RUNS"


@dataclass(frozen=True, slots=True)
class DenialReason:
    """One rule that stood in the way.

    Args:
        code: which rule.
        limit: what the rule asks for, for a person to read.
        actual: what it found.
        remedy: what the person can do about it.
    """

    code: DenialCode
    limit: str
    actual: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Denial:
    """An answer of no, with every rule that stood in the way; never empty."""

    reasons: tuple[DenialReason, ...]

    def __post_init__(self) -> None:
        if not self.reasons:
            raise BrokenInvariant("a denial has at least one reason")

    @property
    def codes(self) -> tuple[DenialCode, ...]:
        """Codes of the reasons, in order."""
        return tuple(reason.code for reason in self.reasons)
