"""The syllabus: all there is to learn, found by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from bitten_domain.membership.education.courses import Course
    from bitten_domain.membership.education.missions import Mission
    from bitten_domain.membership.education.quizzes import Quiz
    from bitten_domain.membership.education.texts import ConsentText

__all__ = ["Syllabus"]


@dataclass(frozen=True, slots=True)
class Syllabus:
    """Courses in their order, quizzes of their own, missions and texts.

    Args:
        courses: in the order they are meant to be taken.
        quizzes: asked outside a course.
        missions: in the order they are shown.
        texts: by purpose.

    Raises:
        InvalidInput: two of a kind share a name, or a mission names a course that is not there.
    """

    courses: tuple[Course, ...]
    quizzes: tuple[Quiz, ...]
    missions: tuple[Mission, ...]
    texts: tuple[ConsentText, ...]

    def __post_init__(self) -> None:
        for kind, names in (
            ("courses", [course.name for course in self.courses]),
            ("quizzes", [quiz.name for quiz in self.all_quizzes]),
            ("missions", [mission.name for mission in self.missions]),
            ("badges", [mission.badge for mission in self.missions]),
            ("texts", [text.purpose for text in self.texts]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise InvalidInput(f"two {kind} are called {twice[0]!r}", where=kind, remedy="rename one")
        known = {course.name for course in self.courses}
        for mission in self.missions:
            if mission.course not in known:
                raise InvalidInput(
                    f"there is no course {mission.course!r}", where=f"missions/{mission.name}", remedy="name one"
                )

    @property
    def all_quizzes(self) -> tuple[Quiz, ...]:
        """Those of the courses, then the others."""
        return (*(course.quiz for course in self.courses), *self.quizzes)

    def course(self, name: str) -> Course | None:
        """Find a course."""
        return next((course for course in self.courses if course.name == name), None)

    def quiz(self, name: str) -> Quiz | None:
        """Find a quiz, a course's or one of its own."""
        return next((quiz for quiz in self.all_quizzes if quiz.name == name), None)

    def mission(self, name: str) -> Mission | None:
        """Find a mission."""
        return next((mission for mission in self.missions if mission.name == name), None)

    def text(self, purpose: str) -> ConsentText | None:
        """Find a text."""
        return next((text for text in self.texts if text.purpose == purpose), None)
