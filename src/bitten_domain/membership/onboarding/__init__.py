"""Onboarding: from the first contact to rank AUTHORIZED, one question at a time."""

from bitten_domain.membership.onboarding.callsigns import callsign_denial
from bitten_domain.membership.onboarding.machine import (
    AccountOpened,
    AgeAndRisk,
    Answer,
    CallsignChosen,
    ConsentGiven,
    ExperienceTold,
    QuizTaken,
    Read,
    TextVersions,
    answer,
    back,
    is_resumable,
    onboarded,
    skip,
)
from bitten_domain.membership.onboarding.session import LIFE_SECONDS, Experience, OnboardingSession, Step

__all__ = [
    "LIFE_SECONDS",
    "AccountOpened",
    "AgeAndRisk",
    "Answer",
    "CallsignChosen",
    "ConsentGiven",
    "Experience",
    "ExperienceTold",
    "OnboardingSession",
    "QuizTaken",
    "Read",
    "Step",
    "TextVersions",
    "answer",
    "back",
    "callsign_denial",
    "is_resumable",
    "onboarded",
    "skip",
]
