"""Quizzes: questions with an explanation for every option and a source, and how answers are graded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.education.records import GivenAnswer, QuizResult

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bitten_domain.values import UserId

__all__ = ["Option", "Question", "Quiz", "Source", "first_passed", "grade"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a claim can be looked up.

    Args:
        title: what it is called, with its author or publisher.
        path: file of this project that holds it; empty for something published elsewhere.
        place: chapter, section or heading; empty for the whole.
    """

    title: str
    path: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer.

    Args:
        key: a letter, one of its question's.
        text: the answer.
        is_right: whether it belongs to the right answer.
        explanation: why it is right or wrong.
    """

    key: str
    text: str
    is_right: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question.

    Args:
        name: short name, one in its quiz.
        text: what is asked.
        options: at least two, one or more of them right, one or more wrong.
        source: where the right answer can be looked up.

    Raises:
        InvalidInput: options are missing or repeat a key, or none or all of them are right.
    """

    name: str
    text: str
    options: tuple[Option, ...]
    source: Source

    def __post_init__(self) -> None:
        if len({option.key for option in self.options}) != len(self.options):
            raise InvalidInput("two options have the same key", where=self.name, remedy="give each its own letter")
        if not 0 < len(self.right) < len(self.options):
            raise InvalidInput(
                "a question needs a right option and a wrong one", where=self.name, remedy="say `right = true` or false"
            )

    @property
    def right(self) -> frozenset[str]:
        """Keys of the right options: exactly these must be chosen."""
        return frozenset(option.key for option in self.options if option.is_right)

    @property
    def asks_for_several(self) -> bool:
        """Whether more than one option belongs to the right answer."""
        return len(self.right) > 1


@dataclass(frozen=True, slots=True)
class Quiz:
    """Questions that are graded together.

    Args:
        name: short name, one in the whole content.
        title: as it is shown.
        version: rises when a question changes, >= 1.
        pass_percent: least share of right answers to pass, 1 to 100.
        questions: at least one.

    Raises:
        InvalidInput: there is no question, two share a name, or a figure is out of bounds.
    """

    name: str
    title: str
    version: int
    pass_percent: int
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        if not self.questions:
            raise InvalidInput("a quiz needs a question", where=self.name, remedy="write one")
        if len({question.name for question in self.questions}) != len(self.questions):
            raise InvalidInput("two questions have the same name", where=self.name, remedy="name each differently")
        if self.version < 1 or not 1 <= self.pass_percent <= 100:
            raise InvalidInput(
                f"version {self.version}, pass mark {self.pass_percent} %",
                where=self.name,
                remedy="a version from 1, a pass mark from 1 to 100",
            )


def grade(
    quiz: Quiz,
    chosen: Mapping[str, Collection[str]],
    *,
    result_id: str,
    user_id: UserId,
    version: int,
    at: int,
) -> QuizResult:
    """Grade a try. An answer is right when exactly the right options are chosen; a question left open is wrong.

    Args:
        quiz: as it stands now.
        chosen: keys of the chosen options by question; questions may be missing.
        result_id: the try's identity.
        user_id: who answered.
        version: of the quiz the answers were given to.
        at: seconds since 1970 UTC.

    Raises:
        InvalidInput: the quiz has changed since it was asked, or an answer names a question or option it has not.
    """
    if version != quiz.version:
        raise InvalidInput(
            f"the quiz has changed since you began (version {version}, now {quiz.version})",
            where=quiz.name,
            remedy="begin it again",
        )
    unknown = sorted(set(chosen) - {question.name for question in quiz.questions})
    if unknown:
        raise InvalidInput(f"there is no question {unknown[0]!r}", where=quiz.name, remedy="begin the quiz again")
    answers = tuple(_graded(quiz, question, chosen.get(question.name, ())) for question in quiz.questions)
    return QuizResult(result_id, user_id, quiz.name, quiz.version, at, quiz.pass_percent, answers)


def _graded(quiz: Quiz, question: Question, chosen: Collection[str]) -> GivenAnswer:
    keys = frozenset(chosen)
    unknown = sorted(keys - {option.key for option in question.options})
    if unknown:
        raise InvalidInput(
            f"there is no option {unknown[0]!r}", where=f"{quiz.name}/{question.name}", remedy="choose a shown one"
        )
    return GivenAnswer(question.name, tuple(sorted(keys)), keys == question.right)


def first_passed(results: Iterable[QuizResult], quiz: str) -> QuizResult | None:
    """Find the earliest try that passed a quiz; None when none did. A later failure takes nothing back."""
    passed = [result for result in results if result.quiz == quiz and result.passed]
    return min(passed, key=lambda result: (result.at, result.result_id), default=None)
