"""A rule of one's own: the same trades as a plain loop over floats, and the same fills by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.desk.run.rule_run import Entries, Rule, run_rule
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import (
    BrokerTerms,
    Cost,
    CostModel,
    Deal,
    DealReason,
    FillKind,
    MarketOrder,
    Position,
    SimulatedAccount,
    TickQuote,
    Trade,
    advance,
    close_position,
    open_account,
    open_position,
    spread_pips,
    tick_bars,
    to_price,
    trade_of,
)
from bitten_domain.execution.fill_model import entry_ticks
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.values import INSTRUMENTS, Direction, Lots, Money

if TYPE_CHECKING:
    from tests.unit.conftest import WalkMaker

FREE = CostModel().without(*Cost)
PRICED = CostModel().without(Cost.COMMISSION, Cost.SWAP)
EURUSD = INSTRUMENTS["EURUSD"]


class LoopTrade(NamedTuple):
    """What the plain loop made of an entry: prices in dollars, moments in seconds."""

    sign: int
    entry: float
    exit: float
    lots: float
    opened_at: int
    bar: int
    profit: float


def plain_loop(bars: Bars, entries: Entries, costs: CostModel, deposit: float = 10_000.0) -> list[LoopTrade]:
    """Trade the entries bar by bar: the next bar's open, one at a time, the stop before the target.

    Sizing risks 1 % of the balance over the distance to the stop and its slippage, in whole hundredths of a lot.
    """
    slips = Cost.SLIPPAGE in costs.charged
    spread = (
        np.ceil(spread_pips(costs, EURUSD, bars.opened, bars.spread_pips, None, bars.timeframe.seconds) * 10 - 1e-6)
        / 1e5
    )
    market, stopped = (0.00002, 0.00005) if slips else (0.0, 0.0)
    balance, trades = deposit, []
    sign, entry, stop, target, lots, opened_at = 0, 0.0, 0.0, 0.0, 0.0, 0
    wish = 0
    for row in range(len(bars)):
        first, high, low, last, wide = (float(x[row]) for x in (bars.open, bars.high, bars.low, bars.close, spread))
        if not sign and wish:
            sign, opened_at = wish, int(bars.opened[row])
            entry = first + wide + market if sign > 0 else first - market
            stop, target = entry - sign * entries.stop_pips / 1e4, entry + sign * entries.target_pips / 1e4
            lots = int(balance * 0.01 / ((entries.stop_pips / 1e4 + stopped) * 1e5) * 100 + 1e-7) / 100
        if sign:
            lift = 0.0 if sign > 0 else wide
            opened, worst, best = first + lift, (low if sign > 0 else high + lift), (high if sign > 0 else low + lift)
            out: float | None = None
            if sign * (opened - stop) <= 1e-9:
                out = opened - sign * stopped
            elif sign * (opened - target) >= -1e-9:
                out = opened
            elif sign * (worst - stop) <= 1e-9:
                out = stop - sign * stopped
            elif sign * (best - target) >= -1e-9:
                out = target
            elif row == len(bars) - 1:
                out = last + lift - sign * market
            if out is not None:
                profit = round(sign * (out - entry) * 1e5 * lots, 2)
                trades.append(LoopTrade(sign, entry, out, lots, opened_at, row, profit))
                balance += profit
                sign = 0
        wish = 0 if sign else int(entries.direction[row])
    return trades


@settings(max_examples=40)
@given(
    seed=st.integers(0, 20),
    holes=st.sampled_from([0.0, 0.05]),
    draws=st.integers(0, 2**31),
    density=st.sampled_from([0.02, 0.2, 1.0]),
    stop=st.sampled_from([7.5, 15.0, 33.3]),
    target=st.sampled_from([5.0, 20.0, 60.0]),
    costs=st.sampled_from([FREE, PRICED]),
)
def test_given_any_walk_and_entries_when_run_then_the_trades_are_the_plain_loops(
    walk: WalkMaker,
    seed: int,
    holes: float,
    draws: int,
    density: float,
    stop: float,
    target: float,
    costs: CostModel,
) -> None:
    bars = walk(seed, 600, holes=holes)
    chance = np.random.default_rng(draws)
    direction = np.where(chance.random(len(bars)) < density, chance.choice([-1.0, 1.0], len(bars)), 0.0)
    entries = Entries(direction, stop, target)

    run = run_rule(lambda _: entries, bars, costs=costs)

    expected = plain_loop(bars, entries, costs)
    assert [
        (trade.direction.sign, trade.opened_at, round(float(trade.entry), 5), round(float(trade.exit), 5))
        for trade in run.trades
    ] == [(trade.sign, trade.opened_at, round(trade.entry, 5), round(trade.exit, 5)) for trade in expected]
    assert [float(trade.lots.value) for trade in run.trades] == pytest.approx([trade.lots for trade in expected])
    assert [float(trade.profit.amount) for trade in run.trades] == pytest.approx(
        [trade.profit for trade in expected], abs=0.011
    )
    assert run.account.balance == run.account.start + sum((t.net for t in run.trades), Money(Decimal(0), "USD"))


def by_the_broker(bars: Bars, entries: Entries, costs: CostModel) -> tuple[list[Trade], SimulatedAccount]:
    """Trade the entries bar by bar with the simulated broker's own requests, putting trades together from its deals."""
    terms = BrokerTerms({"EURUSD": EURUSD}, costs)
    ticks = tick_bars(bars, EURUSD, spread_pips(costs, EURUSD, bars.opened, None, None, bars.timeframe.seconds))
    account, trades, sequence, wish = open_account(Money(Decimal(10_000), "USD")), list[Trade](), 0, 0
    held: list[tuple[Position, list[Deal]]] = []
    for row, bar in enumerate(ticks):
        rates = {"EURUSD": (2 * bar.open + bar.spread) * EURUSD.tick / 2}
        day = int(trading_day(bars.opened[row : row + 1])[0])
        if wish and not held:
            sequence += 1
            quote = TickQuote(bar.open, bar.open + bar.spread)
            slip = costs.slippage_ticks(EURUSD, FillKind.MARKET)
            filled = entry_ticks(wish, quote, slip)
            stop, target = (round(pips * 10) for pips in (entries.stop_pips, entries.target_pips))
            loss = (stop + costs.slippage_ticks(EURUSD, FillKind.STOP)) + costs.commission(Lots(Decimal(1))).amount
            lots = account.balance.amount / 100 // (loss / 100) / 100
            order = MarketOrder(
                sequence,
                "EURUSD",
                Direction.of_sign(wish),
                Lots(lots),
                to_price(EURUSD, filled - wish * stop),
                to_price(EURUSD, filled + wish * target),
            )
            booking = open_position(
                account, order, quote, int(bars.opened[row]), terms=terms, rates=rates, equity=account.balance.amount
            )
            account = booking.account
            if booking.ticket is not None:
                held.append((account.positions[0], list(booking.deals)))
        account, deals = advance(account, {"EURUSD": bar}, int(bars.closed[row]), day, terms=terms, rates=rates)
        if held and not deals and row == len(ticks) - 1:
            over = TickQuote(bar.close, bar.close + bar.spread)
            booking = close_position(
                account, held[0][0].ticket, None, over, int(bars.closed[row]) - 1, DealReason.END_OF_RUN,
                terms=terms, rates=rates,
            )  # fmt: skip
            account, deals = booking.account, booking.deals
        if held and deals:
            position, booked = held.pop()
            trades.append(trade_of(position, [*booked, *deals]))
        wish = 0 if held else int(entries.direction[row])
    return trades, account


