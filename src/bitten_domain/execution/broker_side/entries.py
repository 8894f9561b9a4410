"""Entries: what an order fills at, and what that costs, risks and binds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.execution.account import DeclineCode, Declined
from bitten_domain.execution.broker_side.valuation import margin_of
from bitten_domain.execution.fill_model import entry_ticks
from bitten_domain.execution.position import worth_of_tick
from bitten_domain.execution.ticks import pip_ticks, to_price
from bitten_domain.risk.sizing import conversion_rate
from bitten_domain.values.money import CENT, booked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from bitten_domain.execution.account import BrokerTerms
    from bitten_domain.execution.ticks import TickQuote
    from bitten_domain.values.instrument import Instrument
    from bitten_domain.values.lots import Lots
    from bitten_domain.values.money import Money

__all__ = ["EntryFill", "fill_entry", "wrong_levels"]


class EntryFill(NamedTuple):
    """A filled entry; money in whole cents of the account currency.

    Args:
        ticks: fill price.
        conversion: account currency for one unit of the quote currency, > 0.
        tick_worth: what one tick moves the volume by, quote currency, unrounded.
        commission: of the whole round trip, <= 0.
        initial_risk: lost at the stop, stop slippage and commission in it, > 0; None without a stop.
        spread_cost, slippage_cost: what of the price is spread and slippage, >= 0.
    """

    ticks: int
    conversion: Decimal
    tick_worth: Decimal
    commission: Money
    initial_risk: Money | None
    spread_cost: Money
    slippage_cost: Money


def fill_entry(
    instrument: Instrument,
    sign: int,
    lots: Lots,
    stop: int | None,
    target: int | None,
    quote: TickQuote,
    *,
    currency: str,
    free: Decimal,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
    slippage: int,
    stop_slippage: int,
) -> EntryFill | Declined:
    """Fill a market entry of a tradable volume, if its levels are legal and the account can carry it.

    Args:
        instrument: the pair.
        sign: +1 to buy, -1 to sell.
        lots: volume.
        stop, target: levels in ticks; None for none.
        quote: bid and ask now.
        currency: of the account.
        free: equity that no margin binds, account currency.
        terms: the broker's.
        rates: mid prices by symbol, for conversion and margin.
        slippage: ticks this fill slips, >= 0.
        stop_slippage: ticks its stop is expected to slip, >= 0.
    """
    wrong = wrong_levels(instrument, sign, stop, target, quote)
    if wrong is not None:
        return Declined(DeclineCode.INVALID_LEVELS, wrong)
    charge = terms.costs.commission(lots)
    conversion = conversion_rate(instrument.quote, currency, rates)
    charged = conversion_rate(charge.currency, currency, rates)
    margin = margin_of(instrument, lots, currency, terms.leverage, rates)
    if conversion is None or charged is None or margin is None:
        return Declined(DeclineCode.NO_CONVERSION_RATE, f"{instrument.symbol}: no rate to {currency}")
    commission = booked(-charge.amount * charged, currency)
    if margin > free + commission.amount:
        return Declined(DeclineCode.NOT_ENOUGH_MONEY, f"{margin:.2f} {currency} of margin needed, {free:.2f} free")
    filled = entry_ticks(sign, quote, slippage)
    tick_worth = worth_of_tick(instrument, lots)
    worth = tick_worth * conversion
    risk = None
    if stop is not None:
        # A stop inside the spread of a cost-free table can risk less than half a cent; R still needs a divisor.
        loss = (sign * (filled - stop) + stop_slippage) * worth - commission.amount
        risk = booked(max(loss, CENT), currency)
    return EntryFill(
        filled,
        conversion,
        tick_worth,
        commission,
        risk,
        booked((quote.ask - quote.bid if sign > 0 else 0) * worth, currency),
        booked(slippage * worth, currency),
    )


def wrong_levels(
    instrument: Instrument, sign: int, stop: int | None, target: int | None, quote: TickQuote
) -> str | None:
    """Say what is wrong with levels a broker is asked to set; None when they are legal or absent."""
    # Levels are compared with the side the position would exit at; on the quote itself they would fire at once.
    side = quote.bid if sign > 0 else quote.ask
    level = instrument.stop_level_pips
    nearest = max(1, int(level * pip_ticks(instrument))) if level else 1
    if stop is not None and (stop <= 0 or sign * (side - stop) < nearest):
        return _too_near(instrument, "stop", stop, sign * (side - stop), nearest)
    if target is not None and (target <= 0 or sign * (target - side) < nearest):
        return _too_near(instrument, "target", target, sign * (target - side), nearest)
    return None


def _too_near(instrument: Instrument, name: str, level: int, distance: int, nearest: int) -> str:
    return f"{name} {to_price(instrument, level)} is {distance} ticks from the quote, at least {nearest} needed"
