"""The content that comes with the project is what was asked for, and is read whole or not at all."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.files.education import CONTENT, read_syllabus
from bitten_domain.errors import InvalidInput
from bitten_domain.membership.education import CONDITIONS, RISK_COURSE, RISK_QUIZ, Syllabus

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def syllabus() -> Syllabus:
    return read_syllabus()


def test_given_the_content_when_read_then_its_courses_are_those_asked_for_in_their_order(syllabus: Syllabus) -> None:
    assert [course.name for course in syllabus.courses] == [
        "basics", "risk", "strategies", "score", "news", "costs", "tilt", "statistics",
    ]  # fmt: skip


def test_given_a_course_when_read_then_it_has_three_to_six_lessons(syllabus: Syllabus) -> None:
    assert {course.name for course in syllabus.courses if not 3 <= len(course.lessons) <= 6} == set()


def test_given_the_courses_when_read_then_one_is_the_course_that_elite_asks_for(syllabus: Syllabus) -> None:
    assert syllabus.course(RISK_COURSE) is not None


def test_given_the_quizzes_when_read_then_the_one_of_onboarding_asks_for_eighty_percent(syllabus: Syllabus) -> None:
    quiz = syllabus.quiz(RISK_QUIZ)

    assert quiz is not None
    assert (quiz.pass_percent, len(quiz.questions) >= 10) == (80, True)


def test_given_the_quizzes_when_read_then_every_question_can_be_looked_up(syllabus: Syllabus) -> None:
    assert [
        question.name for quiz in syllabus.all_quizzes for question in quiz.questions if not question.source.title
    ] == []


def test_given_the_missions_when_read_then_there_are_ten_at_least_and_every_condition_is_used(
    syllabus: Syllabus,
) -> None:
    used = {mission.condition for mission in syllabus.missions}

    assert (len(syllabus.missions) >= 10, used) == (True, set(CONDITIONS))


@pytest.mark.parametrize(
    ("purpose", "is_optional"), [("risk_disclosure", False), ("privacy", False), ("live_trading", True)]
)
def test_given_the_consents_when_read_then_each_has_its_first_version(
    syllabus: Syllabus, purpose: str, is_optional: bool
) -> None:
    text = syllabus.text(purpose)

    assert text is not None
    assert (text.version, text.is_optional) == (1, is_optional)


def test_given_the_content_when_read_twice_then_it_is_the_same(syllabus: Syllabus) -> None:
    assert read_syllabus() == syllabus


BROKEN = {
    "a quiz": (
        "courses/20_risk/quiz.toml",
        'name = "ten_losses"',
        'name = "choose_first"',
        "courses/20_risk/quiz.toml",
    ),
    "a mark": ("courses/20_risk/quiz.toml", "pass_percent = 80", "pass_percent = 101", "courses/20_risk/quiz.toml"),
    "a lesson": ("courses/20_risk/20_why_stops.md", "version = 1", "version = 0", "courses/20_risk/20_why_stops.md"),
    "a field": ("courses/20_risk/20_why_stops.md", "title =", "titel =", "courses/20_risk/20_why_stops.md"),
    "a figure": (
        "courses/20_risk/10_risk_per_trade.md",
        "{risk.ceiling}",
        "{risk.top}",
        "20_risk/10_risk_per_trade.md",
    ),
    "a mission": ("missions.toml", "times = 5", "times = 0", "missions.toml: missions hands_off_the_stop"),
    "an option": ("quizzes/risk_quiz.toml", "right = true", 'right = "yes"', "questions can_lose: options All of it"),
    "a source": ("sources.toml", "title = ", "titel = ", "sources.toml: costs_and_r"),
    "a consent": ("consents/privacy.md", "optional = false", "optional = 0", "consents/privacy.md"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_given_something_broken_when_read_then_the_complaint_names_the_file_the_entry_and_a_remedy(
    what: str, tmp_path: Path
) -> None:
    file, old, new, where = BROKEN[what]
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    text = (copied / file).read_text(encoding="utf-8")
    assert old in text
    (copied / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(InvalidInput) as caught:
        read_syllabus(copied)

    assert where in caught.value.where
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["Big", "a-b", "10_", "é"])
def test_given_a_file_whose_name_is_no_name_when_read_then_it_is_refused(name: str, tmp_path: Path) -> None:
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    shutil.copy(copied / "consents/privacy.md", copied / f"consents/{name}.md")

    with pytest.raises(InvalidInput, match="is no name"):
        read_syllabus(copied)


def test_given_lessons_numbered_anew_when_read_then_their_names_stay(tmp_path: Path, syllabus: Syllabus) -> None:
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    folder = copied / "courses/10_basics"
    (folder / "10_pips.md").rename(folder / "99_pips.md")

    course, original = read_syllabus(copied).courses[0], syllabus.courses[0]

    assert course.lessons == (*original.lessons[1:], original.lessons[0])
