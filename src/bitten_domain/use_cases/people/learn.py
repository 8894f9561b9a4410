"""Learn: read lessons, answer quizzes, write the diary. Each earns once, and none of it needs a trade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import day_ending_at
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.membership.education import DiaryEntry, LessonDone, grade
from bitten_domain.progression.causes import cause_of_diary, cause_of_lesson, cause_of_quiz
from bitten_domain.use_cases.game.awarding import Given, award_due, titles_since
from bitten_domain.use_cases.game.telling import name_of_news, tell_given
from bitten_domain.use_cases.people.points import allowed_progress, book_points
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import XpKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bitten_domain.membership.education import Mood, QuizResult, TradeRef
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.use_cases.game.game_rules import GameRules
    from bitten_domain.values import UserId

__all__ = ["AnswerQuiz", "Learnt", "QuizAnswered", "ReadLesson", "WriteDiary"]


class Learnt(NamedTuple):
    """What something learned came to.

    Args:
        earned: points for it; None when it was booked before, or the day's cap is reached.
        given: achievements and gear that came with it.
    """

    earned: XpEntry | None
    given: Given


@dataclass(frozen=True, slots=True)
class ReadLesson:
    """Note that somebody read a lesson to its end.

    Args:
        unit_of_work: the store.
        rules: the game's, and what there is to learn.
    """

    unit_of_work: UnitOfWork
    rules: GameRules

    async def __call__(self, user_id: UserId, course: str, lesson: str, at: int) -> Learnt | Denial:
        """Note it; gives what it earned, nothing when it was read before.

        Raises:
            InvalidInput: there is no such person, course or lesson.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        found = self.rules.syllabus.course(course)
        read = None if found is None else next((one for one in found.lessons if one.name == lesson), None)
        if read is None:
            raise InvalidInput(f"there is no lesson {course}/{lesson}", where="lesson")
        done = LessonDone(user_id, course, lesson, read.version, at)

        tried: list[XpEntry] = []

        def work(store: Repositories) -> Learnt | Denial:
            progress = allowed_progress(store, user_id, Action.LEARN, at)
            if isinstance(progress, Denial):
                return progress
            store.lessons.done(done)
            return _awarded(store, progress, XpKind.LESSON, cause_of_lesson(course, lesson), at, self.rules, tried)

        return await durably(self.unit_of_work, work)


class QuizAnswered(NamedTuple):
    """What a try at a quiz came to.

    Args:
        result: graded.
        earned: points, for the first perfect try only.
        given: achievements and gear that came with it.
    """

    result: QuizResult
    earned: XpEntry | None
    given: Given


@dataclass(frozen=True, slots=True)
class AnswerQuiz:
    """Grade a try at a quiz and keep it.

    Args:
        unit_of_work: the store.
        rules: the game's, and what there is to learn.
        identity: names the try.
    """

    unit_of_work: UnitOfWork
    rules: GameRules
    identity: Identity

    async def __call__(
        self, user_id: UserId, quiz: str, version: int, chosen: Mapping[str, Collection[str]], at: int
    ) -> QuizAnswered | Denial:
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
        asked = self.rules.syllabus.quiz(quiz)
        if asked is None:
            raise InvalidInput(f"there is no quiz {quiz}", where="quiz")
        result = grade(asked, chosen, result_id=self.identity.new_id(), user_id=user_id, version=version, at=at)

        tried: list[XpEntry] = []

        def work(store: Repositories) -> QuizAnswered | Denial:
            progress = allowed_progress(store, user_id, Action.LEARN, at)
            if isinstance(progress, Denial):
                return progress
            store.quizzes.add(result)
            kind = XpKind.PERFECT_QUIZ if result.perfect else None
            return QuizAnswered(result, *_awarded(store, progress, kind, cause_of_quiz(quiz), at, self.rules, tried))

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class WriteDiary:
    """Keep a diary entry.

    Args:
        unit_of_work: the store.
        rules: the game's.
        identity: names the entry.
    """

    unit_of_work: UnitOfWork
    rules: GameRules
    identity: Identity

    async def __call__(
        self, user_id: UserId, text: str, at: int, trade: TradeRef | None = None, mood: Mood | None = None
    ) -> Learnt | Denial:
        """Keep it; gives what it earned, no points after the first of a day.

        Raises:
            InvalidInput: there is no such person, or the text is blank or too long.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        day = day_ending_at(at)
        entry = DiaryEntry(self.identity.new_id(), user_id, at, day, text, trade, mood)

        tried: list[XpEntry] = []

        def work(store: Repositories) -> Learnt | Denial:
            progress = allowed_progress(store, user_id, Action.KEEP_DIARY, at)
            if isinstance(progress, Denial):
                return progress
            store.diary.add(entry)
            return _awarded(store, progress, XpKind.DIARY, cause_of_diary(day), at, self.rules, tried)

        return await durably(self.unit_of_work, work)


def _awarded(
    store: Repositories,
    progress: Progress,
    kind: XpKind | None,
    cause: str,
    at: int,
    rules: GameRules,
    tried: list[XpEntry],
) -> Learnt:
    """Book what was learned, and what it makes due; points of their own are not told apart, the command tells them.

    Args:
        store: of the transaction.
        progress: of the person, who is held.
        kind: what points are for; None for something that earns none by itself.
        cause: of it.
        at: now, seconds since 1970 UTC.
        rules: the game's.
        tried: as for `book_points`.
    """
    user_id = progress.user_id
    before = store.xp.totals(user_id).lifetime
    earned = None if kind is None else book_points(store, progress, kind, cause, at, rules.policy, tried)
    given = award_due(store, progress, rules, day=day_ending_at(at), at=at)
    titles = titles_since(store, progress, before, at)
    tell_given(store, progress, name_of_news(progress, given, titles), rules, given, titles=titles, at=at)
    return Learnt(earned, given)
