"""Any achievement, challenge, item, member of a board and forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from bitten_apps.testkit.unit_of_work.drawn import values as v
from bitten_domain.progression.achievements import CONDITIONS, Achievement, AchievementGroup, EarnedAchievement
from bitten_domain.progression.boards import BoardMember, Forecast
from bitten_domain.progression.challenges import DailyChallenge
from bitten_domain.progression.gear import Origin, Owned
from bitten_domain.values import SignalId, UserId
from bitten_domain.vocabulary import Board

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["achievements", "challenges", "earned", "forecasts", "members", "owned"]

_USER = st.just(UserId("user-1"))
_codes = st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)
_words = v.names.filter(lambda text: bool(text.strip()))


@st.composite
def achievements(draw: st.DrawFn) -> Achievement:
    """Draw an achievement."""
    condition = draw(st.sampled_from(sorted(CONDITIONS)))
    known = CONDITIONS[condition]
    return Achievement(
        draw(_codes),
        draw(_words),
        draw(_words),
        draw(st.sampled_from(AchievementGroup)),
        condition,
        draw(st.integers(1, v.LARGEST)),
        draw(_words) if known.has_subject else "",
        0 if known.needs else draw(st.integers(0, 500)),
    )


earned: SearchStrategy[EarnedAchievement] = st.builds(EarnedAchievement, _USER, _codes, v.moments)
"""Achievements the first sample person has."""

challenges: SearchStrategy[tuple[DailyChallenge, ...]] = st.builds(
    lambda day, codes: tuple(DailyChallenge(UserId("user-1"), day, code) for code in sorted(codes)),
    v.days,
    st.sets(_codes, min_size=1, max_size=3),
)
"""Challenges of a day of the first sample person, by code."""

owned: SearchStrategy[Owned] = st.builds(Owned, _USER, _codes, st.sampled_from(Origin), v.moments)
"""What the first sample person owns."""

members: SearchStrategy[BoardMember] = st.builds(
    BoardMember, _USER, st.sampled_from(Board), st.from_regex(r"[A-Za-z0-9_]{3,20}", fullmatch=True), v.moments
)
"""The first sample person on a board."""

forecasts: SearchStrategy[Forecast] = st.builds(
    Forecast, _USER, st.sampled_from([SignalId(f"signal-{number}") for number in (1, 2)]), st.integers(1, 99), v.moments
)
"""Chances the first sample person gave the first two sample signals."""
