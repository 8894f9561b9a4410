"""A rule of one's own on one pair: entries in, trades out, on the account, sizing and fill model of everything else.

There is no score, gate or check here: it answers what a rule would have done, not what the desk would have let it do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from bitten_domain.errors import InvalidInput
from bitten_domain.execution import (
    BrokerTerms,
    CostModel,
    DealReason,
    FillKind,
    MarketOrder,
    TickBar,
    TickQuote,
    Trade,
    advance,
    close_position,
    open_account,
    open_position,
    spread_pips,
    trade_of,
)
from bitten_domain.execution.fill_model import entry_ticks
from bitten_domain.execution.ticks import pip_ticks, tick_columns, to_price
from bitten_domain.market.bars import Bars
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.risk.sizing import conversion_rate, lots_for
from bitten_domain.values import INSTRUMENTS, Direction, Instrument, Lots, Money

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.execution import SimulatedAccount

__all__ = ["Entries", "Rule", "RuleRun", "run_rule"]

_LOOK = 256
_HUNDRED = Decimal(100)
_DEPOSIT = Money(Decimal(10_000), "USD")


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """When a rule wants to be in.

    Args:
        direction: shape (n,), +1 to buy, -1 to sell, 0 for nothing, decided at each bar's close and filled at the next
            bar's open.
        stop_pips, target_pips: distances from the fill, a tick or more.
    """

    direction: NDArray[np.float64] | NDArray[np.int64]
    stop_pips: float
    target_pips: float


Rule: TypeAlias = Callable[[Bars], Entries]
"""Reads bars and says when to be in. What it says of a bar must not depend on later bars."""


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What a rule came to.

    Args:
        trades: closed trades, oldest first.
        account: at the end; whatever was open was closed at the last bar.
        bars: bars taken in.
    """

    trades: tuple[Trade, ...]
    account: SimulatedAccount
    bars: int


def run_rule(
    rule: Rule,
    bars: Bars,
    *,
    instrument: Instrument | None = None,
    deposit: Money = _DEPOSIT,
    risk_percent: Decimal = Decimal(1),
    costs: CostModel | None = None,
    rates: Mapping[str, Decimal] | None = None,
) -> RuleRun:
    """Trade a rule, one position at a time; entries while one is open are passed over, and so are those a broker would
    decline: a stop inside the spread, more than the account can carry, less than the smallest lot.

    Args:
        rule: says when to be in.
        bars: bid bars of one pair, of any length.
        instrument: its contract; None for one of the ten pairs.
        deposit: what the account starts with.
        risk_percent: what the stop of one trade may cost, of the balance, costs included.
        costs: the cost table; None for the documented one.
        rates: mid prices by symbol that lead from the pair's quote currency to the account's, where the pair itself
            does not.

    Raises:
        InvalidInput: the pair is unknown, no rate leads to the account's currency, the entries don't fit the bars, or a
            distance is less than a tick.
    """
    contract = instrument or INSTRUMENTS.get(bars.symbol)
    if contract is None:
        raise InvalidInput(f"{bars.symbol} is not one of the ten pairs", remedy="give its instrument")
    entries = rule(bars)
    if len(entries.direction) != len(bars):
        raise InvalidInput(
            f"the rule gave {len(entries.direction)} entries for {len(bars)} bars", where="Entries.direction"
        )
    least = float(contract.tick / contract.pip)
    if not all(least <= pips < math.inf for pips in (entries.stop_pips, entries.target_pips)):
        raise InvalidInput(
            f"stop and target must be distances of at least {least} pip, got {entries.stop_pips} and "
            f"{entries.target_pips}",
            where="Entries.stop_pips, Entries.target_pips",
        )
    return _Walk(bars, contract, entries, deposit, risk_percent, costs or CostModel(), rates or {}).run()


