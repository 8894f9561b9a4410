"""A lint for content: it reads everything as a critical editor would, and names each fault with file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_adapters.files.education.syllabus_files import CONTENT, SyllabusFiles, split_front_matter
from bitten_adapters.files.education.toml_table import TomlTable
from bitten_adapters.files.education.wording import reading_faults, wording_faults
from bitten_adapters.files.education.worked_sums import worked_sums
from bitten_adapters.files.text_blocks import read_text
from bitten_domain.errors import InvalidInput
from bitten_domain.membership.education import RISK_QUIZ

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bitten_domain.membership.education import Quiz, Syllabus

__all__ = ["ContentFault", "lint_content"]

_LESSON_WORDS = (90, 420)
_TEXT_WORDS = (30, 420)
_LEAST_QUESTIONS = 5
_LEAST_ONBOARDING_QUESTIONS = 10
_LEAST_EXPLANATION_WORDS = 5
_LONGEST_TITLE = 60
_LINK = re.compile(r"\[[^\]]*\]\(([^)]*)\)")
_FREE_SUM = re.compile(r"[\d)]\s*=\s*-?[\d.]*\d")


@dataclass(frozen=True, slots=True)
class ContentFault:
    """Something an editor would send back.

    Args:
        where: file, below the content folder, and entry.
        line: line in the file, from 1; 0 where an entry and not a line is meant.
        what: what is wrong.
    """

    where: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.what}" if self.line else f"{self.where}: {self.what}"


def lint_content(
    folder: Path = CONTENT, rules: Mapping[str, str] | None = None, project: Path | None = None
) -> tuple[ContentFault, ...]:
    """Read all content critically.

    Args:
        folder: where it is.
        rules: figures of the rules in force; those of the documented rules without it.
        project: folder of the project, to follow sources, links and measured figures to their pages; without it they
            are not followed.

    Returns:
        Faults in the order of the files; only the first where the content cannot even be read.
    """
    try:
        files = SyllabusFiles.of(folder, rules)
        syllabus = files.read()
    except InvalidInput as error:
        return (ContentFault(error.where, 0, f"{error.what} ({error.remedy})"),)
    found = [*_pages(files, syllabus, project), *_texts(files), *_quizzes(syllabus)]
    if project is not None:
        found += [*_measured(folder, project), *_sources(files, project)]
    return tuple(found)


def _pages(files: SyllabusFiles, syllabus: Syllabus, project: Path | None) -> Iterator[ContentFault]:
    places = {f"{course.name}/{lesson.name}" for course in syllabus.courses for lesson in course.lessons}
    for path in sorted(files.folder.rglob("*.md")):
        where = path.relative_to(files.folder).as_posix()
        _, body = split_front_matter(where, files.page(path))
        begins = _heading_lines(path)
        is_lesson = where.startswith("courses/")
        for line, what in wording_faults(body):
            yield ContentFault(where, begins + line, what)
        for what in reading_faults(body, *(_LESSON_WORDS if is_lesson else _TEXT_WORDS)):
            yield ContentFault(where, 0, what)
        for line, what in _sum_faults(body, is_lesson=is_lesson):
            yield ContentFault(where, begins + line if line else 0, what)
        for line, row in enumerate(body.splitlines(), 1):
            for target in _LINK.findall(row):
                if target not in places and not (project is not None and (project / target).is_file()):
                    yield ContentFault(where, begins + line, f"the link to {target!r} leads nowhere")


def _heading_lines(path: Path) -> int:
    """Count the lines before a page's text."""
    lines = read_text(path).splitlines()
    end = lines.index("+++", 1)
    return next(number for number in range(end + 1, len(lines)) if lines[number].strip())


