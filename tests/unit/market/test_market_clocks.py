"""Zones, the FX week and sessions against zoneinfo, one moment at a time, over every week in which a clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.market.clocks.fx_week import (
    is_open,
    is_open_at,
    open_seconds,
    trading_day,
    trading_day_at,
    trading_day_start,
)
from bitten_domain.market.clocks.sessions import SESSION_ORDER, session_flags
from bitten_domain.market.clocks.zones import LONDON, NEW_YORK, SYDNEY, TOKYO, local_second, local_seconds
from bitten_domain.vocabulary import Session

HOUR = 3_600
DAY = 86_400
ZONES = (LONDON, NEW_YORK, SYDNEY, TOKYO)

# Mondays of weeks whose weekends change a clock; both directions of the US, Europe and Australia, two years.
CLOCK_CHANGES = {
    "US spring 2024": date(2024, 3, 4),
    "EU spring 2024": date(2024, 3, 25),
    "AU autumn 2024": date(2024, 4, 1),
    "AU spring 2024": date(2024, 9, 30),
    "EU autumn 2024": date(2024, 10, 21),
    "US autumn 2024": date(2024, 10, 28),
    "US spring 2025": date(2025, 3, 3),
    "EU spring 2025": date(2025, 3, 24),
    "AU autumn 2025": date(2025, 3, 31),
    "AU spring 2025": date(2025, 9, 29),
    "EU autumn 2025": date(2025, 10, 20),
    "US autumn 2025": date(2025, 10, 27),
}
CENTRES = {"tokyo": (TOKYO, 9, 18), "london": (LONDON, 8, 17), "new_york": (NEW_YORK, 8, 17), "sydney": (SYDNEY, 7, 16)}


def second_of(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def fortnight(name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Give every half hour of the fortnight around a clock change."""
    start = second_of(CLOCK_CHANGES[name])
    return np.arange(start, start + 14 * DAY, 1_800, dtype=np.int64)


def clock(moment: int, zone: str) -> datetime:
    return datetime.fromtimestamp(moment, tz=UTC).astimezone(ZoneInfo(zone))


def open_by_the_book(moment: int) -> bool:
    local = clock(moment, NEW_YORK)
    weekday = local.weekday()
    if weekday == 4:
        return local.hour < 17
    if weekday == 6:
        return local.hour >= 17
    return weekday != 5


def day_by_the_book(moment: int) -> date:
    local = clock(moment, NEW_YORK)
    day = local.date() + timedelta(days=local.hour >= 17)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def sessions_by_the_book(moment: int) -> dict[str, bool]:
    market = open_by_the_book(moment)
    return {name: market and first <= clock(moment, zone).hour < last for name, (zone, first, last) in CENTRES.items()}


def name_by_the_book(flags: dict[str, bool]) -> Session:
    if flags["london"] and flags["new_york"]:
        return Session.OVERLAP
    for name, session in (
        ("london", Session.LONDON),
        ("new_york", Session.NEW_YORK),
        ("tokyo", Session.TOKYO),
        ("sydney", Session.SYDNEY),
    ):
        if flags[name]:
            return session
    return Session.CLOSED


@given(moments=st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=8), zone=st.sampled_from(ZONES))
def test_given_any_moments_when_read_off_a_wall_clock_then_zoneinfo_agrees(moments: list[int], zone: str) -> None:
    local = local_seconds(zone, np.array(moments, dtype=np.int64))

    expected = [int(clock(moment, zone).replace(tzinfo=UTC).timestamp()) for moment in moments]
    assert local.tolist() == expected
    assert [local_second(zone, moment) for moment in moments] == expected


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK, SYDNEY])
def test_given_a_clock_change_when_read_second_by_second_then_it_happens_at_the_right_second(zone: str) -> None:
    for name in CLOCK_CHANGES:
        hours = np.concatenate([fortnight(name)[::2] + shift for shift in (-1, 0, 1)])
        expected = [int(clock(int(moment), zone).replace(tzinfo=UTC).timestamp()) for moment in hours]
        assert local_seconds(zone, hours).tolist() == expected