@settings(max_examples=40)
@given(
    seed=st.integers(0, 20),
    draws=st.integers(0, 2**31),
    density=st.sampled_from([0.02, 0.2, 1.0]),
    stop=st.sampled_from([7.5, 33.3, 90.0]),
    target=st.sampled_from([5.0, 60.0, 200.0]),
    costs=st.sampled_from([FREE, CostModel(), CostModel().scaled(Decimal("1.5"))]),
)
def test_given_any_walk_when_run_then_every_cent_is_what_the_broker_books(
    walk: WalkMaker, seed: int, draws: int, density: float, stop: float, target: float, costs: CostModel
) -> None:
    bars = walk(seed, 600)
    chance = np.random.default_rng(draws)
    direction = np.where(chance.random(len(bars)) < density, chance.choice([-1.0, 1.0], len(bars)), 0.0)
    entries = Entries(direction, stop, target)

    run = run_rule(lambda _: entries, bars, costs=costs)

    trades, account = by_the_broker(bars, entries, costs)
    assert list(run.trades) == trades
    assert (run.account.balance, run.account.last_deal) == (account.balance, account.last_deal)


def drawn(rows: list[tuple[float, float, float, float]], first: int = 1_738_663_200) -> Bars:
    """Draw M15 bars, from Tuesday 2025-02-04 10:00 UTC on where nothing else is said."""
    opened = first + 900 * np.arange(len(rows), dtype=np.int64)
    open_, high, low, close = np.array(rows, dtype=np.float64).reshape(-1, 4).T.copy()
    return Bars("EURUSD", Timeframe.M15, opened, open_, high, low, close, np.full(len(rows), 100.0))


def buying(at: int, *, stop: float = 20, target: float = 40, sign: int = 1) -> Rule:
    """Wish to be in at the close of one bar."""

    def rule(bars: Bars) -> Entries:
        return Entries(np.where(np.arange(len(bars)) == at, sign, 0), stop, target)

    return rule


FLAT = (1.1, 1.1, 1.1, 1.1)
RISE = (1.1001, 1.1101, 1.1, 1.11)


