"""The command line's door: help, slips, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from bitten_apps.cli import backtest_command
from bitten_apps.cli.exit_codes import BAD_INPUT, DEFECT, DONE, INTERRUPTED, UNAVAILABLE
from bitten_apps.cli.main import main
from bitten_domain.errors import BrokenInvariant, InvalidInput, OutcomeUnknown, Unavailable

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path


def answer_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(_: Namespace) -> int:
        raise error

    monkeypatch.setattr(backtest_command, "_backtest", fail)


def test_given_help_when_asked_for_then_it_comes_at_once_and_lists_every_command() -> None:
    times, told = [], ""
    for _ in range(3):
        began = time.perf_counter()
        told = subprocess.run(
            [sys.executable, "-m", "bitten_apps.cli", "--help"], check=True, capture_output=True, text=True
        ).stdout
        times.append(time.perf_counter() - began)

    assert all(command in told for command in ("demo", "backtest", "scan", "data", "verify"))
    # 0.3 s is the bar on a machine at rest; shared ones get room.
    assert min(times) < 1.0


def test_given_help_when_asked_for_then_nothing_heavy_is_imported() -> None:
    script = (
        "import sys; from bitten_apps.cli.main import build_parser; build_parser().format_help();"
        "heavy = ('numpy', 'rich', 'pydantic', 'dependency_injector', 'jinja2', 'pyarrow', 'bitten_domain');"
        "print([name for name in heavy if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"


def test_given_the_version_when_asked_for_then_one_line_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])

    assert left.value.code == DONE
    assert capsys.readouterr().out.startswith("bitten ")


def test_given_no_command_when_run_then_help_goes_to_the_error_stream(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == BAD_INPUT

    told = capsys.readouterr()
    assert (told.out, "COMMAND" in told.err) == ("", True)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["bakctest"], "did you mean backtest?"),
        (["backtest", "--acount", "5"], "did you mean --account?"),
        (["backtest", "--tier", "comander"], "did you mean COMMANDER?"),
        (["backtest", "--from", "2025-02-30"], "write it as YYYY-MM-DD"),
        (["backtest", "--from", "1066-10-14"], "not a day of 1980 to 2099"),
        (["backtest", "--account", "lots"], "write it like 10000"),
        (["backtest", "--account", "12"], "within 100 and 10,000,000 USD"),
        (["backtest", "--account", "NaN"], "within 100 and 10,000,000 USD"),
        (["backtest", "--costs", "3"], "choose 1, 1.5, 2, off"),
        (["scan", "--last", "0"], "within 1 and 960"),
        (["demo", "--seed", "-1"], "--seed"),
        (["demo", "--days", "99"], "within 1 and 20"),
        (["data"], "COMMAND"),
        (["data", "chek", "x"], "did you mean check?"),
    ],
)
def test_given_a_slip_when_run_then_one_line_says_how_to_mend_it(
    words: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == BAD_INPUT

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert hint in told.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InvalidInput("it is bent", where="a.csv:3", remedy="straighten it"), BAD_INPUT),
        (Unavailable("it does not answer"), UNAVAILABLE),
        (OutcomeUnknown("it may have happened"), UNAVAILABLE),
        (BrokenInvariant("it adds up to 99"), DEFECT),
        (ZeroDivisionError("division by zero"), DEFECT),
        (KeyboardInterrupt(), INTERRUPTED),
    ],
)
def test_given_an_error_when_a_command_raises_it_then_its_kind_decides_the_exit_code(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_with(monkeypatch, error)

    assert main(["backtest"]) == code
    assert str(error) in capsys.readouterr().err


def test_given_bad_input_when_told_then_it_says_what_where_and_the_remedy_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer_with(monkeypatch, InvalidInput("it is bent", where="a.csv:3", remedy="straighten it"))

    main(["backtest"])

    assert capsys.readouterr().err == "bitten backtest: a.csv:3: it is bent (straighten it)\n"


def test_given_json_wanted_when_the_input_is_bad_then_standard_output_is_json_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["backtest", "--json", "--data", str(tmp_path / "nowhere")])

    told = json.loads(capsys.readouterr().out)
    assert code == told["exit_code"] == BAD_INPUT
    assert "no such folder" in told["error"]


def test_given_a_reader_that_leaves_when_written_to_then_nothing_is_complained_about(bar_files: Path) -> None:
    command = f"{sys.executable} -m bitten_apps.cli data check {bar_files} | head -c 5"

    done = subprocess.run(["bash", "-c", command], check=True, capture_output=True, text=True)

    assert (len(done.stdout), done.stderr) == (5, "")