@pytest.mark.parametrize("name", CLOCK_CHANGES)
def test_given_a_clock_change_when_the_week_is_read_then_new_york_opens_and_closes_it(name: str) -> None:
    moments = fortnight(name)

    expected = [open_by_the_book(int(moment)) for moment in moments]
    assert is_open(moments).tolist() == expected
    assert [is_open_at(moment) for moment in moments.tolist()] == expected


@pytest.mark.parametrize("name", CLOCK_CHANGES)
def test_given_a_clock_change_when_trading_days_are_read_then_they_roll_at_17_new_york(name: str) -> None:
    moments = fortnight(name)

    found = [date(1970, 1, 1) + timedelta(days=int(day)) for day in trading_day(moments)]
    assert found == [day_by_the_book(int(moment)) for moment in moments]
    assert [trading_day_at(moment) for moment in moments.tolist()] == trading_day(moments).tolist()


@pytest.mark.parametrize("name", CLOCK_CHANGES)
def test_given_a_clock_change_when_sessions_are_read_then_each_centre_keeps_its_own_clock(name: str) -> None:
    moments = fortnight(name)
    flags = session_flags(moments)

    expected = [sessions_by_the_book(int(moment)) for moment in moments]
    assert {
        "tokyo": flags.tokyo.tolist(),
        "london": flags.london.tolist(),
        "new_york": flags.new_york.tolist(),
        "sydney": flags.sydney.tolist(),
    } == {centre: [row[centre] for row in expected] for centre in CENTRES}
    assert [SESSION_ORDER[code] for code in flags.code] == [name_by_the_book(row) for row in expected]


@pytest.mark.parametrize("name", CLOCK_CHANGES)
def test_given_a_clock_change_when_trading_days_start_then_it_is_17_new_york_at_most_a_day_ago(name: str) -> None:
    moments = fortnight(name)
    moments = moments[is_open(moments)]
    starts = trading_day_start(moments)

    assert {(clock(int(s), NEW_YORK).hour, clock(int(s), NEW_YORK).minute) for s in starts} == {(17, 0)}
    assert np.all((moments - starts >= 0) & (moments - starts < DAY))


@pytest.mark.parametrize("name", CLOCK_CHANGES)
def test_given_a_clock_change_when_open_time_is_counted_then_each_open_half_hour_counts_once(name: str) -> None:
    moments = fortnight(name)

    elapsed = open_seconds(moments[1:]) - open_seconds(moments[:-1])
    assert elapsed.tolist() == [1_800 if open_by_the_book(int(moment)) else 0 for moment in moments[:-1]]


@given(first=st.integers(0, 2_000_000_000), later=st.integers(0, 30 * DAY))
def test_given_two_moments_when_open_time_is_read_then_it_never_runs_back_nor_faster_than_time(
    first: int, later: int
) -> None:
    a, b = open_seconds(np.array([first, first + later], dtype=np.int64)).tolist()

    assert 0 <= b - a <= later


def test_given_a_summer_week_when_read_then_it_opens_on_sunday_at_21_utc_and_lasts_five_days() -> None:
    sunday = second_of(date(2025, 6, 1))
    edges = np.array([sunday + 21 * HOUR - 1, sunday + 21 * HOUR, sunday + 21 * HOUR + 5 * DAY - 1], dtype=np.int64)

    assert is_open(edges).tolist() == [False, True, True]
    assert not is_open(edges[2:] + 1)[0]


@pytest.mark.parametrize("centre", CENTRES)
def test_given_a_wednesday_when_a_centre_is_read_then_its_edges_are_half_open(centre: str) -> None:
    zone, first, last = CENTRES[centre]
    edges = [
        int(datetime(2025, 6, 4, hour, tzinfo=ZoneInfo(zone)).timestamp()) + shift
        for hour, shift in ((first, -1), (first, 0), (last, -1), (last, 0))
    ]

    flags = session_flags(np.array(edges, dtype=np.int64))
    assert getattr(flags, centre).tolist() == [False, True, True, False]


def test_given_no_moments_when_read_then_nothing_is_given() -> None:
    none = np.zeros(0, dtype=np.int64)

    assert len(local_seconds(LONDON, none)) == len(is_open(none)) == len(session_flags(none).code) == 0
