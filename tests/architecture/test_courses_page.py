"""The index of courses is up to date, and the tool that reads the content critically can say no."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "courses.md"


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "tools" / tool, *arguments],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_given_the_content_when_its_index_is_written_then_nothing_changes() -> None:
    before = PAGE.read_text(encoding="utf-8")

    done = run("write_courses.py")

    assert done.returncode == 0, done.stderr
    assert PAGE.read_text(encoding="utf-8") == before


def test_given_the_content_when_the_tool_reads_it_then_it_is_content() -> None:
    done = run("lint_lessons.py")

    assert (done.returncode, done.stdout) == (0, "0 faults\n")


def test_given_a_folder_without_content_when_the_tool_reads_it_then_it_fails(tmp_path: Path) -> None:
    (tmp_path / "measured.toml").write_text("", encoding="utf-8")
    (tmp_path / "sources.toml").write_text("", encoding="utf-8")

    done = run("lint_lessons.py", str(tmp_path))

    assert (done.returncode, done.stdout) == (
        1,
        "courses: there is nothing in courses (put the content back)\n1 faults\n",
    )
