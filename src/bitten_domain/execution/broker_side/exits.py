"""Exits: booking what a position made when some of it is closed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.execution.account import Booking, SimulatedAccount
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.ticks import to_price
from bitten_domain.risk.sizing import conversion_rate
from bitten_domain.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.execution.position import Position
    from bitten_domain.values.lots import Lots

__all__ = ["book_exit"]

_ZERO = Decimal(0)


def book_exit(
    account: SimulatedAccount,
    position: Position,
    volume: Lots,
    price_ticks: int,
    spread: int,
    slippage: int,
    at: int,
    reason: DealReason,
    *,
    rates: Mapping[str, Decimal],
    ambiguous: bool = False,
) -> Booking:
    """Book an exit whose price is decided.

    Args:
        account: the state before; holds `position`.
        position: what is closed.
        volume: whole or part of it, checked by the caller.
        price_ticks: fill price.
        spread, slippage: ticks the price contains, for the cost line.
        at: seconds since 1970 UTC.
        reason: why.
        rates: mid prices by symbol.
        ambiguous: whether the bar touched both levels.
    """
    currency = account.currency
    instrument = position.instrument
    conversion = conversion_rate(position.quote_currency, currency, rates) or position.conversion
    share = volume.value / position.lots.value
    worth = position.tick_worth * share * conversion
    whole = volume == position.lots
    nothing = Money(_ZERO, currency)
    swap = (position.swap if whole else position.swap * share).rounded()
    deal = Deal(
        ticket=account.last_deal + 1,
        position=position.ticket,
        client_order_id=position.client_order_id,
        symbol=position.symbol,
        direction=position.direction,
        reason=reason,
        lots=volume,
        price=to_price(instrument, price_ticks),
        at=at,
        profit=Money(position.sign * (price_ticks - position.entry_ticks) * worth, currency).rounded(),
        swap=swap,
        commission=nothing,
        fee=nothing,
        spread_cost=(nothing if position.sign > 0 else Money(spread * worth, currency)).rounded(),
        slippage_cost=Money(slippage * worth, currency).rounded(),
        ambiguous=ambiguous,
    )
    if whole:
        rest = tuple(other for other in account.positions if other is not position)
    else:
        left = replace(position, lots=position.lots - volume, swap=position.swap - swap)
        rest = tuple(left if other is position else other for other in account.positions)
    closed = account._replace(balance=account.balance + deal.net, positions=rest, last_deal=deal.ticket)
    return Booking(closed, (deal,), position.ticket)
