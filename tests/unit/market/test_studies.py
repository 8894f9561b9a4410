"""Studies: a live window of the documented length holds what the full history holds, bit for bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.frame import SCANNED, Frame, Track, frame_of
from bitten_domain.market.live_frame import LiveFrame
from bitten_domain.market.studies import FrameStudies, history_needed, studies_of
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.conftest import WalkMaker

    from bitten_domain.market.bars import Bars

EURUSD = INSTRUMENTS["EURUSD"]
LONG = 19_000


def window_at(frame: Frame, moment: int, *, long_average: bool) -> Frame:
    """Cut a frame to what a live one would keep at a moment."""
    keep = history_needed(long_average=long_average)
    tracks = []
    for track in frame.tracks:
        stop = int(track.last_known(np.array([moment]))[0]) + 1
        rows = slice(max(0, stop - keep[track.bars.timeframe]), stop)
        tracks.append(Track(track.bars.rows(rows), track.known_at[rows]))
    return Frame(frame.instrument, tuple(tracks))


def newest(studies: FrameStudies, moment: int) -> dict[str, bytes]:
    """Read every column at the newest bar known at a moment."""
    values: dict[str, float] = {}
    for timeframe in SCANNED:
        track = studies.scanned[timeframe]
        at = int(studies.frame.track(timeframe).last_known(np.array([moment]))[0])
        bands = track.bands
        for name, column in (
            ("atr", track.atr),
            ("rsi", track.rsi),
            ("adx", track.adx),
            ("fast", track.ema_fast),
            ("slow", track.ema_slow),
            ("upper", bands.upper),
            ("middle", bands.middle),
            ("lower", bands.lower),
            ("macd", track.macd),
            ("volume", track.volume_ratio),
            *(() if track.ema_long is None else (("long", track.ema_long),)),
        ):
            values[f"{timeframe.name} {name}"] = float(column[at])
    known = {t: studies.frame.track(t).last_known(np.array([moment])) for t in (Timeframe.H1, Timeframe.H4)}
    day = studies.frame.track(Timeframe.D1).last_known(np.array([moment]))
    values["h4 fast"] = float(studies.h4_fast[known[Timeframe.H4][0]])
    values["h4 slow"] = float(studies.h4_slow[known[Timeframe.H4][0]])
    for name in ("ema_fast", "ema_slow", "range_median", "high_5", "low_5"):
        values[f"day {name}"] = float(getattr(studies.day, name)[day[0]])
    values["trend m15"] = float(studies.trend_m15[-1])
    values["trend h1"] = float(studies.trend_h1[known[Timeframe.H1][0]])
    values["usual"] = float(studies.usual_volatility(day)[0])
    assert not any(np.isnan(value) for value in values.values())
    return {name: np.float64(value).tobytes() for name, value in values.items()}


@pytest.mark.parametrize("long_average", [False, True])
@settings(max_examples=5)
@given(row=st.integers(17_500, LONG - 1))
def test_given_a_live_window_when_studied_then_every_column_has_the_bits_of_the_full_history(
    walk: WalkMaker, long_average: bool, row: int
) -> None:
    base = walk(5, LONG)
    moment = int(base.closed[row])
    past = studies_of(frame_of(EURUSD, base.rows(slice(0, row + 1))), long_average=long_average)
    live = studies_of(window_at(past.frame, moment, long_average=long_average), long_average=long_average)

    assert newest(live, moment) == newest(past, moment)


@pytest.mark.parametrize("start", [2_110, 2_180])
def test_given_studies_a_bar_earlier_when_a_bar_comes_then_they_are_as_if_made_anew(
    walk: WalkMaker, start: int
) -> None:
    bars = walk(1, 2_500, holes=0.02)
    keep = history_needed(long_average=True)
    live = LiveFrame.of(EURUSD, keep, bars.rows(slice(0, start)))
    grown = studies_of(live.frame(), long_average=True)
    for row in range(start, start + 100):
        live.append(bars.rows(slice(row, row + 1)))
        grown = studies_of(live.frame(), long_average=True, before=grown)
        if row % 12:
            continue
        fresh = studies_of(frame_of(EURUSD, bars.rows(slice(0, row + 1))), long_average=True)
        day = grown.frame.track(Timeframe.D1).last_known(bars.closed[row : row + 1])
        assert grown.usual_volatility(day).tobytes() == fresh.usual_volatility(day).tobytes()
        for name in ("h4_fast", "h4_slow", "trend_h1"):
            assert getattr(grown, name)[-1:].tobytes() == getattr(fresh, name)[-1:].tobytes()
        for timeframe in SCANNED:
            for name in ("atr", "adx", "macd", "ema_long"):
                a, b = (getattr(s.scanned[timeframe], name)[-1:] for s in (grown, fresh))
                assert a.tobytes() == b.tobytes()


@pytest.mark.parametrize("timeframe", SCANNED)
def test_given_the_newest_bars_of_a_timeframe_when_looked_at_then_they_read_as_in_the_whole(
    walk: WalkMaker, timeframe: Timeframe
) -> None:
    whole = studies_of(frame_of(EURUSD, walk(2, 3_000)), long_average=False)
    seen = whole.tail(timeframe, 100)
    skipped = len(whole.frame.track(timeframe).bars) - 100

    assert seen.scanned[timeframe].rsi.tobytes() == whole.scanned[timeframe].rsi[skipped:].tobytes()
    assert (
        seen.frame.track(timeframe).bars.opened.tolist() == whole.frame.track(timeframe).bars.opened[skipped:].tolist()
    )
    rows = np.arange(len(whole.frame.base) - 100, len(whole.frame.base))
    shift = skipped if timeframe is Timeframe.M15 else 0
    level, near = np.full(100, 1.1), np.full(100, 0.002)
    assert (
        seen.pivot_lows.touches(rows - shift, level, near, 480).tolist()
        == whole.pivot_lows.touches(rows, level, near, 480).tolist()
    )
    assert seen.pivot_highs.newest(rows - shift, 4)[0].tobytes() == whole.pivot_highs.newest(rows, 4)[0].tobytes()


def test_given_few_hours_when_usual_volatility_is_asked_of_them_then_the_whole_frame_still_knows_it(
    walk: WalkMaker,
) -> None:
    whole = studies_of(frame_of(EURUSD, walk(2, 4_000)), long_average=False)
    day = np.array([len(whole.day.bars) - 1])

    assert np.isnan(whole.tail(Timeframe.H1, 50).usual_volatility(day)[0])
    assert whole.usual_volatility(day)[0] > 0.0


def test_given_real_bars_when_a_live_window_is_studied_then_it_has_the_bits_of_the_full_history(
    real_m15: Callable[[str], Bars],
) -> None:
    base = real_m15("GBPJPY")
    past = studies_of(frame_of(INSTRUMENTS["GBPJPY"], base), long_average=True)
    moment = int(base.closed[-1])
    live = studies_of(window_at(past.frame, moment, long_average=True), long_average=True)

    assert newest(live, moment) == newest(past, moment)


@given(seed=st.integers(0, 3), days=st.lists(st.integers(-1, 40), min_size=1, max_size=5))
@settings(max_examples=12)
def test_given_days_when_usual_volatility_is_asked_then_it_is_the_median_of_480_known_hours(
    walk: WalkMaker, seed: int, days: list[int]
) -> None:
    frame = frame_of(EURUSD, walk(seed, 4_200, holes=0.02))
    studies = studies_of(frame, long_average=False)
    count = len(frame.track(Timeframe.D1).bars)
    asked = [min(day, count - 1) for day in days]

    expected = []
    for day in asked:
        known = (
            []
            if day < 0
            else [
                float(atr)
                for atr, at in zip(studies.scanned[Timeframe.H1].atr, frame.track(Timeframe.H1).known_at, strict=True)
                if at <= frame.track(Timeframe.D1).known_at[day]
            ][-480:]
        )
        there = [atr for atr in known if not np.isnan(atr)]
        expected.append(float(np.median(there)) if len(there) >= 240 else float("nan"))
    assert studies.usual_volatility(np.array(asked)).tolist() == pytest.approx(expected, nan_ok=True)


def test_given_twenty_days_when_ranges_are_read_then_their_median_starts_there(walk: WalkMaker) -> None:
    frame = frame_of(EURUSD, walk(1, 30 * 96))
    day = studies_of(frame, long_average=False).day
    span = (day.bars.high - day.bars.low).tolist()

    assert np.isnan(day.range_median[:19]).all()
    assert day.range_median[19] == np.median(span[:20])
    assert day.high_5[10] == max(day.bars.high[6:11])
    assert day.low_5[10] == min(day.bars.low[6:11])


def test_given_tick_volume_when_compared_then_the_mean_is_of_the_last_twenty_bars(walk: WalkMaker) -> None:
    bars = walk(1, 200)
    ratio = studies_of(frame_of(EURUSD, bars), long_average=False).scanned[Timeframe.M15].volume_ratio

    assert ratio[150] == pytest.approx(bars.volume[150] / np.mean(bars.volume[131:151]))
    assert np.isnan(ratio[18])


def test_given_no_long_average_when_studied_then_none_is_computed(walk: WalkMaker) -> None:
    frame = frame_of(EURUSD, walk(1, 100))

    assert studies_of(frame, long_average=False).scanned[Timeframe.M15].ema_long is None
    assert studies_of(frame, long_average=True).scanned[Timeframe.M15].ema_long is not None
