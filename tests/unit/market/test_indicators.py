"""Indicators against TA-Lib, hand arithmetic and their own bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest
import talib
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.indicators import (
    WILDER_FACTOR,
    WINDOW_FACTOR,
    bollinger,
    ema,
    macd_histogram,
    signed_r2,
    wilder_set,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from tests.unit.conftest import WalkMaker

SETTLED = 2_000
"""Bars after which TA-Lib, which averages over all of history, has forgotten its start."""


def bars_of(high: list[float], low: list[float], close: list[float]) -> Bars:
    n = len(close)
    opened = 900 * np.arange(n, dtype=np.int64)
    open_, highs, lows, closes = (np.array(column, dtype=np.float64) for column in (close, high, low, close))
    return Bars("EURUSD", Timeframe.M15, opened, open_, highs, lows, closes, np.ones(n))


class Errors(NamedTuple):
    """Largest differences from TA-Lib: prices in ATR, RSI and ADX in points, ATR in itself."""

    price: float
    points: float
    atr: float


def errors_against_talib(bars: Bars) -> Errors:
    high, low, close = bars.high, bars.low, bars.close
    atr = talib.ATR(high, low, close, 14)
    bands = bollinger(close)
    upper, middle, lower = talib.BBANDS(close, 20, 2.0, 2.0)
    _, _, histogram = talib.MACD(close, 12, 26, 9)
    wilder = wilder_set(bars)
    in_atr = [
        *((ema(close, n), talib.EMA(close, n)) for n in (8, 12, 21, 26, 50, 200)),
        (macd_histogram(close), histogram),
        (bands.upper, upper),
        (bands.middle, middle),
        (bands.lower, lower),
    ]
    in_points = [(wilder.rsi, talib.RSI(close, 14)), (wilder.adx, talib.ADX(high, low, close, 14))]
    atr_errors = (np.abs(wilder.atr - atr) / atr)[SETTLED:]
    return Errors(
        max(float((np.abs(ours - theirs) / atr)[SETTLED:].max()) for ours, theirs in in_atr),
        max(float(np.abs(ours - theirs)[SETTLED:].max()) for ours, theirs in in_points),
        float(atr_errors.max()),
    )


@pytest.mark.parametrize("symbol", ["EURUSD", "AUDUSD", "GBPJPY"])
def test_given_real_bars_when_compared_with_talib_then_they_agree(real_m15: Callable[[str], Bars], symbol: str) -> None:
    errors = errors_against_talib(real_m15(symbol))

    assert errors.price < 1e-4
    assert errors.points < 0.1
    assert errors.atr < 1e-3


@pytest.mark.parametrize("seed", range(4))
def test_given_a_random_walk_when_compared_with_talib_then_they_agree(walk: WalkMaker, seed: int) -> None:
    errors = errors_against_talib(walk(seed, 3_000))

    assert errors.price < 1e-4
    assert errors.points < 0.1
    assert errors.atr < 1e-3


def test_given_a_random_walk_when_compared_with_talib_then_values_begin_at_the_same_bar(walk: WalkMaker) -> None:
    bars = walk(1, 300)
    wilder = wilder_set(bars)
    pairs = [
        (ema(bars.close, 21), talib.EMA(bars.close, 21)),
        (wilder.atr, talib.ATR(bars.high, bars.low, bars.close, 14)),
        (wilder.rsi, talib.RSI(bars.close, 14)),
        (wilder.adx, talib.ADX(bars.high, bars.low, bars.close, 14)),
        (bollinger(bars.close).upper, talib.BBANDS(bars.close, 20, 2.0, 2.0)[0]),
        (macd_histogram(bars.close), talib.MACD(bars.close, 12, 26, 9)[2]),
    ]

    assert [int(np.isnan(ours).sum()) for ours, _ in pairs] == [int(np.isnan(theirs).sum()) for _, theirs in pairs]


def test_given_three_prices_when_averaged_exponentially_then_weights_halve() -> None:
    result = ema(np.array([1.0, 2.0, 4.0]), 3)

    # alpha = 2 / 4, weights 1, 1/2, 1/4: (4 + 2/2 + 1/4) / 1.75.
    assert result.tolist() == pytest.approx([float("nan"), float("nan"), 3.0], nan_ok=True)


def test_given_two_bars_a_length_of_one_when_wilder_is_asked_then_it_is_the_last_bars_range() -> None:
    result = wilder_set(bars_of([10.0, 12.0], [8.0, 11.0], [9.0, 11.5]), 1)

    # True range max(12, 9) - min(11, 9) = 3; the close only rose.
    assert result.atr[1] == 3.0
    assert result.rsi[1] == 100.0


def test_given_rises_of_two_and_falls_of_one_when_settled_then_rsi_is_two_thirds() -> None:
    close = 100.0 + np.cumsum(np.tile([2.0, -1.0], 200))
    rsi = wilder_set(bars_of(close.tolist(), close.tolist(), close.tolist())).rsi

    # Gains average 1 a bar and losses 0.5, so RSI swings about 100 * 1 / 1.5.
    assert np.mean(rsi[-20:]) == pytest.approx(66.67, abs=0.2)


def test_given_a_straight_rise_when_adx_is_asked_then_the_trend_is_complete() -> None:
    close = np.arange(100.0, 160.0)
    wilder = wilder_set(bars_of((close + 1.0).tolist(), (close - 1.0).tolist(), close.tolist()))

    assert wilder.adx[-1] == pytest.approx(100.0)
    assert wilder.atr[-1] == pytest.approx(2.0)


def test_given_a_market_that_stands_still_when_asked_then_nothing_is_strong() -> None:
    flat = [1.25] * 80
    wilder = wilder_set(bars_of(flat, flat, flat))

    assert (wilder.rsi[-1], wilder.adx[-1], wilder.atr[-1]) == (50.0, 0.0, 0.0)
    assert signed_r2(np.array(flat), 20)[-1] == 0.0


def test_given_one_to_five_when_banded_then_deviation_is_of_the_population() -> None:
    bands = bollinger(np.arange(1.0, 6.0), n=5)

    # Mean 3, population variance 2, sample variance 2.5.
    assert bands.upper[-1] == pytest.approx(3.0 + 2.0 * 2.0**0.5)
    assert bands.lower[-1] == pytest.approx(3.0 - 2.0 * 2.0**0.5)


@given(seed=st.integers(0, 500), n=st.integers(3, 60))
def test_given_any_prices_when_a_line_is_fitted_then_numpy_finds_the_same_r_squared(seed: int, n: int) -> None:
    values = 1.2 + np.cumsum(np.random.default_rng(seed).standard_normal(n + 5)) * 1e-3
    window = values[-n:]
    rho = float(np.corrcoef(np.arange(n), window)[0, 1])

    assert signed_r2(values, n)[-1] == pytest.approx(rho * abs(rho), abs=1e-6)


@given(seed=st.integers(0, 500), n=st.integers(1, 400))
def test_given_any_bars_when_indicators_are_read_then_they_keep_their_bounds(
    walk: WalkMaker, seed: int, n: int
) -> None:
    bars = walk(seed % 7, 400).rows(slice(0, n))
    wilder = wilder_set(bars)
    bands = bollinger(bars.close)

    for bounded in (wilder.rsi, wilder.adx):
        known = bounded[~np.isnan(bounded)]
        assert np.all((known >= 0.0) & (known <= 100.0))
    known_atr = wilder.atr[~np.isnan(wilder.atr)]
    assert np.all(known_atr >= 0.0)
    there = ~np.isnan(bands.middle)
    assert np.all(bands.lower[there] <= bands.upper[there])
    assert len(macd_histogram(bars.close)) == len(signed_r2(bars.close, 60)) == n


@given(cut=st.integers(0, 900), keep=st.integers(700, 1_200))
def test_given_a_cut_history_when_windows_fit_then_every_indicator_has_the_bits_of_the_full_one(
    walk: WalkMaker, cut: int, keep: int
) -> None:
    full = walk(2, 2_200).rows(slice(0, cut + keep))
    short = full.rows(slice(cut, None))

    def columns(bars: Bars) -> list[tuple[NDArray[np.float64], int]]:
        wilder = wilder_set(bars)
        bands = bollinger(bars.close)
        chain = WILDER_FACTOR * 14
        return [
            (ema(bars.close, 50), WINDOW_FACTOR * 50),
            (macd_histogram(bars.close), WINDOW_FACTOR * (26 + 9)),
            (wilder.atr, chain + 1),
            (wilder.rsi, chain + 1),
            (wilder.adx, 2 * chain + 1),
            (bands.upper, 20),
            (bands.lower, 20),
            (signed_r2(bars.close, 60), 60),
        ]

    for (whole, needed), (window, _) in zip(columns(full), columns(short), strict=True):
        same = keep - needed + 1
        assert whole[len(full) - same :].tobytes() == window[keep - same :].tobytes()
