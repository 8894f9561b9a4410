"""Education: courses, quizzes, missions on paper, and the diary. Pure: content and facts come in as values."""

from bitten_domain.membership.education.courses import (
    RISK_COURSE,
    RISK_QUIZ,
    Course,
    Lesson,
    completed_at,
    is_completed,
    lessons_left,
    next_lesson,
)
from bitten_domain.membership.education.mission_conditions import CONDITIONS, Condition, Need
from bitten_domain.membership.education.missions import Mission, MissionProgress, grade_mission
from bitten_domain.membership.education.practice import (
    DiaryFact,
    PracticeDay,
    PracticeFacts,
    PracticeTrade,
    SkippedSignal,
)
from bitten_domain.membership.education.quizzes import Option, Question, Quiz, Source, first_passed, grade
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
from bitten_domain.membership.education.syllabus import Syllabus
from bitten_domain.membership.education.texts import ConsentText

__all__ = [
    "CONDITIONS",
    "MOST_DIARY_LETTERS",
    "RISK_COURSE",
    "RISK_QUIZ",
    "Condition",
    "ConsentText",
    "Course",
    "DiaryEntry",
    "DiaryFact",
    "GivenAnswer",
    "Lesson",
    "LessonDone",
    "Mission",
    "MissionDone",
    "MissionProgress",
    "Mood",
    "Need",
    "Option",
    "PracticeDay",
    "PracticeFacts",
    "PracticeTrade",
    "Question",
    "Quiz",
    "QuizResult",
    "SkippedSignal",
    "Source",
    "Syllabus",
    "TradeRef",
    "completed_at",
    "first_passed",
    "grade",
    "grade_mission",
    "is_completed",
    "lessons_left",
    "next_lesson",
]
