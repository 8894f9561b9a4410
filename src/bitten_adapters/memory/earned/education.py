"""Lessons, quizzes, missions and the diary, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

    from bitten_adapters.memory.people import MemoryPersons
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.membership.education import DiaryEntry, LessonDone, MissionDone, QuizResult, TradeRef
    from bitten_domain.values import UserId

__all__ = ["MemoryDiary", "MemoryLessons", "MemoryMissions", "MemoryQuizzes"]

R = TypeVar("R", "DiaryEntry", "LessonDone", "MissionDone", "QuizResult")


class _Kept(Generic[R]):
    """Records of people by a key of their own, each with its place among all."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._records: dict[Hashable, tuple[int, R]] = {}
        self._places: dict[None, int] = {}

    def _keep(self, key: Hashable, record: R) -> bool:
        self._transaction.to_write()
        self._persons.require(record.user_id)
        if key in self._records:
            return False
        place = self._places.get(None, 0) + 1
        self._transaction.put(self._places, None, place)
        self._transaction.put(self._records, key, (place, record))
        return True

    def _of(self, user_id: UserId) -> list[R]:
        """List a person's records, oldest first; of one moment, the first added is the oldest."""
        self._transaction.to_read()
        found = [(record.at, place, record) for place, record in self._records.values() if record.user_id == user_id]
        return [record for _, _, record in sorted(found, key=lambda row: row[:2])]

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        self._transaction.to_write()
        keys = [key for key, (_, record) in self._records.items() if record.user_id == user_id]
        for key in keys:
            self._transaction.drop(self._records, key)
        return len(keys)


class MemoryLessons(_Kept["LessonDone"]):
    """Lessons by person, course and name."""

    def done(self, lesson: LessonDone) -> bool:
        """Keep a lesson, once."""
        return self._keep((lesson.user_id, lesson.course, lesson.lesson), lesson)

    def of(self, user_id: UserId) -> tuple[LessonDone, ...]:
        """List what a person has read."""
        return tuple(self._of(user_id))


class MemoryQuizzes(_Kept["QuizResult"]):
    """Tries by their id."""

    def add(self, result: QuizResult) -> bool:
        """Keep a try, once."""
        return self._keep(result.result_id, result)

    def of(self, user_id: UserId, quiz: str) -> tuple[QuizResult, ...]:
        """List a person's tries at a quiz."""
        return tuple(result for result in self._of(user_id) if result.quiz == quiz)

    def passed(self, user_id: UserId) -> tuple[QuizResult, ...]:
        """List the first passed try of each quiz, by quiz."""
        first: dict[str, QuizResult] = {}
        for result in self._of(user_id):
            if result.passed:
                first.setdefault(result.quiz, result)
        return tuple(first[quiz] for quiz in sorted(first))


class MemoryMissions(_Kept["MissionDone"]):
    """Missions by person and name."""

    def done(self, mission: MissionDone) -> bool:
        """Keep a mission, once."""
        return self._keep((mission.user_id, mission.mission), mission)

    def of(self, user_id: UserId) -> tuple[MissionDone, ...]:
        """List what a person has fulfilled."""
        return tuple(self._of(user_id))


class MemoryDiary(_Kept["DiaryEntry"]):
    """Diary entries by their id."""

    def add(self, entry: DiaryEntry) -> bool:
        """Keep an entry, once."""
        return self._keep(entry.entry_id, entry)

    def recent(self, user_id: UserId, limit: int, before: int | None = None) -> tuple[DiaryEntry, ...]:
        """List a person's newest entries first."""
        found = [entry for entry in self._of(user_id) if before is None or entry.at < before]
        return tuple(reversed(found[max(0, len(found) - max(0, limit)) :]))

    def about(self, user_id: UserId, trade: TradeRef) -> tuple[DiaryEntry, ...]:
        """List what a person wrote about a trade."""
        return tuple(entry for entry in self._of(user_id) if entry.trade == trade)

    def of_days(self, user_id: UserId, first: int, last: int) -> tuple[DiaryEntry, ...]:
        """List a person's entries of trading days."""
        return tuple(entry for entry in self._of(user_id) if first <= entry.day <= last)
