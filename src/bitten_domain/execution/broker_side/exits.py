"""Exits: booking what a position made when some of it is closed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.execution.account import Booking, SimulatedAccount
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.ticks import to_price
from bitten_domain.risk.sizing import conversion_rate
from bitten_domain.values.money import Money, booked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.execution.position import Position
    from bitten_domain.values.lots import Lots

__all__ = ["ExitAmounts", "book_exit", "exit_amounts"]

_ZERO, _ONE = Decimal(0), Decimal(1)


class ExitAmounts(NamedTuple):
    """What a closed volume made, in whole cents of the account currency.

    Args:
        profit: price difference, signed.
        spread_cost, slippage_cost: what of it spread and slippage of the exit took, >= 0.
    """

    profit: Money
    spread_cost: Money
    slippage_cost: Money


def exit_amounts(sign: int, gained: int, spread: int, slippage: int, worth: Decimal, currency: str) -> ExitAmounts:
    """Turn an exit into money.

    Args:
        sign: +1 when a long is closed, -1 when a short is; only a short's exit pays the spread.
        gained: from entry to exit, in ticks in the position's favour.
        spread, slippage: ticks the exit price contains, >= 0.
        worth: of one tick of the closed volume, account currency.
        currency: the account's.
    """
    return ExitAmounts(
        booked(gained * worth, currency),
        booked((0 if sign > 0 else spread) * worth, currency),
        booked(slippage * worth, currency),
    )


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
    whole = volume == position.lots
    share = _ONE if whole else volume.value / position.lots.value
    amounts = exit_amounts(
        position.sign,
        position.sign * (price_ticks - position.entry_ticks),
        spread,
        slippage,
        position.tick_worth * share * conversion,
        currency,
    )
    nothing = booked(_ZERO, currency)
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
        profit=amounts.profit,
        swap=swap,
        commission=nothing,
        fee=nothing,
        spread_cost=amounts.spread_cost,
        slippage_cost=amounts.slippage_cost,
        ambiguous=ambiguous,
    )
    if whole:
        rest = tuple(other for other in account.positions if other is not position)
    else:
        left = replace(position, lots=position.lots - volume, swap=position.swap - swap)
        rest = tuple(left if other is position else other for other in account.positions)
    closed = account._replace(balance=account.balance.plus(amounts.profit, swap), positions=rest, last_deal=deal.ticket)
    return Booking(closed, (deal,), position.ticket)
