"""The data commands as a user types them."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bitten_apps.cli import data_commands

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = 1_748_822_400  # 2025-06-02 00:00 UTC
HEAD = "time,open,high,low,close,volume"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    data_commands.register(parser.add_subparsers(required=True))
    arguments = parser.parse_args(["data", *words])
    code: int = arguments.run(arguments)
    return code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "bars"
    source.mkdir()
    rows = [f"{MONDAY + 900 * i},1.1,1.2,1.0,1.15,{i}" for i in range(8)]
    (source / "EURUSD.csv").write_text("\n".join([HEAD, *rows]), "utf-8")
    return source


def test_given_clean_files_when_checked_then_the_code_is_zero(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", str(folder)) == 0
    assert "EURUSD: 8 M15 bars, 2025-06-02T00:00:00Z to 2025-06-02T01:45:00Z" in capsys.readouterr().out


def test_given_a_faulty_row_when_checked_then_it_is_told_and_the_code_is_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (folder / "EURUSD.csv").open("a") as file:
        file.write(f"\n{MONDAY + 7200},0,1.2,1.0,1.15,1")

    assert run("check", str(folder)) == data_commands.PROBLEMS
    assert "NOT_POSITIVE, such as EURUSD.csv:10" in capsys.readouterr().out


def test_given_one_unreadable_file_when_checked_then_the_others_are_still_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "GBPUSD.csv").write_bytes(b"\x00\x01")

    code = run("check", str(folder), "--json")

    told = json.loads(capsys.readouterr().out)
    assert code == told["exit_code"] == data_commands.BAD_INPUT
    assert ["error" if "error" in pair else pair["bars"] for pair in told["pairs"]] == [8, "error"]


@pytest.mark.parametrize(
    "options", [["--zone", "Mars"], ["--timeframe", "M7"], ["--layout", "excel"], ["--pairs", "GBPUSD"]]
)
def test_given_options_that_cannot_be_when_checked_then_one_line_says_so(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", str(folder), *options) == data_commands.BAD_INPUT
    assert capsys.readouterr().err.count("\n") == 1


def test_given_files_when_imported_twice_then_the_second_adds_nothing_and_the_store_lists_them(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"

    codes = [run("import", str(folder), str(store), "--json") for _ in range(2)]
    first, second = (json.loads(text) for text in capsys.readouterr().out.replace("}\n{", "}\x00{").split("\x00"))
    listed = run("list", str(store))

    assert (codes, listed) == ([0, 0], 0)
    assert [each["pairs"][0]["added"] for each in (first, second)] == [8, 0]
    assert "EURUSD: 8 M15 bars" in capsys.readouterr().out


@pytest.mark.parametrize(("target", "said"), [("bars", "source"), ("bars/store", "source"), ("other", "holds bar")])
def test_given_a_store_among_bar_files_when_imported_then_one_line_refuses_it_and_nothing_is_written(
    folder: Path, target: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = folder.parent / "other"
    other.mkdir()
    (other / "GBPUSD.csv").write_text(HEAD, "utf-8")
    before = sorted(folder.parent.rglob("*"))

    code = run("import", str(folder), str(folder.parent / target))

    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (data_commands.BAD_INPUT, 1)
    assert said in error
    assert sorted(folder.parent.rglob("*")) == before


def test_given_a_contradicting_file_when_imported_then_the_code_is_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("import", str(folder), str(tmp_path / "store"))
    path = folder / "EURUSD.csv"
    path.write_text(path.read_text("utf-8").replace(",1.15,3", ",1.16,3"), "utf-8")

    assert run("import", str(folder), str(tmp_path / "store")) == data_commands.PROBLEMS
    assert "1 in conflict" in capsys.readouterr().out


def test_given_the_commands_when_only_registered_then_nothing_heavy_is_imported() -> None:
    script = (
        "import argparse, sys; from bitten_apps.cli import data_commands;"
        "data_commands.register(argparse.ArgumentParser().add_subparsers());"
        "print([name for name in ('numpy', 'pyarrow', 'rich', 'dependency_injector') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
