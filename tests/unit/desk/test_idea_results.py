"""Results of ideas: the vectorised outcome is what the simulated account makes of one lot, led by its plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.desk.run.idea_results import IdeaResults, results_of
from bitten_domain.desk.run.pair_columns import PairColumns, prepare_pair
from bitten_domain.desk.state import OpenTrade
from bitten_domain.desk.trade_management import lead_trades, take_swept_stages
from bitten_domain.execution import (
    BrokerTerms,
    Cost,
    CostModel,
    Deal,
    DealReason,
    FillKind,
    MarketOrder,
    TickQuote,
    Trade,
    TradePlan,
    advance,
    open_account,
    open_position,
    to_price,
    trade_of,
)
from bitten_domain.execution.charges.swaps import SwapRate, SwapTable
from bitten_domain.execution.fill_model import entry_ticks
from bitten_domain.execution.plan import plan_target
from bitten_domain.execution.ticks import pip_ticks
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.clocks.fx_week import is_open_at
from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.strategies import london_breakout
from bitten_domain.strategies.london_breakout import LondonBreakout
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, Direction, Lots, Money, SignalId
from bitten_domain.vocabulary import Impact, PlanKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.conftest import WalkMaker
    from tests.unit.desk.conftest import RowsMaker, SetUp

PLANS = (
    PlanKind.FIXED,
    PlanKind.PARTIAL,
    PlanKind.RUNNER,
    PlanKind.BREAK_EVEN,
    PlanKind.ATR_TRAIL,
    PlanKind.TIME_STOP,
)
STRATEGIES = tuple(replace(LondonBreakout(london_breakout.WIDE), plan=plan) for plan in PLANS)
FREE = CostModel().without(*Cost)
CALM = NewsCalendarView(EventCalendar.empty())
START = {"EURUSD": 1.1, "USDJPY": 150.0}
# In the quote currency nothing is converted but the commission, so that only cents tell the two ways apart.
CURRENCY = {"EURUSD": "USD", "USDJPY": "JPY"}
DEPOSIT = Decimal(100_000_000)
SWAPS = SwapTable.of(
    [
        SwapRate("EURUSD", 0, Decimal("-0.73"), Decimal("0.21")),
        SwapRate("EURUSD", 20_130, Decimal("-0.90"), Decimal("-0.10")),
    ]
)


def releases(bars: Bars, every: int) -> NewsCalendarView:
    """Put a HIGH release on every so many bars."""
    events = [NewsEvent(int(at) + 300, "USD", Impact.HIGH, "CPI m/m") for at in bars.opened[every // 2 :: every]]
    return NewsCalendarView(EventCalendar(tuple(events), 0, 1 << 40, frozenset(Impact)))


def outcomes(pair: PairColumns, rows: Sequence[SetUp], candidate_rows: RowsMaker, costs: CostModel) -> IdeaResults:
    table = candidate_rows(*rows).table
    columns = {pair.instrument.symbol: pair}
    wanted = np.ones(len(rows), dtype=np.bool_)
    currency = CURRENCY[pair.instrument.symbol]
    return results_of(table, wanted, columns, TEN_PAIRS, STRATEGIES, costs, currency)


@dataclass(frozen=True, slots=True)
class Followed:
    """What the account made of a set-up; the trade is None while it is open."""

    trade: Trade | None
    ambiguous: bool


def simulated(pair: PairColumns, idea: SetUp, costs: CostModel) -> Followed:
    """Open one lot at the idea's bar and follow it bar by bar, as a desk does."""
    instrument, symbol, prices = pair.instrument, pair.instrument.symbol, pair.prices
    terms = BrokerTerms(costs=costs)
    bar = int(np.flatnonzero(prices.closed == idea.at)[0])
    direction, plan = Direction.of_sign(idea.sign), TradePlan(PLANS[idea.strategy], idea.at + idea.flat_after)
    quote = TickQuote(int(prices.close[bar]), int(prices.close[bar]) + int(pair.quote_spread[bar]))
    lift = 0 if idea.sign > 0 else quote.ask - quote.bid
    scale = 10**instrument.digits
    high = bool(pair.high_window[bar])
    rates = {symbol: (2 * quote.bid + int(prices.spread[bar])) * instrument.tick / 2}
    filled = entry_ticks(idea.sign, quote, costs.slippage_ticks(instrument, FillKind.MARKET, in_high_window=high))
    stop = to_price(instrument, round(idea.stop * scale) + lift)
    drawn = to_price(instrument, round(idea.target * scale) + lift)
    target = plan_target(plan, instrument, direction, to_price(instrument, filled), stop, drawn)
    booking = open_position(
        open_account(Money(DEPOSIT, CURRENCY[symbol])),
        MarketOrder(1, symbol, direction, Lots(Decimal(1)), stop, target),
        quote, idea.at, terms=terms, rates=rates, equity=DEPOSIT, in_high_window=high,
    )  # fmt: skip
    assert booking.declined is None, booking.declined
    known = OpenTrade(SignalId("idea"), 0, plan, Decimal(1), 8000, "any", 0.1, idea.at)
    account, position = booking.account, booking.account.positions[0]
    deals: list[Deal] = list(booking.deals)
    for later in range(bar + 1, len(prices.closed)):
        at = int(prices.closed[later])
        bars = {symbol: pair.ticks[later]}
        fast = frozenset({symbol}) if pair.high_window[later] else frozenset()
        day = int(prices.day[later])
        account, _ = advance(account, {}, at, day, terms=terms, rates=rates, high_windows=fast)
        trades = {position.ticket: known}
        account, swept = take_swept_stages(account, trades, bars, at, terms=terms, rates=rates, high_windows=fast)
        account, closed = advance(account, bars, at, day, terms=terms, rates=rates, high_windows=fast)
        account, led = lead_trades(
            account, trades, bars, at, terms=terms, rates=rates, high_windows=fast, atr=lambda _, at: pair.atr_at(at)
        )
        deals += [*swept, *closed, *led]
        if not account.positions:
            trade = trade_of(position, deals)
            assert account.balance == account.start + sum(
                (deal.net for deal in deals), Money(Decimal(0), account.currency)
            )
            return Followed(trade, deals[-1].ambiguous)
    return Followed(None, ambiguous=False)


