"""The game decides nothing: no module that approves, sizes, sends, leads or closes a trade can see it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
DOMAIN = SOURCE / "bitten_domain"
# What may know points, titles, gear and boards; all of them after the trade, never before it.
MAY_KNOW = (
    "progression/",
    "ports/repositories/",
    "ports/unit_of_work.py",
    "ports/game/",
    "use_cases/people/",
    "use_cases/game/",
)
WORDS = frozenset({"Title", "XpKind", "Board"})
OTHERS = sorted(
    path.relative_to(DOMAIN).as_posix()
    for path in DOMAIN.rglob("*.py")
    if not path.relative_to(DOMAIN).as_posix().startswith((*MAY_KNOW, "vocabulary/", "events/"))
)


def imported(path: Path) -> set[str]:
    """List the modules and names a module imports, for types too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("name", OTHERS)
def test_given_a_module_that_decides_when_read_then_it_cannot_see_the_game(name: str) -> None:
    seen = {
        module
        for module in imported(DOMAIN / name)
        if module.startswith(
            ("bitten_domain.progression", "bitten_domain.events.earned", "bitten_domain.use_cases.game")
        )
        or ".repositories.game" in module
        or module.rpartition(".")[2] in WORDS
    }

    assert seen == set()


def test_given_what_decides_when_listed_then_risk_desk_execution_and_trading_are_among_it() -> None:
    parts = {name.partition("/")[0] for name in OTHERS}

    assert {"risk", "desk", "execution", "market", "strategies", "tcs"} <= parts
    assert sum(name.startswith("use_cases/trading/") for name in OTHERS) > 20


def test_given_closing_and_stopping_when_read_then_their_transactions_read_no_points_progress_or_gear() -> None:
    # They get all repositories at once, so what they take of them is looked at by name.
    repositories = {"xp", "progress", "market_days", "achievements", "challenges", "gear", "boards", "forecasts"}
    taken = {
        (path.name, node.attr)
        for path in (DOMAIN / "use_cases" / "trading").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in repositories
        and isinstance(node.value, ast.Name)
        and node.value.id in {"store", "repositories"}
    }

    assert taken == set()
