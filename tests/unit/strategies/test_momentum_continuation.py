"""Momentum continuation, condition by condition, on hand-drawn bars."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.strategies import Profile, strategies_of
from bitten_domain.strategies.momentum_continuation import CLASSIC, WIDE, MomentumContinuation, MomentumRules

if TYPE_CHECKING:
    from tests.unit.conftest import Column, Drawing

    from bitten_domain.strategies import Candidates

# Monday 2025-01-13 00:00 UTC.
MONDAY = 1_736_726_400
N = 60
TOP, TURN, ENTRY = 36, 38, 40
ONE_LEG = MomentumRules(
    adx_at_leg=15.0, long_average=False, legs=(12,), leg_atr=1.5, retrace_least=0.25, retrace_most=0.75
)


class Scene:
    """A leg of 40 pips to the top of bar 36, a pullback of 18 with its turn at bar 38, a break at bar 40."""

    def __init__(self) -> None:
        self.high = np.full(N, 1.1005)
        self.low = np.full(N, 1.1000)
        self.close = np.full(N, 1.1002)
        rise = np.linspace(0.0, 0.0035, 9)
        self.high[28:37], self.low[28:37], self.close[28:37] = 1.1005 + rise, 1.1000 + rise, 1.1003 + rise
        self.bar(37, high=1.1036, low=1.1028, close=1.1029)
        self.bar(TURN, high=1.1029, low=1.1022, close=1.1025)
        self.bar(39, high=1.1028, low=1.1024, close=1.1026)
        self.bar(ENTRY, high=1.1032, low=1.1025, close=1.1031)
        self.bar(slice(ENTRY + 1, N), high=1.1032, low=1.1026, close=1.1030)
        self.columns: dict[str, Column] = {"adx": 20.0, "ema_fast": 1.1010, "ema_slow": 1.1005, "ema_long": 1.1000}

    def bar(self, at: int | slice, *, high: float, low: float, close: float) -> None:
        self.high[at], self.low[at], self.close[at] = high, low, close

    def search(self, draw: Drawing, rules: MomentumRules = ONE_LEG, known_late: int = 0) -> Candidates:
        opened = MONDAY + 900 * np.arange(N, dtype=np.int64)
        bars = Bars("EURUSD", Timeframe.M15, opened, self.close, self.high, self.low, self.close, np.ones(N))
        studies = draw(bars, m15=self.columns, known_late=known_late)
        return MomentumContinuation(rules).propose(studies, Timeframe.M15)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_given_a_leg_and_a_pullback_when_the_turning_bar_is_passed_then_it_is_a_buy(
    scene: Scene, draw: Drawing
) -> None:
    found = scene.search(draw)

    assert (found.bar.tolist(), found.direction.tolist()) == ([ENTRY], [1])
    assert found.entry[0] == pytest.approx(1.1031)
    # Behind the turn by a quarter of an ATR of 10 pips; the target at three times the 11.5 pips of risk.
    assert found.stop[0] == pytest.approx(1.1022 - 0.00025)
    assert found.target[0] == pytest.approx(1.1031 + 3 * 0.00115)
    assert found.flat_at.tolist() == [MONDAY + (ENTRY + 1) * 900 + 24 * 3_600]


def test_given_the_trend_averages_when_not_stacked_then_there_is_no_set_up(scene: Scene, draw: Drawing) -> None:
    scene.columns["ema_fast"] = 1.1004

    assert len(scene.search(draw)) == 0


def test_given_the_long_average_when_above_then_only_rules_that_stack_it_refuse(scene: Scene, draw: Drawing) -> None:
    scene.columns["ema_long"] = 1.1006

    assert len(scene.search(draw)) == 1
    assert len(scene.search(draw, replace(ONE_LEG, long_average=True))) == 0


def test_given_adx_when_too_low_at_the_legs_end_then_there_is_no_set_up(scene: Scene, draw: Drawing) -> None:
    adx = np.full(N, 5.0)
    adx[TOP] = 15.0
    scene.columns["adx"] = adx
    enough = len(scene.search(draw))
    adx = np.full(N, 50.0)
    adx[TOP] = 14.9
    scene.columns["adx"] = adx

    assert (enough, len(scene.search(draw))) == (1, 0)


@pytest.mark.parametrize(("leg_atr", "set_ups"), [(3.99, 1), (4.01, 0)])
def test_given_a_leg_of_four_atr_when_more_is_asked_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, leg_atr: float, set_ups: int
) -> None:
    assert len(scene.search(draw, replace(ONE_LEG, leg_atr=leg_atr))) == set_ups


@pytest.mark.parametrize(("least", "most", "set_ups"), [(0.44, 0.46, 1), (0.46, 0.9, 0), (0.1, 0.44, 0)])
def test_given_a_retrace_of_45_percent_when_out_of_bounds_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, least: float, most: float, set_ups: int
) -> None:
    assert len(scene.search(draw, replace(ONE_LEG, retrace_least=least, retrace_most=most))) == set_ups


def test_given_an_entry_bar_that_dips_deeper_when_found_then_stop_and_retrace_reckon_with_it(
    scene: Scene, draw: Drawing
) -> None:
    scene.low[ENTRY] = 1.1015

    assert scene.search(draw).stop[0] == pytest.approx(1.1015 - 0.00025)
    assert len(scene.search(draw, replace(ONE_LEG, retrace_most=0.62))) == 0


def test_given_a_close_when_not_beyond_the_previous_bar_then_there_is_no_set_up(scene: Scene, draw: Drawing) -> None:
    scene.high[39] = 1.10315

    assert len(scene.search(draw)) == 0


def test_given_a_close_when_not_beyond_the_turning_bar_then_there_is_no_set_up(scene: Scene, draw: Drawing) -> None:
    scene.high[TURN] = 1.1033

    assert len(scene.search(draw)) == 0


def test_given_the_turning_bar_when_passed_a_bar_earlier_then_it_is_not_found_again(
    scene: Scene, draw: Drawing
) -> None:
    scene.bar(39, high=1.10305, low=1.1024, close=1.1030)

    assert scene.search(draw).bar.tolist() == [39]


@pytest.mark.parametrize(("bars_between", "set_ups"), [(3, 1), (4, 0)])
def test_given_a_pullback_when_shorter_than_asked_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, bars_between: int, set_ups: int
) -> None:
    assert len(scene.search(draw, replace(ONE_LEG, pullback_bars=bars_between))) == set_ups


def test_given_two_equal_tops_when_found_then_the_leg_ends_at_the_newer(scene: Scene, draw: Drawing) -> None:
    scene.high[35] = scene.high[TOP]
    adx = np.full(N, 50.0)
    adx[35] = 0.0
    scene.columns["adx"] = adx

    assert scene.search(draw).bar.tolist() == [ENTRY]


def test_given_a_traded_leg_when_a_deeper_turn_is_passed_then_it_is_the_same_idea(scene: Scene, draw: Drawing) -> None:
    scene.bar(41, high=1.1029, low=1.1020, close=1.1021)
    scene.bar(42, high=1.1034, low=1.1022, close=1.1033)
    first = scene.search(draw).bar.tolist()
    scene.bar(ENTRY, high=1.1027, low=1.1024, close=1.1025)

    assert first == [ENTRY]
    assert scene.search(draw).bar.tolist() == [42]


def test_given_several_look_backs_when_each_sees_the_leg_then_the_bar_is_found_once(
    scene: Scene, draw: Drawing
) -> None:
    assert scene.search(draw, WIDE).bar.tolist() == [ENTRY]


def test_given_a_long_look_back_when_the_short_one_misses_the_legs_start_then_the_long_one_finds_it(
    scene: Scene, draw: Drawing
) -> None:
    short = replace(ONE_LEG, leg_atr=3.5, legs=(6,))

    assert len(scene.search(draw, short)) == 0
    assert scene.search(draw, replace(short, legs=(6, 12))).bar.tolist() == [ENTRY]


def test_given_a_bar_known_late_when_searched_then_it_is_no_entry(scene: Scene, draw: Drawing) -> None:
    assert len(scene.search(draw, known_late=900)) == 0


def test_given_no_atr_when_searched_then_there_is_no_set_up(scene: Scene, draw: Drawing) -> None:
    scene.columns["atr"] = np.nan

    assert len(scene.search(draw)) == 0


def test_given_the_profiles_when_listed_then_their_momentum_rules_are_the_documented_ones() -> None:
    found = [s for p in Profile for s in strategies_of(p) if isinstance(s, MomentumContinuation)]

    assert [s.reads_long_average for s in found] == [True, False]
    assert [s.rules for s in found] == [CLASSIC, WIDE]
    assert (CLASSIC.adx_at_leg, CLASSIC.legs, CLASSIC.leg_atr) == (25.0, (40,), 2.0)
    assert (CLASSIC.retrace_least, CLASSIC.retrace_most) == (0.38, 0.62)
    assert (WIDE.adx_at_leg, WIDE.legs, WIDE.leg_atr) == (15.0, (12, 20, 40), 1.5)
    assert (WIDE.retrace_least, WIDE.retrace_most) == (0.25, 0.75)
