"""Money, lots, prices and instruments: exact, in one currency, on the tick."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, Direction, Instrument, Lots, Money, PairGroup, pips_between

AMOUNTS = st.decimals(Decimal(-1_000_000), Decimal(1_000_000), places=4)
VOLUMES = st.decimals(Decimal(0), Decimal(100), places=4)


def usd(amount: Decimal | str) -> Money:
    return Money(Decimal(amount), "USD")


@given(a=AMOUNTS, b=AMOUNTS)
def test_given_two_amounts_when_added_and_taken_back_then_nothing_is_lost(a: Decimal, b: Decimal) -> None:
    assert usd(a) + usd(b) - usd(b) == usd(a)
    assert -(usd(a) - usd(b)) == usd(b) - usd(a)
    assert (usd(a) < usd(b)) == (a < b)


@pytest.mark.parametrize(("amount", "cents"), [("1.005", "1.00"), ("1.015", "1.02"), ("-2.345", "-2.34")])
def test_given_half_a_cent_when_booked_then_it_goes_to_the_even_cent(amount: str, cents: str) -> None:
    assert usd(amount).rounded() == usd(cents)


@given(amount=AMOUNTS, factor=st.integers(-3, 3), tens=st.integers(0, 4))
def test_given_any_amount_when_booked_then_its_text_has_two_decimals_and_nought_no_sign(
    amount: Decimal, factor: int, tens: int
) -> None:
    # What a database column of numeric(18,2) would give back.
    cents = int((amount * 100 * factor).to_integral_value(ROUND_HALF_EVEN))
    sign = "-" if cents < 0 else ""

    for money in (usd(amount) * Decimal(factor), usd(amount * factor)):
        assert str(money.rounded().amount) == f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
    assert str((usd(Decimal(factor)) * Decimal((0, (1,), tens))).amount) == f"{factor * 10**tens}.00"


@pytest.mark.parametrize(("amount", "text"), [("0", "0.00"), ("-0", "0.00"), ("5", "5.00"), ("1E+4", "10000.00")])
def test_given_a_whole_amount_when_made_then_it_has_its_decimals_from_the_start(amount: str, text: str) -> None:
    assert str(usd(amount).amount) == text
    assert str((usd(amount) + usd("-0.001") + usd("0.001")).amount) == f"{text}0"


def test_given_two_currencies_when_combined_then_a_rate_is_never_implied() -> None:
    euro = Money(Decimal(1), "EUR")

    for combine in (
        lambda: usd("1") + euro,
        lambda: usd("1") - euro,
        lambda: usd("1") / euro,
        lambda: usd("1") < euro,
        lambda: usd("1") >= euro,
    ):
        with pytest.raises(BrokenInvariant, match="without a rate"):
            combine()


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_given_no_number_when_made_money_or_lots_then_it_is_a_broken_invariant(amount: str) -> None:
    with pytest.raises(BrokenInvariant):
        usd(amount)
    with pytest.raises(BrokenInvariant):
        Lots(Decimal(amount))


@given(volume=VOLUMES, step=st.sampled_from([Decimal("0.01"), Decimal("0.1"), Decimal(1)]))
def test_given_any_volume_when_floored_then_it_is_whole_and_at_most_a_step_less(volume: Decimal, step: Decimal) -> None:
    floored = Lots(volume).floored(step)

    assert floored.is_whole(step)
    assert 0 <= volume - floored.value < step


def test_given_fewer_lots_when_more_are_taken_then_it_is_a_broken_invariant() -> None:
    assert Lots(Decimal("0.3")) - Lots(Decimal("0.1")) == Lots(Decimal("0.2"))
    with pytest.raises(BrokenInvariant):
        Lots(Decimal("0.1")) - Lots(Decimal("0.3"))


@pytest.mark.parametrize(
    ("symbol", "value", "price"),
    [
        ("EURUSD", 1.1, "1.10000"),
        ("EURUSD", 1.100005, "1.10000"),
        ("EURUSD", 1.100015, "1.10002"),
        ("USDJPY", 147.1235, "147.124"),
        ("USDJPY", 147.1225, "147.122"),
    ],
)
def test_given_a_float_when_priced_then_it_lies_on_the_tick_half_to_even(symbol: str, value: float, price: str) -> None:
    assert INSTRUMENTS[symbol].price(value) == Decimal(price)


@given(ticks=st.integers(1, 300_000), symbol=st.sampled_from(TEN_PAIRS))
def test_given_a_price_on_the_tick_when_it_passes_through_a_float_then_it_comes_back(ticks: int, symbol: str) -> None:
    instrument = INSTRUMENTS[symbol]
    price = ticks * instrument.tick

    assert instrument.price(float(price)) == price


@pytest.mark.parametrize(
    ("symbol", "low", "high", "pips"),
    [("EURUSD", "1.1000", "1.1025", "25"), ("USDJPY", "147.00", "147.25", "25"), ("GBPUSD", "1.3", "1.29985", "-1.5")],
)
def test_given_two_prices_when_measured_then_pips_are_signed_and_unrounded(
    symbol: str, low: str, high: str, pips: str
) -> None:
    assert pips_between(INSTRUMENTS[symbol], Decimal(low), Decimal(high)) == Decimal(pips)


@pytest.mark.parametrize(
    ("symbol", "group", "normal", "widest", "auto"),
    [
        ("EURUSD", PairGroup.CORE, "1.2", "2.0", None),
        ("GBPUSD", PairGroup.CORE, "1.5", "3.0", None),
        ("USDJPY", PairGroup.CORE, "1.5", "2.5", None),
        ("USDCAD", PairGroup.CORE, "2.0", "2.5", None),
        ("GBPJPY", PairGroup.CORE, "2.5", "4.0", None),
        ("AUDUSD", PairGroup.EXTRA, "1.5", "3.0", 87),
        ("NZDUSD", PairGroup.EXTRA, "2.0", "3.5", 87),
        ("EURGBP", PairGroup.EXTRA, "1.5", "3.0", 87),
        ("USDCHF", PairGroup.EXTRA, "1.5", "3.0", 87),
        ("EURJPY", PairGroup.EXTRA, "2.0", "3.5", 87),
    ],
)
def test_given_the_ten_pairs_when_read_then_they_are_those_of_the_rules(
    symbol: str, group: PairGroup, normal: str, widest: str, auto: int | None
) -> None:
    pair = INSTRUMENTS[symbol]

    assert (pair.group, pair.normal_spread_pips, pair.max_spread_pips) == (group, Decimal(normal), Decimal(widest))
    assert pair.auto_gate == auto
    assert pair.pip == (Decimal("0.01") if pair.quote == "JPY" else Decimal("0.0001")) == 10 * pair.tick
    assert pair.base + pair.quote == symbol
    assert (pair.contract_size, pair.max_lots) == (Decimal(100_000), Decimal(100))
    assert pair.min_lots == pair.lot_step == Decimal("0.01")


def test_given_a_contract_that_cannot_be_when_made_then_it_is_a_broken_invariant() -> None:
    one = Decimal(1)
    for symbol, pip in (("eurusd", one), ("EURUS", one), ("EURUSD", Decimal(0))):
        with pytest.raises(BrokenInvariant):
            Instrument(symbol, PairGroup.CORE, pip, 5, one, one)


@pytest.mark.parametrize("direction", Direction)
def test_given_a_direction_when_turned_then_its_sign_turns(direction: Direction) -> None:
    assert direction.opposite.sign == -direction.sign
    assert Direction.of_sign(direction.sign) is direction


@pytest.mark.parametrize("sign", [0, 2])
def test_given_no_sign_when_made_a_direction_then_it_is_refused(sign: int) -> None:
    with pytest.raises(ValueError, match="sign"):
        Direction.of_sign(sign)


def test_given_bad_input_when_told_then_place_and_remedy_are_in_the_sentence() -> None:
    error = InvalidInput("high is below low", where="EURUSD.csv:7", remedy="remove the row")

    assert str(error) == "EURUSD.csv:7: high is below low (remove the row)"
    assert str(InvalidInput("empty")) == "empty"