def _sum_faults(body: str, *, is_lesson: bool) -> Iterator[tuple[int, str]]:
    sums, unread = worked_sums(body)
    if is_lesson and not sums:
        yield 0, "a lesson needs a worked example with a sum that can be checked"
    for number, text in unread:
        yield number, f"{text!r} is no sum: write `label: expression = result unit`"
    for worked in sums:
        if worked.fault is not None:
            yield worked.line, worked.fault
    inside = False
    for number, line in enumerate(body.splitlines(), 1):
        if line.startswith("```"):
            inside = not inside
            if inside and line.strip() != "```worked":
                yield number, f"a block is fenced {line.strip()!r}, only ```worked is shown"
        elif not inside and (found := _FREE_SUM.search(line)) is not None:
            yield number, f"{found.group()!r} stands outside a worked block, where nobody checks it"


def _texts(files: SyllabusFiles) -> Iterator[ContentFault]:
    for path in sorted(files.folder.rglob("*.toml")):
        where = path.relative_to(files.folder).as_posix()
        for line, what in wording_faults(_without_tables(files.page(path))):
            yield ContentFault(where, line, what)


def _without_tables(text: str) -> str:
    """Take the braces of inline tables out, as many lines staying as there were; what is left in texts is a fault."""
    return re.sub(r"(?m)^(\s*|parameters = )\{ (.*) \},?$", r"\1\2", text)


def _quizzes(syllabus: Syllabus) -> Iterator[ContentFault]:
    for quiz in syllabus.all_quizzes:
        least = _LEAST_ONBOARDING_QUESTIONS if quiz.name == RISK_QUIZ else _LEAST_QUESTIONS
        if len(quiz.questions) < least:
            yield ContentFault(quiz.name, 0, f"it has {len(quiz.questions)} questions, at least {least} are asked for")
        yield from _questions(quiz)
        yield from _given_away(quiz)
    for course in syllabus.courses:
        for title in (course.title, *(lesson.title for lesson in course.lessons)):
            if len(title) > _LONGEST_TITLE:
                yield ContentFault(course.name, 0, f"the title {title[:20]!r}... is longer than {_LONGEST_TITLE}")


def _questions(quiz: Quiz) -> Iterator[ContentFault]:
    for question in quiz.questions:
        where = f"{quiz.name}/{question.name}"
        if not question.text.endswith(("?", ".")):
            yield ContentFault(where, 0, "a question ends with a question mark or a full stop")
        if len({option.text.casefold() for option in question.options}) < len(question.options):
            yield ContentFault(where, 0, "two options say the same")
        for option in question.options:
            if len(option.explanation.split()) < _LEAST_EXPLANATION_WORDS:
                yield ContentFault(where, 0, f"option {option.key} is not explained")


def _given_away(quiz: Quiz) -> Iterator[ContentFault]:
    """Find patterns by which somebody passes who knows nothing."""
    single = [question for question in quiz.questions if not question.asks_for_several]
    for key in sorted({option.key for question in single for option in question.options}):
        if sum(key in question.right for question in single) * 2 > len(single):
            yield ContentFault(quiz.name, 0, f"more than half of the right answers are {key}")
    longest = sum(
        max(question.options, key=lambda option: len(option.text)).key in question.right for question in single
    )
    if longest * 3 > len(single) * 2:
        yield ContentFault(quiz.name, 0, f"the right answer is the longest in {longest} of {len(single)} questions")


def _measured(folder: Path, project: Path) -> Iterator[ContentFault]:
    table = TomlTable.parse("measured.toml", read_text(folder / "measured.toml"))
    for name in table.names():
        entry = table.table(name)
        value, page = entry.text("value"), entry.text("page")
        if not (project / page).is_file():
            yield ContentFault(f"measured.toml: {name}", 0, f"there is no page {page}")
        elif value not in read_text(project / page):
            yield ContentFault(f"measured.toml: {name}", 0, f"{value!r} is not on {page}")


def _sources(files: SyllabusFiles, project: Path) -> Iterator[ContentFault]:
    for name, source in files.sources.items():
        if source.path and not (project / source.path).is_file():
            yield ContentFault(f"sources.toml: {name}", 0, f"there is no file {source.path}")
