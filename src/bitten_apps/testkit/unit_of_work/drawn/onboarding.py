"""Any onboarding, and any consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.membership.onboarding import Experience, OnboardingSession, Step
from bitten_domain.membership.privacy import Consent, ConsentPurpose
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["consents", "onboardings"]

_USER = UserId("user-1")
_versions = st.integers(1, 999)
_callsigns = st.just("") | st.from_regex(r"[A-Za-z0-9_]{3,20}", fullmatch=True)
_experiences = v.optional(st.sampled_from(Experience))

onboardings: SearchStrategy[OnboardingSession] = st.builds(
    OnboardingSession,
    st.just(_USER),
    v.moments,
    st.sampled_from([step for step in Step if step is not Step.DONE]),
    _experiences,
    v.optional(v.moments),
    st.integers(0, 999),
    st.integers(0, 999),
    v.texts,
    _callsigns,
    st.booleans(),
) | st.builds(
    OnboardingSession,
    st.just(_USER),
    v.moments,
    st.just(Step.DONE),
    _experiences,
    v.moments,
    _versions,
    _versions,
    v.names,
    _callsigns,
    st.booleans(),
    v.moments,
)
"""Onboardings of the first sample person, done and not."""


@st.composite
def consents(draw: st.DrawFn) -> Consent:
    """Draw a consent of the first sample person, standing or withdrawn."""
    given_at = draw(v.moments)
    withdrawn_at = draw(st.none() | st.integers(given_at, given_at + 10 * v.DAY_SECONDS))
    return Consent(draw(v.names), _USER, draw(st.sampled_from(ConsentPurpose)), draw(_versions), given_at, withdrawn_at)
