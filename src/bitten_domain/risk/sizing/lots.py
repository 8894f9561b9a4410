"""Sizing: how many lots a stop allows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.news_view import Blackout
from bitten_domain.risk.sizing.conversion import conversion_rate
from bitten_domain.values import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.risk.facts import NewsFacts, Quote
    from bitten_domain.risk.policy.risk_policy import CostPolicy
    from bitten_domain.values import Instrument

__all__ = ["Sizing", "commission_per_lot", "lots_for", "size", "slippage_factor", "smallest_balance", "stop_pips"]

_ZERO = Decimal(0)
_ONE = Decimal(1)
_HUNDRED = Decimal(100)
# Looking a member up costs more than comparing with it.
_BUY, _HIGH = Direction.BUY, Blackout.HIGH


class Sizing(NamedTuple):
    """A sized order; amounts in account currency.

    Args:
        lots: whole steps; 0 when one minimum lot costs more than the budget.
        loss_per_lot: what one lot loses at the stop, costs included, > 0.
        risk: what these lots lose at the stop.
        margin: what these lots bind.
        stop_pips: from the entry's fill to the stop's fill, at the spread sized with.
        pip_value: of one pip on one lot.
    """

    lots: Decimal
    loss_per_lot: Decimal
    risk: Decimal
    margin: Decimal
    stop_pips: Decimal
    pip_value: Decimal


def lots_for(instrument: Instrument, budget: Decimal, loss_per_lot: Decimal, ceiling: Decimal | None = None) -> Decimal:
    """Size a position so that its stop costs at most the budget.

    Args:
        instrument: volume bounds and step.
        budget: most that may be lost, account currency.
        loss_per_lot: loss of one lot at the stop, costs included, same currency, > 0.
        ceiling: most lots wanted; None for no wish.

    Returns:
        Lots rounded down to the step and cut to the instrument's maximum; 0 when that is below its minimum.

    Raises:
        BrokenInvariant: the loss per lot is not positive.

    Source: fixed-fractional sizing.
    """
    if loss_per_lot <= _ZERO:
        raise BrokenInvariant(f"one lot must lose something at its stop, got {loss_per_lot}")
    if budget <= _ZERO:
        return _ZERO
    step = instrument.lot_step
    # The integer part of a Decimal division is exact, so rounding of the quotient can never lift it a step.
    lots = budget // (loss_per_lot * step) * step
    most = instrument.max_lots
    if ceiling is not None and ceiling < most:
        most = ceiling
    if lots > most:
        lots = max(_ZERO, most) // step * step
    return lots if lots >= instrument.min_lots else _ZERO


def stop_pips(
    instrument: Instrument, direction: Direction, quote: Quote, stop: Decimal, costs: CostPolicy, factor: Decimal
) -> Decimal:
    """Measure the way from the entry's fill to the stop's fill, in pips, unrounded.

    A BUY fills at the ask and its stop fires on the bid; a SELL fills at the bid and its stop fires on the ask. A quote
    tighter than the pair's normal spread is widened to it on the fill side, because it may not last until the fill.

    Args:
        instrument: pip and normal spread.
        direction: of the trade.
        quote: now.
        stop: level at the broker, on the exit side.
        costs: slippage of entry and stop.
        factor: multiplies both slippages, 1 outside a HIGH window.

    Returns:
        Pips; <= 0 when the stop lies far enough on the wrong side.
    """
    bid, ask = quote.bid, quote.ask
    normal, spread = instrument.normal_spread, ask - bid
    if spread < normal:
        spread = normal
    way = bid + spread - stop if direction is _BUY else stop - ask + spread
    slippage = costs.entry_slippage_pips + costs.stop_slippage_pips
    return way / instrument.pip + (slippage if factor is _ONE else slippage * factor)


def slippage_factor(news: NewsFacts | None, costs: CostPolicy) -> Decimal:
    """Give what slippage is multiplied by: the HIGH window's factor inside one, 1 outside."""
    return costs.high_window_factor if news is not None and news.blackout is _HIGH else _ONE


def commission_per_lot(costs: CostPolicy, account_currency: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    """Convert the round trip's commission of one lot to the account's currency; None without a rate."""
    if costs.commission_currency == account_currency:
        return costs.commission_per_lot
    if costs.commission_per_lot == 0:
        return _ZERO
    rate = conversion_rate(costs.commission_currency, account_currency, rates)
    return None if rate is None else costs.commission_per_lot * rate


def size(
    instrument: Instrument,
    *,
    budget: Decimal,
    pips: Decimal,
    pip_value: Decimal,
    commission: Decimal,
    price: Decimal,
    leverage: Decimal,
    ceiling: Decimal | None = None,
) -> Sizing:
    """Size an order and work out what it risks and binds.

    Args:
        instrument: the pair's contract.
        budget: most that may be lost, account currency.
        pips: from the entry's fill to the stop's fill, > 0.
        pip_value: of one pip on one lot, account currency, > 0.
        commission: round trip of one lot, account currency, >= 0.
        price: price the margin is counted at.
        leverage: of the account, > 0.
        ceiling: most lots wanted; None for no wish.

    Raises:
        BrokenInvariant: a bound above is broken.
    """
    if pips <= _ZERO or pip_value <= _ZERO or leverage <= _ZERO:
        raise BrokenInvariant("stop distance, pip value and leverage must be positive")
    loss_per_lot = pips * pip_value + commission
    lots = lots_for(instrument, budget, loss_per_lot, ceiling)
    # The notional in the account's currency is price / pip pips of it, so no further rate is needed.
    margin = lots * price * pip_value / (instrument.pip * leverage)
    return Sizing(lots, loss_per_lot, lots * loss_per_lot, margin, pips, pip_value)


def smallest_balance(instrument: Instrument, loss_per_lot: Decimal, risk_percent: Decimal) -> Decimal:
    """Find the smallest balance at which a stop can be sized at all, account currency, unrounded.

    Args:
        instrument: its minimum lot.
        loss_per_lot: loss of one lot at that stop, costs included.
        risk_percent: risk per trade, > 0.
    """
    return instrument.min_lots * loss_per_lot * _HUNDRED / risk_percent
