"""Education: lessons read, quizzes answered, missions done, and the diary. All of it belongs to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.membership.education import DiaryEntry, LessonDone, MissionDone, QuizResult, TradeRef
    from bitten_domain.values import UserId

__all__ = ["DiaryRepository", "LessonRepository", "MissionRepository", "QuizRepository"]


class LessonRepository(Protocol):
    """Lessons that were read; a person reads a lesson once."""

    def done(self, lesson: LessonDone) -> bool:
        """Keep a lesson; False when that person had read it before, in whatever version, which changes nothing."""
        ...

    def of(self, user_id: UserId) -> tuple[LessonDone, ...]:
        """List what a person has read, oldest first."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        ...


class QuizRepository(Protocol):
    """Tries at quizzes; every one is kept."""

    def add(self, result: QuizResult) -> bool:
        """Keep a try; False when one of that id is kept already, which changes nothing."""
        ...

    def of(self, user_id: UserId, quiz: str) -> tuple[QuizResult, ...]:
        """List a person's tries at a quiz, oldest first."""
        ...

    def passed(self, user_id: UserId) -> tuple[QuizResult, ...]:
        """List for each quiz a person has passed the first try that passed, by quiz."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        ...


class MissionRepository(Protocol):
    """Missions that were fulfilled; a person fulfils one once."""

    def done(self, mission: MissionDone) -> bool:
        """Keep a mission; False when that person had fulfilled it before, which changes nothing."""
        ...

    def of(self, user_id: UserId) -> tuple[MissionDone, ...]:
        """List what a person has fulfilled, oldest first."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        ...


class DiaryRepository(Protocol):
    """Diary entries; each is read by its writer only."""

    def add(self, entry: DiaryEntry) -> bool:
        """Keep an entry; False when one of that id is kept already, which changes nothing."""
        ...

    def recent(self, user_id: UserId, limit: int, before: int | None = None) -> tuple[DiaryEntry, ...]:
        """List a person's newest entries first, written before a moment; None for no bound."""
        ...

    def about(self, user_id: UserId, trade: TradeRef) -> tuple[DiaryEntry, ...]:
        """List what a person wrote about a trade, oldest first."""
        ...

    def of_days(self, user_id: UserId, first: int, last: int) -> tuple[DiaryEntry, ...]:
        """List a person's entries of trading days, both ends included, oldest first."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        ...
