"""The game's catalogue: all its data together, checked against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.progression.challenges.choice import CHALLENGES_A_DAY
from bitten_domain.progression.gear.item import UnlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.progression.achievements.definition import Achievement
    from bitten_domain.progression.challenges.definition import Challenge
    from bitten_domain.progression.gear.goods import Goods
    from bitten_domain.progression.gear.item import GearItem

__all__ = ["MOST_ACHIEVEMENT_POINTS", "GameCatalogue"]

MOST_ACHIEVEMENT_POINTS = 5_000
"""Points of all achievements together at most, so that the cap of a day never cuts one that comes early."""


@dataclass(frozen=True, slots=True)
class GameCatalogue:
    """All that can be earned, set, put on or bought.

    Args:
        achievements, challenges, gear, goods: in the order they are shown.

    Raises:
        InvalidInput: a code stands twice, an unlock leads nowhere or through a trade, goods unlock nothing they sell,
            there are too few themes for a day's challenges, or too many points in all.
    """

    achievements: tuple[Achievement, ...]
    challenges: tuple[Challenge, ...]
    gear: tuple[GearItem, ...]
    goods: tuple[Goods, ...]

    def __post_init__(self) -> None:
        _require_once("achievements", (one.code for one in self.achievements))
        _require_once("challenges", (one.code for one in self.challenges))
        _require_once("gear and goods", [*(item.code for item in self.gear), *(one.code for one in self.goods)])
        if len({one.theme for one in self.challenges}) < CHALLENGES_A_DAY:
            raise InvalidInput(f"a day needs challenges of {CHALLENGES_A_DAY} themes", where="challenges")
        points = sum(one.xp for one in self.achievements)
        if points > MOST_ACHIEVEMENT_POINTS:
            raise InvalidInput(
                f"achievements give {points} points together, more than {MOST_ACHIEVEMENT_POINTS}", where="achievements"
            )
        achievements = {one.code: one for one in self.achievements}
        goods = {one.code for one in self.goods}
        for item in self.gear:
            unlock = item.unlock
            if unlock.kind is UnlockKind.ACHIEVEMENT:
                known = achievements.get(unlock.subject)
                if known is None:
                    raise InvalidInput(f"there is no achievement {unlock.subject}", where=item.code)
                if known.needs:
                    raise InvalidInput(
                        f"achievement {unlock.subject} needs a trade, and nothing is given for one",
                        where=item.code,
                        remedy="unlock it by a title, by learning or by kept days",
                    )
            elif unlock.kind is UnlockKind.SHOP and unlock.subject not in goods:
                raise InvalidInput(f"the shop sells no {unlock.subject}", where=item.code)


def _require_once(where: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidInput(f"code {code} stands twice", where=where, remedy="rename one")
        seen.add(code)
