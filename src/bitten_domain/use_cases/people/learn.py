"""Learn: read lessons, answer quizzes, write the diary. Each earns once, and none of it needs a trade."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership.education import DiaryEntry, LessonDone, grade
from bitten_domain.progression import XpPolicy
from bitten_domain.progression.causes import cause_of_diary, cause_of_lesson, cause_of_quiz
from bitten_domain.use_cases.people.points import book_points
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import XpKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bitten_domain.membership.education import Mood, QuizResult, Syllabus, TradeRef
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression import XpEntry
    from bitten_domain.values import UserId

__all__ = ["AnswerQuiz", "QuizAnswered", "ReadLesson", "WriteDiary"]


@dataclass(frozen=True, slots=True)
class ReadLesson:
    """Note that somebody read a lesson to its end.

    Args:
        unit_of_work: the store.
        syllabus: what there is to learn.
        policy: the figures of the XP ledger.
    """

    unit_of_work: UnitOfWork
    syllabus: Syllabus
    policy: XpPolicy = field(default_factory=XpPolicy)

    async def __call__(self, user_id: UserId, course: str, lesson: str, at: int) -> XpEntry | None:
        """Note it; gives what it earned, None when it was read before or the day's cap is reached.

        Raises:
            InvalidInput: there is no such person, course or lesson.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        found = self.syllabus.course(course)
        read = None if found is None else next((one for one in found.lessons if one.name == lesson), None)
        if read is None:
            raise InvalidInput(f"there is no lesson {course}/{lesson}", where="lesson")
        done = LessonDone(user_id, course, lesson, read.version, at)

        def work(store: Repositories) -> XpEntry | None:
            _required(store, user_id)
            store.lessons.done(done)
            return book_points(store, user_id, XpKind.LESSON, cause_of_lesson(course, lesson), at, self.policy)

        return await durably(self.unit_of_work, work)


class QuizAnswered(NamedTuple):
    """What a try at a quiz came to.

    Args:
        result: graded.
        earned: points, for the first perfect try only.
    """

    result: QuizResult
    earned: XpEntry | None


@dataclass(frozen=True, slots=True)
class AnswerQuiz:
    """Grade a try at a quiz and keep it.

    Args:
        unit_of_work: the store.
        syllabus: what there is to learn.
        identity: names the try.
        policy: the figures of the XP ledger.
    """

    unit_of_work: UnitOfWork
    syllabus: Syllabus
    identity: Identity
    policy: XpPolicy = field(default_factory=XpPolicy)

    async def __call__(
        self, user_id: UserId, quiz: str, version: int, chosen: Mapping[str, Collection[str]], at: int
    ) -> QuizAnswered:
        """Grade it.

        Args:
            user_id: who answers.
            quiz: its short name.
            version: of the quiz as it was asked.
            chosen: keys of the chosen options by question.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person or quiz, it has changed meanwhile, or an answer names what is not
                there.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        asked = self.syllabus.quiz(quiz)
        if asked is None:
            raise InvalidInput(f"there is no quiz {quiz}", where="quiz")
        result = grade(asked, chosen, result_id=self.identity.new_id(), user_id=user_id, version=version, at=at)

        def work(store: Repositories) -> QuizAnswered:
            _required(store, user_id)
            store.quizzes.add(result)
            earned = None
            if result.perfect:
                earned = book_points(store, user_id, XpKind.PERFECT_QUIZ, cause_of_quiz(quiz), at, self.policy)
            return QuizAnswered(result, earned)

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class WriteDiary:
    """Keep a diary entry.

    Args:
        unit_of_work: the store.
        identity: names the entry.
        policy: the figures of the XP ledger.
    """

    unit_of_work: UnitOfWork
    identity: Identity
    policy: XpPolicy = field(default_factory=XpPolicy)

    async def __call__(
        self, user_id: UserId, text: str, at: int, trade: TradeRef | None = None, mood: Mood | None = None
    ) -> XpEntry | None:
        """Keep it; gives what it earned, None after the first of a day.

        Raises:
            InvalidInput: there is no such person, or the text is blank or too long.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        day = day_ending_at(at)
        entry = DiaryEntry(self.identity.new_id(), user_id, at, day, text, trade, mood)

        def work(store: Repositories) -> XpEntry | None:
            _required(store, user_id)
            store.diary.add(entry)
            return book_points(store, user_id, XpKind.DIARY, cause_of_diary(day), at, self.policy)

        return await durably(self.unit_of_work, work)


def _required(store: Repositories, user_id: UserId) -> None:
    if store.people.get(user_id) is None:
        raise InvalidInput(f"there is no person {user_id}", where="user")
