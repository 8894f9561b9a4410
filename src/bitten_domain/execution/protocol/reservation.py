"""Reservations: risk that is spoken for between an order's approval and its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.values.money import CENT, Money

if TYPE_CHECKING:
    from bitten_domain.values.direction import Direction
    from bitten_domain.values.identifiers import AccountId, IntentId

__all__ = ["Reservation", "cents_up"]


@dataclass(frozen=True, slots=True)
class Reservation:
    """What an unfinished opening may still cost; it counts against every limit until it is released, once.

    Args:
        intent_id: for which intent; an intent holds at most one.
        account: where.
        symbol, direction: what would be held.
        risk: loss at the stop of what is not filled yet, costs in it, >= 0.
        margin: margin that part would bind, >= 0.
        group: parent of a sliced order; empty for an order of its own.
        reserved_at: seconds since 1970 UTC.
    """

    intent_id: IntentId
    account: AccountId
    symbol: str
    direction: Direction
    risk: Money
    margin: Money
    group: str
    reserved_at: int

    def __post_init__(self) -> None:
        if self.risk.amount < 0 or self.margin.amount < 0:
            raise BrokenInvariant(f"intent {self.intent_id}: a reservation is never negative")


def cents_up(money: Money) -> Money:
    """Round to whole cents, never down: what is reserved is never too little."""
    rounded = money.rounded()
    return rounded if rounded >= money else Money(rounded.amount + CENT, money.currency)
