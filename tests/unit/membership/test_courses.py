"""Courses: what is next, and when one is complete."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.education import (
    MOST_DIARY_LETTERS,
    Course,
    DiaryEntry,
    Lesson,
    LessonDone,
    Option,
    Question,
    Quiz,
    QuizResult,
    Source,
    completed_at,
    grade,
    is_completed,
    next_lesson,
)
from bitten_domain.values import UserId

ANN = UserId("ann")
OPTIONS = (Option("a", "a", is_right=True, explanation="so"), Option("b", "b", is_right=False, explanation="so"))
QUIZ = Quiz("risk_course", "Risk", 1, 80, (Question("q", "?", OPTIONS, Source("a book")),))
NAMES = ("one", "two", "three")
COURSE = Course("risk", "Risk", "All of it", tuple(Lesson(name, name, 2, "text") for name in NAMES), QUIZ)


def read(name: str, at: int = 0, course: str = "risk", version: int = 2) -> LessonDone:
    return LessonDone(ANN, course, name, version, at)


def tried(key: str, at: int = 0) -> QuizResult:
    return grade(QUIZ, {"q": (key,)}, result_id=str(at), user_id=ANN, version=1, at=at)


@given(done=st.sets(st.sampled_from(NAMES)), passed=st.booleans())
def test_given_any_progress_when_asked_then_a_course_is_complete_exactly_with_all_lessons_and_a_pass(
    done: set[str], passed: bool
) -> None:
    complete = is_completed(COURSE, [read(name) for name in done], [tried("a" if passed else "b")])

    assert complete == (passed and done == set(NAMES))


@given(done=st.sets(st.sampled_from(NAMES)))
def test_given_any_progress_when_asked_then_the_next_lesson_is_the_first_unread_one(done: set[str]) -> None:
    lesson = next_lesson(COURSE, [read(name) for name in done])

    assert (lesson.name if lesson else None) == next((name for name in NAMES if name not in done), None)


def test_given_lessons_of_another_course_when_asked_then_they_do_not_count() -> None:
    lesson = next_lesson(COURSE, [read("one", course="basics")])

    assert lesson is not None
    assert lesson.name == "one"


def test_given_a_lesson_read_in_an_earlier_version_when_asked_then_it_counts() -> None:
    assert next_lesson(COURSE, [read(name, version=1) for name in NAMES]) is None


def test_given_the_quiz_passed_before_the_last_lesson_when_asked_then_the_lesson_completes_the_course() -> None:
    done = [read("one", 10), read("two", 20), read("three", 90), read("three", 95, version=3)]

    assert completed_at(COURSE, done, [tried("a", 50)]) == 90


def test_given_the_lessons_read_first_when_asked_then_the_first_pass_completes_the_course() -> None:
    results = [tried("b", 40), tried("a", 70), tried("a", 80)]

    assert completed_at(COURSE, [read(name, 10) for name in NAMES], results) == 70


@pytest.mark.parametrize("text", ["", "  \n\t", "x" * (MOST_DIARY_LETTERS + 1), "a\0b"])
def test_given_a_text_no_diary_holds_when_written_then_it_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="a diary entry"):
        DiaryEntry("1", ANN, 0, 0, text)


def test_given_the_longest_text_when_written_then_it_is_kept_as_it_is() -> None:
    text = " " + "x" * (MOST_DIARY_LETTERS - 1)

    assert DiaryEntry("1", ANN, 0, 0, text).text == text
