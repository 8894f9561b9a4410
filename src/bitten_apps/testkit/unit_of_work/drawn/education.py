"""Any lesson that was read, try at a quiz, fulfilled mission and diary entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.membership.education import (
    DiaryEntry,
    GivenAnswer,
    LessonDone,
    MissionDone,
    Mood,
    QuizResult,
    TradeRef,
)
from bitten_domain.values import AccountId, UserId

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["diary_entries", "lessons", "missions", "quiz_results"]

_USER = st.just(UserId("user-1"))
_versions = st.integers(1, 999)

lessons: SearchStrategy[LessonDone] = st.builds(LessonDone, _USER, v.names, v.names, _versions, v.moments)
"""Lessons the first sample person has read."""

quiz_results: SearchStrategy[QuizResult] = st.builds(
    QuizResult,
    v.names,
    _USER,
    v.names,
    _versions,
    v.moments,
    st.integers(1, 100),
    st.lists(
        st.builds(GivenAnswer, v.names, st.lists(v.names, max_size=3).map(tuple), st.booleans()),
        min_size=1,
        max_size=4,
    ).map(tuple),
)
"""Tries of the first sample person."""

missions: SearchStrategy[MissionDone] = st.builds(
    MissionDone, _USER, v.names, _versions, v.moments, st.lists(v.texts, max_size=3).map(tuple)
)
"""Missions the first sample person has fulfilled."""

diary_entries: SearchStrategy[DiaryEntry] = st.builds(
    DiaryEntry,
    v.names,
    _USER,
    v.moments,
    v.days,
    v.texts.filter(lambda text: bool(text.strip()) and len(text) <= 4_000),
    v.optional(st.builds(TradeRef, v.names.map(AccountId), st.integers(1, v.LARGEST))),
    v.optional(st.sampled_from(Mood)),
)
"""What the first sample person wrote."""
