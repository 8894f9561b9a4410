"""Challenges of the day: chosen without chance, met by recorded facts, and no trade helps where there are points."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.files.game.game_data import FileGameData
from bitten_domain.errors import InvalidInput
from bitten_domain.events import ChallengeMet
from bitten_domain.progression import Progress, XpEntry, XpPolicy
from bitten_domain.progression.challenges import (
    CHALLENGES_A_DAY,
    DAY_CONDITIONS,
    Challenge,
    ChallengeTheme,
    DayFacts,
    challenge_met,
    challenges_of,
    meet_challenge,
)
from bitten_domain.values import UserId
from bitten_domain.vocabulary import XpKind

USER = UserId("user-1")
CATALOGUE = FileGameData().catalogue().challenges
THEMES = {one.code: one.theme for one in CATALOGUE}
OVER = DayFacts(is_over=True)


def challenge(condition: str, figure: int, xp: int = 0) -> Challenge:
    return Challenge("some-code", "Name", "Text.", ChallengeTheme.LESSON, condition, figure, xp)


@given(user=st.text(min_size=1, max_size=8), day=st.integers(0, 40_000), order=st.randoms(use_true_random=False))
def test_given_any_person_and_day_when_chosen_then_three_themes_the_same_in_whatever_order_the_data_stands(
    user: str, day: int, order: object
) -> None:
    shuffled = list(CATALOGUE)
    order.shuffle(shuffled)  # type: ignore[attr-defined]

    chosen = challenges_of(UserId(user), day, CATALOGUE)

    assert chosen == challenges_of(UserId(user), day, shuffled)
    assert len({THEMES[one.code] for one in chosen}) == len(chosen) == CHALLENGES_A_DAY
    assert all(one.met_at is None and one.day == day for one in chosen)


def test_given_a_year_when_chosen_then_every_challenge_comes_up_and_days_differ() -> None:
    days = [tuple(one.code for one in challenges_of(USER, day, CATALOGUE)) for day in range(250)]

    assert set(Counter(code for codes in days for code in codes)) == {one.code for one in CATALOGUE}
    assert len(set(days)) > 50


@pytest.mark.parametrize(
    ("condition", "figure", "facts", "is_met"),
    [
        ("adherent-day", 1, replace(OVER, is_adherent=True), True),
        ("adherent-day", 1, DayFacts(is_adherent=True), False),
        ("adherent-day", 1, OVER, False),
        ("thought-first", 10, replace(OVER, confirmed_at=0), True),
        ("thought-first", 10, replace(OVER, confirmed_at=0, first_opened_at=600), True),
        ("thought-first", 10, replace(OVER, confirmed_at=0, first_opened_at=599), False),
        ("thought-first", 10, replace(OVER, first_opened_at=9_999), False),
        ("few-openings", 3, replace(OVER, is_adherent=True, opened=3), True),
        ("few-openings", 3, replace(OVER, is_adherent=True, opened=4), False),
        ("few-openings", 3, replace(OVER, opened=0), False),
        ("lessons", 1, DayFacts(lessons=1), True),
        ("quizzes", 2, DayFacts(quizzes=1), False),
        ("diary-entries", 2, DayFacts(diary_entries=2), True),
        ("forecasts", 3, DayFacts(forecasts=2), False),
        ("held-plans", 1, replace(OVER, held_plans=1), True),
        ("held-plans", 1, DayFacts(held_plans=1), False),
        ("held-plans", 1, OVER, False),
    ],
)
def test_given_a_day_by_hand_when_judged_then_a_challenge_is_met_or_not(
    condition: str, figure: int, facts: DayFacts, is_met: bool
) -> None:
    assert challenge_met(challenge(condition, figure), facts) is is_met


counts = st.integers(0, 6)
day_facts = st.builds(
    DayFacts,
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(0, 5_000),
    st.none() | st.integers(0, 9_000),
    *[counts] * 6,
)


@given(
    facts=day_facts,
    name=st.sampled_from(sorted(name for name, condition in DAY_CONDITIONS.items() if not condition.needs)),
    figure=st.integers(1, 60),
    keeps_rules=st.booleans(),
    earlier=st.integers(0, 9_000),
)
def test_given_any_day_when_another_trade_is_added_then_no_challenge_with_points_becomes_met(
    facts: DayFacts, name: str, figure: int, keeps_rules: bool, earlier: int
) -> None:
    first = earlier if facts.first_opened_at is None else min(facts.first_opened_at, earlier)
    more = replace(facts, opened=facts.opened + 1, first_opened_at=first, is_adherent=facts.is_adherent and keeps_rules)

    assert challenge_met(challenge(name, figure), facts) or not challenge_met(challenge(name, figure), more)


@given(facts=day_facts, name=st.sampled_from(sorted(DAY_CONDITIONS)), figure=st.integers(1, 60), held=st.booleans())
def test_given_any_day_when_another_position_is_closed_then_no_met_challenge_is_lost(
    facts: DayFacts, name: str, figure: int, held: bool
) -> None:
    # Closing moves nothing but the count of plans that were held: nobody keeps a position for a challenge.
    more = replace(facts, held_plans=facts.held_plans + held)

    assert challenge_met(challenge(name, figure), more) or not challenge_met(challenge(name, figure), facts)


def test_given_a_met_challenge_when_paid_then_its_points_are_multiplied_and_its_cause_names_the_day() -> None:
    # 10 points at a streak of 10 (x 1.1) and two prestiges (x 1.2) are 13.2, floored once.
    progress = Progress(USER, streak=10, prestige=2)

    event, entry = meet_challenge(challenge("lessons", 1, xp=10), 7, progress, [], XpPolicy(), 99)

    assert entry == XpEntry(USER, "challenge:7:some-code", XpKind.CHALLENGE, 10, 13, 7, 99)
    assert event == ChallengeMet(USER, "some-code", 7, 13, 99)
    assert meet_challenge(challenge("held-plans", 1), 7, progress, [], XpPolicy(), 99)[1] is None


def test_given_points_for_closing_trades_when_a_challenge_is_made_then_it_is_refused() -> None:
    with pytest.raises(InvalidInput, match="needs a trade, so it gives a badge"):
        challenge("held-plans", 1, xp=5)
    with pytest.raises(InvalidInput, match="no condition"):
        challenge("wins", 1)
    with pytest.raises(InvalidInput, match="1 or more"):
        challenge("lessons", 0)