@st.composite
def wishes(draw: st.DrawFn) -> tuple[int, int, float, float, int, int]:
    return (
        draw(st.integers(2, 690)),
        draw(st.sampled_from([1, -1])),
        draw(st.floats(8, 45)),
        draw(st.floats(8, 90)),
        draw(st.integers(0, len(PLANS) - 1)),
        draw(st.sampled_from([900, 3_600, 8 * 3_600, 30 * 3_600, 90 * 3_600, 200 * 3_600])),
    )


@settings(max_examples=40)
@given(
    seed=st.integers(0, 25),
    symbol=st.sampled_from(["EURUSD", "USDJPY"]),
    holes=st.sampled_from([0.0, 0.05]),
    every=st.sampled_from([7, 60, 5_000]),
    factor=st.sampled_from(["0", "1", "2"]),
    wanted=st.lists(wishes(), min_size=3, max_size=10),
)
def test_given_any_walk_and_set_ups_when_followed_then_both_ways_give_the_same_trade(
    walk: WalkMaker,
    candidate_rows: RowsMaker,
    set_up: type[SetUp],
    seed: int,
    symbol: str,
    holes: float,
    every: int,
    factor: str,
    wanted: list[tuple[int, int, float, float, int, int]],
) -> None:
    bars = walk(seed, 700, symbol=symbol, start=START[symbol], holes=holes)
    costs = CostModel(factor=Decimal(factor), swaps=SWAPS)
    instrument = INSTRUMENTS[symbol]
    pair = prepare_pair(instrument, bars, costs, releases(bars, every), trails=True)
    ideas = []
    for row, sign, stop, target, plan, flat_after in sorted(wanted):
        bar = min(row, len(bars) - 2)
        at, close, pip = int(bars.closed[bar]), float(bars.close[bar]), float(instrument.pip)
        # At the roll and over news the spread is several pips: the stop stays outside of it.
        room = pip * (stop + 2.5 * pair.quote_spread[bar] / pip_ticks(instrument))
        if is_open_at(at):
            ideas.append(
                set_up(
                    at=at, symbol=symbol, sign=sign, entry=close, stop=round(close - sign * room, 5),
                    target=round(close + sign * (room + target * pip), 5), strategy=plan, flat_after=flat_after,
                )
            )  # fmt: skip
    results = outcomes(pair, ideas, candidate_rows, costs)

    for number, idea in enumerate(ideas):
        followed = simulated(pair, idea, costs)
        trade = followed.trade
        assert (results.closed_at[number] > 0) == (trade is not None)
        if trade is None:
            assert np.isnan(results.net_r[number])
            continue
        assert trade.net_r is not None
        # What a plan does is stamped a second before the bar's end.
        assert results.closed_at[number] - trade.closed_at in {0, 1}
        assert results.hit_target[number] == (trade.reason is DealReason.TARGET)
        assert results.ambiguous[number] == followed.ambiguous
        # Half a cent of each deal, of the swap's parts and of the risk, on 80 units of risk at the least.
        assert results.net_r[number] == pytest.approx(float(trade.net_r), abs=4e-4)


