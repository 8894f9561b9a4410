"""Trades: a position from its first deal to its last, and what it made in R."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.execution.deal import Deal, DealReason
    from bitten_domain.execution.position import Position
    from bitten_domain.values.direction import Direction
    from bitten_domain.values.lots import Lots

__all__ = ["Trade", "net_r", "trade_of"]

_R_STEP = Decimal("0.0001")


def net_r(net: Money, initial_risk: Money) -> Decimal:
    """Measure a result in R: net over the money at the initial stop, to four decimals, half to even.

    Args:
        net: profit, swap, commission and fees together.
        initial_risk: loss at the initial stop, costs in it, on the filled lots, > 0.

    Raises:
        BrokenInvariant: the risk is not positive, or the currencies differ.
    """
    if initial_risk.amount <= 0:
        raise BrokenInvariant(f"money at the initial stop must be positive, got {initial_risk}")
    return (net / initial_risk).quantize(_R_STEP, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Trade:
    """A closed position.

    Args:
        position: its ticket.
        client_order_id: of the order that opened it.
        symbol, direction: what was traded.
        lots: volume that was opened.
        entry: fill price.
        exit: mean price of the closing deals, by volume, unrounded.
        initial_stop: stop it was opened with; None for none.
        opened_at, closed_at: seconds since 1970 UTC.
        reason: of the last closing deal.
        profit, swap, commission, fee: sums over its deals, account currency.
        spread_cost, slippage_cost: what of the profit the spread and slippage took.
        initial_risk: see `Position`; None without a stop.
        net_r: result in R; None without a stop.
        ambiguous: whether a bar that closed it touched stop and target.
    """

    position: int
    client_order_id: int
    symbol: str
    direction: Direction
    lots: Lots
    entry: Decimal
    exit: Decimal
    initial_stop: Decimal | None
    opened_at: int
    closed_at: int
    reason: DealReason
    profit: Money
    swap: Money
    commission: Money
    fee: Money
    spread_cost: Money
    slippage_cost: Money
    initial_risk: Money | None
    net_r: Decimal | None
    ambiguous: bool

    @property
    def net(self) -> Money:
        """What the trade moved the balance by."""
        return self.profit + self.swap + self.commission + self.fee


def trade_of(position: Position, deals: Sequence[Deal]) -> Trade:
    """Put a closed position's deals together.

    Args:
        position: the position as it last was.
        deals: all its deals, oldest first: one entry, then exits for exactly the filled lots.

    Raises:
        BrokenInvariant: a deal is another position's, the entry is missing, or the volumes don't add up.
    """
    exits = deals[1:]
    if not exits or not deals[0].reason.opens or any(d.position != position.ticket or d.reason.opens for d in exits):
        raise BrokenInvariant(f"position {position.ticket}: a trade is one entry and its own exits")
    closed = sum((deal.lots.value for deal in exits), Decimal(0))
    if deals[0].position != position.ticket or closed != deals[0].lots.value:
        raise BrokenInvariant(f"position {position.ticket}: opened {deals[0].lots}, closed {closed} lots")
    currency = deals[0].profit.currency
    profit, swap, commission, fee, spread_cost, slippage_cost = (
        Money(sum(amounts, Decimal(0)), currency)
        for amounts in zip(*(_amounts(deal, currency) for deal in deals), strict=True)
    )
    risk = position.initial_risk
    return Trade(
        position=position.ticket,
        client_order_id=position.client_order_id,
        symbol=position.symbol,
        direction=position.direction,
        lots=deals[0].lots,
        entry=deals[0].price,
        exit=sum((d.price * d.lots.value for d in exits), Decimal(0)) / closed,
        initial_stop=position.initial_stop,
        opened_at=deals[0].at,
        closed_at=deals[-1].at,
        reason=deals[-1].reason,
        profit=profit,
        swap=swap,
        commission=commission,
        fee=fee,
        spread_cost=spread_cost,
        slippage_cost=slippage_cost,
        initial_risk=risk,
        net_r=None if risk is None else net_r(profit + swap + commission + fee, risk),
        ambiguous=any(deal.ambiguous for deal in deals),
    )


def _amounts(deal: Deal, currency: str) -> tuple[Decimal, ...]:
    """List a deal's amounts; BrokenInvariant when one of them is in another currency."""
    booked = (deal.profit, deal.swap, deal.commission, deal.fee, deal.spread_cost, deal.slippage_cost)
    if any(money.currency != currency for money in booked):
        raise BrokenInvariant(f"deal {deal.ticket} mixes currencies")
    return tuple(money.amount for money in booked)
