"""The simulated account: fills and charges by hand, the broker's rules, swaps, margin, valuation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.account import Booking, BrokerTerms, DeclineCode, SimulatedAccount, open_account
from bitten_domain.execution.broker_side.bars import advance
from bitten_domain.execution.broker_side.requests import change_levels, close_position, open_position
from bitten_domain.execution.broker_side.valuation import floating_of, margin_level, margin_used, mark_to_market
from bitten_domain.execution.costs import Cost, CostModel
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.order import MarketOrder
from bitten_domain.execution.ticks import TickBar, TickQuote, TickRates, to_ticks
from bitten_domain.execution.trade import trade_of
from bitten_domain.market.clocks.fx_week import is_open_at, trading_day_at
from bitten_domain.values.direction import Direction
from bitten_domain.values.instrument import INSTRUMENTS
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money

TERMS = BrokerTerms()
TUESDAY = int(datetime(2024, 1, 9, 14, tzinfo=UTC).timestamp())
SATURDAY = int(datetime(2024, 1, 13, 14, tzinfo=UTC).timestamp())
DAY = 86_400
RATES = {
    "EURUSD": Decimal("1.10"),
    "USDJPY": Decimal(150),
    "GBPUSD": Decimal("1.25"),
    "EURGBP": Decimal("0.88"),
    "EURJPY": Decimal(165),
}
QUOTE = TickQuote(110_000, 110_012)


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def fresh(deposit: str = "10000") -> SimulatedAccount:
    return open_account(usd(deposit))


def order(
    lots: str = "0.10",
    direction: Direction = Direction.BUY,
    stop: str | None = "1.09800",
    target: str | None = "1.10400",
    symbol: str = "EURUSD",
    not_after: int | None = None,
) -> MarketOrder:
    return MarketOrder(
        7,
        symbol,
        direction,
        Lots(Decimal(lots)),
        None if stop is None else Decimal(stop),
        None if target is None else Decimal(target),
        not_after,
    )


def opened(
    wanted: MarketOrder | None = None,
    account: SimulatedAccount | None = None,
    quote: TickQuote = QUOTE,
    terms: BrokerTerms = TERMS,
    at: int = TUESDAY,
) -> tuple[SimulatedAccount, Deal]:
    before = account or fresh()
    booking = open_position(
        before, wanted or order(), quote, at, terms=terms, rates=RATES, equity=before.balance.amount
    )
    assert booking.declined is None, booking.declined
    return booking.account, booking.deals[0]


def test_given_a_buy_when_filled_then_price_commission_and_risk_are_those_by_hand() -> None:
    account, deal = opened()
    position = account.positions[0]

    assert deal.price == Decimal("1.10014")  # ask 1.10012 and 0.2 pip
    assert deal.commission == usd("-0.70")  # 0.10 lots at 7
    assert account.balance == usd("9999.30")
    # 21.4 pips to the stop and 0.5 of slippage at 1 USD a pip, and the commission
    assert position.initial_risk == usd("22.60")
    assert (deal.spread_cost, deal.slippage_cost) == (usd("1.20"), usd("0.20"))


def test_given_a_stop_when_hit_then_the_trade_loses_one_r_exactly() -> None:
    account, deal = opened()
    position = account.positions[0]
    bar = {"EURUSD": TickBar(109_900, 109_950, 109_790, 109_800, 12)}

    after, exits = advance(account, bar, TUESDAY + 900, trading_day_at(TUESDAY), terms=TERMS, rates=RATES)
    trade = trade_of(position, (deal, *exits))

    assert exits[0].price == Decimal("1.09795")
    assert exits[0].profit == usd("-21.90")
    assert trade.net == usd("-22.60")
    assert trade.net_r == -1
    assert (after.balance, after.positions) == (usd("9977.40"), ())


def test_given_a_short_when_its_target_is_reached_by_the_ask_then_the_trade_is_as_by_hand() -> None:
    account, deal = opened(order(direction=Direction.SELL, stop="1.10200", target="1.09600"))
    position = account.positions[0]
    near = {"EURUSD": TickBar(109_900, 109_950, 109_589, 109_800, 12)}
    there = {"EURUSD": TickBar(109_900, 109_950, 109_588, 109_800, 12)}
    day = trading_day_at(TUESDAY)

    still, none = advance(account, near, TUESDAY + 900, day, terms=TERMS, rates=RATES)
    after, exits = advance(still, there, TUESDAY + 1800, day, terms=TERMS, rates=RATES)
    trade = trade_of(position, (deal, *exits))

    assert none == ()
    assert deal.price == Decimal("1.09998")
    assert exits[0].price == Decimal("1.09600")
    assert trade.profit == usd("39.80")
    assert trade.net == usd("39.10")
    # risk: 20.2 pips and 0.5, and 0.70 of commission
    assert trade.net_r == (Decimal("39.10") / Decimal("21.40")).quantize(Decimal("0.0001"))
    assert after.balance == usd("10039.10")


def test_given_a_yen_cross_when_closed_then_the_profit_is_converted_at_the_rate_of_then() -> None:
    quote = TickQuote(165_000, 165_020)
    account, _ = opened(order(symbol="EURJPY", stop="164.000", target="167.000"), quote=quote)

    booking = close_position(
        account,
        1,
        None,
        TickQuote(166_000, 166_020),
        TUESDAY + 60,
        DealReason.MANUAL,
        terms=TERMS,
        rates={"USDJPY": Decimal(160)},
    )

    # 165.022 to 165.998 is 0.976 yen on 10 000 euros: 9760 yen at 160
    assert booking.deals[0].profit == usd("61.00")


def test_given_no_rate_when_closing_then_the_rate_of_the_opening_is_used() -> None:
    quote = TickQuote(165_000, 165_020)
    account, _ = opened(order(symbol="EURJPY", stop="164.000", target="167.000"), quote=quote)

    booking = close_position(
        account, 1, None, TickQuote(166_000, 166_020), TUESDAY + 60, DealReason.MANUAL, terms=TERMS, rates={}
    )

    assert booking.deals[0].profit == usd("65.07")  # 9760 yen at 150


def test_given_a_part_closed_when_the_rest_follows_then_volumes_and_result_add_up() -> None:
    account, deal = opened(order("0.10"))
    position = account.positions[0]
    first = close_position(
        account, 1, Lots(Decimal("0.05")), TickQuote(110_300, 110_312), TUESDAY + 60, DealReason.PLAN,
        terms=TERMS, rates=RATES,
    )  # fmt: skip
    second = close_position(
        first.account, 1, None, TickQuote(110_100, 110_112), TUESDAY + 120, DealReason.MANUAL, terms=TERMS, rates=RATES
    )
    trade = trade_of(position, (deal, *first.deals, *second.deals))

    assert first.account.positions[0].lots == Lots(Decimal("0.05"))
    assert trade.profit == usd("14.20") + usd("4.20")  # 28.4 and 8.4 pips at 0.50
    assert trade.exit == Decimal("1.10198")
    assert trade.reason is DealReason.MANUAL


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (order(symbol="XAUUSD"), DeclineCode.UNKNOWN_SYMBOL),
        (order("0.005"), DeclineCode.INVALID_VOLUME),
        (order("0.015"), DeclineCode.INVALID_VOLUME),
        (order("100.01"), DeclineCode.INVALID_VOLUME),
        (order(stop="1.10000"), DeclineCode.INVALID_LEVELS),  # on the bid it would fire at once
        (order(target="1.10000"), DeclineCode.INVALID_LEVELS),
        (order(direction=Direction.SELL, stop="1.10012", target=None), DeclineCode.INVALID_LEVELS),
        (order("2.73"), DeclineCode.NOT_ENOUGH_MONEY),  # 273 000 euros at 1.10 over 30 is 10 010
        (order(not_after=TUESDAY - 1), DeclineCode.PAST_DEADLINE),
    ],
)
def test_given_an_order_the_broker_does_not_take_when_sent_then_nothing_changes(
    wanted: MarketOrder, code: DeclineCode
) -> None:
    account = fresh()

    booking = open_position(account, wanted, QUOTE, TUESDAY, terms=TERMS, rates=RATES, equity=Decimal(10_000))

    assert booking.declined is not None
    assert (booking.declined.code, booking.account, booking.deals) == (code, account, ())


def test_given_the_most_lots_the_margin_allows_when_sent_then_they_are_opened() -> None:
    account, _ = opened(order("2.72"))  # 9973.33 of margin, 19.04 of commission

    assert margin_used(account.positions, "USD", Decimal(30), RATES) == pytest.approx(Decimal("9973.3333333"))


def test_given_no_rate_to_the_account_currency_when_opening_then_it_is_declined() -> None:
    booking = open_position(
        fresh(), order(symbol="EURJPY", stop="164", target=None), TickQuote(165_000, 165_020), TUESDAY,
        terms=TERMS, rates={}, equity=Decimal(10_000),
    )  # fmt: skip

    assert booking.declined is not None
    assert (
        booking.declined.code is DeclineCode.INVALID_LEVELS or booking.declined.code is DeclineCode.NO_CONVERSION_RATE
    )


def test_given_a_closed_market_when_anything_is_sent_then_it_waits_for_the_opening() -> None:
    account, _ = opened()

    entry = open_position(account, order(), QUOTE, SATURDAY, terms=TERMS, rates=RATES, equity=Decimal(10_000))
    closing = close_position(account, 1, None, QUOTE, SATURDAY, DealReason.MANUAL, terms=TERMS, rates=RATES)

    for booking in (entry, closing):
        assert booking.declined is not None
        assert booking.declined.code is DeclineCode.MARKET_CLOSED
    assert not is_open_at(SATURDAY)


@pytest.mark.parametrize("part", ["0.095", "0.11", "0.005"])
def test_given_an_impossible_part_when_closed_then_it_is_declined(part: str) -> None:
    account, _ = opened(order("0.10"))

    booking = close_position(
        account, 1, Lots(Decimal(part)), QUOTE, TUESDAY, DealReason.MANUAL, terms=TERMS, rates=RATES
    )

    assert booking.declined is not None
    assert booking.account is account


def test_given_levels_when_changed_then_new_ones_are_checked_and_old_ones_kept() -> None:
    account, _ = opened()

    moved = change_levels(account, 1, Decimal("1.09900"), Decimal("1.10400"), QUOTE, terms=TERMS).account
    beyond = change_levels(account, 1, Decimal("1.10001"), None, QUOTE, terms=TERMS)
    same = change_levels(account, 1, Decimal("1.09800"), Decimal("1.10400"), QUOTE, terms=TERMS)
    unknown = change_levels(account, 2, None, None, QUOTE, terms=TERMS)

    assert moved.positions[0].stop == Decimal("1.09900")
    assert moved.positions[0].initial_stop == Decimal("1.09800")
    assert beyond.declined is not None
    assert same.account is account
    assert unknown.declined is not None


def test_given_the_roll_when_passed_then_swaps_are_accrued_and_booked_with_the_exit() -> None:
    account, deal = opened()
    position = account.positions[0]
    quiet = {"EURUSD": TickBar(110_000, 110_010, 109_990, 110_000, 12)}
    tuesday = trading_day_at(TUESDAY)

    one, _ = advance(account, quiet, TUESDAY + DAY, tuesday + 1, terms=TERMS, rates=RATES)
    same, _ = advance(one, quiet, TUESDAY + DAY + 900, tuesday + 1, terms=TERMS, rates=RATES)
    four, _ = advance(one, quiet, TUESDAY + 2 * DAY, tuesday + 2, terms=TERMS, rates=RATES)
    gone = close_position(four, 1, None, QUOTE, TUESDAY + 2 * DAY, DealReason.MANUAL, terms=TERMS, rates=RATES)

    assert one.positions[0].swap == usd("-0.60")  # Tuesday's roll: 0.6 pips at 1 USD
    assert same is one
    assert four.positions[0].swap == usd("-2.40")  # Wednesday's roll is three nights
    assert four.balance == account.balance
    assert gone.deals[0].swap == usd("-2.40")
    assert trade_of(position, (deal, *gone.deals)).swap == usd("-2.40")


def test_given_a_position_opened_today_when_today_goes_on_then_no_swap_is_charged() -> None:
    account, _ = opened(at=TUESDAY)
    quiet = {"EURUSD": TickBar(110_000, 110_010, 109_990, 110_000, 12)}

    after, _ = advance(account, quiet, TUESDAY + 900, trading_day_at(TUESDAY), terms=TERMS, rates=RATES)

    assert after.positions[0].swap == usd("0")


def test_given_quiet_bars_when_advanced_then_the_same_account_comes_back() -> None:
    account, _ = opened()
    quiet = {"EURUSD": TickBar(110_000, 110_010, 109_990, 110_000, 12)}
    day = trading_day_at(TUESDAY)
    first, _ = advance(account, quiet, TUESDAY + 900, day, terms=TERMS, rates=RATES)

    assert advance(first, quiet, TUESDAY + 1800, day, terms=TERMS, rates=RATES) == (first, ())
    assert advance(first, quiet, TUESDAY + 1800, day, terms=TERMS, rates=RATES)[0] is first
    assert advance(first, {}, TUESDAY + 1800, day, terms=TERMS, rates=RATES)[0] is first


def test_given_a_high_window_when_a_stop_is_hit_then_it_slips_three_times_as_far() -> None:
    account, _ = opened()
    bar = {"EURUSD": TickBar(109_900, 109_950, 109_790, 109_800, 12)}

    _, exits = advance(
        account, bar, TUESDAY, trading_day_at(TUESDAY), terms=TERMS, rates=RATES, high_windows={"EURUSD"}
    )

    assert exits[0].price == Decimal("1.09785")


def test_given_an_ambiguous_bar_when_finer_bars_are_there_then_they_decide() -> None:
    account, _ = opened()
    bar = {"EURUSD": TickBar(110_000, 110_410, 109_790, 109_800, 12)}
    finer = {
        "EURUSD": [TickBar(110_000, 110_410, 109_990, 110_300, 12), TickBar(110_300, 110_300, 109_790, 109_800, 12)]
    }
    day = trading_day_at(TUESDAY)

    _, coarse = advance(account, bar, TUESDAY, day, terms=TERMS, rates=RATES)
    _, fine = advance(account, bar, TUESDAY, day, terms=TERMS, rates=RATES, finer=finer)

    assert (coarse[0].reason, coarse[0].ambiguous) == (DealReason.STOP, True)
    assert (fine[0].reason, fine[0].ambiguous) == (DealReason.TARGET, False)


def test_given_open_positions_when_valued_then_equity_is_the_sum_by_hand() -> None:
    account, _ = opened()
    account, _ = opened(
        order(symbol="EURGBP", direction=Direction.SELL, stop="0.89000", target=None),
        account,
        TickQuote(88_000, 88_015),
    )
    latest = {"EURUSD": TickBar(0, 0, 0, 110_100, 12), "EURGBP": TickBar(0, 0, 0, 87_900, 15)}

    # long: 1.10100 - 1.10014 on 10 000; short: 0.87998 - 0.87915 on 10 000, pounds at 1.25; two commissions
    expected = Decimal(10_000) - Decimal("1.40") + Decimal("8.60") + Decimal("8.30") * Decimal("1.25")
    floating = sum(floating_of(p, latest[p.symbol], "USD", RATES) for p in account.positions)
    assert account.balance.amount + floating == expected == Decimal("10017.575")
    # Equity is shown in whole cents, half to even.
    assert mark_to_market(account, latest, RATES) == Decimal("10017.58")


def test_given_margin_when_levelled_then_it_is_equity_over_margin_in_percent() -> None:
    assert margin_level(Decimal(10_000), Decimal(2_000)) == 500
    assert margin_level(Decimal(10_000), Decimal(0)) is None


def test_given_bars_when_asked_for_a_rate_then_it_is_the_mid_of_the_close() -> None:
    latest = {"EURUSD": TickBar(1, 2, 1, 110_000, 12)}
    rates = TickRates(latest, INSTRUMENTS)

    assert rates["EURUSD"] == Decimal("1.10006")
    assert rates.get("GBPUSD") is None
    assert dict(rates) == {"EURUSD": Decimal("1.10006")}


@pytest.mark.parametrize("cost", list(Cost), ids=lambda cost: cost.value)
def test_given_a_cost_at_nought_when_a_trade_runs_then_its_result_improves(cost: Cost) -> None:
    def net(costs: CostModel) -> Decimal:
        terms = BrokerTerms(costs=costs)
        spread = 0 if Cost.SPREAD not in costs.charged else 12
        account, deal = opened(quote=TickQuote(110_000, 110_000 + spread), terms=terms)
        position = account.positions[0]
        bar = {"EURUSD": TickBar(109_900, 109_950, 109_790, 109_800, spread)}
        day = trading_day_at(TUESDAY) + 1
        _, exits = advance(account, bar, TUESDAY + DAY, day, terms=terms, rates=RATES)
        return trade_of(position, (deal, *exits)).net.amount

    assert net(CostModel().without(cost)) > net(CostModel())


@pytest.mark.parametrize("factors", list(pairwise(["0", "1", "1.5", "2"])), ids=str)
def test_given_a_higher_factor_when_the_same_trade_runs_then_it_costs_more(factors: tuple[str, str]) -> None:
    nets = []
    for factor in factors:
        terms = BrokerTerms(costs=CostModel(factor=Decimal(factor)))
        account, deal = opened(terms=terms)
        gone = close_position(account, 1, None, QUOTE, TUESDAY + 60, DealReason.MANUAL, terms=terms, rates=RATES)
        nets.append(deal.net.amount + gone.deals[0].net.amount)

    assert nets[0] > nets[1]


def test_given_no_deposit_when_an_account_is_opened_then_it_is_refused() -> None:
    with pytest.raises(BrokenInvariant):
        fresh("0")


def test_given_a_price_when_turned_to_ticks_then_it_is_whole() -> None:
    assert to_ticks(INSTRUMENTS["USDJPY"], Decimal("150.1235")) == 150_124  # half to even
    assert to_ticks(INSTRUMENTS["EURUSD"], Decimal("1.1")) == 110_000


def test_given_margin_in_use_when_more_is_asked_than_is_free_then_it_is_declined() -> None:
    account, _ = opened(order("2.00"))  # 7333.33 of margin

    more = open_position(account, order("0.80"), QUOTE, TUESDAY, terms=TERMS, rates=RATES, equity=Decimal(9_980))
    less = open_position(account, order("0.70"), QUOTE, TUESDAY, terms=TERMS, rates=RATES, equity=Decimal(9_980))

    assert more.declined is not None
    assert more.declined.code is DeclineCode.NOT_ENOUGH_MONEY
    assert less.declined is None


def test_given_accrued_swaps_when_closed_in_parts_then_equity_holds_them_and_each_cent_is_booked_once() -> None:
    account, _ = opened(order("0.07"))
    quiet = {"EURUSD": TickBar(110_000, 110_010, 109_990, 110_000, 12)}
    day = trading_day_at(TUESDAY)
    unrolled = mark_to_market(account, quiet, RATES)
    account, _ = advance(account, quiet, TUESDAY + DAY, day + 1, terms=TERMS, rates=RATES)

    assert mark_to_market(account, quiet, RATES) == unrolled - Decimal("0.42")

    booked = []
    for _ in range(7):
        booking = close_position(
            account, 1, Lots(Decimal("0.01")), QUOTE, TUESDAY + DAY, DealReason.MANUAL, terms=TERMS, rates=RATES
        )
        account = booking.account
        booked.append(booking.deals[0].swap.amount)

    assert sum(booked) == Decimal("-0.42")
    assert account.positions == ()


def test_given_a_contract_with_a_larger_minimum_when_a_part_would_leave_less_then_it_is_declined() -> None:
    contract = replace(INSTRUMENTS["EURUSD"], min_lots=Decimal("0.05"))
    terms = BrokerTerms(instruments={"EURUSD": contract})
    account, _ = opened(order("0.10"), terms=terms)

    def close(lots: str) -> Booking:
        part = Lots(Decimal(lots))
        return close_position(account, 1, part, QUOTE, TUESDAY, DealReason.MANUAL, terms=terms, rates=RATES)

    assert close("0.06").declined is not None
    assert close("0.04").declined is not None
    assert close("0.05").declined is None
