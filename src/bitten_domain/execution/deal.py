"""Deals: what a broker booked. The sum of the deals is the account."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.values.direction import Direction
    from bitten_domain.values.lots import Lots
    from bitten_domain.values.money import Money

__all__ = ["Deal", "DealReason"]


class DealReason(Enum):
    """Why a deal was made."""

    ENTRY = "ENTRY"
    STOP = "STOP"
    TARGET = "TARGET"
    PLAN = "PLAN"
    TIME = "TIME"
    FLAT = "FLAT"
    MANUAL = "MANUAL"
    EMERGENCY = "EMERGENCY"
    END_OF_RUN = "END_OF_RUN"

    @property
    def opens(self) -> bool:
        """Whether the deal opened the position; every other one closes some of it."""
        return self is DealReason.ENTRY


class Deal(NamedTuple):
    """One execution.

    Args:
        ticket: the broker's number of the deal, rising.
        position: ticket of the position it belongs to.
        client_order_id: of the order that caused it; the entry's, when the broker closed the position by itself.
        symbol: the pair.
        direction: the *position's*, on closing deals too.
        reason: why.
        lots: volume executed, > 0.
        price: execution price, spread and slippage in it.
        at: seconds since 1970 UTC.
        profit, swap, commission, fee: booked amounts in the account currency, whole cents, signed (charges < 0).
        spread_cost, slippage_cost: what of the price was spread and slippage, >= 0; already inside `profit`, once the
            position is closed, and shown so that a report can take results apart.
        ambiguous: whether the bar that closed it touched stop and target.
    """

    ticket: int
    position: int
    client_order_id: int
    symbol: str
    direction: Direction
    reason: DealReason
    lots: Lots
    price: Decimal
    at: int
    profit: Money
    swap: Money
    commission: Money
    fee: Money
    spread_cost: Money
    slippage_cost: Money
    ambiguous: bool = False

    @property
    def net(self) -> Money:
        """What the deal moved the balance by."""
        return self.profit.plus(self.swap, self.commission, self.fee)