def test_given_a_hundred_set_ups_of_a_walk_when_followed_then_every_kind_of_end_is_among_them(
    walk: WalkMaker, candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    """The property above is worth what its walks contain."""
    bars = walk(3, 1_400, holes=0.02)
    pair = prepare_pair(INSTRUMENTS["EURUSD"], bars, CostModel(), releases(bars, 60), trails=True)
    ideas = [
        set_up(
            at=int(bars.closed[row]), sign=1 if row % 2 else -1, entry=float(bars.close[row]),
            stop=round(float(bars.close[row]) - (1 if row % 2 else -1) * 0.0006, 5),
            target=round(float(bars.close[row]) + (1 if row % 2 else -1) * 0.0006, 5), strategy=row // 10 % len(PLANS),
            flat_after=(90 if row % 25 else 2) * 3_600,
        )
        for row in range(5, 1_300, 5)
        if is_open_at(int(bars.closed[row])) and pair.quote_spread[row] < 30
    ]  # fmt: skip
    results = outcomes(pair, ideas, candidate_rows, CostModel())
    trades = [(idea, simulated(pair, idea, CostModel()).trade) for idea in ideas]
    closed = [(idea, trade) for idea, trade in trades if trade is not None]

    assert {trade.reason for _, trade in closed} >= {DealReason.STOP, DealReason.TARGET, DealReason.FLAT}
    assert {PLANS[idea.strategy] for idea, trade in closed if trade.reason is DealReason.TARGET} == set(PLANS)
    assert sum(trade.swap.amount < 0 for _, trade in closed) >= 10
    assert len(closed) == int((results.closed_at > 0).sum()) >= 100
    differences = [
        results.net_r[number] - float(trade.net_r)
        for number, (_, trade) in enumerate(trades)
        if trade is not None and trade.net_r is not None
    ]
    assert float(np.max(np.abs(differences))) < 4e-4


def drawn(rows: Sequence[tuple[float, float, float, float]]) -> Bars:
    """Draw bars from Tuesday 2025-02-04 10:00 UTC on."""
    opened = 1_738_663_200 + 900 * np.arange(len(rows), dtype=np.int64)
    open_, high, low, close = np.array(rows).T.copy()
    return Bars("EURUSD", Timeframe.M15, opened, open_, high, low, close, np.full(len(rows), 100.0))


FLAT = (1.1, 1.1, 1.1, 1.1)
BOTH = (1.1, 1.1045, 1.0975, 1.1)


@pytest.mark.parametrize(
    ("plan", "sign", "later", "gross_r"),
    [
        # 20 pips of risk, 40 to the target.
        (PlanKind.FIXED, 1, [(1.1, 1.1045, 1.1, 1.104)], 2.0),
        (PlanKind.FIXED, 1, [(1.1, 1.1005, 1.0975, 1.099)], -1.0),
        (PlanKind.FIXED, -1, [(1.1, 1.1005, 1.0955, 1.096)], 2.0),
        # Both levels in one bar: the stop.
        (PlanKind.FIXED, 1, [BOTH], -1.0),
        # A gap through the stop costs the gap, one through the target pays it.
        (PlanKind.FIXED, 1, [(1.0960, 1.0965, 1.0955, 1.096)], -2.0),
        (PlanKind.FIXED, -1, [(1.0940, 1.0945, 1.0935, 1.094)], 3.0),
        # Half at 1.5 R, then back to the entry: 0.75.
        (PlanKind.PARTIAL, 1, [(1.1, 1.1032, 1.1, 1.103), (1.103, 1.103, 1.0995, 1.1)], 0.75),
        # Half at 1.5 R and half at 3 R: 2.25.
        (PlanKind.PARTIAL, 1, [(1.1, 1.1032, 1.1, 1.103), (1.103, 1.1065, 1.103, 1.106)], 2.25),
        # The part is taken, the close is behind the entry: the rest goes there, 5 pips below.
        (PlanKind.PARTIAL, 1, [(1.1, 1.1032, 1.0994, 1.0995)], 0.5 * 1.5 - 0.5 * 0.25),
        # Three quarters at 1.5 R, the rest stopped where the stop always was.
        (PlanKind.RUNNER, -1, [(1.1, 1.1, 1.0969, 1.097), (1.097, 1.1025, 1.097, 1.102)], 0.75 * 1.5 - 0.25),
    ],
)
def test_given_drawn_bars_without_costs_when_followed_then_gross_r_is_that_by_hand(
    candidate_rows: RowsMaker,
    set_up: type[SetUp],
    plan: PlanKind,
    sign: int,
    later: list[tuple[float, float, float, float]],
    gross_r: float,
) -> None:
    bars = drawn([FLAT, *later])
    pair = prepare_pair(INSTRUMENTS["EURUSD"], bars, FREE, CALM)
    idea = set_up(
        at=int(bars.closed[0]), sign=sign, stop=1.1 - sign * 0.002, target=1.1 + sign * 0.004,
        strategy=PLANS.index(plan),
    )  # fmt: skip

    results = outcomes(pair, [idea], candidate_rows, FREE)

    assert results.gross_r.tolist() == pytest.approx([gross_r])
    assert results.net_r.tolist() == pytest.approx([gross_r])
    followed = simulated(pair, idea, FREE)
    assert followed.trade is not None
    assert float(followed.trade.net_r or 0) == pytest.approx(gross_r, abs=5e-5)
    assert results.ambiguous.tolist() == [followed.ambiguous] == [later == [BOTH]]


def test_given_a_set_up_of_the_last_bar_or_still_running_when_followed_then_it_is_open(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    bars = drawn([FLAT, FLAT])
    pair = prepare_pair(INSTRUMENTS["EURUSD"], bars, CostModel(), CALM)

    results = outcomes(pair, [set_up(at=int(at)) for at in bars.closed], candidate_rows, CostModel())

    assert results.closed_at.tolist() == [0, 0]
    assert bool(np.isnan(results.net_r).all())


def test_given_a_set_up_at_the_roll_when_held_over_the_next_then_it_pays_that_one_only(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    # Tuesday 2025-02-04 16:45 to Thursday 10:45 New York, flat; a swap of 0.6 pip and, on Wednesday, three of them.
    opened = 1_738_705_500 + 900 * np.arange(169, dtype=np.int64)
    still = np.full(len(opened), 1.1)
    bars = Bars("EURUSD", Timeframe.M15, opened, still, still, still, still, still)
    costs = CostModel().without(Cost.SPREAD, Cost.SLIPPAGE, Cost.COMMISSION)
    pair = prepare_pair(INSTRUMENTS["EURUSD"], bars, costs, CALM)

    at_roll = set_up(at=int(bars.closed[0]), flat_after=40 * 3_600)
    before = set_up(at=int(bars.closed[0]) + 900, flat_after=40 * 3_600)
    results = outcomes(pair, [at_roll, before], candidate_rows, costs)

    assert results.net_r.tolist() == pytest.approx([-1.8 / 20, -1.8 / 20])


def test_given_an_entry_as_the_roll_ends_when_followed_then_gross_starts_at_the_middle_of_the_quote_it_filled_at(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    # Tuesday 2025-02-04 17:15 New York: the bar is as wide as the roll, 6 pips; at its close Sydney alone asks 2.4.
    opened = 1_738_707_300 + 900 * np.arange(2, dtype=np.int64)
    low = np.array([1.1, 1.0975])
    still = np.array([1.1, 1.1])
    bars = Bars("EURUSD", Timeframe.M15, opened, still, still, low, still, still)
    costs = CostModel().without(Cost.SLIPPAGE, Cost.COMMISSION, Cost.SWAP)
    pair = prepare_pair(INSTRUMENTS["EURUSD"], bars, costs, CALM)

    results = outcomes(pair, [set_up(at=int(bars.closed[0]), stop=1.098)], candidate_rows, costs)

    # Mid to mid 20 pips down; the risk is from the ask, 22.4 pips.
    assert results.gross_r.tolist() == pytest.approx([-20 / 22.4])


def test_given_a_rate_that_is_not_there_when_followed_then_gross_is_known_and_net_is_not(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    bars = drawn([FLAT, (1.1, 1.1045, 1.1, 1.104)])
    pair = prepare_pair(INSTRUMENTS["EURUSD"], bars, CostModel(), CALM)
    table = candidate_rows(set_up(at=int(bars.closed[0]))).table

    results = results_of(table, np.array([True]), {"EURUSD": pair}, TEN_PAIRS, STRATEGIES, CostModel(), "JPY")

    assert results.gross_r[0] > 1.8
    assert np.isnan(results.net_r[0])


def test_given_set_ups_nobody_wants_when_followed_then_they_stay_blank(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    bars = drawn([FLAT, (1.1, 1.1045, 1.1, 1.104)])
    pair = prepare_pair(INSTRUMENTS["EURUSD"], bars, CostModel(), CALM)
    table = candidate_rows(set_up(at=int(bars.closed[0]))).table

    results = results_of(table, np.array([False]), {"EURUSD": pair}, TEN_PAIRS, STRATEGIES, CostModel(), "USD")

    assert results.closed_at.tolist() == [0]
