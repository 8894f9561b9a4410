"""Strategies of installed packages, found by entry point."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.entry_points.strategies import load_strategy, strategy_names
from bitten_apps.cli.exit_codes import BAD_INPUT, DONE
from bitten_apps.cli.main import main
from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

MODULE = '''
from dataclasses import dataclass

from bitten_domain.market.bars import Timeframe
from bitten_domain.strategies.profiles import Profile, strategies_of
from bitten_domain.strategies.strategy import Style
from bitten_domain.vocabulary import PlanKind


@dataclass(frozen=True)
class Patient:
    """The built-in reversion on H1 only, under a name of its own."""

    name: str = "patient_reversion"
    style: Style = Style.REVERSION
    plan: PlanKind = PlanKind.FIXED
    timeframes: tuple[Timeframe, ...] = (Timeframe.H1,)
    reads_long_average: bool = False
    look_back: int = 400

    def propose(self, studies, timeframe):
        return strategies_of(Profile.WIDE)[1].propose(studies, timeframe)


READY = Patient(name="ready_made")
NAMELESS = object()
SLOW = Patient(name="slow", timeframes=(Timeframe.D1,))


def broken():
    raise RuntimeError("the licence has run out")
'''
ENTRY_POINTS = """[bitten.strategies]
patient_reversion = own_strategies:Patient
ready_made = own_strategies:READY
misnamed = own_strategies:Patient
nameless = own_strategies:NAMELESS
slow = own_strategies:SLOW
broken = own_strategies:broken
missing = own_strategies:nowhere
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package of strategies by hand: a module and its metadata on the path."""
    (tmp_path / "own_strategies.py").write_text(MODULE, "utf-8")
    metadata = tmp_path / "own_strategies-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: own-strategies\nVersion: 1.0\n", "utf-8")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "own_strategies", raising=False)
    importlib.invalidate_caches()


@pytest.mark.usefixtures("installed")
def test_given_an_installed_package_when_looked_for_then_its_strategies_are_named_without_importing_it() -> None:
    assert {"patient_reversion", "ready_made", "broken"} <= set(strategy_names())
    assert "own_strategies" not in sys.modules


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["patient_reversion", "ready_made"])
def test_given_a_class_or_an_object_when_loaded_then_it_is_the_strategy(name: str) -> None:
    assert load_strategy(name).name == name


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("misnamed", "calls itself 'patient_reversion'"),
        ("nameless", "calls itself None"),
        ("slow", "searches other timeframes"),
        ("broken", "RuntimeError: the licence has run out"),
        ("missing", "cannot be loaded"),
        ("nobody", "no package offers"),
    ],
)
def test_given_what_is_no_strategy_when_loaded_then_the_error_says_why(name: str, what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        load_strategy(name)


@pytest.mark.usefixtures("installed")
def test_given_a_found_strategy_when_chosen_then_only_its_signals_are_emitted(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["backtest", "--data", str(bar_files), "--json", "--strategy", "patient_reversion"]

    assert main(words) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["candidates"] > 0
    assert set(told["signals_by_strategy"]) <= {"patient_reversion"}


@pytest.mark.usefixtures("installed")
def test_given_an_unknown_name_when_chosen_then_built_in_and_found_ones_are_listed(
    bar_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backtest", "--data", str(bar_files), "--strategy", "luck"]) == BAD_INPUT

    told = capsys.readouterr().err
    assert all(name in told for name in ("london_breakout", "patient_reversion", "ready_made"))
