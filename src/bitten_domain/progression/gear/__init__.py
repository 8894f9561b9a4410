"""Gear and goods: looks, panels, voices and learning. Nothing here touches an order, a size or a limit."""

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

__all__ = [
    "PLACES",
    "Equipped",
    "GearItem",
    "GearSlot",
    "Goods",
    "GoodsKind",
    "Origin",
    "Owned",
    "Rarity",
    "Unlock",
    "UnlockKind",
]
