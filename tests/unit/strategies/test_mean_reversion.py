"""Mean reversion, condition by condition, on hand-drawn bars."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.strategies import Profile, strategies_of
from bitten_domain.strategies.mean_reversion import CLASSIC, WIDE, MeanReversion, MeanReversionRules

if TYPE_CHECKING:
    from tests.unit.conftest import Drawing

    from bitten_domain.strategies import Candidates

# Monday 2025-01-13 00:00 UTC.
MONDAY = 1_736_726_400
OUT, BACK = 30, 31
N = 40


class Scene:
    """Bars around 1.0950 between bands at 1.0900 and 1.1100; bar 30 closes outside below, bar 31 back inside."""

    def __init__(self) -> None:
        self.close = np.full(N, 1.0950)
        self.low = np.full(N, 1.0945)
        self.rsi = np.full(N, 50.0)
        self.adx = np.full(N, 15.0)
        self.atr = 0.0010
        self.middle = 1.1000
        self.close[OUT], self.low[OUT], self.rsi[OUT] = 1.0890, 1.0885, 25.0
        self.close[BACK], self.low[BACK] = 1.0905, 1.0888

    def search(self, draw: Drawing, rules: MeanReversionRules = CLASSIC, known_late: int = 0) -> Candidates:
        opened = MONDAY + 900 * np.arange(N, dtype=np.int64)
        high = np.maximum(self.close, 1.0955)
        bars = Bars("EURUSD", Timeframe.M15, opened, self.close, high, self.low, self.close, np.ones(N))
        studies = draw(
            bars,
            m15={"rsi": self.rsi, "adx": self.adx, "atr": self.atr, "middle": self.middle},
            known_late=known_late,
        )
        return MeanReversion(rules).propose(studies, Timeframe.M15)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_given_a_stretched_close_when_the_next_closes_inside_then_it_is_a_buy_to_the_middle(
    scene: Scene, draw: Drawing
) -> None:
    found = scene.search(draw)

    assert found.bar.tolist() == [BACK]
    assert found.direction.tolist() == [1]
    assert found.at.tolist() == [MONDAY + (BACK + 1) * 900]
    assert found.entry[0] == pytest.approx(1.0905)
    # The lowest low, 1.0885, less half an ATR of 10 pips.
    assert found.stop[0] == pytest.approx(1.0880)
    assert found.target[0] == pytest.approx(1.1000)
    assert found.flat_at.tolist() == [MONDAY + (BACK + 1) * 900 + 24 * 3_600]


def test_given_a_stretched_rise_when_the_next_closes_inside_then_it_is_a_sell(draw: Drawing) -> None:
    close = np.full(N, 1.1050)
    close[OUT], close[BACK] = 1.1110, 1.1095
    high = np.full(N, 1.1055)
    high[OUT], high[BACK] = 1.1115, 1.1112
    rsi = np.full(N, 50.0)
    rsi[OUT] = 75.0
    opened = MONDAY + 900 * np.arange(N, dtype=np.int64)
    bars = Bars("EURUSD", Timeframe.M15, opened, close, high, np.minimum(close, 1.1045), close, np.ones(N))

    found = MeanReversion(CLASSIC).propose(draw(bars, m15={"rsi": rsi}), Timeframe.M15)

    assert (found.bar.tolist(), found.direction.tolist()) == ([BACK], [-1])
    assert (found.stop[0], found.target[0]) == pytest.approx((1.1120, 1.1000))


@pytest.mark.parametrize(("rules", "limit"), [(CLASSIC, 30.0), (WIDE, 40.0)])
def test_given_the_rsi_limit_when_the_excursion_is_weaker_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, rules: MeanReversionRules, limit: float
) -> None:
    scene.rsi[OUT] = limit
    at_limit = len(scene.search(draw, rules))
    scene.rsi[OUT] = limit + 0.1

    assert (at_limit, len(scene.search(draw, rules))) == (1, 0)


@pytest.mark.parametrize(("rules", "limit"), [(CLASSIC, 20.0), (WIDE, 30.0)])
def test_given_the_adx_limit_when_the_excursion_trends_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, rules: MeanReversionRules, limit: float
) -> None:
    scene.adx[OUT] = limit - 0.1
    below = len(scene.search(draw, rules))
    scene.adx[OUT] = limit

    assert (below, len(scene.search(draw, rules))) == (1, 0)


@pytest.mark.parametrize(("rules", "limit"), [(CLASSIC, 25.0), (WIDE, 35.0)])
def test_given_a_trend_at_the_entry_when_above_the_block_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, rules: MeanReversionRules, limit: float
) -> None:
    scene.adx[BACK] = limit
    at_block = len(scene.search(draw, rules))
    scene.adx[BACK] = limit + 0.1

    assert (at_block, len(scene.search(draw, rules))) == (1, 0)


@pytest.mark.parametrize(("bars_outside", "set_ups"), [(1, 1), (2, 1), (3, 1), (4, 0)])
def test_given_more_bars_outside_when_it_takes_more_than_three_to_return_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, bars_outside: int, set_ups: int
) -> None:
    scene.close[OUT : OUT + bars_outside] = 1.0890
    scene.close[OUT + bars_outside] = 1.0905

    assert len(scene.search(draw)) == set_ups


def test_given_a_return_when_another_weak_excursion_follows_then_the_first_does_not_qualify_it(
    scene: Scene, draw: Drawing
) -> None:
    scene.close[BACK + 1], scene.low[BACK + 1] = 1.0890, 1.0885
    scene.close[BACK + 2] = 1.0905

    assert scene.search(draw).bar.tolist() == [BACK]


def test_given_a_close_on_the_band_when_read_then_it_is_inside(scene: Scene, draw: Drawing) -> None:
    scene.close[BACK] = 1.0900

    assert scene.search(draw).bar.tolist() == [BACK]


@pytest.mark.parametrize(("rules", "reward"), [(CLASSIC, 1.2), (WIDE, 1.0)])
def test_given_the_least_reward_when_the_middle_is_nearer_then_there_is_no_set_up(
    scene: Scene, draw: Drawing, rules: MeanReversionRules, reward: float
) -> None:
    risk = 1.0905 - 1.0880
    scene.middle = 1.0905 + 1.001 * reward * risk
    enough = len(scene.search(draw, rules))
    scene.middle = 1.0905 + 0.999 * reward * risk

    assert (enough, len(scene.search(draw, rules))) == (1, 0)


def test_given_a_lower_low_before_when_within_the_return_then_the_stop_lies_behind_it(
    scene: Scene, draw: Drawing
) -> None:
    scene.low[OUT - 2] = 1.0880
    behind = scene.search(draw).stop[0]
    scene.low[OUT - 2], scene.low[OUT - 3] = 1.0945, 1.0870

    assert behind == pytest.approx(1.0875)
    assert scene.search(draw).stop[0] == pytest.approx(1.0880)


def test_given_a_bar_known_late_when_searched_then_it_is_no_entry(scene: Scene, draw: Drawing) -> None:
    assert len(scene.search(draw, known_late=900)) == 0


def test_given_unknown_indicators_when_searched_then_there_is_no_set_up(scene: Scene, draw: Drawing) -> None:
    scene.adx[:] = np.nan

    assert len(scene.search(draw)) == 0


def test_given_the_profiles_when_listed_then_their_reversion_rules_are_the_documented_ones() -> None:
    rules = [s.rules for p in Profile for s in strategies_of(p) if isinstance(s, MeanReversion)]

    assert rules == [
        MeanReversionRules(20.0, 25.0, 30.0, 1.2, bars_to_return=3, stop_pad_atr=0.5, hold_hours=24),
        replace(CLASSIC, adx_below=30.0, adx_blocks=35.0, rsi_low=40.0, reward_at_least=1.0),
    ]
