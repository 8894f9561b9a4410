"""A rule of one's own on one pair: entries in, trades out, on the account, sizing and fill model of everything else.

There is no score, gate or check here: it answers what a rule would have done, not what the desk would have let it do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from bitten_domain.errors import InvalidInput
from bitten_domain.execution import (
    BrokerTerms,
    CostModel,
    DealReason,
    Declined,
    FillKind,
    TickBar,
    TickQuote,
    Trade,
    open_account,
    spread_pips,
)
from bitten_domain.execution.broker_side.bars import swap_between
from bitten_domain.execution.broker_side.entries import EntryFill, fill_entry
from bitten_domain.execution.broker_side.exits import exit_amounts
from bitten_domain.execution.fill_model import BarrierHit, entry_ticks, exit_fill, exit_ticks
from bitten_domain.execution.position import worth_of_tick
from bitten_domain.execution.ticks import pip_ticks, tick_columns, to_price
from bitten_domain.execution.trade import net_r
from bitten_domain.market.bars import Bars
from bitten_domain.market.clocks.fx_week import is_open, trading_day
from bitten_domain.risk.sizing import conversion_rate, lots_for
from bitten_domain.values import INSTRUMENTS, Direction, Instrument, Lots, Money
from bitten_domain.values.money import booked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.execution import SimulatedAccount

__all__ = ["Entries", "Rule", "RuleRun", "run_rule"]

_FIRST_LOOK, _MOST_LOOK = 32, 4_096
_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_ONE_LOT = Lots(_ONE)
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


class _Opened(NamedTuple):
    """A position that is in: the entry's bar, who asked for it, its levels in ticks, and what the entry came to."""

    row: int
    sign: int
    sequence: int
    lots: Lots
    stop: int
    target: int
    fill: EntryFill


class _Left(NamedTuple):
    """How it is out again: the exit's bar, its price and slippage in ticks, and why."""

    row: int
    bar: TickBar
    ticks: int
    slippage: int
    at: int
    reason: DealReason
    ambiguous: bool


