"""Holes in the open week, and what cleaning keeps, drops and counts."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.data_quality import (
    FaultCount,
    Gap,
    RawBars,
    RowFault,
    clean,
    common_step,
    find_gaps,
    is_holiday,
    largest_move,
    merge_faults,
)

STEP = 900


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def every_quarter(start: str, stop: str) -> list[int]:
    return list(range(moment(start), moment(stop), STEP))


def raw(opened: list[int], **columns: list[float]) -> RawBars:
    n = len(opened)

    def column(name: str, value: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(columns.get(name, [value] * n), dtype=np.float64)

    return RawBars(
        np.array(opened, dtype=np.int64),
        column("open", 1.1),
        column("high", 1.2),
        column("low", 1.0),
        column("close", 1.15),
        column("volume", 10.0),
        None if "spread" not in columns else column("spread", 1.0),
        np.arange(2, n + 2, dtype=np.int64),
    )


# 2025-06-02 is a Monday; New York is four hours behind, so the week runs from Sunday 21:00 to Friday 21:00 UTC.
MONDAY = "2025-06-02T00:00"


def test_given_bars_missing_in_the_week_when_looked_for_then_one_gap_counts_them() -> None:
    times = [
        at
        for at in every_quarter(MONDAY, "2025-06-02T06:00")
        if not moment("2025-06-02T02:00") <= at < moment("2025-06-02T03:00")
    ]

    gaps = find_gaps(np.array(times), STEP)

    assert gaps == (Gap(moment("2025-06-02T02:00"), moment("2025-06-02T03:00"), 4),)


def test_given_a_weekend_when_looked_for_then_it_is_no_gap() -> None:
    times = every_quarter("2025-06-06T18:00", "2025-06-06T21:00") + every_quarter(
        "2025-06-08T21:00", "2025-06-09T00:00"
    )

    assert find_gaps(np.array(times), STEP) == ()


def test_given_a_late_sunday_start_when_looked_for_then_only_open_time_is_missing() -> None:
    times = every_quarter("2025-06-06T18:00", "2025-06-06T21:00") + every_quarter(
        "2025-06-08T22:00", "2025-06-09T00:00"
    )

    assert [gap.missing for gap in find_gaps(np.array(times), STEP)] == [4]


def test_given_christmas_day_when_looked_for_then_its_hours_are_not_missing() -> None:
    # The trading day of 25 December 2024 runs from 22:00 UTC on the 24th to 22:00 UTC on the 25th.
    times = every_quarter("2024-12-24T12:00", "2024-12-24T21:00") + every_quarter(
        "2024-12-25T22:00", "2024-12-26T02:00"
    )

    gaps = find_gaps(np.array(times), STEP)

    assert [(gap.start, gap.missing) for gap in gaps] == [(moment("2024-12-24T21:00"), 4)]
    assert is_holiday(np.array([moment("2025-01-01T12:00"), moment("2025-01-02T12:00")])).tolist() == [True, False]


FAULTY = [
    ({"close": [float("nan")]}, RowFault.NOT_A_NUMBER),
    ({"high": [float("inf")]}, RowFault.NOT_A_NUMBER),
    ({"low": [0.0]}, RowFault.NOT_POSITIVE),
    ({"low": [-1.0]}, RowFault.NOT_POSITIVE),
    ({"high": [0.9], "low": [1.0]}, RowFault.HIGH_BELOW_LOW),
    ({"open": [1.3]}, RowFault.OUTSIDE_RANGE),
    ({"close": [0.99]}, RowFault.OUTSIDE_RANGE),
    # The usual prices are open 1.1, high 1.2, low 1.0, close 1.15: a high of 2.31 is above 2 x 1.15.
    ({"high": [12.0]}, RowFault.IMPLAUSIBLE_PRICE),
    ({"high": [2.31]}, RowFault.IMPLAUSIBLE_PRICE),
    ({"low": [0.54]}, RowFault.IMPLAUSIBLE_PRICE),
    ({"open": [9e-4], "high": [9e-4], "low": [9e-4], "close": [9e-4]}, RowFault.IMPLAUSIBLE_PRICE),
    ({"open": [1.1e6], "high": [1.1e6], "low": [1.1e6], "close": [1.1e6]}, RowFault.IMPLAUSIBLE_PRICE),
    ({"volume": [-1.0]}, RowFault.NEGATIVE_VOLUME),
    ({"spread": [-0.1]}, RowFault.NEGATIVE_SPREAD),
]


@pytest.mark.parametrize(("columns", "fault"), FAULTY)
def test_given_a_faulty_row_when_cleaned_then_it_is_counted_with_file_and_line(
    columns: dict[str, list[float]], fault: RowFault
) -> None:
    cleaned = clean(raw([moment(MONDAY)], **columns), "EURUSD", Timeframe.M15, "a.csv")

    (count,) = cleaned.faults
    assert (len(cleaned.bars), count.fault, count.count) == (0, fault, 1)
    assert count.samples[0].startswith("a.csv:2: ")


@pytest.mark.parametrize(
    ("time", "fault"),
    [("2025-06-02T00:07", RowFault.OFF_GRID), ("2025-06-07T12:00", RowFault.MARKET_CLOSED)],
)
def test_given_a_time_no_bar_can_have_when_cleaned_then_it_is_left_out(time: str, fault: RowFault) -> None:
    cleaned = clean(raw([moment(time)]), "EURUSD", Timeframe.M15, "a.csv")

    assert [each.fault for each in cleaned.faults] == [fault]


@pytest.mark.parametrize("timeframe", [Timeframe.M15, Timeframe.D1])
@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00", "1700-01-01T00:00", "1979-12-31T23:45", "2100-01-01T00:00", "9999-12-31T23:45"]
)
def test_given_a_time_outside_1980_to_2099_when_cleaned_then_it_is_counted(time: str, timeframe: Timeframe) -> None:
    cleaned = clean(raw([moment(time), moment(MONDAY)]), "EURUSD", timeframe, "a.csv")

    assert [(each.fault, each.count) for each in cleaned.faults] == [(RowFault.IMPLAUSIBLE_TIME, 1)]
    assert cleaned.bars.opened.tolist() == [moment(MONDAY)]


def test_given_prices_and_wicks_at_their_bounds_when_cleaned_then_they_are_bars() -> None:
    rows = raw(
        every_quarter(MONDAY, "2025-06-02T01:00"),
        open=[1.0, 1.0, 1e-3, 1e6],
        high=[2.0, 1.0, 1e-3, 1e6],
        low=[1.0, 0.5, 1e-3, 1e6],
        close=[1.0, 1.0, 1e-3, 1e6],
    )

    # One at a time: side by side they would be out of proportion to each other.
    for row in range(len(rows)):
        assert clean(rows.rows(np.array([row])), "EURUSD", Timeframe.M15, "a.csv").faults == ()


def test_given_the_same_row_twice_when_cleaned_then_one_bar_stays_and_one_repeat_is_counted() -> None:
    cleaned = clean(raw([moment(MONDAY)] * 2), "EURUSD", Timeframe.M15, "a.csv")

    assert (len(cleaned.bars), cleaned.duplicates, cleaned.faults) == (1, 1, ())


def test_given_rows_that_contradict_each_other_when_cleaned_then_none_of_them_is_believed() -> None:
    rows = raw([moment(MONDAY)] * 3 + [moment(MONDAY) + STEP], close=[1.15, 1.15, 1.16, 1.1])

    cleaned = clean(rows, "EURUSD", Timeframe.M15, "a.csv")

    assert cleaned.bars.opened.tolist() == [moment(MONDAY) + STEP]
    assert [(each.fault, each.count) for each in cleaned.faults] == [(RowFault.CONFLICT, 3)]


def test_given_newest_first_when_cleaned_then_bars_are_sorted_and_each_step_back_counted() -> None:
    times = every_quarter(MONDAY, "2025-06-02T02:00")

    cleaned = clean(raw(times[::-1]), "EURUSD", Timeframe.M15, "a.csv")

    assert cleaned.bars.opened.tolist() == times
    assert cleaned.out_of_order == len(times) - 1


def test_given_many_faulty_rows_when_cleaned_then_only_the_first_are_named() -> None:
    times = every_quarter(MONDAY, "2025-06-02T05:00")

    (count,) = clean(raw(times, close=[9.0] * len(times)), "EURUSD", Timeframe.M15, "a.csv").faults

    assert (count.count, len(count.samples)) == (20, 5)


def test_given_counts_of_one_fault_when_merged_then_they_add_up() -> None:
    one, two = FaultCount(RowFault.COLUMNS, 2, ("a",)), FaultCount(RowFault.COLUMNS, 3, ("b",))

    assert merge_faults((one,), (two,)) == (FaultCount(RowFault.COLUMNS, 5, ("a", "b")),)


def test_given_a_week_with_a_weekend_when_asked_for_its_step_then_the_most_common_counts() -> None:
    times = every_quarter("2025-06-06T18:00", "2025-06-06T21:00") + every_quarter(
        "2025-06-08T21:00", "2025-06-09T00:00"
    )

    assert common_step(np.array(times[::-1])) == STEP
    assert common_step(np.array(times[:1])) is None


def test_given_closes_when_asked_for_the_largest_move_then_it_is_the_largest_return_either_way() -> None:
    cleaned = clean(
        raw(every_quarter(MONDAY, "2025-06-02T00:45"), close=[1.0, 1.2, 1.14]), "EURUSD", Timeframe.M15, "a"
    )

    assert largest_move(cleaned.bars) == pytest.approx(0.2)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40),
            st.sampled_from([0.0, -1.0, 1.0, 1.1, float("nan"), float("inf")]),
            st.sampled_from([0.9, 1.0, 1.2]),
        ),
        max_size=40,
    )
)
def test_given_any_rows_when_cleaned_then_every_row_is_a_bar_or_counted(rows: list[tuple[int, float, float]]) -> None:
    source = raw(
        [moment(MONDAY) + each * 450 for each, _, _ in rows],
        close=[close for _, close, _ in rows],
        high=[high for _, _, high in rows],
    )

    cleaned = clean(source, "EURUSD", Timeframe.M15, "a.csv")

    assert len(cleaned.bars) + sum(each.count for each in cleaned.faults) + cleaned.duplicates == len(rows)
    bars = cleaned.bars
    assert bool(np.all((bars.low <= bars.close) & (bars.close <= bars.high) & (bars.low > 0.0)))


def levels(*prices: float) -> RawBars:
    """Give a bar at each price, four hundredths high, a quarter of an hour apart."""
    close = np.array(prices)
    opened = every_quarter(MONDAY, "2025-06-03T00:00")[: len(close)]
    columns = {"open": close, "high": close * 1.02, "low": close * 0.98, "close": close}
    return raw(opened, **{name: column.tolist() for name, column in columns.items()})


@pytest.mark.parametrize(
    ("prices", "lines"),
    [
        # Lines count from 2: the first is the header's.
        ((*[1.1] * 8, 11.0, *[1.1] * 8), [10]),
        ((*[1.1] * 8, 0.11, *[1.1] * 8), [10]),
        ((11.0, *[1.1] * 9), [2]),
        ((*[1.1] * 9, 11.0), [11]),
        ((*[1.1] * 8, *[110.0] * 5, *[1.1] * 8), [10, 11, 12, 13, 14]),
        ((1.1, 11.0, 1.1), [3]),
        # A level that stays is a level, and a market may move by a third.
        ((*[1.1] * 8, *[11.0] * 8), []),
        ((*[1.2] * 8, 0.8, *[1.2] * 8), []),
        ((1.1, 11.0), []),
    ],
)
def test_given_whole_bars_off_by_a_decimal_when_cleaned_then_each_is_left_out_with_its_line(
    prices: tuple[float, ...], lines: list[int]
) -> None:
    cleaned = clean(levels(*prices), "EURUSD", Timeframe.M15, "EURUSD.csv")

    named = [sample.split(": ")[0] for each in cleaned.faults for sample in each.samples]
    assert [each.fault for each in cleaned.faults] == ([RowFault.OFF_LEVEL] if lines else [])
    assert named == [f"EURUSD.csv:{line}" for line in lines]
    assert len(cleaned.bars) == len(prices) - len(lines)


def test_given_rows_out_of_order_when_cleaned_then_a_bar_is_compared_with_its_neighbours_in_time() -> None:
    turned = levels(*[1.1] * 8, 11.0, *[1.1] * 8).rows(np.arange(17)[::-1])

    (fault,) = clean(turned, "EURUSD", Timeframe.M15, "EURUSD.csv").faults

    assert fault.samples[0].startswith(
        "EURUSD.csv:10: the whole bar is out of proportion to the bars around it (open 11"
    )


def test_given_a_row_of_another_century_when_cleaned_then_it_is_named_and_the_rest_stays() -> None:
    week = every_quarter(MONDAY, "2025-06-04T00:00")

    cleaned = clean(raw([*week, moment("2099-06-02T00:00")]), "EURUSD", Timeframe.M15, "EURUSD.csv")

    assert cleaned.faults == (
        FaultCount(
            RowFault.FAR_FROM_REST,
            1,
            (f"EURUSD.csv:{len(week) + 2}: 2099-06-02T00:00:00Z is more than a year from nearly all other rows",),
        ),
    )
    assert cleaned.bars.opened.tolist() == week


def test_given_two_stretches_years_apart_when_cleaned_then_both_stay() -> None:
    times = every_quarter("2015-06-01T00:00", "2015-06-02T00:00") + every_quarter(MONDAY, "2025-06-04T00:00")

    assert clean(raw(times), "EURUSD", Timeframe.M15, "EURUSD.csv").bars.opened.tolist() == times


def test_given_a_hole_of_decades_when_looked_for_then_its_bars_are_counted_without_listing_them_all() -> None:
    # Monday to Monday in summer: weeks of 120 open hours, less 25 December and 1 January where they are no weekend.
    start, weeks = moment(MONDAY), 3_600
    stop = start + weeks * 7 * 86_400
    first, last = date(2025, 6, 2), date(2025, 6, 2) + timedelta(weeks=weeks)
    feasts = [date(year, *day) for year in range(first.year, last.year + 1) for day in ((12, 25), (1, 1))]
    kept = sum(first < feast < last and feast.weekday() < 5 for feast in feasts)
    tracemalloc.start()

    (gap,) = find_gaps(np.array([start - STEP, stop]), STEP)

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert gap.missing == weeks * 480 - kept * 96
    assert most < 20e6
