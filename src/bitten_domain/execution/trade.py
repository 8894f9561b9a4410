"""Trades: a position from its first deal to its last, and what it made in R."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.execution.deal import Deal, DealReason
    from bitten_domain.execution.position import Position
    from bitten_domain.values.direction import Direction
    from bitten_domain.values.lots import Lots
    from bitten_domain.values.money import Money

__all__ = ["Trade", "net_r", "trade_of"]

_R_STEP = Decimal("0.0001")
_ZERO = Decimal(0)


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
    return (net / initial_risk).quantize(_R_STEP, ROUND_HALF_EVEN)


class Trade(NamedTuple):
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
        return self.profit.plus(self.swap, self.commission, self.fee)


def trade_of(position: Position, deals: Sequence[Deal]) -> Trade:
    """Put a closed position's deals together.

    Args:
        position: the position as it last was.
        deals: all its deals, oldest first: one entry, then exits for exactly the filled lots.

    Raises:
        BrokenInvariant: a deal is another position's, the entry is missing, or the volumes don't add up.
    """
    entry, last, ticket = deals[0], deals[-1], position.ticket
    closed = weighted = _ZERO
    profit, swap, commission = entry.profit, entry.swap, entry.commission
    fee, spread_cost, slippage_cost = entry.fee, entry.spread_cost, entry.slippage_cost
    sound = len(deals) > 1 and entry.reason.opens
    for deal in deals[1:]:
        sound = sound and deal.position == ticket and not deal.reason.opens
        closed += deal.lots.value
        weighted += deal.price * deal.lots.value
        profit += deal.profit
        swap += deal.swap
        commission += deal.commission
        fee += deal.fee
        spread_cost += deal.spread_cost
        slippage_cost += deal.slippage_cost
    if not sound:
        raise BrokenInvariant(f"position {ticket}: a trade is one entry and its own exits")
    if entry.position != ticket or closed != entry.lots.value:
        raise BrokenInvariant(f"position {ticket}: opened {entry.lots}, closed {closed} lots")
    risk = position.initial_risk
    return Trade(
        position=position.ticket,
        client_order_id=position.client_order_id,
        symbol=position.symbol,
        direction=position.direction,
        lots=entry.lots,
        entry=entry.price,
        exit=weighted / closed,
        initial_stop=position.initial_stop,
        opened_at=entry.at,
        closed_at=last.at,
        reason=last.reason,
        profit=profit,
        swap=swap,
        commission=commission,
        fee=fee,
        spread_cost=spread_cost,
        slippage_cost=slippage_cost,
        initial_risk=risk,
        net_r=None if risk is None else net_r(profit.plus(swap, commission, fee), risk),
        ambiguous=any(deal.ambiguous for deal in deals),
    )
