"""What people have learned: lessons, quizzes, missions, and the diary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from bitten_adapters.sql.repositories.decoding import json_of, parsed
from bitten_adapters.sql.repositories.keys import MOST, ZERO, user_key
from bitten_adapters.sql.statements import Statement, adding_once
from bitten_adapters.sql.tables.earned.education import DIARY_ENTRIES, LESSONS, MISSIONS, QUIZ_RESULTS
from bitten_domain.membership.education import (
    DiaryEntry,
    GivenAnswer,
    LessonDone,
    MissionDone,
    Mood,
    QuizResult,
    TradeRef,
)
from bitten_domain.values import AccountId

if TYPE_CHECKING:
    from sqlalchemy import Table

    from bitten_adapters.sql.statements import Row, Wire
    from bitten_domain.values import UserId

__all__ = ["SqlDiary", "SqlLessons", "SqlMissions", "SqlQuizzes"]

_L, _Q, _M, _D = LESSONS.c, QUIZ_RESULTS.c, MISSIONS.c, DIARY_ENTRIES.c
_MOODS = {mood.value: mood for mood in Mood}
# The last second a database can write.
_END_OF_TIME = 253_402_300_799


def _forgetting(table: Table) -> Statement:
    return Statement(delete(table).where(table.c.user_id == user_key()))


_ADD_LESSON = adding_once(LESSONS, user_id=user_key())
_LESSONS = Statement(
    select(_L.course, _L.lesson, _L.version, _L.at).where(_L.user_id == user_key()).order_by(_L.at, _L.id)
)
_FORGET_LESSONS = _forgetting(LESSONS)

_ADD_RESULT = adding_once(QUIZ_RESULTS, user_id=user_key())
_RESULT = (
    select(_Q.public_id, _Q.quiz, _Q.version, _Q.at, _Q.pass_percent, _Q.answers)
    .where(_Q.user_id == user_key())
    .order_by(_Q.at, _Q.id)
)
_RESULTS = Statement(_RESULT.where(_Q.quiz == bindparam("of_quiz")))
_PASSED = Statement(_RESULT.where(_Q.is_passed))
_FORGET_RESULTS = _forgetting(QUIZ_RESULTS)

_ADD_MISSION = adding_once(MISSIONS, user_id=user_key())
_MISSIONS = Statement(
    select(_M.mission, _M.version, _M.at, _M.evidence).where(_M.user_id == user_key()).order_by(_M.at, _M.id)
)
_FORGET_MISSIONS = _forgetting(MISSIONS)

_ADD_ENTRY = adding_once(DIARY_ENTRIES, user_id=user_key())
_ENTRY = select(_D.public_id, _D.at, _D.day, _D.text, _D.account, _D.ticket, _D.mood).where(_D.user_id == user_key())
_RECENT = Statement(
    _ENTRY.where(_D.at < bindparam("before")).order_by(_D.at.desc(), _D.id.desc()).limit(MOST).offset(ZERO)
)
_ABOUT = Statement(
    _ENTRY.where(_D.account == bindparam("of_account"), _D.ticket == bindparam("of_ticket")).order_by(_D.at, _D.id)
)
_OF_DAYS = Statement(
    _ENTRY.where(_D.day >= bindparam("first_day"), _D.day <= bindparam("last_day")).order_by(_D.at, _D.id)
)
_FORGET_ENTRIES = _forgetting(DIARY_ENTRIES)


class SqlLessons:
    """Lessons that were read."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def done(self, lesson: LessonDone) -> bool:
        """Keep a lesson; False when that person had read it before."""
        return bool(
            self._wire.write(
                _ADD_LESSON,
                user=lesson.user_id,
                course=lesson.course,
                lesson=lesson.lesson,
                version=lesson.version,
                at=lesson.at,
            )
        )

    def of(self, user_id: UserId) -> tuple[LessonDone, ...]:
        """List what a person has read, oldest first."""
        return tuple(LessonDone(user_id, *row) for row in self._wire.all(_LESSONS, user=user_id))

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        return self._wire.write(_FORGET_LESSONS, user=user_id)


