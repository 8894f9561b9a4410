"""Calendars and swap tables from files."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bitten_adapters.files.calendar_file import CalendarOptions, FileNewsCalendar, read_calendar
from bitten_adapters.files.swap_file import SwapRow, read_swaps
from bitten_domain.errors import BittenError, InvalidInput
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.market.news import EventCalendar

WEEKLY = "title,country,date,time,impact,forecast,previous"


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def read(folder: Path, content: str, name: str = "week.csv", options: CalendarOptions | None = None) -> EventCalendar:
    path = folder / name
    path.write_text(content, "utf-8")
    return read_calendar(path, options)[0]


def test_given_a_weekly_export_in_new_york_time_when_read_then_times_are_utc(tmp_path: Path) -> None:
    rows = ["Unemployment Claims,USD,06-12-2025,8:30am,High,242K,247K", "CPI m/m,USD,01-15-2025,8:30am,High,0.4%,0.3%"]

    calendar = read(tmp_path, "\n".join([WEEKLY, *rows]))

    # 8:30 in New York is 12:30 UTC in summer and 13:30 in winter.
    assert [event.time for event in calendar.events] == [at("2025-01-15T13:30"), at("2025-06-12T12:30")]
    assert calendar.events[1].forecast == "242K"


def test_given_a_weekly_export_in_utc_when_read_then_its_us_figures_tell(tmp_path: Path) -> None:
    rows = ["Unemployment Claims,USD,06-12-2025,12:30pm,High,,", "GDP m/m,GBP,06-12-2025,6:00am,Medium,,"]

    calendar = read(tmp_path, "\n".join([WEEKLY, *rows]))

    assert [event.time for event in calendar.events] == [at("2025-06-12T06:00"), at("2025-06-12T12:30")]


def test_given_a_clock_nobody_knows_when_read_then_the_zone_is_asked_for(tmp_path: Path) -> None:
    rows = f"{WEEKLY}\nUnemployment Claims,USD,06-12-2025,2:30pm,High,,"

    with pytest.raises(InvalidInput, match="clock is not known"):
        read(tmp_path, rows)
    told = read(tmp_path, rows, options=CalendarOptions(zone="Europe/Berlin"))

    assert told.events[0].time == at("2025-06-12T12:30")


def test_given_weekly_json_when_read_then_offsets_in_it_count(tmp_path: Path) -> None:
    entry = {"title": "CPI m/m", "country": "USD", "date": "2025-06-11T08:30:00-04:00", "impact": "High"}

    calendar = read(tmp_path, json.dumps([entry | {"forecast": "0.2%", "previous": None}]), "week.json")

    assert [(event.time, event.forecast, event.previous) for event in calendar.events] == [
        (at("2025-06-11T12:30"), "0.2%", "")
    ]


def test_given_tentative_and_all_day_when_read_then_the_day_is_kept_and_no_time_invented(tmp_path: Path) -> None:
    rows = ["BOJ Policy Rate,JPY,06-17-2025,Tentative,High,,", "Summit,EUR,06-17-2025,All Day,Medium,,"]

    calendar = read(tmp_path, "\n".join([WEEKLY, *rows]))

    assert [(event.time, event.time_known) for event in calendar.events] == [(at("2025-06-17T00:00"), False)] * 2


def test_given_rows_of_no_concern_when_read_then_each_is_counted_by_reason(tmp_path: Path) -> None:
    path = tmp_path / "week.csv"
    rows = ["Bank Holiday,USD,06-19-2025,All Day,Holiday,,", "CPI y/y,CNY,06-09-2025,1:30am,High,,"]
    rows += ["GDP m/m,GBP,06-12-2025,6:00am,Medium,,"] * 2
    path.write_text("\n".join([WEEKLY, *rows]), "utf-8")

    _, quality = read_calendar(path)

    assert dict(quality.passed_over) == {"no impact (holidays and the like)": 1, "currency CNY": 1}
    assert (quality.rows, quality.events, quality.duplicates) == (4, 1, 1)


BROKEN_ROWS = [
    "GDP,GBP,06-12-2025,6:00am,Huge,,",
    "GDP,Pounds,06-12-2025,6:00am,High,,",
    ",GBP,06-12-2025,6:00am,High,,",
    "GDP,GBP,31-31-2025,6:00am,High,,",
    "GDP,GBP,06-12-2025,26:00,High,,",
    "GDP,GBP",
]


@pytest.mark.parametrize("row", BROKEN_ROWS)
def test_given_a_broken_row_when_read_then_it_is_counted_with_its_line_or_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "week.csv"
    path.write_text("\n".join([WEEKLY, "CPI m/m,USD,06-11-2025,8:30am,High,,", row]), "utf-8")

    calendar, quality = read_calendar(path)

    assert (len(calendar.events), quality.quarantined) == (1, 1)
    assert quality.samples[0].startswith("week.csv:3: ")
    with pytest.raises(InvalidInput) as caught:
        read_calendar(path, CalendarOptions(strict=True))
    assert caught.value.where == "week.csv:3"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        (WEEKLY, "empty"),
        ("a,b,c,d\n1,2,3,4", "no column"),
        ("[1", "JSON is broken"),
        ("{}", "not a list"),
    ],
)
def test_given_no_calendar_when_read_then_one_error_says_so(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read(tmp_path, content)


def test_given_a_file_when_asked_for_a_snapshot_then_it_covers_its_days_and_does_not_age(tmp_path: Path) -> None:
    read(tmp_path, f"{WEEKLY}\nCPI m/m,USD,06-11-2025,8:30am,High,,")

    snapshot = FileNewsCalendar(tmp_path / "week.csv").snapshot()

    assert snapshot.refreshed_at is None
    assert (snapshot.calendar.covers_from, snapshot.calendar.covers_to) == (at("2025-06-11"), at("2025-06-12"))
    assert snapshot.calendar.impacts == frozenset({Impact.HIGH})


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from([WEEKLY, *BROKEN_ROWS, '"', "[", "[{}]"])).map("\n".join))
)
def test_given_any_text_when_read_then_it_is_a_calendar_or_one_error_of_ours(tmp_path: Path, content: str) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))

    try:
        _, quality = read_calendar(path)
    except BittenError:
        return

    passed = sum(count for _, count in quality.passed_over)
    assert quality.rows == quality.events + quality.duplicates + passed + quality.quarantined


def test_given_a_swap_table_when_read_then_rows_are_by_pair_and_day(tmp_path: Path) -> None:
    path = tmp_path / "swaps.csv"
    path.write_text(
        "date,pair,long_pips,short_pips\n2025-07-01,EURUSD,-0.7,0.2\n2025-01-01,eur/usd,-0.65,0.25\n", "utf-8"
    )

    assert read_swaps(path) == (
        SwapRow(date(2025, 1, 1), "EURUSD", Decimal("-0.65"), Decimal("0.25")),
        SwapRow(date(2025, 7, 1), "EURUSD", Decimal("-0.7"), Decimal("0.2")),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("2025-13-01,EURUSD,1,1", "not a date"),
        ("2025-01-01,EUR,1,1", "not a pair"),
        ("2025-01-01,EURUSD,x,1", "not a number"),
        ("2025-01-01,EURUSD,NaN,1", "is no swap"),
        ("2025-01-01,EURUSD,-650,1", "is no swap"),
        ("2025-01-01,EURUSD,1", "3 columns"),
        ("2025-01-02,EURUSD,1,1", "two rows"),
    ],
)
def test_given_a_broken_swap_row_when_read_then_the_table_is_refused_with_its_line(
    tmp_path: Path, row: str, said: str
) -> None:
    path = tmp_path / "swaps.csv"
    path.write_text(f"date,pair,long_pips,short_pips\n2025-01-02,EURUSD,1,1\n{row}\n", "utf-8")

    with pytest.raises(InvalidInput, match=said) as caught:
        read_swaps(path)

    assert caught.value.where == "swaps.csv:3"