def test_given_a_wish_at_a_close_when_run_then_it_is_filled_at_the_next_open_with_all_costs() -> None:
    run = run_rule(buying(0), drawn([FLAT, RISE, RISE]))

    (trade,) = run.trades
    # Ask 1.10022, slippage 0.2 pip; the target is 40 pips from the fill and does not slip.
    assert (trade.entry, trade.exit) == (Decimal("1.10024"), Decimal("1.10424"))
    # 100 USD over 20.5 pips and 7 USD a lot: 100 / 212 = 0.4716...
    assert trade.lots.value == Decimal("0.47")
    assert (trade.profit.amount, trade.commission.amount) == (Decimal("188.00"), Decimal("-3.29"))
    assert trade.reason is DealReason.TARGET


def test_given_a_position_when_more_wishes_come_then_there_is_one_at_a_time() -> None:
    bars = drawn([FLAT] * 6 + [RISE] * 3)

    run = run_rule(lambda given_bars: Entries(np.ones(len(given_bars)), 20, 40), bars, costs=FREE)

    # In from the second bar to the seventh, whose close is the next wish.
    assert [trade.opened_at for trade in run.trades] == [int(bars.opened[row]) for row in (1, 7, 8)]


def test_given_an_open_position_when_the_bars_end_then_it_is_closed_there() -> None:
    (trade,) = run_rule(buying(0, sign=-1), drawn([FLAT, FLAT, FLAT]), costs=FREE).trades

    assert (trade.direction, trade.reason, trade.exit) == (Direction.SELL, DealReason.END_OF_RUN, Decimal("1.10000"))


@pytest.mark.parametrize("at", [None, 2])
def test_given_no_wish_or_one_at_the_last_close_when_run_then_nothing_is_traded(at: int | None) -> None:
    run = run_rule(buying(-1 if at is None else at), drawn([FLAT, FLAT, FLAT]))

    assert (run.trades, run.account.balance, run.bars) == ((), run.account.start, 3)


def test_given_no_bars_when_run_then_nothing_is_traded() -> None:
    assert run_rule(buying(0), drawn([])).trades == ()


def test_given_nights_when_held_then_swaps_are_charged() -> None:
    # From Monday 2025-02-03 15:00 UTC over two rolls.
    run = run_rule(buying(0), drawn([FLAT] * 200, 1_738_594_800), costs=CostModel().without(Cost.SPREAD, Cost.SLIPPAGE))

    (trade,) = run.trades
    # Two nights of 0.6 pip at 10 USD a pip and lot.
    assert trade.swap.amount == -(Decimal("12.0") * trade.lots.value).quantize(Decimal("0.01"))


def test_given_too_small_an_account_when_run_then_the_least_lot_is_not_exceeded() -> None:
    run = run_rule(buying(0), drawn([FLAT, RISE]), deposit=Money(Decimal(20), "USD"))

    assert run.trades == ()


def test_given_another_quote_currency_when_a_rate_is_given_then_it_is_used() -> None:
    bars = replace(drawn([(0.85, 0.85, 0.85, 0.85), (0.85, 0.8555, 0.85, 0.855)]), symbol="EURGBP")
    free = CostModel().without(*Cost)

    (trade,) = run_rule(buying(0), bars, costs=free, rates={"GBPUSD": Decimal("1.25")}).trades

    # 100 USD over 20 pips of 12.50 USD: 0.40 lots; 40 pips.
    assert (trade.lots.value, trade.profit.amount) == (Decimal("0.40"), Decimal("200.00"))
    with pytest.raises(InvalidInput, match="no rate leads from GBP"):
        run_rule(buying(0), bars, costs=free)


@pytest.mark.parametrize(
    ("stop", "target"), [(0, 40), (20, 0), (-1, 40), (float("nan"), 40), (20, float("inf")), (0.01, 40)]
)
def test_given_a_distance_that_is_none_when_run_then_it_is_refused(stop: float, target: float) -> None:
    with pytest.raises(InvalidInput, match="distances"):
        run_rule(buying(0, stop=stop, target=target), drawn([FLAT, FLAT]))


def test_given_entries_of_another_length_when_run_then_they_are_refused() -> None:
    with pytest.raises(InvalidInput, match="2 entries for 3 bars"):
        run_rule(lambda _: Entries(np.zeros(2), 20, 40), drawn([FLAT] * 3))


def test_given_an_unknown_pair_when_run_then_its_contract_is_asked_for() -> None:
    bars = replace(drawn([FLAT, RISE]), symbol="EURNOK")

    with pytest.raises(InvalidInput, match="EURNOK is not one of the ten pairs"):
        run_rule(buying(0), bars)
    contract = replace(EURUSD, symbol="EURNOK")
    assert len(run_rule(buying(0), bars, instrument=contract, rates={"USDNOK": Decimal(10)}).trades) == 1


def test_given_a_stop_inside_the_spread_when_run_then_the_entry_is_passed_over() -> None:
    # Monday 2025-02-03 22:00 UTC is the roll: five times 1.2 pips.
    bars = drawn([FLAT, FLAT, RISE], 1_738_619_100)

    assert run_rule(buying(0, stop=5), bars).trades == ()
    assert len(run_rule(buying(0, stop=7), bars).trades) == 1
