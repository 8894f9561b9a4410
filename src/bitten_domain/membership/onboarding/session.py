"""An onboarding as it is kept between two messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.values.identity_enum import IdentityEnum

if TYPE_CHECKING:
    from bitten_domain.values import UserId

__all__ = ["LIFE_SECONDS", "Experience", "OnboardingSession", "Step"]

LIFE_SECONDS = 7 * 86_400
"""How long an onboarding can be taken up again."""


class Step(IdentityEnum):
    """Steps of the onboarding, in order."""

    WELCOME = "WELCOME"
    EXPERIENCE = "EXPERIENCE"
    AGE_AND_RISK = "AGE_AND_RISK"
    CONSENT = "CONSENT"
    RISK_QUIZ = "RISK_QUIZ"
    CALLSIGN = "CALLSIGN"
    ACCOUNT = "ACCOUNT"
    TOUR = "TOUR"
    DONE = "DONE"


class Experience(IdentityEnum):
    """How much somebody says they have traded."""

    NONE = "NONE"
    SOME = "SOME"
    YEARS = "YEARS"


@dataclass(frozen=True, slots=True)
class OnboardingSession:
    """Where somebody stands, and what they have answered; a person has at most one.

    Args:
        user_id: who.
        started_at: seconds since 1970 UTC; it can be taken up again for seven days.
        step: what is asked now.
        experience: None when it was skipped or not yet asked.
        adult_at: when they said that they are an adult; None before.
        risk_version: version of the risk disclosure they agreed to; 0 before.
        privacy_version: version of the privacy text they agreed to; 0 before.
        quiz_result_id: the try that passed the risk quiz; empty before.
        callsign: the chosen one; empty when it was skipped or not yet asked.
        has_account: the paper account was opened.
        done_at: when it was finished; None before.

    Raises:
        BrokenInvariant: it is DONE without a moment or the other way round, or something legal is missing in it.
    """

    user_id: UserId
    started_at: int
    step: Step = Step.WELCOME
    experience: Experience | None = None
    adult_at: int | None = None
    risk_version: int = 0
    privacy_version: int = 0
    quiz_result_id: str = ""
    callsign: str = ""
    has_account: bool = False
    done_at: int | None = None

    def __post_init__(self) -> None:
        is_done = self.done_at is not None
        if is_done is not (self.step is Step.DONE):
            raise BrokenInvariant(f"an onboarding at {self.step.value} is done at {self.done_at}")
        has_legal = self.adult_at is not None and self.quiz_result_id and min(self.risk_version, self.privacy_version)
        if is_done and not has_legal:
            raise BrokenInvariant("nobody is done without age, risk disclosure, privacy text and risk quiz")

    @property
    def expires_at(self) -> int:
        """When an unfinished one can no longer be taken up."""
        return self.started_at + LIFE_SECONDS
