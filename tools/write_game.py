"""Write docs/reference/game.md: titles, achievements, challenges, gear and goods, with what each asks for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bitten_adapters.files.game.game_data import FileGameData
from bitten_domain.progression import TITLE_FROM
from bitten_domain.progression.achievements import CONDITIONS
from bitten_domain.progression.challenges import DAY_CONDITIONS
from bitten_domain.progression.gear import UnlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.progression.achievements import Achievement
    from bitten_domain.progression.challenges import Challenge
    from bitten_domain.progression.gear import GearItem

PAGE = Path(__file__).parents[1] / "docs/reference/game.md"

_HEAD = """# The game

Written by `python tools/write_game.py`; not edited by hand. The data is in `src/bitten_adapters/files/game/data`. Why
it cannot pay for harm: [progression](../explanation/progression.md).

What needs a trade, a loss or a lockout gives a badge and no points. Points of achievements stand as they are; those of
challenges are multiplied by streak and prestige.
"""


def page() -> str:
    """Write the page."""
    catalogue = FileGameData().catalogue()
    parts = [
        _HEAD,
        "## Titles\n\n" + _table("title | lifetime XP", (f"{one.value} | {xp:,}" for one, xp in TITLE_FROM.items())),
        "## Achievements\n\n"
        + _table("achievement | for | counts | at least | needs | points", map(_achievement, catalogue.achievements)),
        "## Challenges\n\nThree a day, each of another theme, chosen by the date and the person.\n\n"
        + _table("challenge | theme | asks for | needs | points", map(_challenge, catalogue.challenges)),
        "## Gear\n\n" + _table("gear | slot | rarity | what it does | unlocked by", map(_gear, catalogue.gear)),
        "## Goods\n\n"
        + _table(
            "goods | kind | what one gets | points",
            (f"{one.name} | {one.kind.value} | {one.text} | {one.price:,}" for one in catalogue.goods),
        ),
    ]
    return "\n".join(parts)


def _table(heads: str, rows: Iterable[str]) -> str:
    columns = heads.count("|") + 1
    return f"| {heads} |\n|{'---|' * columns}\n" + "".join(f"| {row} |\n" for row in rows)


def _needs(one: Achievement | Challenge) -> str:
    return ", ".join(sorted(need.value.lower() for need in one.needs)) or "-"


def _points(xp: int) -> str:
    return str(xp) if xp else "badge"


def _achievement(one: Achievement) -> str:
    subject = f": `{one.subject}`" if one.subject else ""
    counted = f"{CONDITIONS[one.condition].text}{subject}"
    return f"{one.name} | {one.text} | {counted} | {one.least} | {_needs(one)} | {_points(one.xp)}"


def _challenge(one: Challenge) -> str:
    asked = DAY_CONDITIONS[one.condition].text.format(figure=one.figure)
    return f"{one.name} | {one.theme.value} | {asked} | {_needs(one)} | {_points(one.xp)}"


def _gear(item: GearItem) -> str:
    unlock = item.unlock
    words = {
        UnlockKind.FREE: "free",
        UnlockKind.TITLE: f"title {unlock.subject}",
        UnlockKind.ACHIEVEMENT: f"achievement `{unlock.subject}`",
        UnlockKind.PRESTIGE: f"prestige {unlock.least}",
        UnlockKind.SHOP: f"the shop: `{unlock.subject}`",
    }
    return f"{item.name} | {item.slot.value} | {item.rarity.value} | {item.text} | {words[unlock.kind]}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
