"""Gear and goods: looks, panels, voices and learning. Nothing here touches an order, a size or a limit."""

from bitten_domain.progression.gear.buying import Bought, buy
from bitten_domain.progression.gear.goods import Goods, GoodsKind
from bitten_domain.progression.gear.item import (
    PLACES,
    Equipped,
    GearItem,
    GearSlot,
    Origin,
    Owned,
    Rarity,
    Unlock,
    UnlockKind,
)
from bitten_domain.progression.gear.unlocking import Earned, is_unlocked, unlock_gear
from bitten_domain.progression.gear.wearing import NotPossible, put_on

__all__ = [
    "PLACES",
    "Bought",
    "Earned",
    "Equipped",
    "GearItem",
    "GearSlot",
    "Goods",
    "GoodsKind",
    "NotPossible",
    "Origin",
    "Owned",
    "Rarity",
    "Unlock",
    "UnlockKind",
    "buy",
    "is_unlocked",
    "put_on",
    "unlock_gear",
]