class _Walk:
    """One run; jumps from entry to exit instead of visiting every bar.

    A trade is a position opened and closed whole on an account that holds nothing else, so it is booked at once, from
    the same amounts a broker's deals are made of.
    """

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
        _, high, low, _, lift = self._ticks
        self._bid_range, self._ask_range = (low, high), (low + lift, high + lift)
        self._opened, self._closed, self._day = bars.opened, bars.closed, trading_day(bars.opened)
        wanted = np.nan_to_num(entries.direction)
        # The last close has no bar to fill at, and a broker takes nothing while the market is closed.
        rows = np.flatnonzero(wanted[:-1])
        rows = rows[is_open(bars.opened[rows + 1])]
        self._wishes = list(zip(rows.tolist(), np.sign(wanted[rows]).astype(np.int64).tolist(), strict=True))
        scale = pip_ticks(instrument)
        self._stop, self._target = round(entries.stop_pips * scale), round(entries.target_pips * scale)
        self._entry_slip = costs.slippage_ticks(instrument, FillKind.MARKET)
        self._stop_slip = costs.slippage_ticks(instrument, FillKind.STOP)
        self._stop_loss = worth_of_tick(instrument, _ONE_LOT) * (self._stop + self._stop_slip)
        self._charge = costs.commission(_ONE_LOT)
        self._risk, self._given = risk_percent / _HUNDRED, dict(rates)
        self._start = open_account(deposit)
        self._balance, self._currency = self._start.balance.amount, deposit.currency
        self._no_fee = booked(_ZERO, deposit.currency)
        self._is_cross = deposit.currency not in {instrument.base, instrument.quote}
        self._trades: list[Trade] = []

    def run(self) -> RuleRun:
        busy = day = sequence = 0
        for row, sign in self._wishes:
            if row < busy:
                continue
            sequence += 1
            opened = self._open(row + 1, sign, sequence)
            if opened is None:
                continue
            left = self._leave(opened)
            self._trades.append(self._booked(opened, left))
            busy, day = left.row, int(self._day[left.row])
        count = len(self._trades)
        account = self._start._replace(
            balance=Money(self._balance, self._currency), day=day, last_ticket=count, last_deal=2 * count
        )
        return RuleRun(tuple(self._trades), account, len(self._closed))

    def _open(self, row: int, sign: int, sequence: int) -> _Opened | None:
        """Open at a bar's open; None where the account is too small or the broker declines."""
        bar = self._bar(row)
        quote = TickQuote(bar.open, bar.open + bar.spread)
        rates = self._rates(quote)
        lots = self._lots(rates)
        if lots.value == 0:
            return None
        filled = entry_ticks(sign, quote, self._entry_slip)
        stop, target = filled - sign * self._stop, filled + sign * self._target
        fill = fill_entry(
            self._instrument, sign, lots, stop, target, quote,
            currency=self._currency, free=self._balance, terms=self._terms, rates=rates,
            slippage=self._entry_slip, stop_slippage=self._stop_slip,
        )  # fmt: skip
        return None if isinstance(fill, Declined) else _Opened(row, sign, sequence, lots, stop, target, fill)

    def _lots(self, rates: Mapping[str, Decimal]) -> Lots:
        worth = conversion_rate(self._instrument.quote, self._currency, rates)
        charged = conversion_rate(self._charge.currency, self._currency, rates)
        if worth is None or charged is None:
            raise InvalidInput(
                f"no rate leads from {self._instrument.quote} or {self._charge.currency} to {self._currency}",
                where=self._symbol,
                remedy="give rates, such as {'USDJPY': Decimal('150')}",
            )
        loss = self._stop_loss * worth + self._charge.amount * charged
        return Lots(lots_for(self._instrument, self._balance * self._risk, loss))

    def _leave(self, opened: _Opened) -> _Left:
        """Find the first bar from the entry's on that touches a level; the last one's close when none does."""
        row = self._exit_row(opened)
        bar, at = self._bar(row), int(self._closed[row])
        fill = exit_fill(opened.sign, opened.stop, opened.target, bar, self._stop_slip)
        if fill is None:
            closing = TickQuote(bar.close, bar.close + bar.spread)
            price = exit_ticks(opened.sign, closing, self._entry_slip)
            return _Left(row, bar, price, self._entry_slip, at - 1, DealReason.END_OF_RUN, ambiguous=False)
        if fill.hit is BarrierHit.STOP:
            return _Left(row, bar, fill.ticks, self._stop_slip, at, DealReason.STOP, fill.ambiguous)
        return _Left(row, bar, fill.ticks, 0, at, DealReason.TARGET, fill.ambiguous)

    def _exit_row(self, opened: _Opened) -> int:
        is_long = opened.sign > 0
        lows, highs = self._bid_range if is_long else self._ask_range
        lower, upper = (opened.stop, opened.target) if is_long else (opened.target, opened.stop)
        row, look, size = opened.row, _FIRST_LOOK, len(lows)
        while row < size:
            seen = slice(row, row + look)
            hit = (lows[seen] <= lower) | (highs[seen] >= upper)
            first = int(hit.argmax())
            if hit[first]:
                return row + first
            row += look
            look = min(2 * look, _MOST_LOOK)
        return size - 1

    def _booked(self, opened: _Opened, left: _Left) -> Trade:
        instrument, entry, sign = self._instrument, opened.fill, opened.sign
        worth = entry.tick_worth * (self._conversion(left.bar) or entry.conversion)
        days = int(self._day[opened.row]), int(self._day[left.row])
        swap = booked(swap_between(self._terms.costs, instrument, sign, *days, worth), self._currency)
        gained = sign * (left.ticks - entry.ticks)
        made = exit_amounts(sign, gained, left.bar.spread, left.slippage, worth, self._currency)
        net = made.profit.plus(swap, entry.commission)
        self._balance += net.amount
        return Trade(
            position=len(self._trades) + 1,
            client_order_id=opened.sequence,
            symbol=self._symbol,
            direction=Direction.of_sign(sign),
            lots=opened.lots,
            entry=to_price(instrument, entry.ticks),
            exit=to_price(instrument, left.ticks),
            initial_stop=to_price(instrument, opened.stop),
            opened_at=int(self._opened[opened.row]),
            closed_at=left.at,
            reason=left.reason,
            profit=made.profit,
            swap=swap,
            commission=entry.commission,
            fee=self._no_fee,
            spread_cost=entry.spread_cost + made.spread_cost,
            slippage_cost=entry.slippage_cost + made.slippage_cost,
            initial_risk=entry.initial_risk,
            net_r=None if entry.initial_risk is None else net_r(net, entry.initial_risk),
            ambiguous=left.ambiguous,
        )

    def _bar(self, row: int) -> TickBar:
        return TickBar(*self._ticks[:, row].tolist())

    def _conversion(self, bar: TickBar) -> Decimal | None:
        """Find the worth of the quote currency at a bar's close."""
        if self._instrument.quote == self._currency:
            return _ONE
        rates = self._rates(TickQuote(bar.close, bar.close + bar.spread))
        return conversion_rate(self._instrument.quote, self._currency, rates)

    def _rates(self, quote: TickQuote) -> Mapping[str, Decimal]:
        mid = (quote.bid + quote.ask) * self._instrument.tick / 2
        rates = {**self._given, self._symbol: mid}
        if self._is_cross:
            base, currency = self._instrument.base, self._currency
            worth = conversion_rate(self._instrument.quote, currency, rates)
            # The margin is in the base currency, whose rate the pair itself and the quote currency's rate imply.
            if worth is not None:
                rates.setdefault(base + currency, mid * worth)
        return rates
