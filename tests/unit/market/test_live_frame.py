"""A frame that grows bar by bar is the frame of the whole history, cut to what it keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant, InvalidInput
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.frame import DERIVED, Frame, Track, frame_of
from bitten_domain.market.live_frame import LiveFrame
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from tests.unit.conftest import WalkMaker

EURUSD = INSTRUMENTS["EURUSD"]
KEEP = {Timeframe.M15: 96, Timeframe.M30: 7, Timeframe.H1: 5, Timeframe.H4: 3, Timeframe.D1: 2}


def fed(bars: Bars) -> LiveFrame:
    live = LiveFrame(EURUSD, KEEP)
    for row in range(len(bars)):
        live.append(bars.rows(slice(row, row + 1)))
    return live


def tail(track: Track, keep: int) -> Track:
    return Track(track.bars.rows(slice(max(0, len(track.bars) - keep), None)), track.known_at[-keep:])


def check_same(live: Frame, whole: Frame) -> None:
    for timeframe in (Timeframe.M15, *DERIVED):
        found, expected = live.track(timeframe), tail(whole.track(timeframe), KEEP[timeframe])
        assert found.known_at.tolist() == expected.known_at.tolist(), timeframe
        for name in ("opened", "open", "high", "low", "close", "volume"):
            assert getattr(found.bars, name).tobytes() == getattr(expected.bars, name).tobytes(), (timeframe, name)


@settings(max_examples=12)
@given(
    seed=st.integers(0, 5),
    first=st.integers(0, 4_000),
    count=st.integers(1, 240),
    holes=st.sampled_from([0.0, 0.02, 0.2, 0.7]),
)
def test_given_bars_with_holes_when_fed_one_by_one_then_the_frame_is_that_of_the_history(
    walk: WalkMaker, seed: int, first: int, count: int, holes: float
) -> None:
    base = walk(seed, 4_400, holes=holes)
    begin = first % (len(base) - 1)
    bars = base.rows(slice(begin, begin + count))

    check_same(fed(bars).frame(), frame_of(EURUSD, bars))


@settings(max_examples=12)
@given(
    seed=st.integers(0, 5),
    first=st.integers(0, 3_900),
    count=st.integers(0, 300),
    more=st.integers(0, 120),
    holes=st.sampled_from([0.0, 0.1]),
)
def test_given_recorded_bars_when_started_with_then_it_is_as_if_they_had_been_appended(
    walk: WalkMaker, seed: int, first: int, count: int, more: int, holes: float
) -> None:
    bars = walk(seed, 5_000, holes=holes).rows(slice(first, first + count + more))
    live = LiveFrame.of(EURUSD, KEEP, bars.rows(slice(0, count)))
    for row in range(count, len(bars)):
        live.append(bars.rows(slice(row, row + 1)))

    check_same(live.frame(), frame_of(EURUSD, bars))


def test_given_measured_spreads_when_fed_then_they_are_averaged_as_in_the_history(walk: WalkMaker) -> None:
    bars = walk(2, 300)
    spread = np.where(np.arange(300) % 3 == 0, np.nan, 1.0 + np.arange(300) % 5)
    bars = replace(bars, spread_pips=spread)
    live, whole = fed(bars).frame(), frame_of(EURUSD, bars)

    for timeframe in (Timeframe.M15, Timeframe.H1, Timeframe.D1):
        found = live.track(timeframe).bars.spread_pips
        expected = tail(whole.track(timeframe), KEEP[timeframe]).bars.spread_pips
        assert found is not None
        assert expected is not None
        assert found.tobytes() == expected.tobytes()


def test_given_a_frame_when_more_bars_come_then_it_stays_as_it_was(walk: WalkMaker) -> None:
    bars = walk(3, 400)
    live = fed(bars.rows(slice(0, 200)))
    before = live.frame()
    closes = [track.bars.close.tobytes() for track in before.tracks]
    for row in range(200, 400):
        live.append(bars.rows(slice(row, row + 1)))

    assert [track.bars.close.tobytes() for track in before.tracks] == closes


def test_given_a_bar_not_newer_than_the_last_when_fed_then_it_is_refused(walk: WalkMaker) -> None:
    bars = walk(3, 10)
    live = fed(bars)

    with pytest.raises(InvalidInput, match="not newer"):
        live.append(bars.rows(slice(9, 10)))


def test_given_two_bars_at_once_when_fed_then_they_are_refused(walk: WalkMaker) -> None:
    with pytest.raises(BrokenInvariant, match="one M15 bar"):
        LiveFrame(EURUSD, KEEP).append(walk(3, 10))
