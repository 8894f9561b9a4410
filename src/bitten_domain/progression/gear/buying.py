"""Buying: points for goods, out of the balance and never below nothing; lifetime XP and title stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.progression.causes import cause_of_purchase
from bitten_domain.progression.gear.item import Origin, Owned
from bitten_domain.progression.gear.wearing import NotPossible
from bitten_domain.progression.xp import XpEntry
from bitten_domain.vocabulary import XpKind

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from bitten_domain.progression.gear.goods import Goods
    from bitten_domain.values import UserId

__all__ = ["Bought", "buy"]


class Bought(NamedTuple):
    """A purchase.

    Args:
        entry: the points it costs, to be booked.
        owned: what it brings.
    """

    entry: XpEntry
    owned: Owned


def buy(
    user_id: UserId, goods: Goods, balance: int, owned: AbstractSet[str], *, day: int, at: int
) -> Bought | NotPossible:
    """Decide a purchase.

    Args:
        user_id: who buys.
        goods: what.
        balance: points they may spend.
        owned: codes of what they own.
        day: trading day, days since 1970-01-01.
        at: seconds since 1970 UTC.
    """
    if goods.code in owned:
        return NotPossible(f"{goods.name} is yours already.", "Nothing was spent.")
    if balance < goods.price:
        return NotPossible(
            f"{goods.name} costs {goods.price:,} points, you have {balance:,}.",
            f"{goods.price - balance:,} more points are needed; there is no hurry, the price stays.",
        )
    entry = XpEntry(user_id, cause_of_purchase(goods.code), XpKind.PURCHASE, 0, -goods.price, day, at)
    return Bought(entry, Owned(user_id, goods.code, Origin.BOUGHT, at))
