"""Education: courses, quizzes, missions on paper, and the diary. Pure: content and facts come in as values."""

from bitten_domain.membership.education.records import (
    MOST_DIARY_LETTERS,
    DiaryEntry,
    GivenAnswer,
    LessonDone,
    MissionDone,
    Mood,
    QuizResult,
    TradeRef,
)

__all__ = [
    "MOST_DIARY_LETTERS",
    "DiaryEntry",
    "GivenAnswer",
    "LessonDone",
    "MissionDone",
    "Mood",
    "QuizResult",
    "TradeRef",
]
