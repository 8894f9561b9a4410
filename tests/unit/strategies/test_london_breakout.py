"""London breakout, condition by condition, on hand-drawn bars, in winter and in summer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.strategies import Profile, strategies_of
from bitten_domain.strategies.london_breakout import (
    CLASSIC,
    WIDE,
    BreakoutRules,
    LondonBreakout,
    SessionBox,
)

if TYPE_CHECKING:
    from tests.unit.conftest import Column, Drawing

    from bitten_domain.strategies import Candidates

LONDON = ZoneInfo("Europe/London")
WINTER = date(2025, 1, 14)
SUMMER = date(2025, 7, 15)
DAY = 86_400


class Scene:
    """Two quiet days, then a Tuesday whose night box is 1.0980 to 1.1020; a usual day's range is 100 pips."""

    def __init__(self, day: date = WINTER) -> None:
        self.midnight = int(datetime(day.year, day.month, day.day, tzinfo=LONDON).timestamp())
        self.opened = np.arange(self.midnight - 2 * DAY + 4 * 3_600, self.midnight + DAY, 900, dtype=np.int64)
        n = len(self.opened)
        self.high, self.low, self.close = np.full(n, 1.1005), np.full(n, 1.0995), np.full(n, 1.1000)
        self.high[self.row("03:00")], self.low[self.row("04:00")] = 1.1020, 1.0980
        self.m15: dict[str, Column] = {"atr": 0.0010}
        self.h1: dict[str, Column] = {"atr": 0.0020}
        self.usual_range = 0.0100
        self.missing: list[int] = []

    def row(self, london: str) -> int:
        """Find the bar that opens at a time of Tuesday, London's clock."""
        hour, minute = london.split(":")
        return int(np.searchsorted(self.opened, self.midnight + int(hour) * 3_600 + int(minute) * 60))

    def closes(self, london: str, price: float) -> None:
        row = self.row(london)
        self.close[row] = price
        self.high[row], self.low[row] = max(self.high[row], price), min(self.low[row], price)

    def search(self, draw: Drawing, rules: BreakoutRules = CLASSIC) -> Candidates:
        kept = np.setdiff1d(np.arange(len(self.opened)), np.array(self.missing, dtype=np.int64))
        close, high, low = self.close[kept], self.high[kept], self.low[kept]
        bars = Bars("EURUSD", Timeframe.M15, self.opened[kept], close, high, low, close, np.ones(len(kept)))
        studies = draw(bars, m15=self.m15, h1=self.h1, usual_range=self.usual_range)
        return LondonBreakout(rules).propose(studies, Timeframe.M15)

    def times(self, found: Candidates) -> list[tuple[str, int]]:
        """List closing time, London's clock, and direction of what was found on Tuesday."""
        return [
            (datetime.fromtimestamp(at, tz=UTC).astimezone(LONDON).strftime("%H:%M"), sign)
            for at, sign in zip(found.at.tolist(), found.direction.tolist(), strict=True)
            if at > self.midnight
        ]


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize("day", [WINTER, SUMMER])
def test_given_a_night_box_when_a_bar_closes_beyond_it_then_it_is_traded_on_londons_clock(
    draw: Drawing, day: date
) -> None:
    scene = Scene(day)
    scene.closes("08:00", 1.1025)
    found = scene.search(draw)

    assert scene.times(found) == [("08:15", 1)]
    assert found.entry[0] == pytest.approx(1.1025)
    # The box's middle is 25 pips away, between 10 (1 ATR of M15) and 30 (1.5 ATR of H1); the target is at twice that.
    assert found.stop[0] == pytest.approx(1.1000)
    assert found.target[0] == pytest.approx(1.1075)
    assert found.flat_at.tolist() == [scene.midnight + 17 * 3_600]


