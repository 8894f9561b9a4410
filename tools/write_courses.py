"""Write docs/reference/courses.md: what there is to learn, and the figures and sources its texts name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bitten_adapters.files.education.syllabus_files import CONTENT, SyllabusFiles
from bitten_adapters.files.education.wording import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bitten_domain.membership.education import Course, Mission, Quiz, Syllabus

PAGE = Path(__file__).parents[1] / "docs/reference/courses.md"

_HEAD = """# Courses

Written by `python tools/write_courses.py`; not edited by hand. The texts themselves are in
`src/bitten_adapters/files/education/content`. How to add one: [write a lesson](../how_to/write_a_lesson.md). Why they
are made as they are: [education](../explanation/education.md).
"""


def page() -> str:
    """Write the page."""
    files = SyllabusFiles.of(CONTENT)
    syllabus = files.read()
    parts = [
        _HEAD,
        *(_course(course) for course in syllabus.courses),
        _quizzes(syllabus),
        _missions(syllabus),
        _texts(syllabus),
        _figures(files),
        _sources(files),
    ]
    return "\n".join(parts)


def _table(heads: str, rows: Iterator[str]) -> str:
    columns = heads.count("|") + 1
    return f"| {heads} |\n|{'---|' * columns}\n" + "".join(f"| {row} |\n" for row in rows)


def _course(course: Course) -> str:
    rows = (
        f"`{course.name}/{lesson.name}` | {lesson.title} | {lesson.version}"
        f" | {sum(len(sentence.split()) for sentence in prose(lesson.text))}"
        for lesson in course.lessons
    )
    return (
        f"## {course.title}\n\n{course.summary} At the end: {_asked(course.quiz)}.\n\n"
        f"{_table('lesson | title | version | words', rows)}"
    )


def _asked(quiz: Quiz) -> str:
    return f"`{quiz.name}`, version {quiz.version}, {len(quiz.questions)} questions, {quiz.pass_percent} % to pass"


def _quizzes(syllabus: Syllabus) -> str:
    lines = "".join(f"- {quiz.title}: {_asked(quiz)}\n" for quiz in syllabus.quizzes)
    return f"## Quizzes of their own\n\n{lines}"


def _missions(syllabus: Syllabus) -> str:
    rows = (
        f"{mission.title} | {mission.badge} | {_condition(mission)} | {mission.times} | "
        f"{', '.join(sorted(need.value.lower() for need in mission.needs)) or 'nothing'} | `{mission.course}`"
        for mission in syllabus.missions
    )
    return (
        "## Missions\n\nOn paper only; a badge, never XP.\n\n"
        f"{_table('mission | badge | condition | times | needs | course', rows)}"
    )


def _condition(mission: Mission) -> str:
    figures = ", ".join(f"{name} {figure}" for name, figure in sorted(mission.parameters.items()))
    return f"`{mission.condition}`" + (f" ({figures})" if figures else "")


def _texts(syllabus: Syllabus) -> str:
    rows = (
        f"`{text.purpose}` | {text.title} | {text.version} | {'optional' if text.is_optional else 'needed'}"
        for text in syllabus.texts
    )
    return f"## Texts to agree to\n\n{_table('purpose | title | version | agreeing is', rows)}"


def _figures(files: SyllabusFiles) -> str:
    rows = (f"`{name}` | {figure}" for name, figure in sorted(files.figures.items()))
    return (
        "## Figures\n\nA text names one in braces. Those of the rules are read from the policies in force, here the"
        f" documented ones; `measured.` ones are on the page they come from.\n\n{_table('name | figure', rows)}"
    )


def _sources(files: SyllabusFiles) -> str:
    rows = (
        f"`{name}` | {source.title} | " + (f"`{source.path}`" if source.path else "published")
        for name, source in sorted(files.sources.items())
    )
    return f"## Sources\n\n{_table('name | title | where', rows)}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
