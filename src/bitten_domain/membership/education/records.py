"""What is kept of somebody's learning: lessons read, quizzes answered, missions done, the diary."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, InvalidInput

if TYPE_CHECKING:
    from bitten_domain.values import AccountId, UserId

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

MOST_DIARY_LETTERS = 4_000
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class LessonDone:
    """A lesson somebody has read to its end.

    Args:
        user_id: who.
        course, lesson: which, by their short names.
        version: of the lesson as it was read, >= 1.
        at: seconds since 1970 UTC.
    """

    user_id: UserId
    course: str
    lesson: str
    version: int
    at: int


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered to one question.

    Args:
        question: its short name.
        chosen: keys of the options chosen, sorted; none when it was left open.
        is_right: exactly the right options were chosen.
    """

    question: str
    chosen: tuple[str, ...]
    is_right: bool


@dataclass(frozen=True, slots=True)
class QuizResult:
    """One try at a quiz, graded by the mark that held then.

    Args:
        result_id: its identity.
        user_id: who.
        quiz: short name of the quiz.
        version: of the quiz as it was asked, >= 1.
        at: seconds since 1970 UTC.
        pass_percent: share of right answers that was asked for, 1 to 100.
        answers: one for each question, in the quiz's order; at least one.

    Raises:
        BrokenInvariant: there is no answer, or the mark is out of bounds.
    """

    result_id: str
    user_id: UserId
    quiz: str
    version: int
    at: int
    pass_percent: int
    answers: tuple[GivenAnswer, ...]

    def __post_init__(self) -> None:
        if not self.answers or not 1 <= self.pass_percent <= _HUNDRED:
            raise BrokenInvariant(f"a try has answers and a mark from 1 to 100, got {self.pass_percent}")

    @property
    def right(self) -> int:
        """How many answers were right."""
        return sum(answer.is_right for answer in self.answers)

    @property
    def score_percent(self) -> int:
        """Share of right answers in percent, rounded down, so that nobody is shown a mark they did not reach."""
        return self.right * _HUNDRED // len(self.answers)

    @property
    def passed(self) -> bool:
        """Whether the mark was reached."""
        return self.right * _HUNDRED >= self.pass_percent * len(self.answers)

    @property
    def perfect(self) -> bool:
        """Whether every answer was right."""
        return self.right == len(self.answers)


@dataclass(frozen=True, slots=True)
class TradeRef:
    """A trade, by its account and its position's ticket."""

    account: AccountId
    ticket: int


@dataclass(frozen=True, slots=True)
class MissionDone:
    """A mission somebody has fulfilled; it gave a badge and nothing else.

    Args:
        user_id: who.
        mission: its short name.
        version: of the mission as it was fulfilled, >= 1.
        at: when it was found fulfilled, seconds since 1970 UTC.
        evidence: what fulfilled it, oldest first: trades as `account/ticket`, signals, days or entries by their names.
    """

    user_id: UserId
    mission: str
    version: int
    at: int
    evidence: tuple[str, ...]


class Mood(Enum):
    """How somebody says they felt; their own word, never worked out."""

    CALM = "CALM"
    CONFIDENT = "CONFIDENT"
    UNSURE = "UNSURE"
    IMPATIENT = "IMPATIENT"
    FRUSTRATED = "FRUSTRATED"
    TIRED = "TIRED"


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """Something a user wrote to themselves with `/journal`; nobody else reads it, and it goes when they go.

    Args:
        entry_id: its identity.
        user_id: who wrote it.
        at: seconds since 1970 UTC.
        day: trading day of that moment.
        text: as it was written, 1 to 4,000 characters, not all blank.
        trade: the trade it is about; None for none.
        mood: as they said; None when they did not.

    Raises:
        InvalidInput: the text is blank, too long, or holds a NUL, which no store keeps.
    """

    entry_id: str
    user_id: UserId
    at: int
    day: int
    text: str
    trade: TradeRef | None = None
    mood: Mood | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidInput("a diary entry needs some text", where="text", remedy="write a sentence")
        if len(self.text) > MOST_DIARY_LETTERS:
            raise InvalidInput(
                f"a diary entry has at most {MOST_DIARY_LETTERS} characters, this one has {len(self.text)}",
                where="text",
                remedy="split it into two entries",
            )
        if "\0" in self.text:
            raise InvalidInput("a diary entry holds an unprintable character", where="text", remedy="type it again")
