"""Everything that earns points books them at one place, which knows of the day score; what spends may go past it."""

from __future__ import annotations

from pathlib import Path

USE_CASES = Path(__file__).resolve().parents[2] / "src" / "bitten_domain" / "use_cases"
PLACE = "people/points.py"
SPENDERS = {"people/take_prestige.py", "game/buy_goods.py"}


def test_given_the_uses_when_searched_then_points_are_booked_at_one_place() -> None:
    found = {
        path.relative_to(USE_CASES).as_posix()
        for path in USE_CASES.rglob("*.py")
        if "xp.add(" in path.read_text(encoding="utf-8")
    }

    assert found == {PLACE, *SPENDERS}
