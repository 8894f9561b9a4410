"""Longer bars against pandas, and that none is known before it closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.frame import DERIVED, frame_of
from bitten_domain.market.resample import complete_bars, period_start
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.conftest import WalkMaker

EURUSD = INSTRUMENTS["EURUSD"]


def by_pandas(base: Bars, timeframe: Timeframe) -> pd.DataFrame:
    """Derive bars by New York's wall clock, shifted so that a trading day is a calendar day."""
    columns = {name: getattr(base, name) for name in ("open", "high", "low", "close", "volume")}
    utc = pd.to_datetime(base.opened, unit="s", utc=True)
    local = utc.tz_convert("America/New_York").tz_localize(None) + pd.Timedelta(hours=7)
    table = pd.DataFrame({**columns, "opened": base.opened, "local": local})
    rule = {Timeframe.M30: "30min", Timeframe.H1: "1h", Timeframe.H4: "4h", Timeframe.D1: "1D"}[timeframe]
    grouped = table.groupby(table["local"].dt.floor(rule))
    derived = grouped.agg(
        {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum", "opened": "min"}
    )
    # A group begins on its rule's boundary, which may be before its first bar.
    offset = grouped["local"].first() - derived.index
    derived["opened"] = grouped["opened"].first() - offset.dt.total_seconds().astype(np.int64)
    return derived


def check_against_pandas(base: Bars, timeframe: Timeframe) -> None:
    bars, _ = complete_bars(base, timeframe)
    expected = by_pandas(base, timeframe)
    expected = expected[expected["opened"] + timeframe.seconds <= int(base.closed[-1])]
    assert bars.opened.tolist() == expected["opened"].tolist()
    for name in ("open", "high", "low", "close"):
        assert getattr(bars, name).tolist() == expected[name].tolist()
    assert bars.volume.tolist() == pytest.approx(expected["volume"].tolist())


@pytest.mark.parametrize("timeframe", DERIVED)
def test_given_real_bars_when_derived_then_pandas_agrees(real_m15: Callable[[str], Bars], timeframe: Timeframe) -> None:
    check_against_pandas(real_m15("EURUSD"), timeframe)


@pytest.mark.parametrize("timeframe", DERIVED)
@settings(max_examples=8)
@given(seed=st.integers(0, 9), holes=st.sampled_from([0.0, 0.05, 0.6]), last=st.integers(1, 4_200))
def test_given_bars_with_holes_when_derived_then_pandas_agrees(
    walk: WalkMaker, timeframe: Timeframe, seed: int, holes: float, last: int
) -> None:
    # 4200 quarters from February 2025 on cross the American clock change of 9 March 2025.
    base = walk(seed % 3, 4_200, holes=holes).rows(slice(max(0, last - 700), last))
    if len(base):
        check_against_pandas(base, timeframe)


@given(seed=st.integers(0, 9), last=st.integers(1, 900), timeframe=st.sampled_from(DERIVED))
def test_given_bars_with_holes_when_derived_then_each_is_known_at_the_first_close_at_or_after_its_end(
    walk: WalkMaker, seed: int, last: int, timeframe: Timeframe
) -> None:
    base = walk(seed, 1_000, holes=0.3).rows(slice(0, last))
    bars, known = complete_bars(base, timeframe)

    ends = (bars.opened + timeframe.seconds).tolist()
    assert known.tolist() == [
        next(row for row, closed in enumerate(base.closed.tolist()) if closed >= end) for end in ends
    ]


@given(seed=st.integers(0, 9), cut=st.integers(1, 899))
def test_given_a_frame_when_the_future_is_cut_off_then_what_was_known_is_the_same(
    walk: WalkMaker, seed: int, cut: int
) -> None:
    base = walk(seed, 900, holes=0.1)
    moment = int(base.closed[min(cut, len(base) - 1)])
    whole = frame_of(EURUSD, base)
    past = frame_of(EURUSD, base.rows(slice(0, int(np.searchsorted(base.closed, moment, side="right")))))

    for timeframe in (Timeframe.M15, *DERIVED):
        known = int(whole.track(timeframe).last_known(np.array([moment]))[0]) + 1
        full, part = whole.track(timeframe), past.track(timeframe)
        assert part.known_at.tolist() == full.known_at[:known].tolist()
        assert part.bars.close.tobytes() == full.bars.close[:known].tobytes()
        assert part.bars.high.tobytes() == full.bars.high[:known].tobytes()
        assert np.all(part.known_at <= moment)
        assert np.all(part.known_at >= part.bars.closed)


@pytest.mark.parametrize(("month", "day", "utc_hour"), [(1, 15, 22), (7, 16, 21)])
def test_given_summer_and_winter_when_a_day_is_cut_in_four_hours_then_it_starts_at_17_new_york(
    month: int, day: int, utc_hour: int
) -> None:
    start = int(datetime(2025, month, day, 17, tzinfo=ZoneInfo("America/New_York")).timestamp())
    moments = np.arange(start, start + 86_400, 900, dtype=np.int64)

    assert datetime.fromtimestamp(start, tz=UTC).hour == utc_hour
    assert sorted(set(period_start(moments, Timeframe.H4).tolist())) == [start + 14_400 * k for k in range(6)]
    assert set(period_start(moments, Timeframe.D1).tolist()) == {start}


def test_given_measured_spreads_when_derived_then_the_measured_ones_are_averaged() -> None:
    ones = np.ones(4)
    spread = np.array([1.0, np.nan, 3.0, 2.0])
    base = Bars("EURUSD", Timeframe.M15, 900 * np.arange(4, dtype=np.int64), ones, ones, ones, ones, ones, spread)

    whole, _ = complete_bars(base, Timeframe.H1)
    halves, _ = complete_bars(base, Timeframe.M30)
    assert whole.spread_pips is not None
    assert halves.spread_pips is not None
    assert whole.spread_pips.tolist() == [2.0]
    assert halves.spread_pips.tolist() == [1.0, 2.5]


def test_given_an_unfinished_hour_when_derived_then_it_is_left_out(walk: WalkMaker) -> None:
    bars, known = complete_bars(walk(1, 7), Timeframe.H1)

    assert (len(bars), known.tolist()) == (1, [3])


@pytest.mark.parametrize("rows", [0, 1])
def test_given_hardly_any_bars_when_framed_then_longer_tracks_are_empty(walk: WalkMaker, rows: int) -> None:
    frame = frame_of(EURUSD, walk(1, 10).rows(slice(0, rows)))

    assert [len(frame.track(timeframe).bars) for timeframe in DERIVED] == [0, 0, 0, 0]
    assert frame.track(Timeframe.D1).last_known(np.array([2_000_000_000])).tolist() == [-1]


def test_given_a_shorter_timeframe_when_derived_then_it_is_refused(walk: WalkMaker) -> None:
    for timeframe in (Timeframe.M5, Timeframe.M15):
        with pytest.raises(BrokenInvariant, match="cannot derive"):
            complete_bars(walk(1, 10), timeframe)


def test_given_another_pairs_bars_when_framed_then_they_are_refused(walk: WalkMaker) -> None:
    with pytest.raises(BrokenInvariant, match="GBPUSD"):
        frame_of(INSTRUMENTS["GBPUSD"], walk(1, 10))
