"""Advancing an account over the bars of one time: swaps at the roll, stops and targets at the broker.

This runs for every bar time of a backtest. While no level is touched nothing is built: the same account comes back.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.execution.broker_side.exits import book_exit
from bitten_domain.execution.costs import FillKind
from bitten_domain.execution.deal import DealReason
from bitten_domain.execution.fill_model import BarrierHit, exit_fill, refined_exit_fill
from bitten_domain.execution.ticks import pip_ticks
from bitten_domain.risk.sizing import conversion_rate
from bitten_domain.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from bitten_domain.execution.account import BrokerTerms, SimulatedAccount
    from bitten_domain.execution.costs import CostModel
    from bitten_domain.execution.deal import Deal
    from bitten_domain.execution.position import Position
    from bitten_domain.execution.ticks import TickBar
    from bitten_domain.values.instrument import Instrument

__all__ = ["advance", "swap_between"]

_NO_SYMBOLS: frozenset[str] = frozenset()
_ZERO = Decimal(0)


def advance(
    account: SimulatedAccount,
    bars: Mapping[str, TickBar],
    at: int,
    day: int,
    *,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
    high_windows: AbstractSet[str] = _NO_SYMBOLS,
    finer: Mapping[str, Sequence[TickBar]] | None = None,
) -> tuple[SimulatedAccount, tuple[Deal, ...]]:
    """Let the broker do what the bars of one time make it do.

    Swaps come first (the roll lies before the bar), then each position's levels, by rising ticket. A position that was
    opened at these bars' open is subject to them.

    Args:
        account: the state before.
        bars: the bars that open at this time, by symbol; a pair without one is left alone.
        at: moment the deals are stamped with, seconds since 1970 UTC; the bars' close, when they are known.
        day: trading day the bars open in, days since 1970-01-01 (`fx_week.trading_day`, computed once per run).
        terms: the broker's.
        rates: mid prices by symbol, asked only when something is booked.
        high_windows: symbols near a HIGH release, whose stops slip more.
        finer: M1 or M5 bars inside `bars`, by symbol, oldest first; settles the order where a bar touches both levels.

    Returns:
        The next account, the same object when nothing happened, and the closing deals.
    """
    if day != account.day:
        account = _rolled(account, day, terms, rates)
    fired: list[Position] | None = None
    for position in account.positions:
        bar = bars.get(position.symbol)
        if bar is None:
            continue
        offset = 0 if position.sign > 0 else bar[4]
        if position.lower < bar[2] + offset and bar[1] + offset < position.upper:
            continue
        if fired is None:
            fired = []
        fired.append(position)
    if fired is None:
        return account, ()
    deals: list[Deal] = []
    for position in fired:
        account, deal = _exited(
            account,
            position,
            bars[position.symbol],
            at,
            terms,
            rates,
            high=position.symbol in high_windows,
            finer=() if finer is None else finer.get(position.symbol, ()),
        )
        deals.extend(deal)
    return account, tuple(deals)


def _exited(
    account: SimulatedAccount,
    position: Position,
    bar: TickBar,
    at: int,
    terms: BrokerTerms,
    rates: Mapping[str, Decimal],
    *,
    high: bool,
    finer: Sequence[TickBar],
) -> tuple[SimulatedAccount, tuple[Deal, ...]]:
    slippage = terms.costs.slippage_ticks(position.instrument, FillKind.STOP, in_high_window=high)
    levels = (position.sign, position.stop_ticks, position.target_ticks, bar)
    fill = refined_exit_fill(*levels, finer, slippage) if finer else exit_fill(*levels, slippage)
    if fill is None:
        return account, ()
    stopped = fill.hit is BarrierHit.STOP
    booking = book_exit(
        account,
        position,
        position.lots,
        fill.ticks,
        bar.spread,
        slippage if stopped else 0,
        at,
        DealReason.STOP if stopped else DealReason.TARGET,
        rates=rates,
        ambiguous=fill.ambiguous,
    )
    return booking.account, booking.deals


def _rolled(account: SimulatedAccount, day: int, terms: BrokerTerms, rates: Mapping[str, Decimal]) -> SimulatedAccount:
    """Accrue the swaps of the rolls since each position was last charged."""
    positions = tuple(_charged(position, day, account.currency, terms, rates) for position in account.positions)
    return account._replace(day=day, positions=positions)


def _charged(position: Position, day: int, currency: str, terms: BrokerTerms, rates: Mapping[str, Decimal]) -> Position:
    if position.charged_day >= day:
        return position
    rate = conversion_rate(position.quote_currency, currency, rates) or position.conversion
    worth = position.tick_worth * rate
    swap = swap_between(terms.costs, position.instrument, position.sign, position.charged_day, day, worth)
    return replace(position, charged_day=day, swap=position.swap + Money(swap, currency))


def swap_between(
    costs: CostModel, instrument: Instrument, sign: int, first_day: int, day: int, worth: Decimal
) -> Decimal:
    """Find what the rolls between two trading days bring, unrounded; negative is paid.

    Args:
        costs: the table.
        instrument: the pair.
        sign: +1 for a long, -1 for a short.
        first_day, day: trading days, days since 1970-01-01.
        worth: of one tick of the volume, in the currency the swap is wanted in.
    """
    if first_day == day:
        return _ZERO
    return costs.swap_pips(instrument.symbol, sign, first_day, day) * pip_ticks(instrument) * worth
