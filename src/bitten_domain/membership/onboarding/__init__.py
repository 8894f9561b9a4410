"""Onboarding: from the first contact to rank AUTHORIZED, one question at a time."""

from bitten_domain.membership.onboarding.session import LIFE_SECONDS, Experience, OnboardingSession, Step

__all__ = ["LIFE_SECONDS", "Experience", "OnboardingSession", "Step"]
