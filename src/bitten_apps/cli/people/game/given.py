"""How a command tells what the game newly gave somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.use_cases.game.awarding import Given

__all__ = ["given_told", "print_given"]


def given_told(given: Given) -> dict[str, object]:
    """Give achievements and gear as fields of a JSON document."""
    return {
        "achievements": [{"code": event.code, "xp": event.xp} for event in given.achievements],
        "gear": [owned.code for owned in given.unlocked],
    }


def print_given(given: Given) -> None:
    """Print achievements and gear, a line each; nothing when there are none."""
    from bitten_apps.container import Container

    catalogue = Container.game_rules().catalogue
    achievements = {one.code: one.name for one in catalogue.achievements}
    gear = {one.code: one.name for one in catalogue.gear}
    for event in given.achievements:
        points = f", {event.xp} points" if event.xp else ""
        print(f"achievement: {achievements[event.code]}{points}")
    for owned in given.unlocked:
        print(f"gear unlocked: {gear[owned.code]}")
