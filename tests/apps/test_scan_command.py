"""``bitten scan`` as a user types it, on a small synthetic market in files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_apps.cli.exit_codes import DONE
from bitten_apps.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def scan(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> str:
    assert main(["scan", "--data", str(folder), *words]) == DONE
    told = capsys.readouterr().out
    assert "\x1b" not in told
    return told


def test_given_bars_when_scanned_as_json_then_each_card_adds_up_and_lies_in_the_bars_asked_for(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(scan(capsys, bar_files, "--last", "96", "--json"))

    assert told["signals"]
    assert (told["since"], told["until"]) == ("2025-02-27T22:15:00Z", "2025-02-28T22:00:00Z")
    for card in told["signals"]:
        # Points are told in hundredths, so that the sum can be compared exactly.
        assert sum(round(100 * line["points"]) for line in card["breakdown"]) == round(100 * card["score"])
        assert card["score"] >= card["gate"] >= 70
        assert told["since"] <= card["at"] <= told["until"]


def test_given_a_longer_look_when_scanned_then_the_latest_signals_are_found_again(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short, long = (json.loads(scan(capsys, bar_files, "--last", n, "--json"))["signals"] for n in ("96", "97"))

    assert {card["signal_id"] for card in short} <= {card["signal_id"] for card in long}


def test_given_a_signal_when_shown_as_a_card_then_gate_costs_data_news_and_life_are_on_it(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = scan(capsys, bar_files, "--last", "96")

    for word in ("entry", "stop", "target", "market structure", "cross-asset context", "gate", "costs", "data", "life"):
        assert word in told
    assert "no calendar covers this moment" in told
    assert "no edge is claimed" in " ".join(told.split())


def test_given_no_signal_when_scanned_then_it_is_said(bar_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = scan(capsys, bar_files, "--last", "1", "--profile", "classic")

    assert "no signal in these bars" in told
