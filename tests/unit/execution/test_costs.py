"""The cost table: spreads by moment, slippage, commission, swaps, factors and switches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.execution.charges.spread import spread_multiples, spread_pips
from bitten_domain.execution.charges.swaps import SwapRate, SwapTable
from bitten_domain.execution.costs import Cost, CostModel, FillKind
from bitten_domain.values.instrument import INSTRUMENTS
from bitten_domain.values.lots import Lots

if TYPE_CHECKING:
    from numpy.typing import NDArray

COSTS = CostModel()
EURUSD = INSTRUMENTS["EURUSD"]
NEW_YORK = ZoneInfo("America/New_York")
DAY = 86_400


def at(text: str) -> NDArray[np.int64]:
    return np.array([int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())], dtype=np.int64)


def number_of(day: date) -> int:
    return (day - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("moment", "pips"),
    [
        ("2024-01-10 14:00", 1.2),  # a Wednesday, London and New York open
        ("2024-01-10 21:54", 1.2),  # 16:54 New York, Sydney is open too but New York still trades
        ("2024-01-10 21:55", 6.0),  # 16:55 New York
        ("2024-01-10 22:29", 6.0),
        ("2024-01-10 22:30", 2.4),  # Sydney alone
        ("2024-01-11 00:00", 1.2),  # Tokyo opened
        ("2024-01-07 22:10", 6.0),  # Sunday 17:10 New York: the roll is wider than the first hour
        ("2024-01-07 22:45", 3.6),  # Sunday 17:45 New York
        ("2024-01-07 23:00", 2.4),
        ("2024-07-10 20:55", 6.0),  # 16:55 New York in summer
        ("2024-07-10 21:30", 2.4),
        ("2024-03-12 20:55", 6.0),  # New York is on summer time, London not yet
    ],
)
def test_given_a_moment_when_priced_then_the_widest_rule_holds(moment: str, pips: float) -> None:
    assert spread_pips(COSTS, EURUSD, at(moment))[0] == pytest.approx(pips)


def test_given_a_bar_when_priced_then_it_is_as_wide_as_its_widest_minute() -> None:
    bar = at("2024-01-10 21:45")

    assert spread_multiples(COSTS, bar)[0] == 1
    assert spread_multiples(COSTS, bar, span_seconds=900)[0] == 5


def test_given_a_high_release_when_priced_then_its_minute_is_wide_and_no_other() -> None:
    release = at("2024-01-10 13:30")
    moments = release + np.array([-60, 0, 59, 60])

    spread = spread_pips(COSTS, EURUSD, moments, high_events=release)

    assert spread.tolist() == pytest.approx([1.2, 6.0, 6.0, 1.2])


def test_given_measured_spreads_when_priced_then_they_replace_the_assumed() -> None:
    moments = np.repeat(at("2024-01-10 21:55"), 2)

    spread = spread_pips(COSTS.scaled(Decimal(2)), EURUSD, moments, measured=np.array([0.7, np.nan]))

    assert spread.tolist() == pytest.approx([1.4, 12.0])


@pytest.mark.parametrize("bad", [-0.1, np.inf])
def test_given_an_impossible_measured_spread_when_priced_then_it_is_refused(bad: float) -> None:
    with pytest.raises(BrokenInvariant):
        spread_pips(COSTS, EURUSD, at("2024-01-10 14:00"), measured=np.array([bad]))


@given(st.integers(min_value=int(datetime(2019, 1, 1, tzinfo=UTC).timestamp()), max_value=1_750_000_000))
def test_given_any_moment_when_priced_then_a_plain_reading_of_the_clocks_agrees(moment: int) -> None:
    def local(zone: str) -> datetime:
        return datetime.fromtimestamp(moment, tz=UTC).astimezone(ZoneInfo(zone))

    york = local("America/New_York")
    minutes = york.hour * 60 + york.minute
    opened = not (
        york.weekday() == 5 or (york.weekday() == 4 and york.hour >= 17) or (york.weekday() == 6 and york.hour < 17)
    )
    others = (
        9 <= local("Asia/Tokyo").hour < 18,
        8 <= local("Europe/London").hour < 17,
        8 <= york.hour < 17,
    )
    expected = 1
    if opened and 7 <= local("Australia/Sydney").hour < 16 and not any(others):
        expected = 2
    if york.weekday() == 6 and york.hour == 17:
        expected = 3
    if 16 * 60 + 55 <= minutes < 17 * 60 + 30:
        expected = 5

    assert spread_multiples(COSTS, np.array([moment]))[0] == expected


@pytest.mark.parametrize(
    ("kind", "high", "factor", "ticks"),
    [
        (FillKind.MARKET, False, "1", 2),
        (FillKind.STOP, False, "1", 5),
        (FillKind.MARKET, True, "1", 6),
        (FillKind.STOP, True, "2", 30),
        (FillKind.STOP, False, "1.5", 8),  # 7.5 ticks, rounded against the trader
        (FillKind.LIMIT, True, "2", 0),
    ],
)
def test_given_a_fill_when_slipped_then_the_table_says_how_far(
    kind: FillKind, high: bool, factor: str, ticks: int
) -> None:
    costs = COSTS.scaled(Decimal(factor))

    assert costs.slippage_ticks(EURUSD, kind, in_high_window=high) == ticks


def test_given_lots_when_charged_then_seven_dollars_a_lot() -> None:
    assert COSTS.commission(Lots(Decimal("0.30"))).amount == Decimal("2.10")
    assert COSTS.scaled(Decimal("1.5")).commission(Lots(Decimal(1))).amount == Decimal("10.5")


def test_given_a_cost_switched_off_when_asked_then_only_that_one_is_nought() -> None:
    day = number_of(date(2024, 1, 8))
    moment = at("2024-01-10 14:00")

    def charges(costs: CostModel) -> dict[Cost, bool]:
        return {
            Cost.SPREAD: bool(spread_pips(costs, EURUSD, moment)[0] > 0),
            Cost.SLIPPAGE: costs.slippage_ticks(EURUSD, FillKind.STOP) > 0,
            Cost.COMMISSION: costs.commission(Lots(Decimal(1))).amount > 0,
            Cost.SWAP: costs.swap_pips("EURUSD", 1, day, day + 1) < 0,
        }

    for cost in Cost:
        assert charges(COSTS.without(cost)) == {other: other is not cost for other in Cost}


@pytest.mark.parametrize(
    "field", ["factor", "market_slippage_pips", "stop_slippage_pips", "sydney_multiple", "high_event_multiple"]
)
@pytest.mark.parametrize("value", ["-0.1", "1000", "NaN"])
def test_given_a_figure_out_of_bounds_when_the_table_is_made_then_it_names_the_figure(field: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=field):
        CostModel(**{field: Decimal(value)})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "nights"),
    [
        (date(2024, 1, 8), date(2024, 1, 8), 0),
        (date(2024, 1, 8), date(2024, 1, 9), 1),
        (date(2024, 1, 10), date(2024, 1, 11), 3),  # over Wednesday's roll
        (date(2024, 1, 12), date(2024, 1, 15), 1),  # Friday to Monday: the weekend was paid on Wednesday
        (date(2024, 1, 8), date(2024, 1, 15), 7),  # a whole week
    ],
)
def test_given_nights_when_no_table_says_then_the_assumption_is_paid_by_both_sides(
    first: date, last: date, nights: int
) -> None:
    for sign in (1, -1):
        assert COSTS.swap_pips("EURUSD", sign, number_of(first), number_of(last)) == Decimal("-0.6") * nights
    assert COSTS.swaps.is_assumed("EURUSD", number_of(first))


def test_given_a_dated_table_when_a_rate_changes_then_each_night_has_its_own() -> None:
    tuesday = number_of(date(2024, 1, 9))
    table = SwapTable.of(
        [
            SwapRate("EURUSD", tuesday + 1, Decimal("-0.9"), Decimal("0.4")),
            SwapRate("EURUSD", tuesday - 30, Decimal("-0.5"), Decimal("0.2")),
        ]
    )
    costs = CostModel(swaps=table, factor=Decimal(2))

    assert table.pips_between("EURUSD", 1, tuesday, tuesday + 2) == Decimal("-0.5") + 3 * Decimal("-0.9")
    assert costs.swap_pips("EURUSD", 1, tuesday, tuesday + 1) == Decimal("-1.0")
    assert costs.swap_pips("EURUSD", -1, tuesday, tuesday + 1) == Decimal("0.2")  # what is received is not scaled
    assert table.is_assumed("EURUSD", tuesday - 31)
    assert not table.is_assumed("EURUSD", tuesday)
    assert table.is_assumed("GBPUSD", tuesday)


@given(st.integers(0, 400), st.integers(0, 60), st.integers(0, 60))
def test_given_any_span_when_split_then_its_swaps_add_up(start: int, left: int, right: int) -> None:
    day = number_of(date(2024, 1, 1)) + start

    parts = COSTS.swap_pips("EURUSD", 1, day, day + left) + COSTS.swap_pips("EURUSD", 1, day + left, day + left + right)

    assert parts == COSTS.swap_pips("EURUSD", 1, day, day + left + right)


def test_given_two_rates_for_one_day_when_a_table_is_made_then_it_is_refused() -> None:
    rate = SwapRate("EURUSD", 19_000, Decimal(-1), Decimal(0))

    with pytest.raises(InvalidInput, match="ascending"):
        SwapTable.of([rate, rate])


def test_given_an_assumed_credit_when_a_table_is_made_then_it_is_refused() -> None:
    with pytest.raises(InvalidInput, match="charge"):
        SwapTable(assumed_pips=Decimal("0.1"))


def test_given_whole_weeks_when_priced_then_a_moment_alone_and_in_a_column_agree() -> None:
    start = int(datetime(2024, 3, 8, tzinfo=UTC).timestamp())
    moments = np.arange(start, start + int(timedelta(days=4).total_seconds()), 900, dtype=np.int64)

    column = spread_pips(COSTS, EURUSD, moments)

    assert column[::37].tolist() == [
        spread_pips(COSTS, EURUSD, moments[i : i + 1])[0] for i in range(0, len(moments), 37)
    ]