def test_given_a_night_box_when_a_bar_closes_below_it_then_it_is_a_sell(scene: Scene, draw: Drawing) -> None:
    scene.closes("07:00", 1.0975)
    found = scene.search(draw)

    assert scene.times(found) == [("07:15", -1)]
    assert (found.stop[0], found.target[0]) == pytest.approx((1.1000, 1.0925))


@pytest.mark.parametrize(
    ("atr", "close", "set_ups"),
    [(0.0010, 1.10219, 0), (0.0010, 1.10221, 1), (0.0030, 1.10229, 0), (0.0030, 1.10231, 1)],
)
def test_given_two_pips_or_a_tenth_of_atr_when_the_close_is_not_beyond_the_larger_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, atr: float, close: float, set_ups: int
) -> None:
    scene.m15["atr"], scene.h1["atr"] = atr, 0.0040
    scene.closes("08:00", close)

    assert len(scene.search(draw)) == set_ups


@pytest.mark.parametrize(("usual", "set_ups"), [(0.00399, 0), (0.00401, 1), (0.01599, 1), (0.01601, 0)])
def test_given_a_box_of_40_pips_when_outside_a_quarter_to_all_of_a_usual_day_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, usual: float, set_ups: int
) -> None:
    scene.usual_range = usual
    scene.closes("08:00", 1.1025)

    assert len(scene.search(draw)) == set_ups


@pytest.mark.parametrize(
    ("atr_m15", "atr_h1", "stop"),
    [
        (0.0010, 0.0020, 1.1000),  # the middle, 25 pips, fits 10 to 30
        (0.0030, 0.0040, 1.0980),  # it does not fit 30 to 60, the far edge at 45 does
        (0.0010, 0.0010, 1.1010),  # neither fits 10 to 15: the middle, clipped to 15
        (0.0048, 0.0040, 1.0977),  # neither fits 48 to 60: the middle, clipped to 48
    ],
)
def test_given_bounds_of_the_stop_when_middle_and_edge_are_tried_then_it_is_the_first_that_fits_or_clipped(
    scene: Scene, draw: Drawing, atr_m15: float, atr_h1: float, stop: float
) -> None:
    scene.m15["atr"], scene.h1["atr"] = atr_m15, atr_h1
    scene.closes("08:00", 1.1025)

    assert scene.search(draw).stop[0] == pytest.approx(stop)


def test_given_bounds_of_the_stop_that_exclude_each_other_when_searched_then_there_is_no_set_up(
    scene: Scene, draw: Drawing
) -> None:
    scene.m15["atr"], scene.h1["atr"] = 0.0016, 0.0010
    scene.closes("08:00", 1.1025)

    assert len(scene.search(draw)) == 0


def test_given_the_classic_rules_when_a_side_breaks_twice_then_it_is_traded_once_and_the_other_once(
    scene: Scene, draw: Drawing
) -> None:
    for london, price in (
        ("08:00", 1.1025),
        ("08:30", 1.1000),
        ("09:00", 1.1026),
        ("10:00", 1.0975),
        ("11:00", 1.0974),
    ):
        scene.closes(london, price)

    assert scene.times(scene.search(draw)) == [("08:15", 1), ("10:15", -1)]


def test_given_the_wide_rules_when_a_close_comes_back_inside_then_the_side_is_armed_again(
    scene: Scene, draw: Drawing
) -> None:
    scene.closes("08:00", 1.1025)
    scene.closes("08:15", 1.1026)
    scene.closes("09:00", 1.1025)
    rules = replace(CLASSIC, rearm=True)

    # 08:30 to 09:00 closes inside; 08:15 does not come back first.
    assert scene.times(scene.search(draw, rules)) == [("08:15", 1), ("09:15", 1)]


def test_given_the_wide_rules_when_a_close_is_between_edge_and_distance_then_nothing_is_armed(
    scene: Scene, draw: Drawing
) -> None:
    scene.closes("08:00", 1.1025)
    scene.closes("08:15", 1.1021)
    scene.closes("08:30", 1.1025)

    assert scene.times(scene.search(draw, replace(CLASSIC, rearm=True))) == [("08:15", 1)]


