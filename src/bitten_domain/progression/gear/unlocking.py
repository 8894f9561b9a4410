"""Unlocking gear: what somebody has come by so far; the same facts unlock the same items for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.progression.gear.item import Origin, Owned, UnlockKind
from bitten_domain.progression.titles import TITLE_FROM
from bitten_domain.vocabulary import Title

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from bitten_domain.progression.gear.item import GearItem, Unlock
    from bitten_domain.values import UserId

__all__ = ["Earned", "is_unlocked", "unlock_gear"]


@dataclass(frozen=True, slots=True)
class Earned:
    """All that an unlock may look at.

    Args:
        lifetime: XP ever earned.
        prestige: how often it was taken.
        achievements: codes of those earned.
        bought: codes of goods bought.
    """

    lifetime: int = 0
    prestige: int = 0
    achievements: frozenset[str] = frozenset()
    bought: frozenset[str] = frozenset()


def is_unlocked(unlock: Unlock, earned: Earned) -> bool:
    """Say whether an unlock is reached."""
    match unlock.kind:
        case UnlockKind.FREE:
            return True
        case UnlockKind.TITLE:
            return earned.lifetime >= TITLE_FROM[Title[unlock.subject]]
        case UnlockKind.ACHIEVEMENT:
            return unlock.subject in earned.achievements
        case UnlockKind.PRESTIGE:
            return earned.prestige >= unlock.least
        case UnlockKind.SHOP:
            return unlock.subject in earned.bought


def unlock_gear(
    user_id: UserId, items: Iterable[GearItem], have: AbstractSet[str], earned: Earned, at: int
) -> tuple[Owned, ...]:
    """Find what is newly unlocked, in the catalogue's order.

    Args:
        user_id: whose.
        items: the catalogue.
        have: codes of what they own.
        earned: what they have come to.
        at: seconds since 1970 UTC.
    """
    return tuple(
        Owned(user_id, item.code, Origin.BOUGHT if item.unlock.kind is UnlockKind.SHOP else Origin.UNLOCKED, at)
        for item in items
        if item.code not in have and is_unlocked(item.unlock, earned)
    )
