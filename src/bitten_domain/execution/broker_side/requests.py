"""Requests to the simulated broker: open, close, change levels."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.execution.account import Booking, BrokerTerms, DeclineCode, Declined, SimulatedAccount
from bitten_domain.execution.broker_side.entries import fill_entry, wrong_levels
from bitten_domain.execution.broker_side.exits import book_exit
from bitten_domain.execution.broker_side.valuation import margin_used
from bitten_domain.execution.costs import FillKind
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.fill_model import exit_ticks
from bitten_domain.execution.position import Position
from bitten_domain.execution.ticks import to_price, to_ticks
from bitten_domain.market.clocks.fx_week import is_open_at, trading_day_at
from bitten_domain.values.money import booked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.execution.order import MarketOrder
    from bitten_domain.execution.ticks import TickQuote
    from bitten_domain.values.instrument import Instrument
    from bitten_domain.values.lots import Lots

__all__ = ["change_levels", "close_position", "open_position"]


def open_position(
    account: SimulatedAccount,
    order: MarketOrder,
    quote: TickQuote,
    at: int,
    *,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
    equity: Decimal,
    in_high_window: bool = False,
) -> Booking:
    """Fill a market order.

    Args:
        account: the state before.
        order: what is asked.
        quote: bid and ask of the pair now, in ticks.
        at: now, seconds since 1970 UTC.
        terms: the broker's.
        rates: mid prices by symbol, for conversion and margin.
        equity: balance and floating result now, account currency (`valuation.mark_to_market`).
        in_high_window: whether a HIGH release of either currency is near.

    Returns:
        The account with the position, its opening deal and its ticket; or declined. The whole round trip's commission
        is booked with the opening deal.
    """
    instrument = terms.instruments.get(order.symbol)
    if instrument is None:
        return _declined(account, DeclineCode.UNKNOWN_SYMBOL, f"{order.symbol} is not traded here")
    if not is_open_at(at):
        return _declined(account, DeclineCode.MARKET_CLOSED, f"{order.symbol}: the market is closed")
    if order.not_after is not None and at > order.not_after:
        return _declined(account, DeclineCode.PAST_DEADLINE, f"the order ran out {at - order.not_after} s ago")
    if not _tradable(instrument, order.lots):
        return _declined(
            account,
            DeclineCode.INVALID_VOLUME,
            f"{order.lots} lots are not whole steps of {instrument.lot_step} from {instrument.min_lots} to "
            f"{instrument.max_lots}",
        )
    sign = order.direction.sign
    stop = None if order.stop is None else to_ticks(instrument, order.stop)
    target = None if order.target is None else to_ticks(instrument, order.target)
    used = margin_used(account.positions, account.currency, terms.leverage, rates)
    if used is None:
        return _declined(account, DeclineCode.NO_CONVERSION_RATE, f"{order.symbol}: no rate to {account.currency}")
    costs, currency = terms.costs, account.currency
    fill = fill_entry(
        instrument,
        sign,
        order.lots,
        stop,
        target,
        quote,
        currency=currency,
        free=equity - used,
        terms=terms,
        rates=rates,
        slippage=costs.slippage_ticks(instrument, FillKind.MARKET, in_high_window=in_high_window),
        stop_slippage=costs.slippage_ticks(instrument, FillKind.STOP),
    )
    if isinstance(fill, Declined):
        return Booking(account, declined=fill)
    zero = booked(Decimal(0), currency)
    position = Position(
        ticket=account.last_ticket + 1,
        client_order_id=order.client_order_id,
        instrument=instrument,
        direction=order.direction,
        lots=order.lots,
        filled_lots=order.lots,
        entry_ticks=fill.ticks,
        stop_ticks=stop,
        target_ticks=target,
        initial_stop_ticks=stop,
        opened_at=at,
        charged_day=trading_day_at(at),
        initial_risk=fill.initial_risk,
        conversion=fill.conversion,
        swap=zero,
    )
    deal = Deal(
        ticket=account.last_deal + 1,
        position=position.ticket,
        client_order_id=order.client_order_id,
        symbol=order.symbol,
        direction=order.direction,
        reason=DealReason.ENTRY,
        lots=order.lots,
        price=to_price(instrument, fill.ticks),
        at=at,
        profit=zero,
        swap=zero,
        commission=fill.commission,
        fee=zero,
        spread_cost=fill.spread_cost,
        slippage_cost=fill.slippage_cost,
    )
    opened = account._replace(
        balance=account.balance + fill.commission,
        positions=(*account.positions, position),
        last_ticket=position.ticket,
        last_deal=deal.ticket,
    )
    return Booking(opened, (deal,), position.ticket)


def close_position(
    account: SimulatedAccount,
    ticket: int,
    lots: Lots | None,
    quote: TickQuote,
    at: int,
    reason: DealReason,
    *,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
    kind: FillKind = FillKind.MARKET,
    in_high_window: bool = False,
) -> Booking:
    """Close a position, whole or part.

    Args:
        account: the state before.
        ticket: the position.
        lots: volume; None for all of it. A part must leave the minimum lot, or nothing.
        quote: bid and ask of the pair now, in ticks.
        at: now, seconds since 1970 UTC.
        reason: why, for the deal.
        terms: the broker's.
        rates: mid prices by symbol; without the one that is needed, the rate of the opening converts.
        kind: how it fills; MARKET slips, LIMIT does not.
        in_high_window: whether a HIGH release of either currency is near.
    """
    position = account.position(ticket)
    if position is None:
        return _declined(account, DeclineCode.UNKNOWN_TICKET, f"no open position {ticket}")
    if not is_open_at(at):
        return _declined(account, DeclineCode.MARKET_CLOSED, f"{position.symbol}: the market is closed", ticket)
    volume = position.lots if lots is None else lots
    instrument = position.instrument
    whole = volume == position.lots
    if not whole and not (
        _tradable(instrument, volume)
        and volume < position.lots
        and (position.lots - volume).value >= instrument.min_lots
    ):
        return _declined(
            account,
            DeclineCode.INVALID_VOLUME,
            f"{volume} of {position.lots} lots cannot be closed in steps of {instrument.lot_step} with "
            f"{instrument.min_lots} left on both parts",
            ticket,
        )
    slippage = terms.costs.slippage_ticks(instrument, kind, in_high_window=in_high_window)
    price = exit_ticks(position.sign, quote, slippage)
    spread = quote.ask - quote.bid
    return book_exit(account, position, volume, price, spread, slippage, at, reason, rates=rates)


def change_levels(
    account: SimulatedAccount,
    ticket: int,
    stop: Decimal | None,
    target: Decimal | None,
    quote: TickQuote,
    *,
    terms: BrokerTerms,
) -> Booking:
    """Replace a position's stop and target.

    Args:
        account: the state before.
        ticket: the position.
        stop, target: the new levels; None removes one. A broker takes a wider stop: that stops only tighten is the
            trade plan's promise, not the broker's.
        quote: bid and ask of the pair now, in ticks.
        terms: the broker's.
    """
    position = account.position(ticket)
    if position is None:
        return _declined(account, DeclineCode.UNKNOWN_TICKET, f"no open position {ticket}")
    instrument = terms.instruments.get(position.symbol, position.instrument)
    stop_ticks = None if stop is None else to_ticks(instrument, stop)
    target_ticks = None if target is None else to_ticks(instrument, target)
    if stop_ticks == position.stop_ticks and target_ticks == position.target_ticks:
        return Booking(account, (), ticket)
    # Only what changes is measured against the quote: an old level may lie nearer to it than a new one may.
    wrong = wrong_levels(
        instrument,
        position.sign,
        None if stop_ticks == position.stop_ticks else stop_ticks,
        None if target_ticks == position.target_ticks else target_ticks,
        quote,
    )
    if wrong is not None:
        return _declined(account, DeclineCode.INVALID_LEVELS, wrong, ticket)
    moved = replace(position, stop_ticks=stop_ticks, target_ticks=target_ticks)
    positions = tuple(moved if other is position else other for other in account.positions)
    return Booking(account._replace(positions=positions), (), ticket)


def _declined(account: SimulatedAccount, code: DeclineCode, detail: str, ticket: int | None = None) -> Booking:
    return Booking(account, (), ticket, Declined(code, detail))


def _tradable(instrument: Instrument, lots: Lots) -> bool:
    return instrument.min_lots <= lots.value <= instrument.max_lots and lots.is_whole(instrument.lot_step)
