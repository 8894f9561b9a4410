"""Sizing: check values of the pip, the lots formula by hand, and its properties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.news_view import Blackout, Freshness
from bitten_domain.risk import NewsFacts, Quote
from bitten_domain.risk.policy import CostPolicy
from bitten_domain.risk.sizing import (
    commission_per_lot,
    conversion_rate,
    lots_for,
    net_reward_risk,
    pip_value,
    size,
    slippage_factor,
    smallest_balance,
    stop_pips,
)
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, Direction

EURUSD = INSTRUMENTS["EURUSD"]
RATES = {
    "EURUSD": Decimal("1.10"),
    "GBPUSD": Decimal("1.27"),
    "USDJPY": Decimal(150),
    "USDCAD": Decimal("1.37"),
    "USDCHF": Decimal("0.88"),
}
COSTS = CostPolicy()
ONE = Decimal(1)


@pytest.mark.parametrize(
    ("symbol", "worth"),
    [
        ("EURUSD", "10.00"),
        ("USDJPY", "6.67"),
        ("USDCAD", "7.30"),
        ("USDCHF", "11.36"),
        ("EURGBP", "12.70"),
        ("GBPJPY", "6.67"),
    ],
)
def test_given_a_dollar_account_when_a_pip_is_valued_then_the_documented_check_value_comes_out(
    symbol: str, worth: str
) -> None:
    value = pip_value(INSTRUMENTS[symbol], "USD", RATES)

    assert value is not None
    assert round(value, 2) == Decimal(worth)


def test_given_a_euro_account_when_yen_are_converted_then_the_way_leads_through_dollars() -> None:
    # 1000 JPY / 150 = 6.6667 USD; / 1.10 = 6.0606 EUR.
    value = pip_value(INSTRUMENTS["USDJPY"], "EUR", RATES)

    assert value is not None
    assert round(value, 4) == Decimal("6.0606")


@pytest.mark.parametrize(
    "rates", [{}, {"EURUSD": Decimal("1.1")}, {"USDJPY": Decimal(0)}, {"EURJPY": Decimal(160)}, {"USDJPY": Decimal(-1)}]
)
def test_given_no_usable_rate_when_a_pip_is_valued_then_there_is_no_value(rates: dict[str, Decimal]) -> None:
    assert pip_value(INSTRUMENTS["USDJPY"], "USD", rates) is None


@given(rate=st.decimals("0.01", "500", places=3))
def test_given_a_direct_and_an_inverse_pair_when_converted_then_the_rates_are_reciprocal(rate: Decimal) -> None:
    there = conversion_rate("USD", "JPY", {"USDJPY": rate})
    back = conversion_rate("JPY", "USD", {"USDJPY": rate})

    assert there is not None
    assert back is not None
    assert abs(there * back - 1) < Decimal("1e-20")


def test_given_a_yen_account_when_the_commission_is_converted_then_it_is_a_thousand_and_fifty() -> None:
    assert commission_per_lot(COSTS, "JPY", RATES) == Decimal(1050)
    assert commission_per_lot(COSTS, "JPY", {}) is None
    assert commission_per_lot(CostPolicy(commission_per_lot=Decimal(0)), "JPY", {}) == 0


@pytest.mark.parametrize(
    ("direction", "bid", "ask", "stop", "pips"),
    [
        # At the normal spread of 1.2: ask 1.10012 to 1.09800 is 21.2, entry slippage 0.2, stop slippage 0.5.
        (Direction.BUY, "1.10000", "1.10012", "1.09800", "21.9"),
        # A spread of 0.4 is widened to the normal 1.2 on the fill side.
        (Direction.BUY, "1.10000", "1.10004", "1.09800", "21.9"),
        (Direction.BUY, "1.10000", "1.10030", "1.09800", "23.7"),
        # A short fills at the bid 1.10000; its stop fires on the ask at 1.10200: 20 pips.
        (Direction.SELL, "1.10000", "1.10012", "1.10200", "20.7"),
        (Direction.SELL, "1.10000", "1.10004", "1.10200", "21.5"),
    ],
)
def test_given_a_quote_when_the_way_to_the_stop_is_measured_then_spread_and_slippage_are_in_it(
    direction: Direction, bid: str, ask: str, stop: str, pips: str
) -> None:
    way = stop_pips(EURUSD, direction, Quote(Decimal(bid), Decimal(ask), 0), Decimal(stop), COSTS, ONE)

    assert way == Decimal(pips)


def test_given_a_high_window_when_the_way_is_measured_then_slippage_is_threefold() -> None:
    news = NewsFacts(Blackout.HIGH, no_auto_anywhere=False, calendar=Freshness.FRESH)
    quote = Quote(Decimal("1.10000"), Decimal("1.10012"), 0)

    factor = slippage_factor(news, COSTS)

    # 21.2 + 3 * 0.7
    assert stop_pips(EURUSD, Direction.BUY, quote, Decimal("1.098"), COSTS, factor) == Decimal("23.3")
    assert slippage_factor(None, COSTS) == 1


def test_given_ten_thousand_at_one_percent_when_sized_by_hand_then_the_lots_agree() -> None:
    # 100 USD / (21.9 * 10 + 7) = 0.4424 -> 0.44 lots; 0.44 * 226 = 99.44; 0.44 * 100000 * 1.10012 / 30 = 1613.51.
    sized = size(
        EURUSD,
        budget=Decimal(100),
        pips=Decimal("21.9"),
        pip_value=Decimal(10),
        commission=Decimal(7),
        price=Decimal("1.10012"),
        leverage=Decimal(30),
    )

    assert (sized.lots, sized.risk, round(sized.margin, 2)) == (Decimal("0.44"), Decimal("99.44"), Decimal("1613.51"))


def test_given_a_budget_below_one_minimum_lot_when_sized_then_nothing_is_bought() -> None:
    assert lots_for(EURUSD, Decimal("2.25"), Decimal(226)) == 0
    assert lots_for(EURUSD, Decimal("2.26"), Decimal(226)) == Decimal("0.01")
    assert lots_for(EURUSD, Decimal(-5), Decimal(226)) == 0


def test_given_a_huge_budget_when_sized_then_the_instrument_s_maximum_holds() -> None:
    assert lots_for(EURUSD, Decimal("1e9"), Decimal(226)) == 100


def test_given_a_wish_for_fewer_lots_when_sized_then_it_is_a_ceiling_and_never_more() -> None:
    assert lots_for(EURUSD, Decimal(100), Decimal(226), Decimal("0.105")) == Decimal("0.10")
    assert lots_for(EURUSD, Decimal(100), Decimal(226), Decimal(5)) == Decimal("0.44")
    assert lots_for(EURUSD, Decimal(100), Decimal(226), Decimal("0.005")) == 0


def test_given_a_loss_of_nought_when_sized_then_the_caller_is_wrong() -> None:
    with pytest.raises(BrokenInvariant, match="one lot must lose something at its stop, got 0"):
        lots_for(EURUSD, Decimal(100), Decimal(0))


def test_given_the_smallest_balance_when_sized_then_exactly_the_minimum_lot_fits() -> None:
    balance = smallest_balance(EURUSD, Decimal(226), ONE)

    assert balance == 226
    assert lots_for(EURUSD, balance / 100, Decimal(226)) == Decimal("0.01")


def amounts(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places)


@given(
    symbol=st.sampled_from(TEN_PAIRS),
    direction=st.sampled_from(Direction),
    stop_ticks=st.integers(20, 3_000),
    spread_ticks=st.integers(0, 60),
    budget=amounts("1", "20000", 2),
    jpy=amounts("80", "200", 3),
)
def test_given_any_order_when_its_stop_is_hit_then_loss_and_costs_stay_within_the_budget(
    symbol: str, direction: Direction, stop_ticks: int, spread_ticks: int, budget: Decimal, jpy: Decimal
) -> None:
    instrument = INSTRUMENTS[symbol]
    rates = {**RATES, "USDJPY": jpy}
    bid = Decimal(150) if instrument.digits == 3 else Decimal("1.2")
    ask = bid + spread_ticks * instrument.tick
    is_buy = direction is Direction.BUY
    stop = bid - stop_ticks * instrument.tick if is_buy else ask + stop_ticks * instrument.tick
    worth, commission = pip_value(instrument, "USD", rates), commission_per_lot(COSTS, "USD", rates)
    assert worth is not None
    assert commission is not None
    pips = stop_pips(instrument, direction, Quote(bid, ask, 0), stop, COSTS, ONE)

    sized = size(
        instrument,
        budget=budget,
        pips=pips,
        pip_value=worth,
        commission=commission,
        price=ask,
        leverage=Decimal(30),
    )

    # Booked from prices, without the code's pips: fill with 0.2 pip slippage, stop with 0.5, 7 USD a lot.
    fill = ask + Decimal("0.2") * instrument.pip if is_buy else bid - Decimal("0.2") * instrument.pip
    exit_price = stop - Decimal("0.5") * instrument.pip if is_buy else stop + Decimal("0.5") * instrument.pip
    quote_loss = (fill - exit_price) * direction.sign * 100_000 * sized.lots
    to_usd = {"USD": ONE, "JPY": 1 / jpy, "GBP": RATES["GBPUSD"]}.get(instrument.quote) or (
        1 / RATES["USD" + instrument.quote]
    )
    booked = quote_loss * to_usd + 7 * sized.lots
    assert booked <= budget + Decimal("1e-15")
    assert sized.risk <= budget
    assert sized.lots % instrument.lot_step == 0
    assert sized.lots == 0 or instrument.min_lots <= sized.lots <= instrument.max_lots
    # Not smaller than need be, either: one more step would cost more than the budget.
    assert sized.lots == 100 or (sized.lots + Decimal("0.01")) * sized.loss_per_lot > budget or sized.lots == 0


@given(
    one=amounts("0", "50000", 2),
    more=amounts("0", "50000", 2),
    loss=amounts("1", "5000", 4),
    wider=amounts("0", "5000", 4),
)
def test_given_more_budget_or_a_nearer_stop_when_sized_then_lots_never_fall(
    one: Decimal, more: Decimal, loss: Decimal, wider: Decimal
) -> None:
    assert lots_for(EURUSD, one + more, loss) >= lots_for(EURUSD, one, loss)
    assert lots_for(EURUSD, one, loss + wider) <= lots_for(EURUSD, one, loss)


@given(budget=amounts("0", "50000", 6), loss=amounts("0.01", "5000", 6))
def test_given_any_budget_when_sized_then_it_is_never_rounded_up(budget: Decimal, loss: Decimal) -> None:
    assert lots_for(EURUSD, budget, loss) * loss <= budget


def test_given_a_quote_when_reward_is_weighed_by_hand_then_the_ratio_agrees() -> None:
    # BUY at 1.10012, target 1.10400: 38.8 - 0.2 - 0.7 = 37.9 pips; at the stop 21.9 + 0.7 = 22.6 pips.
    quote = Quote(Decimal("1.10000"), Decimal("1.10012"), 0)

    ratio = net_reward_risk(
        EURUSD,
        Direction.BUY,
        quote,
        reward_price=Decimal("1.10400"),
        pips_at_stop=Decimal("21.9"),
        entry_slippage_pips=Decimal("0.2"),
        commission_pips=Decimal("0.7"),
    )

    assert ratio == Decimal("37.9") / Decimal("22.6")


@given(ticks=st.integers(0, 300), shift=st.integers(1, 100))
def test_given_a_price_that_ran_towards_the_target_when_weighed_then_reward_to_risk_falls(
    ticks: int, shift: int
) -> None:
    assume(ticks + shift < 400)
    tick = Decimal("0.00001")
    stop = Decimal("1.098")

    def weighed(away: int) -> Decimal:
        quote = Quote(Decimal("1.1") + away * tick, Decimal("1.10012") + away * tick, 0)
        return net_reward_risk(
            EURUSD,
            Direction.BUY,
            quote,
            reward_price=Decimal("1.104"),
            pips_at_stop=stop_pips(EURUSD, Direction.BUY, quote, stop, COSTS, ONE),
            entry_slippage_pips=Decimal("0.2"),
            commission_pips=Decimal("0.7"),
        )

    assert weighed(ticks + shift) < weighed(ticks)


def test_given_both_ways_known_when_converted_then_the_pair_itself_is_read_and_not_the_way_through_dollars() -> None:
    rates = {"EURJPY": Decimal(160), "EURUSD": Decimal("1.1"), "USDJPY": Decimal(150)}

    assert conversion_rate("EUR", "JPY", rates) == 160
    assert conversion_rate("JPY", "EUR", rates) == 1 / Decimal(160)


@pytest.mark.parametrize("known", ["EURUSD", "USDJPY"])
def test_given_one_leg_of_the_way_through_dollars_when_converted_then_there_is_no_rate(known: str) -> None:
    assert conversion_rate("EUR", "JPY", {known: Decimal("1.1")}) is None


def test_given_a_pair_at_nought_when_converted_then_its_inverse_is_read() -> None:
    assert conversion_rate("USD", "JPY", {"USDJPY": Decimal(0), "JPYUSD": Decimal("0.008")}) == 125


def test_given_a_minimum_of_ten_steps_when_five_fit_then_nothing_is_bought() -> None:
    coarse = replace(EURUSD, min_lots=Decimal("0.1"))

    # 0.05 x 226 = 11.30 and 0.1 x 226 = 22.60.
    assert lots_for(coarse, Decimal("11.30"), Decimal(226)) == 0
    assert lots_for(coarse, Decimal("22.60"), Decimal(226)) == Decimal("0.1")


@pytest.mark.parametrize("broken", ["pips", "pip_value", "leverage"])
@pytest.mark.parametrize("value", ["0", "-1"])
def test_given_a_figure_at_nought_or_below_when_sized_then_the_caller_is_wrong(broken: str, value: str) -> None:
    figures = {"pips": Decimal(20), "pip_value": Decimal(10), "leverage": Decimal(30), broken: Decimal(value)}

    with pytest.raises(BrokenInvariant, match="stop distance, pip value and leverage must be positive"):
        size(EURUSD, budget=Decimal(100), commission=Decimal(300), price=Decimal("1.1"), **figures)


def test_given_two_percent_when_the_smallest_balance_is_found_then_it_is_half_of_that_at_one() -> None:
    # 0.01 lots lose 2.26, which is 2 % of 113.
    assert smallest_balance(EURUSD, Decimal(226), Decimal(2)) == 113


def test_given_a_sale_when_reward_is_weighed_by_hand_then_the_ratio_agrees() -> None:
    # SELL at 1.10000, target 1.09600: 40 - 0.2 - 0.7 = 39.1 pips; at the stop 20.7 + 0.7 = 21.4 pips.
    ratio = net_reward_risk(
        EURUSD,
        Direction.SELL,
        Quote(Decimal("1.10000"), Decimal("1.10012"), 0),
        reward_price=Decimal("1.09600"),
        pips_at_stop=Decimal("20.7"),
        entry_slippage_pips=Decimal("0.2"),
        commission_pips=Decimal("0.7"),
    )

    assert ratio == Decimal("39.1") / Decimal("21.4")


def test_given_half_a_dollar_when_a_lot_loses_less_than_one_then_it_is_sized_all_the_same() -> None:
    assert lots_for(EURUSD, Decimal("0.50"), Decimal("0.80")) == Decimal("0.62")