def test_given_a_side_when_the_other_breaks_in_between_then_it_is_armed_again(scene: Scene, draw: Drawing) -> None:
    scene.closes("08:00", 1.1025)
    scene.closes("08:15", 1.0975)
    scene.closes("08:30", 1.1025)

    assert scene.times(scene.search(draw, replace(CLASSIC, rearm=True))) == [("08:15", 1), ("08:30", -1), ("08:45", 1)]


def test_given_a_break_when_outside_the_window_then_it_is_not_traded(scene: Scene, draw: Drawing) -> None:
    for london in ("06:45", "12:00"):
        scene.closes(london, 1.1025)
    scene.high[scene.row("06:45")] = 1.1020
    scene.close[scene.row("06:45")] = 1.1020

    assert scene.times(scene.search(draw)) == []


def test_given_a_box_with_too_few_bars_when_searched_then_it_is_no_box(scene: Scene, draw: Drawing) -> None:
    scene.closes("08:00", 1.1025)
    # 28 bars make a night; 80 % are 22.4.
    scene.missing = list(range(scene.row("00:00"), scene.row("00:00") + 5))
    with_23 = len(scene.search(draw))
    scene.missing.append(scene.row("00:00") + 5)

    assert (with_23, len(scene.search(draw))) == (1, 0)


@pytest.mark.parametrize(("london", "set_ups"), [("15:45", 1), ("16:00", 0)])
def test_given_an_afternoon_break_when_less_than_an_hour_is_left_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, london: str, set_ups: int
) -> None:
    scene.high[scene.row("08:00")], scene.low[scene.row("09:00")] = 1.1020, 1.0980
    scene.closes(london, 1.1025)
    found = scene.search(draw, replace(CLASSIC, boxes=(SessionBox(7, 12, 12, 17),)))

    assert len(scene.times(found)) == set_ups


def test_given_the_evening_box_when_broken_then_it_is_traded_the_day_after(scene: Scene, draw: Drawing) -> None:
    evening = scene.row("00:00") - 20
    scene.high[evening], scene.low[evening + 1] = 1.1019, 1.0981
    scene.high[scene.row("03:00")], scene.low[scene.row("04:00")] = 1.1005, 1.0995
    scene.closes("02:00", 1.1025)
    found = scene.search(draw, replace(CLASSIC, boxes=(SessionBox(17, 24, 0, 5, next_day=True),)))

    assert scene.times(found) == [("02:15", 1)]
    assert found.flat_at.tolist() == [scene.midnight + 17 * 3_600]


def test_given_no_usual_range_when_searched_then_there_is_no_set_up(scene: Scene, draw: Drawing) -> None:
    scene.usual_range = np.nan
    scene.closes("08:00", 1.1025)

    assert len(scene.search(draw)) == 0


def test_given_the_profiles_when_listed_then_their_breakout_rules_are_the_documented_ones() -> None:
    found = [s for p in Profile for s in strategies_of(p) if isinstance(s, LondonBreakout)]
    night = SessionBox(0, 7, 7, 12)

    assert [s.rules for s in found] == [CLASSIC, WIDE]
    assert (CLASSIC.boxes, CLASSIC.rearm, CLASSIC.target_r, CLASSIC.flat_hour) == ((night,), False, 2.0, 17)
    assert (CLASSIC.width_least, CLASSIC.width_most) == (0.25, 1.0)
    assert (CLASSIC.beyond_pips, CLASSIC.beyond_atr) == (2.0, 0.1)
    assert (CLASSIC.stop_least_atr_m15, CLASSIC.stop_most_atr_h1) == (1.0, 1.5)
    assert (
        replace(
            CLASSIC,
            boxes=(night, SessionBox(7, 12, 12, 17), SessionBox(17, 24, 0, 5, next_day=True)),
            rearm=True,
        )
        == WIDE
    )
