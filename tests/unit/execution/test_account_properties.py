"""The simulated account under any history: its books add up, and an independent loop makes the same trades."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.execution.account import BrokerTerms, open_account
from bitten_domain.execution.broker_side.bars import advance
from bitten_domain.execution.broker_side.requests import change_levels, close_position, open_position
from bitten_domain.execution.broker_side.valuation import mark_to_market
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.order import MarketOrder
from bitten_domain.execution.ticks import TickBar, TickQuote, TickRates, tick_bars, to_price
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.clocks.fx_week import trading_day_at
from bitten_domain.values.direction import Direction
from bitten_domain.values.instrument import INSTRUMENTS
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money

TERMS = BrokerTerms()
MONDAY = int(datetime(2024, 1, 8, 9, tzinfo=UTC).timestamp())
SYMBOLS = ("EURUSD", "USDJPY", "EURGBP")
START = Money(Decimal(50_000), "USD")


@st.composite
def histories(draw: st.DrawFn, length: int = 60) -> tuple[list[dict[str, TickBar]], list[int]]:
    """Draw bars of three pairs and, per bar, a number that picks what is asked of the broker."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    last = {"EURUSD": 110_000, "USDJPY": 150_000, "EURGBP": 88_000}
    bars = []
    for _ in range(length):
        row = {}
        for symbol in SYMBOLS:
            opened = last[symbol] + int(generator.normal(0, 15)) * int(generator.integers(0, 2))
            steps = opened + np.cumsum(generator.normal(0, 40, 8)).astype(int)
            row[symbol] = TickBar(
                opened, max(opened, int(steps.max())), min(opened, int(steps.min())), int(steps[-1]), 12
            )
            last[symbol] = int(steps[-1])
        bars.append(row)
    return bars, generator.integers(0, 1_000_000, length).tolist()


@given(histories())
@settings(max_examples=25)
def test_given_any_history_when_booked_then_balance_is_start_plus_deals(
    history: tuple[list[dict[str, TickBar]], list[int]],
) -> None:
    bars, picks = history
    account = open_account(START)
    latest: dict[str, TickBar] = {}
    rates = TickRates(latest, INSTRUMENTS)
    deals: list[Deal] = []
    for number, (row, pick) in enumerate(zip(bars, picks, strict=True)):
        # 75 minutes a bar, so that rolls are passed; three days of a week stay clear of the weekend.
        at = MONDAY + number * 4_500
        latest.update(row)
        before = account
        account, booked = advance(account, row, at, trading_day_at(at), terms=TERMS, rates=rates)
        deals.extend(booked)
        for deal in booked:
            check_exit(deal, row[deal.symbol])
        symbol = SYMBOLS[pick % 3]
        bar, instrument = row[symbol], INSTRUMENTS[symbol]
        quote = TickQuote(bar.close, bar.close + bar.spread)
        direction = Direction.BUY if pick % 2 else Direction.SELL
        if pick % 5 < 2:
            order = MarketOrder(
                number + 1,
                symbol,
                direction,
                Lots(Decimal(pick % 7 + 1) / 50),
                to_price(instrument, bar.close - direction.sign * (60 + pick % 90)),
                to_price(instrument, bar.close + direction.sign * (60 + pick % 170)),
            )
            booking = open_position(
                account, order, quote, at, terms=TERMS, rates=rates, equity=mark_to_market(account, latest, rates)
            )
        elif account.positions:
            position = account.positions[pick % len(account.positions)]
            held = row[position.symbol]
            quote = TickQuote(held.close, held.close + held.spread)
            part = Lots(Decimal("0.01")) if pick % 3 else None
            booking = (
                change_levels(account, position.ticket, None, position.target, quote, terms=TERMS)
                if pick % 11 == 0
                else close_position(
                    account, position.ticket, part, quote, at, DealReason.MANUAL, terms=TERMS, rates=rates
                )
            )
        else:
            continue
        account = booking.account
        deals.extend(booking.deals)

        assert before.start == account.start
        assert account.balance.amount == START.amount + sum(deal.net.amount for deal in deals)

    assert [deal.ticket for deal in deals] == list(range(1, len(deals) + 1))
    assert all(
        amount == round(amount, 2)
        for deal in deals
        for amount in (deal.profit.amount, deal.swap.amount, deal.commission.amount)
    )
    for position in account.positions:
        mine = [deal for deal in deals if deal.position == position.ticket]
        closed = sum((deal.lots.value for deal in mine[1:]), Decimal(0))
        assert mine[0].lots.value - closed == position.lots.value