class SqlQuizzes:
    """Tries at quizzes."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, result: QuizResult) -> bool:
        """Keep a try; False when one of that id is kept already."""
        answers = json_of([[one.question, list(one.chosen), one.is_right] for one in result.answers])
        return bool(
            self._wire.write(
                _ADD_RESULT,
                public_id=result.result_id,
                user=result.user_id,
                quiz=result.quiz,
                version=result.version,
                at=result.at,
                pass_percent=result.pass_percent,
                answers=answers,
                is_passed=result.passed,
            )
        )

    def of(self, user_id: UserId, quiz: str) -> tuple[QuizResult, ...]:
        """List a person's tries at a quiz, oldest first."""
        return tuple(_result(user_id, row) for row in self._wire.all(_RESULTS, user=user_id, of_quiz=quiz))

    def passed(self, user_id: UserId) -> tuple[QuizResult, ...]:
        """List for each quiz a person has passed the first try that passed, by quiz."""
        first: dict[str, QuizResult] = {}
        for row in self._wire.all(_PASSED, user=user_id):
            result = _result(user_id, row)
            first.setdefault(result.quiz, result)
        return tuple(first[quiz] for quiz in sorted(first))

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        return self._wire.write(_FORGET_RESULTS, user=user_id)


class SqlMissions:
    """Missions that were fulfilled."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def done(self, mission: MissionDone) -> bool:
        """Keep a mission; False when that person had fulfilled it before."""
        return bool(
            self._wire.write(
                _ADD_MISSION,
                user=mission.user_id,
                mission=mission.mission,
                version=mission.version,
                at=mission.at,
                evidence=json_of(list(mission.evidence)),
            )
        )

    def of(self, user_id: UserId) -> tuple[MissionDone, ...]:
        """List what a person has fulfilled, oldest first."""
        return tuple(
            MissionDone(user_id, mission, version, at, tuple(parsed(evidence)))
            for mission, version, at, evidence in self._wire.all(_MISSIONS, user=user_id)
        )

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        return self._wire.write(_FORGET_MISSIONS, user=user_id)


class SqlDiary:
    """The diary."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, entry: DiaryEntry) -> bool:
        """Keep an entry; False when one of that id is kept already."""
        trade = entry.trade
        return bool(
            self._wire.write(
                _ADD_ENTRY,
                public_id=entry.entry_id,
                user=entry.user_id,
                at=entry.at,
                day=entry.day,
                text=entry.text,
                account=None if trade is None else trade.account,
                ticket=None if trade is None else trade.ticket,
                mood=None if entry.mood is None else entry.mood.value,
            )
        )

    def recent(self, user_id: UserId, limit: int, before: int | None = None) -> tuple[DiaryEntry, ...]:
        """List a person's newest entries first, written before a moment."""
        until = _END_OF_TIME if before is None else before
        return tuple(_entry(user_id, row) for row in self._wire.all(_RECENT, user=user_id, before=until, most=limit))

    def about(self, user_id: UserId, trade: TradeRef) -> tuple[DiaryEntry, ...]:
        """List what a person wrote about a trade, oldest first."""
        rows = self._wire.all(_ABOUT, user=user_id, of_account=trade.account, of_ticket=trade.ticket)
        return tuple(_entry(user_id, row) for row in rows)

    def of_days(self, user_id: UserId, first: int, last: int) -> tuple[DiaryEntry, ...]:
        """List a person's entries of trading days, oldest first."""
        rows = self._wire.all(_OF_DAYS, user=user_id, first_day=first, last_day=last)
        return tuple(_entry(user_id, row) for row in rows)

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        return self._wire.write(_FORGET_ENTRIES, user=user_id)


def _result(user_id: UserId, row: Row) -> QuizResult:
    name, quiz, version, at, pass_percent, answers = row
    given = tuple(GivenAnswer(question, tuple(chosen), is_right) for question, chosen, is_right in parsed(answers))
    return QuizResult(name, user_id, quiz, version, at, pass_percent, given)


def _entry(user_id: UserId, row: Row) -> DiaryEntry:
    name, at, day, text, account, ticket, mood = row
    trade = None if account is None else TradeRef(AccountId(account), ticket)
    return DiaryEntry(name, user_id, at, day, text, trade, None if mood is None else _MOODS[mood])
