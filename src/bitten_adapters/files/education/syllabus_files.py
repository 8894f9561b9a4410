"""The syllabus kept as files: one folder a course, lessons in Markdown, quizzes and missions in TOML.

::

    content/
      sources.toml                 where answers can be looked up
      measured.toml                measured figures that texts name, with the page that holds them
      courses/10_basics/course.toml, quiz.toml, 10_pips.md, ...
      quizzes/risk_quiz.toml       quizzes outside a course
      missions.toml
      consents/live_trading.md     what a consent agrees to

The number a file or folder begins with is its place; the rest is its short name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from bitten_adapters.files.education.figures import filled, rule_figures
from bitten_adapters.files.education.toml_table import TomlTable
from bitten_adapters.files.text_blocks import read_text
from bitten_domain.errors import InvalidInput
from bitten_domain.membership.education import (
    ConsentText,
    Course,
    Lesson,
    Mission,
    Option,
    Question,
    Quiz,
    Source,
    Syllabus,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CONTENT", "SyllabusFiles", "read_syllabus", "split_front_matter"]

CONTENT = Path(__file__).parent / "content"
"""The content that comes with the project."""

_FENCE = "+++"
_NAME = re.compile(r"(?:\d+_)?([a-z][a-z0-9_]*)")
_KEYS = "abcdefgh"


def split_front_matter(where: str, text: str) -> tuple[TomlTable, str]:
    """Take a page apart: the TOML between two lines of ``+++``, and the Markdown after it.

    Raises:
        InvalidInput: there is no front matter.
    """
    parts = text.split(f"{_FENCE}\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise InvalidInput(
            "the page has no front matter", where=where, remedy=f"begin with a line {_FENCE}, fields, and {_FENCE}"
        )
    return TomlTable.parse(where, parts[1]), parts[2].strip() + "\n"


def read_syllabus(folder: Path = CONTENT, rules: Mapping[str, str] | None = None) -> Syllabus:
    """Read all content.

    Args:
        folder: where it is.
        rules: figures of the rules in force by name; those of the documented rules without it.

    Raises:
        InvalidInput: something is missing, misspelt or contradicts itself; it names file, entry and remedy.
        Unavailable: a file cannot be read.
    """
    return SyllabusFiles.of(folder, rules).read()


@dataclass(frozen=True, slots=True)
class SyllabusFiles:
    """One reading of a content folder.

    Args:
        folder: where it is.
        figures: what the names in braces stand for.
        sources: where answers can be looked up, by short name.
    """

    folder: Path
    figures: Mapping[str, str]
    sources: Mapping[str, Source]

    @classmethod
    def of(cls, folder: Path, rules: Mapping[str, str] | None = None) -> SyllabusFiles:
        """Read the figures and sources of a folder."""
        figures = dict(rule_figures() if rules is None else rules)
        measured = TomlTable.parse("measured.toml", read_text(folder / "measured.toml"))
        for name in measured.names():
            entry = measured.table(name)
            figures[f"measured.{name}"] = entry.text("value")
            entry.text("page")
            entry.finish()
        listed = TomlTable.parse("sources.toml", read_text(folder / "sources.toml"))
        sources: dict[str, Source] = {}
        for name in listed.names():
            entry = listed.table(name)
            sources[name] = Source(entry.text("title"), entry.text("path", ""))
            entry.finish()
        return cls(folder, figures, sources)

    def read(self) -> Syllabus:
        """Read everything."""
        courses = tuple(self.course(path) for path in self._inside("courses", "*/"))
        quizzes = tuple(self.quiz(path) for path in self._inside("quizzes", "*.toml"))
        consents = tuple(self.consent(path) for path in self._inside("consents", "*.md"))
        return Syllabus(courses, quizzes, self.missions(self.folder / "missions.toml"), consents)

    def course(self, folder: Path) -> Course:
        """Read one course's folder."""
        where = self._where(folder / "course.toml")
        table = TomlTable.parse(where, self.page(folder / "course.toml"))
        title, summary = table.text("title"), table.text("summary")
        table.finish()
        lessons = tuple(self.lesson(path) for path in sorted(folder.glob("*.md")))
        return Course(_name_of(folder, where), title, summary, lessons, self.quiz(folder / "quiz.toml"))

    def lesson(self, path: Path) -> Lesson:
        """Read one lesson."""
        where = self._where(path)
        table, body = split_front_matter(where, self.page(path))
        lesson = Lesson(_name_of(path, where), table.text("title"), table.whole("version"), body)
        table.finish()
        if lesson.version < 1:
            raise InvalidInput("version must be 1 or more", where=where, remedy="write version = 1")
        return lesson

    def quiz(self, path: Path) -> Quiz:
        """Read one quiz; a course's is named after the course."""
        where = self._where(path)
        table = TomlTable.parse(where, self.page(path))
        name = f"{_name_of(path.parent, where)}_course" if path.name == "quiz.toml" else _name_of(path, where)
        title, version, mark = table.text("title"), table.whole("version"), table.whole("pass_percent")
        questions = tuple(self._question(entry) for entry in table.tables("questions"))
        table.finish()
        try:
            return Quiz(name, title, version, mark, questions)
        except InvalidInput as error:
            raise InvalidInput(error.what, where=where, remedy=error.remedy) from error

    def _question(self, entry: TomlTable) -> Question:
        name, text, source = entry.text("name"), entry.text("text"), entry.text("source")
        known = self.sources.get(source)
        if known is None:
            raise InvalidInput(
                f"there is no source {source!r}", where=entry.where, remedy="name one of sources.toml, or add it there"
            )
        cited = Source(known.title, known.path, entry.text("place", ""))
        options: list[Option] = []
        for key, option in zip(_KEYS, entry.tables("options", "text"), strict=False):
            is_right = option.yes("right", default=False)
            options.append(Option(key, option.text("text"), is_right, option.text("why")))
            option.finish()
        entry.finish()
        try:
            return Question(name, text, tuple(options), cited)
        except InvalidInput as error:
            raise InvalidInput(error.what, where=entry.where, remedy=error.remedy) from error

    def missions(self, path: Path) -> tuple[Mission, ...]:
        """Read the missions."""
        table = TomlTable.parse(self._where(path), self.page(path))
        missions = tuple(_mission(entry) for entry in table.tables("missions"))
        table.finish()
        return missions

    def consent(self, path: Path) -> ConsentText:
        """Read one consent's text."""
        where = self._where(path)
        table, body = split_front_matter(where, self.page(path))
        text = ConsentText(
            _name_of(path, where),
            table.whole("version"),
            table.text("title"),
            body,
            table.yes("optional", default=False),
        )
        table.finish()
        return text

    def _inside(self, name: str, pattern: str) -> list[Path]:
        found = sorted((self.folder / name).glob(pattern))
        if not found:
            raise InvalidInput(f"there is nothing in {name}", where=name, remedy="put the content back")
        return found

    def page(self, path: Path) -> str:
        """Read a file with its figures filled in."""
        return filled(read_text(path), self.figures, self._where(path))

    def _where(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def _mission(entry: TomlTable) -> Mission:
    name, title, text, badge = (entry.text(key) for key in ("name", "title", "text", "badge"))
    version, times = entry.whole("version"), entry.whole("times")
    condition, course = entry.text("condition"), entry.text("course")
    table = entry.table("parameters")
    parameters = {key: _figure(table, key) for key in table.names()}
    entry.finish()
    try:
        return Mission(name, title, text, badge, version, condition, parameters, times, course)
    except InvalidInput as error:
        raise InvalidInput(error.what, where=entry.where, remedy=error.remedy) from error


def _figure(table: TomlTable, key: str) -> Decimal:
    text = table.text(key)
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidInput(
            f"{key} is {text!r}, not a number", where=table.where, remedy=f'write {key} = "0.5"'
        ) from None


def _name_of(path: Path, where: str) -> str:
    found = _NAME.fullmatch(path.stem)
    if found is None:
        raise InvalidInput(
            f"{path.name!r} is no name", where=where, remedy="small letters, digits and _, after a number if you like"
        )
    return found.group(1)
