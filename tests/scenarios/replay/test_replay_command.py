"""``bitten replay``: what it prints, its exit codes, and what another version decides otherwise."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

from bitten_apps.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Another version, as far as a replay can tell: one whose rules charge twice the costs.
PLANTED = """\
from dataclasses import replace
from decimal import Decimal

import bitten_domain.use_cases.trading.paper_plan as module

documented = module.paper_plan


def paper_plan(*arguments, costs=None, **more):
    plan = documented(*arguments, costs=costs, **more)
    return documented(*arguments, costs=replace(plan.terms.costs, factor=Decimal(2)), **more)


module.paper_plan = paper_plan
"""


class Recorded(Protocol):
    inputs: Path
    journal: Path

    def rewritten(self, folder: Path, change: Callable[[str], str]) -> Recorded: ...


def replayed(recorded: Recorded, *more: str) -> int:
    return main(["replay", "all", "--inputs", str(recorded.inputs), "--journal", str(recorded.journal), *more])


def test_given_the_recorded_day_when_replayed_then_identical_and_exit_code_nought(
    recorded: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    code = replayed(recorded)

    assert (code, capsys.readouterr().out.splitlines()[-1]) == (0, "IDENTICAL")


def test_given_a_changed_recording_when_replayed_then_both_payloads_are_printed_and_exit_code_one(
    recorded: Recorded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = recorded.rewritten(tmp_path / "f", lambda text: text.replace('"kind":"HALT"', '"kind":"PAUSE"'))

    code = replayed(forged)

    lines = capsys.readouterr().out.splitlines()
    place = next(number for number, line in enumerate(lines) if "emergency_set" in line)
    assert code == 1
    assert [line.split()[0] for line in lines[place : place + 2]] == ["recorded", "replayed"]
    assert ("HALT" in lines[place], "PAUSE" in lines[place + 1]) == (True, True)


def test_given_decisions_asked_for_when_replayed_then_all_are_in_the_document(
    recorded: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    replayed(recorded, "--json", "--decisions")

    told = json.loads(capsys.readouterr().out)
    assert len(told["decisions"]) == told["compared"] > 50


def test_given_no_recording_when_replayed_then_exit_code_two_and_a_remedy(
    recorded: Recorded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["replay", "all", "--inputs", str(tmp_path / "none"), "--journal", str(recorded.journal)])

    assert code == 2
    assert "a recording is made by `bitten run`" in capsys.readouterr().err


def test_given_the_journal_of_the_same_decisions_when_held_against_it_then_none_differs(
    recorded: Recorded, capsys: pytest.CaptureFixture[str]
) -> None:
    code = replayed(recorded, "--against", str(recorded.journal))

    assert (code, capsys.readouterr().out.splitlines()[-1]) == (0, "NO DECISION DIFFERS")


@pytest.mark.skipif(os.name != "posix", reason="the planted version is a shell script")
def test_given_another_version_with_other_costs_when_asked_then_its_other_decisions_are_listed(
    recorded: Recorded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sitecustomize.py").write_text(PLANTED, encoding="utf-8")
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{tmp_path}" exec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o700)

    code = replayed(recorded, "--json", "--against", str(tmp_path))

    changes = json.loads(capsys.readouterr().out)["changes"]
    assert code == 1
    assert {"signals", "fires"} <= {change["group"] for change in changes}
    assert any(change["here"].startswith("approved") for change in changes if change["here"] is not None)


def test_given_a_path_that_is_no_version_when_held_against_then_it_is_refused(
    recorded: Recorded, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = replayed(recorded, "--against", str(tmp_path))

    assert code == 2
    assert "neither an exported journal nor an environment" in capsys.readouterr().err