def check_exit(deal: Deal, bar: TickBar) -> None:
    """Hold that an exit at the broker lies in the bar's exit side, a stop's slippage of 5 ticks apart."""
    instrument = INSTRUMENTS[deal.symbol]
    offset = 0 if deal.direction is Direction.BUY else bar.spread
    slip = 5 * deal.direction.sign if deal.reason is DealReason.STOP else 0
    quoted = int(deal.price.scaleb(instrument.digits)) + slip
    assert bar.low + offset <= quoted <= bar.high + offset


@dataclass
class PlainTrade:
    """A trade as an independent loop in floats keeps it."""

    sign: int
    entered: int
    entry: float
    stop: float
    target: float
    left: int = -1
    exit: float = 0.0


def plain_loop(bars: Bars, entries: dict[int, int], spread: float) -> list[PlainTrade]:
    """Trade 40-pip stops and 60-pip targets at the open of given bars, in floats, with nothing of the project's."""
    trades: list[PlainTrade] = []
    tiny = 1e-9
    for i in range(len(bars)):
        opened, high, low = float(bars.open[i]), float(bars.high[i]), float(bars.low[i])
        if i in entries:
            sign = entries[i]
            entry = opened + spread + 0.00002 if sign > 0 else opened - 0.00002
            trades.append(PlainTrade(sign, i, entry, opened - sign * 0.0040, opened + sign * 0.0060))
        for trade in trades:
            if trade.left >= 0:
                continue
            shift = 0.0 if trade.sign > 0 else spread
            first = opened + shift
            worst, best = (low, high) if trade.sign > 0 else (high + spread, low + spread)
            if trade.sign * (first - trade.stop) <= tiny:
                trade.left, trade.exit = i, first - trade.sign * 0.00005
            elif trade.sign * (first - trade.target) >= -tiny:
                trade.left, trade.exit = i, first
            elif trade.sign * (worst - trade.stop) <= tiny:
                trade.left, trade.exit = i, trade.stop - trade.sign * 0.00005
            elif trade.sign * (best - trade.target) >= -tiny:
                trade.left, trade.exit = i, trade.target
    return trades


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_given_random_bars_when_traded_then_an_independent_loop_makes_the_same_trades(seed: int) -> None:
    generator = np.random.default_rng(seed)
    n = 150
    instrument = INSTRUMENTS["EURUSD"]
    steps = generator.normal(0, 0.0008, (n, 6))
    steps[generator.random(n) < 0.1, 0] *= 6  # some bars open with a gap
    path = 1.1 + np.cumsum(steps).reshape(n, 6)
    path = np.round(path, 5)
    opened = MONDAY + 900 * np.arange(n, dtype=np.int64)
    bars = Bars(
        "EURUSD", Timeframe.M15, opened, path[:, 0], path.max(axis=1), path.min(axis=1), path[:, -1], np.ones(n)
    )
    entries = {int(i): int(generator.choice([1, -1])) for i in generator.choice(n - 1, 12, replace=False)}
    expected = plain_loop(bars, entries, 0.00012)

    account = open_account(Money(Decimal(1_000_000), "USD"))
    got: list[Deal] = []
    for i, bar in enumerate(tick_bars(bars, instrument, np.full(n, 1.2))):
        at = int(opened[i])
        if i in entries:
            direction = Direction.of_sign(entries[i])
            order = MarketOrder(
                i + 1,
                "EURUSD",
                direction,
                Lots(Decimal(1)),
                to_price(instrument, bar.open - direction.sign * 400),
                to_price(instrument, bar.open + direction.sign * 600),
            )
            quote = TickQuote(bar.open, bar.open + bar.spread)
            booking = open_position(account, order, quote, at, terms=TERMS, rates={"EURUSD": Decimal("1.1")},
                                    equity=account.balance.amount)  # fmt: skip
            assert booking.declined is None, booking.declined
            account = booking.account
            got.extend(booking.deals)
        account, booked = advance(account, {"EURUSD": bar}, at, trading_day_at(at), terms=TERMS, rates={})
        got.extend(booked)

    exits = {deal.position: deal for deal in got if not deal.reason.opens}
    entered = [deal for deal in got if deal.reason.opens]
    assert [int((deal.at - MONDAY) / 900) for deal in entered] == [trade.entered for trade in expected]
    for deal, trade in zip(entered, expected, strict=True):
        assert float(deal.price) == pytest.approx(trade.entry, abs=1e-9)
        assert (deal.position in exits) == (trade.left >= 0)
        if trade.left >= 0:
            left = exits[deal.position]
            assert int((left.at - MONDAY) / 900) == trade.left
            assert float(left.price) == pytest.approx(trade.exit, abs=1e-9)
            profit = trade.sign * (trade.exit - trade.entry) * 100_000
            assert float(left.profit.amount) == pytest.approx(profit, abs=0.0051)
