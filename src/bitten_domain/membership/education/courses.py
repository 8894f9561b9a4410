"""Courses: lessons in an order, and a quiz at the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.education.quizzes import first_passed

if TYPE_CHECKING:
    from collections.abc import Collection

    from bitten_domain.membership.education.quizzes import Quiz
    from bitten_domain.membership.education.records import LessonDone, QuizResult

__all__ = [
    "RISK_COURSE",
    "RISK_QUIZ",
    "Course",
    "Lesson",
    "completed_at",
    "is_completed",
    "lessons_left",
    "next_lesson",
]

RISK_COURSE = "risk"
"""The course whose completion rank ELITE asks for."""

RISK_QUIZ = "risk_quiz"
"""The quiz that onboarding asks to be passed."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sitting's reading.

    Args:
        name: short name, one in its course.
        title: as it is shown.
        version: rises when what it teaches changes, >= 1.
        text: Markdown, figures filled in.
    """

    name: str
    title: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class Course:
    """Lessons on one subject.

    Args:
        name: short name.
        title, summary: as they are shown.
        lessons: in the order they are meant to be read, at least one.
        quiz: asked at the end.

    Raises:
        InvalidInput: there is no lesson, or two share a name.
    """

    name: str
    title: str
    summary: str
    lessons: tuple[Lesson, ...]
    quiz: Quiz

    def __post_init__(self) -> None:
        if not self.lessons:
            raise InvalidInput("a course needs a lesson", where=self.name, remedy="write one")
        if len({lesson.name for lesson in self.lessons}) != len(self.lessons):
            raise InvalidInput("two lessons have the same name", where=self.name, remedy="name each differently")


def lessons_left(course: Course, done: Collection[LessonDone]) -> tuple[Lesson, ...]:
    """List the lessons somebody has not read, in order; one read in an earlier version counts as read."""
    read = {lesson.lesson for lesson in done if lesson.course == course.name}
    return tuple(lesson for lesson in course.lessons if lesson.name not in read)


def next_lesson(course: Course, done: Collection[LessonDone]) -> Lesson | None:
    """Find the first lesson somebody has not read; None when the course is read."""
    return next(iter(lessons_left(course, done)), None)


def is_completed(course: Course, done: Collection[LessonDone], results: Collection[QuizResult]) -> bool:
    """Say whether every lesson of a course is read and its quiz was passed once, in any order and version."""
    return completed_at(course, done, results) is not None


def completed_at(course: Course, done: Collection[LessonDone], results: Collection[QuizResult]) -> int | None:
    """Find when a course was completed, seconds since 1970 UTC; None when it is not.

    A lesson added later opens a course again: the rank it gave is kept by whoever gave it, not worked out anew here.
    """
    passed = first_passed(results, course.quiz.name)
    if passed is None or lessons_left(course, done):
        return None
    names = {lesson.name for lesson in course.lessons}
    read: dict[str, int] = {}
    for lesson in done:
        if lesson.course == course.name and lesson.lesson in names:
            read[lesson.lesson] = min(lesson.at, read.get(lesson.lesson, lesson.at))
    return max(passed.at, *read.values())
