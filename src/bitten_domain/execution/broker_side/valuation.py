"""Valuation: equity and margin of an account at the latest prices."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from bitten_domain.risk.sizing import conversion_rate
from bitten_domain.values.money import CENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bitten_domain.execution.account import SimulatedAccount
    from bitten_domain.execution.position import Position
    from bitten_domain.execution.ticks import TickBar
    from bitten_domain.values.instrument import Instrument
    from bitten_domain.values.lots import Lots

__all__ = ["floating_of", "margin_level", "margin_of", "margin_used", "mark_to_market"]

_ZERO = Decimal(0)
_ONE = Decimal(1)
_HUNDRED = Decimal(100)


def mark_to_market(account: SimulatedAccount, latest: Mapping[str, TickBar], rates: Mapping[str, Decimal]) -> Decimal:
    """Value the account as if everything were closed at the latest closes, slippage apart.

    Args:
        account: the state.
        latest: last bar of each pair that is open; a long is worth its bid close, a short its ask close.
        rates: mid prices by symbol; where one is missing the rate of the opening converts.

    Returns:
        Equity in the account currency: balance, floating result, accrued swaps; whole cents, half to even, as a broker
        shows it, so that a desk that reads it from one decides what a desk that reckons it decides.

    Raises:
        KeyError: an open pair has no bar.
    """
    equity = account.balance.amount
    positions = account.positions
    if not positions:
        return equity
    floating: dict[str, Decimal] = {}
    for position in positions:
        bar = latest[position.symbol]
        ticks = bar[3] - position.entry_ticks if position.sign > 0 else position.entry_ticks - bar[3] - bar[4]
        currency = position.quote_currency
        floating[currency] = floating.get(currency, _ZERO) + position.tick_worth * ticks
        equity += position.swap.amount
    home = account.currency
    for currency, amount in floating.items():
        rate = _ONE if currency == home else conversion_rate(currency, home, rates)
        if rate is None:
            rate = next(position.conversion for position in positions if position.quote_currency == currency)
        equity += amount * rate
    return equity.quantize(CENT, ROUND_HALF_EVEN)


def floating_of(position: Position, bar: TickBar, currency: str, rates: Mapping[str, Decimal]) -> Decimal:
    """Value one position at the bar's close, accrued swaps in it, account currency, unrounded."""
    exit_side = bar.close if position.sign > 0 else bar.close + bar.spread
    rate = conversion_rate(position.quote_currency, currency, rates) or position.conversion
    return position.sign * (exit_side - position.entry_ticks) * position.tick_worth * rate + position.swap.amount


def margin_of(
    instrument: Instrument, lots: Lots, currency: str, leverage: Decimal, rates: Mapping[str, Decimal]
) -> Decimal | None:
    """Find the margin a volume binds: its base currency amount over the leverage, account currency, unrounded.

    Returns:
        None when no rate leads from the base to the account currency.
    """
    rate = conversion_rate(instrument.base, currency, rates)
    return None if rate is None else lots.value * instrument.contract_size * rate / leverage


def margin_used(
    positions: Iterable[Position], currency: str, leverage: Decimal, rates: Mapping[str, Decimal]
) -> Decimal | None:
    """Sum the margin of open positions, each at full weight; opposite ones of a pair don't net.

    Returns:
        None when a rate is missing.
    """
    units: dict[str, Decimal] = {}
    for position in positions:
        base = position.instrument.base
        units[base] = units.get(base, _ZERO) + position.lots.value * position.instrument.contract_size
    total = _ZERO
    for base, amount in units.items():
        rate = conversion_rate(base, currency, rates)
        if rate is None:
            return None
        total += amount * rate
    return total / leverage


def margin_level(equity: Decimal, used: Decimal) -> Decimal | None:
    """Put equity over used margin, in percent; None when no margin is used, which no limit refuses."""
    return None if used == 0 else equity / used * _HUNDRED