class _Walk:
    """One run; jumps from entry to exit instead of visiting every bar."""

    def __init__(
        self,
        bars: Bars,
        instrument: Instrument,
        entries: Entries,
        deposit: Money,
        risk_percent: Decimal,
        costs: CostModel,
        rates: Mapping[str, Decimal],
    ) -> None:
        self._instrument, self._symbol = instrument, instrument.symbol
        self._terms = BrokerTerms({instrument.symbol: instrument}, costs)
        spread = spread_pips(costs, instrument, bars.opened, bars.spread_pips, None, bars.timeframe.seconds)
        self._ticks = np.stack(tick_columns(bars, instrument, spread))
        _, self._high, self._low, _, self._spread = self._ticks
        self._closed, self._opened = bars.closed, bars.opened
        self._day = trading_day(bars.opened)
        wanted = np.nan_to_num(entries.direction)
        rows = np.flatnonzero(wanted)
        self._entries = list(zip(rows.tolist(), np.sign(wanted[rows]).astype(np.int64).tolist(), strict=True))
        scale = pip_ticks(instrument)
        self._stop, self._target = round(entries.stop_pips * scale), round(entries.target_pips * scale)
        self._risk, self._given = risk_percent / _HUNDRED, dict(rates)
        self._entry_slip = costs.slippage_ticks(instrument, FillKind.MARKET)
        self._stop_slip = costs.slippage_ticks(instrument, FillKind.STOP)
        self._charge = costs.commission(Lots(Decimal(1)))
        self._account = open_account(deposit)
        self._is_cross = deposit.currency not in {instrument.base, instrument.quote}

    def run(self) -> RuleRun:
        trades: list[Trade] = []
        busy, sequence, last = 0, 0, len(self._closed) - 1
        for row, sign in self._entries:
            if row < busy or row >= last:
                continue
            sequence += 1
            trade, busy = self._trade(row + 1, sign, sequence)
            if trade is not None:
                trades.append(trade)
        return RuleRun(tuple(trades), self._account, len(self._closed))

    def _trade(self, row: int, sign: int, sequence: int) -> tuple[Trade | None, int]:
        """Open at a bar's open and follow to the exit; say from which bar on a new entry may be taken."""
        instrument = self._instrument
        opened = self._bar(row)
        quote = TickQuote(opened.open, opened.open + opened.spread)
        rates = self._rates(quote)
        filled = entry_ticks(sign, quote, self._entry_slip)
        stop, target = filled - sign * self._stop, filled + sign * self._target
        conversion = conversion_rate(instrument.quote, self._account.currency, rates)
        charge = self._charge
        commission = conversion_rate(charge.currency, self._account.currency, rates)
        if conversion is None or commission is None:
            raise InvalidInput(
                f"no rate leads from {instrument.quote} or {charge.currency} to {self._account.currency}",
                where=self._symbol,
                remedy="give rates, such as {'USDJPY': Decimal('150')}",
            )
        loss = (
            self._stop + self._stop_slip
        ) * instrument.tick * instrument.contract_size * conversion + charge.amount * commission
        balance = self._account.balance.amount
        lots = lots_for(instrument, max(Decimal(0), balance * self._risk), loss)
        if lots == 0:
            return None, row
        order = MarketOrder(
            sequence,
            self._symbol,
            Direction.of_sign(sign),
            Lots(lots),
            to_price(instrument, stop),
            to_price(instrument, target),
        )
        booking = open_position(
            self._account, order, quote, int(self._opened[row]), terms=self._terms, rates=rates, equity=balance
        )
        if booking.ticket is None:
            return None, row
        position = booking.account.positions[-1]
        end = self._exit_row(row, sign, stop, target)
        exit_row = len(self._closed) - 1 if end is None else end
        bar = self._bar(exit_row)
        at = int(self._closed[exit_row])
        later = self._rates(TickQuote(bar.close, bar.close + bar.spread))
        account, deals = advance(
            booking.account, {self._symbol: bar}, at, int(self._day[exit_row]), terms=self._terms, rates=later
        )
        if not deals:
            closing = TickQuote(bar.close, bar.close + bar.spread)
            over = close_position(
                account, position.ticket, None, closing, at - 1, DealReason.END_OF_RUN, terms=self._terms, rates=later
            )
            account, deals = over.account, over.deals
        self._account = account
        return trade_of(position, (*booking.deals, *deals)), exit_row

    def _bar(self, row: int) -> TickBar:
        return TickBar(*self._ticks[:, row].tolist())

    def _exit_row(self, row: int, sign: int, stop: int, target: int) -> int | None:
        """Find the first bar from the entry's on that touches a level; None when none does."""
        size, look = len(self._closed), 32
        while row < size:
            seen = slice(row, row + look)
            if sign > 0:
                hit = (self._low[seen] <= stop) | (self._high[seen] >= target)
            else:
                lift = self._spread[seen]
                hit = (self._high[seen] + lift >= stop) | (self._low[seen] + lift <= target)
            first = int(hit.argmax())
            if hit[first]:
                return row + first
            row += look
            look = _LOOK
        return None

    def _rates(self, quote: TickQuote) -> Mapping[str, Decimal]:
        mid = (quote.bid + quote.ask) * self._instrument.tick / 2
        rates = {**self._given, self._symbol: mid}
        if self._is_cross:
            base, currency = self._instrument.base, self._account.currency
            worth = conversion_rate(self._instrument.quote, currency, rates)
            # The margin is in the base currency, whose rate the pair itself and the quote currency's rate imply.
            if worth is not None:
                rates.setdefault(base + currency, mid * worth)
        return rates
