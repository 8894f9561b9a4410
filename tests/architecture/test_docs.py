"""The docs are true: their code runs, their links lead somewhere, and they promise nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

# Shown as it is, not run: what a program prints, what a file holds.
SHOWN = frozenset({"text", "json", "csv", "toml", "ini"})
# `bash by-hand` needs the network, a display or a long time; everything else that is code is run.
BY_HAND = "bash by-hand"
RUN_BASH = "bash run"
RUN_PYTHON = "python"

SKIPPED_FOLDERS = frozenset({"__pycache__", "build", "dist", "node_modules"})
TEXT = frozenset({".cfg", ".css", ".csv", ".html", ".j2", ".js", ".json", ".md", ".py", ".toml", ".txt", ".yml", ""})


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its page, the line it starts on, what its fence says, and its text."""

    page: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> list[Block]:
    found: list[Block] = []
    for page in PAGES:
        kind: str | None = None
        start = 0
        body: list[str] = []
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.startswith("```"):
                body.append(line)
            elif kind is None:
                kind, start, body = line[3:].strip(), number, []
            else:
                found.append(Block(page.relative_to(ROOT).as_posix(), start, kind, "\n".join(body) + "\n"))
                kind = None
        assert kind is None, f"{page}:{start}: the block is never closed"
    return found


BLOCKS = blocks()


def of_kind(kind: str) -> list[Block]:
    return [block for block in BLOCKS if block.kind == kind]


def texts() -> list[Path]:
    """List the project's own text files: no caches, environments or hidden folders but `.ci`."""
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(
            name for name in folders if name not in SKIPPED_FOLDERS and (name == ".ci" or not name.startswith("."))
        )
        found += [Path(folder, name) for name in sorted(names) if Path(name).suffix in TEXT]
    return found


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_given_a_block_when_read_then_its_fence_says_whether_it_runs(block: Block) -> None:
    assert block.kind in {RUN_PYTHON, RUN_BASH, BY_HAND, *SHOWN}


@pytest.mark.parametrize("block", of_kind(RUN_PYTHON), ids=str)
def test_given_python_in_the_docs_when_run_then_it_works(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    exec(compile(block.text, str(block), "exec"), {"__name__": "__main__"})  # noqa: S102 - the docs are ours


@pytest.mark.skipif(sys.platform == "win32", reason="the docs' shell blocks are written for bash")
@pytest.mark.parametrize("block", of_kind(RUN_BASH), ids=str)
def test_given_commands_in_the_docs_when_run_then_they_succeed(block: Block, tmp_path: Path) -> None:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.text],
        cwd=tmp_path,
        env={**os.environ, "PATH": programs, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_given_a_page_when_its_links_are_followed_then_they_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [
        target for target in targets if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_given_a_page_when_read_then_it_promises_nothing(page: Path) -> None:
    promise = re.compile(
        r"guarantee[ds]?\b|risk[- ]free|can(?:'t|not) lose|never loses|sure (?:win|thing)|easy money|get rich"
        r"|passive income|financial freedom|\b[5-9]\d(?:\.\d+)?\s?%\+? (?:win rate|winners|accura)|double your",
        re.IGNORECASE,
    )

    assert promise.findall(page.read_text(encoding="utf-8")) == []


def test_given_texts_of_the_product_when_read_then_they_promise_no_profit() -> None:
    promise = re.compile(
        r"guaranteed (?:profit|win|return)|risk[- ]free (?:profit|trade)|easy money|get rich|passive income"
        r"|\b[5-9]\d\s?%\+? win rate",
        re.IGNORECASE,
    )

    # This file names the words it looks for.
    pages = [path for path in texts() if path.is_relative_to(ROOT / "src")]
    assert [path.name for path in pages if promise.search(path.read_text(encoding="utf-8"))] == []


def test_given_the_project_when_searched_then_no_file_names_a_folder_of_one_machine() -> None:
    roots = "|".join(["home", "opt", "root", "tmp", "Users", "work"])
    machine = re.compile(rf"(?<![\w./~-])/(?:{roots})/\w")

    assert [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in texts()
        if (found := machine.search(path.read_text(encoding="utf-8", errors="replace")))
    ] == []


def test_given_the_project_when_searched_then_no_file_holds_a_network_address() -> None:
    address = re.compile(r"(?<![\d.])(?!127\.|0\.0\.0\.0)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])")

    assert [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in texts()
        if (found := address.search(path.read_text(encoding="utf-8", errors="replace")))
    ] == []


def test_given_the_decisions_when_listed_then_they_are_numbered_without_a_hole_and_follow_the_form() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    assert [page.name[:4] for page in decisions] == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    for page in decisions:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequence"], page.name
