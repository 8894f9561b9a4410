"""The onboarding: in order, resumable, and with no way around what is legal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.membership import Denial, DenialCode, Person, Profile
from bitten_domain.membership.education import GivenAnswer, QuizResult
from bitten_domain.membership.onboarding import (
    AccountOpened,
    AgeAndRisk,
    Answer,
    CallsignChosen,
    ConsentGiven,
    Experience,
    ExperienceTold,
    OnboardingSession,
    QuizTaken,
    Read,
    Step,
    TextVersions,
    answer,
    back,
    is_resumable,
    onboarded,
    skip,
)
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Rank

ANN = UserId("ann")
DAY = 86_400
NOW = 1_750_000_000
VERSIONS = TextVersions(risk=3, privacy=2, quiz="risk_quiz", quiz_version=5)


def tried(right: int, *, version: int = 5, user: UserId = ANN, quiz: str = "risk_quiz") -> QuizTaken:
    answers = tuple(GivenAnswer(f"q{number}", ("a",), number < right) for number in range(10))
    return QuizTaken(QuizResult(f"try-{right}", user, quiz, version, NOW, 80, answers))


ROAD: tuple[Answer, ...] = (
    Read(),
    ExperienceTold(Experience.SOME),
    AgeAndRisk(is_adult=True, version=3),
    ConsentGiven(2),
    tried(8),
    CallsignChosen("Night_Owl7", is_taken=False),
    AccountOpened(),
    Read(),
)


def walked(steps: int) -> OnboardingSession:
    session = OnboardingSession(ANN, NOW)
    for given_answer in ROAD[:steps]:
        taken = answer(session, given_answer, VERSIONS, NOW + 60)
        assert isinstance(taken, OnboardingSession)
        session = taken
    return session


def codes(taken: OnboardingSession | Denial) -> tuple[DenialCode, ...]:
    assert isinstance(taken, Denial)
    return taken.codes


def test_given_the_right_answers_when_walked_then_the_steps_come_in_the_documented_order() -> None:
    assert [walked(steps).step.value for steps in range(9)] == [
        "WELCOME",
        "EXPERIENCE",
        "AGE_AND_RISK",
        "CONSENT",
        "RISK_QUIZ",
        "CALLSIGN",
        "ACCOUNT",
        "TOUR",
        "DONE",
    ]


def test_given_a_finished_onboarding_when_it_counts_then_a_recruit_is_authorized_with_their_callsign() -> None:
    person = Person(ANN, NOW)

    assert onboarded(person, walked(8)) == replace(person, rank=Rank.AUTHORIZED, profile=Profile(callsign="Night_Owl7"))
    assert onboarded(person, walked(7)) == person
    assert onboarded(replace(person, user_id=UserId("bob")), walked(8)).rank is Rank.RECRUIT
    assert onboarded(replace(person, rank=Rank.ELITE), walked(8)).rank is Rank.ELITE


MOVES = st.one_of(
    st.sampled_from([*ROAD, tried(7), ConsentGiven(1), AgeAndRisk(is_adult=False, version=3)]),
    st.sampled_from(["back", "skip", "new texts"]),
)


@given(moves=st.lists(MOVES, max_size=60))
def test_given_any_moves_when_it_is_done_then_all_that_is_legal_was_answered_to_the_present_texts(
    moves: list[Answer | str],
) -> None:
    session, versions = OnboardingSession(ANN, NOW), VERSIONS
    agreed: set[tuple[str, int]] = set()
    passed = False
    for move in moves:
        if move == "new texts":
            versions = replace(versions, risk=versions.risk + 1)
            continue
        if isinstance(move, str):
            taken = back(session, NOW) if move == "back" else skip(session, versions, NOW)
        else:
            # Whoever was shown the present text agrees to it.
            given_answer = replace(move, version=versions.risk) if isinstance(move, AgeAndRisk) else move
            taken = answer(session, given_answer, versions, NOW)
            if isinstance(taken, OnboardingSession):
                if isinstance(given_answer, AgeAndRisk) and given_answer.is_adult:
                    agreed.add(("risk", given_answer.version))
                if isinstance(given_answer, ConsentGiven):
                    agreed.add(("privacy", given_answer.version))
                passed = passed or isinstance(given_answer, QuizTaken)
        was = session
        session = taken if isinstance(taken, OnboardingSession) else session
        if session.done_at is not None and was.done_at is None:
            assert {("risk", versions.risk), ("privacy", versions.privacy)} <= agreed
            assert passed
            assert session.has_account


@pytest.mark.parametrize(
    ("step", "given_answer", "code"),
    [
        (0, AccountOpened(), DenialCode.WRONG_STEP),
        (2, Read(), DenialCode.WRONG_STEP),
        (2, AgeAndRisk(is_adult=False, version=3), DenialCode.BAD_ANSWER),
        (2, AgeAndRisk(is_adult=True, version=2), DenialCode.OLD_VERSION),
        (3, ConsentGiven(1), DenialCode.OLD_VERSION),
        (4, tried(7), DenialCode.QUIZ_NOT_PASSED),
        (4, tried(8, version=4), DenialCode.OLD_VERSION),
        (4, tried(8, user=UserId("bob")), DenialCode.BAD_ANSWER),
        (4, tried(8, quiz="chart_quiz"), DenialCode.BAD_ANSWER),
        (5, CallsignChosen("ab", is_taken=False), DenialCode.BAD_ANSWER),
        (5, CallsignChosen("a" * 21, is_taken=False), DenialCode.BAD_ANSWER),
        (5, CallsignChosen("night owl", is_taken=False), DenialCode.BAD_ANSWER),
        (5, CallsignChosen("nïght", is_taken=False), DenialCode.BAD_ANSWER),
        (5, CallsignChosen("owl\n", is_taken=False), DenialCode.BAD_ANSWER),
        (5, CallsignChosen("owl", is_taken=True), DenialCode.BAD_ANSWER),
        (8, Read(), DenialCode.ONBOARDING_OVER),
    ],
)
def test_given_a_wrong_answer_when_given_then_it_is_denied_with_its_reason(
    step: int, given_answer: Answer, code: DenialCode
) -> None:
    assert codes(answer(walked(step), given_answer, VERSIONS, NOW + 60)) == (code,)


@pytest.mark.parametrize("step", range(8))
def test_given_a_step_when_skipped_then_only_experience_callsign_and_tour_let_go(step: int) -> None:
    skipped = skip(walked(step), VERSIONS, NOW + 60)

    if walked(step).step in (Step.EXPERIENCE, Step.CALLSIGN, Step.TOUR):
        assert isinstance(skipped, OnboardingSession)
        assert skipped.step is walked(step + 1).step
    else:
        assert codes(skipped) == (DenialCode.LEGAL_STEP,)


@pytest.mark.parametrize("step", range(1, 8))
def test_given_a_step_when_gone_back_then_the_one_before_is_asked_again(step: int) -> None:
    before = back(walked(step), NOW + 60)

    assert isinstance(before, OnboardingSession)
    assert before.step is walked(step - 1).step


def test_given_the_first_step_when_gone_back_then_there_is_none_before() -> None:
    assert codes(back(walked(0), NOW)) == (DenialCode.FIRST_STEP,)


def test_given_an_onboarding_when_taken_up_later_then_it_goes_on_for_seven_days() -> None:
    last, late = NOW + 7 * DAY - 1, NOW + 7 * DAY

    assert isinstance(answer(walked(3), ConsentGiven(2), VERSIONS, last), OnboardingSession)
    assert codes(answer(walked(3), ConsentGiven(2), VERSIONS, late)) == (DenialCode.ONBOARDING_OVER,)
    assert codes(skip(walked(1), VERSIONS, late)) == codes(back(walked(1), late)) == (DenialCode.ONBOARDING_OVER,)
    assert [is_resumable(walked(steps), late) for steps in (3, 8)] == [False, True]


def test_given_a_text_that_changed_on_the_way_when_the_end_is_reached_then_it_is_asked_again() -> None:
    at_end = answer(walked(7), Read(), replace(VERSIONS, risk=4), NOW + 60)
    other = answer(walked(7), Read(), replace(VERSIONS, privacy=3), NOW + 60)

    assert isinstance(at_end, OnboardingSession)
    assert isinstance(other, OnboardingSession)
    assert (at_end.step, other.step, at_end.done_at, other.done_at) == (Step.AGE_AND_RISK, Step.CONSENT, None, None)
