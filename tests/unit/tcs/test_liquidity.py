"""Sweeps, breaks and distances at levels drawn by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.levels import Pivots
from bitten_domain.strategies import Candidates, Style
from bitten_domain.tcs.liquidity import LiquidityMeasures, liquidity_measures
from bitten_domain.tcs.scales import DEPTH, NEAREST, STOP_RUN, points_on
from bitten_domain.tcs.setting import setting_of

if TYPE_CHECKING:
    from tests.unit.conftest import Drawing

# Sunday 2025-01-12 22:00 UTC, when Monday begins; bars of Monday and 20 of Tuesday.
OPENING = 1_736_719_200
N = 96 + 20
ROW = N - 1
BOTH = pytest.mark.parametrize("sign", [1, -1], ids=["BUY", "SELL"])


@dataclass
class Scene:
    """Quiet bars at 1.1012, 12 and 38 pips from round numbers; Monday went from 1.0970 to 1.1030; ATR is 10 pips.

    Bars are drawn as a buyer sees them: how many pips the low, and the close, of the bar so many bars ago are moved.
    """

    style: Style = Style.TREND
    sign: int = 1
    lows: dict[int, float] = field(default_factory=dict)
    closes: dict[int, float] = field(default_factory=dict)
    pivot_lows: dict[int, float] = field(default_factory=dict)
    atr: float = 0.0010

    def measures(self, draw: Drawing) -> LiquidityMeasures:
        close = np.full(N, 1.1012)
        for ago, pips in self.closes.items():
            close[ROW - ago] += pips / 1e4
        high, low = np.maximum(close, 1.1012) + 0.0002, np.minimum(close, 1.1012) - 0.0002
        for ago, pips in self.lows.items():
            low[ROW - ago] += pips / 1e4
        high[40], low[50] = 1.1030, 1.0970
        price = np.array(list(self.pivot_lows.values()))
        if self.sign < 0:
            high, low, close, price = 2.2 - low, 2.2 - high, 2.2 - close, 2.2 - price
        opened = OPENING + 900 * np.arange(N, dtype=np.int64)
        studies = draw(
            Bars("EURUSD", Timeframe.M15, opened, close, high, low, close, np.ones(N)), m15={"atr": self.atr}
        )
        none = Pivots(np.zeros(0, dtype=np.int64), np.zeros(0))
        pivots = Pivots(ROW - np.array(list(self.pivot_lows), dtype=np.int64), price)
        lows, highs = (pivots, none) if self.sign > 0 else (none, pivots)
        candidates = Candidates(
            at=opened[ROW:] + 900,
            bar=np.array([ROW]),
            direction=np.array([self.sign], dtype=np.int8),
            entry=close[ROW:],
            stop=close[ROW:] - self.sign * 0.0020,
            target=close[ROW:] + self.sign * 0.0040,
            flat_at=opened[ROW:] + 9_000,
        )
        one = np.ones(1)
        setting = setting_of(
            replace(studies, pivot_highs=highs, pivot_lows=lows),
            self.style, Timeframe.M15, candidates, one, one > 0.0, one,
        )  # fmt: skip
        return liquidity_measures(setting)


@BOTH
@pytest.mark.parametrize("ago", [0, 11])
def test_given_a_low_below_a_round_number_when_it_closes_above_then_the_sweep_has_its_depth(
    draw: Drawing, sign: int, ago: int
) -> None:
    # From 1.1010 down by 18 pips to 1.0992: 8 pips below 1.1000.
    found = Scene(sign=sign, lows={ago: -18.0}).measures(draw)

    assert found.sweep[0] == pytest.approx(0.8)
    assert found.sweep_or_break[0] == pytest.approx(0.8)


def test_given_a_sweep_when_more_than_twelve_bars_ago_then_it_does_not_count(draw: Drawing) -> None:
    assert Scene(lows={12: -18.0}).measures(draw).sweep[0] == 0.0


def test_given_a_level_when_the_bar_comes_from_beyond_it_then_it_is_no_sweep(draw: Drawing) -> None:
    # The close before, 1.0999, lies below 1.1000 already; the bar dips to 1.0992 and closes above.
    assert Scene(lows={3: -18.0}, closes={4: -13.0}).measures(draw).sweep[0] == 0.0


def test_given_several_levels_below_when_all_are_swept_then_the_deepest_counts(draw: Drawing) -> None:
    # To 1.0960: 40 pips below 1.1000, 10 below Monday's low.
    assert Scene(lows={3: -50.0}).measures(draw).sweep[0] == pytest.approx(4.0)


def test_given_a_sweep_when_the_bar_closes_below_the_level_then_it_is_none(draw: Drawing) -> None:
    assert Scene(lows={3: -18.0}, closes={3: -13.0}).measures(draw).sweep[0] == 0.0


@BOTH
@pytest.mark.parametrize(("style", "depth"), [(Style.TREND, 1.2), (Style.BREAKOUT, 1.2), (Style.REVERSION, 0.0)])
def test_given_a_close_through_a_level_when_the_style_breaks_out_then_it_counts(
    draw: Drawing, sign: int, style: Style, depth: float
) -> None:
    # Bars 5 and 4 ago close at 1.0999, the next at 1.1012, which is 12 pips through.
    found = Scene(style=style, sign=sign, closes={5: -13.0, 4: -13.0}).measures(draw)

    assert found.sweep_or_break[0] == pytest.approx(depth)
    assert found.sweep[0] == 0.0


def test_given_yesterdays_high_when_closed_through_then_it_is_a_level_too(draw: Drawing) -> None:
    # 1.1012 + 25 = 1.1037, 7 pips through 1.1030; the bar came from below, so it swept nothing.
    assert Scene(closes={2: 25.0}).measures(draw).sweep_or_break[0] == pytest.approx(0.7)


@pytest.mark.parametrize(("pivot_ago", "depth"), [(8, 0.5), (2, 0.0)])
def test_given_a_pivot_when_swept_then_only_after_it_was_there_and_confirmed(
    draw: Drawing, pivot_ago: int, depth: float
) -> None:
    # A pivot low at 1.1009, swept one bar ago by 5 pips; the pivot of two bars ago is not confirmed yet.
    found = Scene(lows={1: -6.0}, pivot_lows={pivot_ago: 1.1009}).measures(draw)

    assert found.sweep[0] == pytest.approx(depth)


def test_given_a_pivot_when_the_bar_before_it_was_lower_then_that_was_no_sweep(draw: Drawing) -> None:
    assert Scene(lows={9: -6.0}, pivot_lows={8: 1.1009}).measures(draw).sweep[0] == 0.0


@pytest.mark.parametrize(("pivot", "distance"), [(1.1010, 0.2), (1.0950, 1.2)])
def test_given_levels_when_the_nearest_is_measured_then_it_is_in_atr_from_the_entry(
    draw: Drawing, pivot: float, distance: float
) -> None:
    # Without a nearer pivot it is 1.1000, 12 pips away.
    assert Scene(pivot_lows={9: pivot}).measures(draw).nearest[0] == pytest.approx(distance)


def test_given_no_atr_when_measured_then_nothing_is_known(draw: Drawing) -> None:
    found = Scene(lows={1: -18.0}, atr=float("nan")).measures(draw)

    assert np.isnan([found.sweep[0], found.sweep_or_break[0], found.nearest[0]]).all()


@pytest.mark.parametrize(
    ("scale", "measure", "points"),
    [
        *((DEPTH, x, p) for x, p in ((0.0, 0.0), (0.25, 1.5), (0.5, 3.0), (0.75, 4.0), (1.0, 5.0), (3.0, 5.0))),
        *((NEAREST, x, p) for x, p in ((0.0, 2.0), (0.25, 2.0), (0.625, 1.0), (1.0, 0.0), (9.0, 0.0))),
        *((STOP_RUN, x, p) for x, p in ((0.0, 0.0), (0.25, 0.0), (0.875, 1.5), (1.5, 3.0), (2.0, 3.0))),
    ],
)
def test_given_a_scale_when_read_then_it_is_linear_between_its_named_points(
    scale: tuple[tuple[float, float], ...], measure: float, points: float
) -> None:
    assert points_on(scale, np.array([measure])).tolist() == pytest.approx([points])
