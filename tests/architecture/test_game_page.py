"""The page of the game is up to date, and what it shows fits what there is to learn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_adapters.files.game.game_data import FileGameData

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "game.md"


def test_given_the_game_when_its_page_is_written_then_nothing_changes() -> None:
    before = PAGE.read_text(encoding="utf-8")

    subprocess.run(
        [sys.executable, ROOT / "tools" / "write_game.py"], env={"PYTHONPATH": str(ROOT / "src")}, check=True
    )

    assert PAGE.read_text(encoding="utf-8") == before


def test_given_achievements_about_courses_and_lessons_when_looked_up_then_there_are_such_and_enough_of_them() -> None:
    courses = read_syllabus().courses
    lessons = {f"{course.name}/{lesson.name}" for course in courses for lesson in course.lessons}
    quizzes = len(courses) + len(read_syllabus().quizzes)
    there = {
        "course": {course.name for course in courses},
        "lesson": lessons,
    }
    most = {"courses": len(courses), "lessons": len(lessons), "perfect-quizzes": quizzes}

    for one in FileGameData().catalogue().achievements:
        assert not one.subject or one.subject in there[one.condition], one.code
        assert one.least <= most.get(one.condition, one.least), one.code


def test_given_every_word_of_the_game_when_read_then_it_neither_promises_nor_hurries() -> None:
    catalogue = FileGameData().catalogue()
    told = [(one.name, one.text) for one in catalogue.achievements]
    told += [(one.name, one.text) for one in catalogue.challenges]
    told += [(one.name, one.text) for one in catalogue.gear]
    told += [(one.name, one.text) for one in catalogue.goods]
    words = str(told).lower()

    for forbidden in ("profit", "win ", "winner", "guarantee", "hurry", "limited", "only today", "last chance"):
        assert forbidden not in words
