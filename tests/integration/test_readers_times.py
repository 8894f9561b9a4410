"""Times as text and clocks as rules, against the standard library's own calendar and zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.files.text_column import column_of, numbers
from bitten_adapters.files.time_text import NO_OFFSET, DateOrder, date_order_of, parse_time, parse_times
from bitten_adapters.files.zone_rules import fitting_rules, utc_seconds, zone_rule
from bitten_domain.errors import InvalidInput

PATTERNS = [
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S",
    "%Y.%m.%d %H:%M:%S",
    "%Y/%m/%dT%H:%M:%S.000",
    "%Y%m%d %H%M%S",
    "%Y%m%d%H%M%S",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y %I:%M:%S %p",
    "%d-%m-%Y %H:%M:%S+00:00",
]


@given(
    st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2049, 12, 31)), min_size=1, max_size=20),  # noqa: DTZ001 read as UTC below
    st.sampled_from(PATTERNS),
)
def test_given_any_times_when_written_and_read_then_they_are_the_same(times: list[datetime], pattern: str) -> None:
    whole = [at.replace(microsecond=0, tzinfo=UTC) for at in times]

    read = parse_times(column_of([at.strftime(pattern).encode() for at in whole]), DateOrder.DAY_FIRST)

    assert read.valid.all()
    assert read.local.tolist() == [int(at.timestamp()) for at in whole]


@given(
    st.lists(
        st.sampled_from([b"2025-06-02 00:15:00", b"2025-6-2 1:15", b"2025-02-29 00:00:00", b"soon", b""]), max_size=20
    )
)
def test_given_mixed_writing_when_read_as_a_column_then_single_readings_agree(texts: list[bytes]) -> None:
    read = parse_times(column_of(texts))

    for i, text in enumerate(texts):
        try:
            expected = parse_time(text)
        except ValueError:
            assert not read.valid[i]
        else:
            assert (read.local[i], read.offset[i]) == expected


@pytest.mark.parametrize(
    ("texts", "asked", "order"),
    [
        ([b"05/04/2025 00:00", b"16/04/2025 00:00"], True, DateOrder.DAY_FIRST),
        ([b"05/04/2025 00:00", b"04/16/2025 00:00"], True, DateOrder.MONTH_FIRST),
        ([b"05/04/2025 00:00", b"06/04/2025 00:00"], True, None),
        ([b"16/04/2025 00:00", b"04/16/2025 00:00"], True, None),
        ([b"05.04.2025 00:00"], False, None),
        ([b"2025/04/05 00:00"], False, None),
    ],
)
def test_given_dates_when_asked_which_is_the_day_then_only_proof_decides(
    texts: list[bytes], asked: bool, order: DateOrder | None
) -> None:
    assert date_order_of(column_of(texts)) == (asked, order)


@pytest.mark.parametrize("text", [b"2025-06-02 00:00:00.5", b"1748822400500", b"2025-13-02", b"2025-06-02 13:00 PM"])
def test_given_no_time_a_bar_can_open_at_when_read_then_it_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"time|second|month|hour"):
        parse_time(text)


def test_given_offsets_in_the_text_when_read_then_they_are_told() -> None:
    texts = [b"2025-06-02 00:00Z", b"2025-06-02 00:00+05:30", b"2025-06-02 00:00 GMT-0400", b"2025-06-02 00:00"]

    assert parse_times(column_of(texts)).offset.tolist() == [0, 19_800, -14_400, NO_OFFSET]


# Monday 00:00 on the broker's clock is Sunday 17:00 New York in every week of the year: 22:00 UTC in winter, 21:00
# in US summer time. By European dates the clock differs in the weeks between the two changes.
@pytest.mark.parametrize(
    ("rule", "local", "utc"),
    [
        ("NY+7", "2025-01-13T00:00", "2025-01-12T22:00"),
        ("NY+7", "2025-03-10T00:00", "2025-03-09T21:00"),
        ("NY+7", "2025-06-16T00:00", "2025-06-15T21:00"),
        ("NY+7", "2025-10-27T00:00", "2025-10-26T21:00"),
        ("NY+7", "2025-11-03T00:00", "2025-11-02T22:00"),
        ("EU+2", "2025-03-10T00:00", "2025-03-09T22:00"),
        ("EU+2", "2025-03-31T00:00", "2025-03-30T21:00"),
        ("EU+2", "2025-10-27T00:00", "2025-10-26T22:00"),
        ("UTC+2/+3 EU", "2025-10-27T00:00", "2025-10-26T22:00"),
        ("EST", "2025-07-01T00:00", "2025-07-01T05:00"),
        ("America/New_York", "2025-07-01T00:00", "2025-07-01T04:00"),
        ("UTC+5:30", "2025-07-01T05:30", "2025-07-01T00:00"),
        ("-03:00", "2025-07-01T00:00", "2025-07-01T03:00"),
    ],
)
def test_given_a_clock_when_read_then_utc_is_what_the_change_dates_say(rule: str, local: str, utc: str) -> None:
    read, once = utc_seconds(zone_rule(rule), np.array([_seconds(local)], dtype=np.int64))

    assert (read.tolist(), once.tolist()) == ([_seconds(utc)], [True])


def test_given_a_skipped_and_a_repeated_hour_when_read_then_both_are_marked() -> None:
    local = np.array([_seconds("2025-03-30T01:30"), _seconds("2025-10-26T01:30"), _seconds("2025-10-26T03:00")])

    _, once = utc_seconds(zone_rule("Europe/London"), local)

    assert once.tolist() == [False, False, True]


@given(
    st.lists(st.integers(946_684_800, 2_000_000_000), min_size=1, max_size=20),
    st.sampled_from(["Europe/London", "America/New_York", "Asia/Tokyo", "Australia/Sydney"]),
)
def test_given_any_moment_when_taken_to_a_clock_and_back_then_it_is_itself(moments: list[int], zone: str) -> None:
    local = []
    for at in moments:
        offset = datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset() or timedelta()
        local.append(at + int(offset.total_seconds()))

    read, once = utc_seconds(zone_rule(zone), np.array(local, dtype=np.int64))

    assert all(back == at for back, at, sure in zip(read.tolist(), moments, once.tolist(), strict=True) if sure)


def test_given_a_week_when_asked_which_clocks_fit_then_wrong_ones_are_left_out() -> None:
    week = np.arange(_seconds("2025-06-02T00:00"), _seconds("2025-06-07T00:00"), 900)

    assert fitting_rules(week) == ("NY+7", "EU+2")


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "UTC+99", "../etc/passwd", "NY+8"])
def test_given_no_zone_when_read_then_the_error_lists_the_rules(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        zone_rule(name)

    assert "NY+7" in caught.value.remedy


@given(st.lists(st.decimals(0, 10**8, places=5).map(lambda value: f"{value:f}".encode()), min_size=1, max_size=30))
def test_given_any_decimals_when_read_then_each_is_what_float_reads(texts: list[bytes]) -> None:
    values, plain = numbers(column_of(texts))

    assert plain.all()
    assert values.tolist() == [float(text) for text in texts]


@pytest.mark.parametrize("text", [b"", b".", b"1.2.3", b"nan", b"inf", b"1_000", b"0x10", b"1,5", b"--1"])
def test_given_no_number_when_read_then_it_is_marked_and_its_neighbours_are_not(text: bytes) -> None:
    values, plain = numbers(column_of([b"1.5", text, b"-2.5e3"]))

    assert plain.tolist() == [True, False, True]
    assert values[[0, 2]].tolist() == [1.5, -2500.0]


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
