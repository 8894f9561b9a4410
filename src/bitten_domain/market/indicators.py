"""Textbook indicators over a finite window.

Recursive indicators are cut after a fixed number of bars, where next to no weight is left, so that a live window gives
what the full history gives (see `windowed`).
All take and give shape (n,) float64; a value is NaN until its indicator has the bars the textbook asks for.

Source: J. W. Wilder, New Concepts in Technical Trading Systems (1978) for RSI, ATR, ADX; J. Bollinger for the bands
(population deviation); G. Appel for MACD. Checked against TA-Lib in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.windowed import Windowed, rolling_sum, weighted_sums, window_means

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars

__all__ = [
    "WILDER_FACTOR",
    "WINDOW_FACTOR",
    "Bollinger",
    "IndicatorSet",
    "Lengths",
    "ema",
    "ema_windows",
    "indicators_of",
    "signed_r2",
]

WINDOW_FACTOR = 8
"""Bars of history an EMA of length n sees, in units of n: the weight left out is e^-16."""

WILDER_FACTOR = 10
"""The same for Wilder's slower averages: the weight left out is e^-10; with 8 n single bars miss TA-Lib by 1e-3 ATR."""


def ema_windows(values: NDArray[np.float64], n: int, begins: int = 0) -> Windowed:
    """Describe the exponential average of length n, alpha 2/(n+1), for `window_means`; see `Windowed`."""
    return Windowed(values[None], WINDOW_FACTOR * n, n, 1.0 - 2.0 / (n + 1.0), begins)


def ema(values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Average exponentially with alpha 2/(n+1); NaN before n values."""
    average: NDArray[np.float64] = window_means([ema_windows(values, n)])[0][0]
    return average


@dataclass(frozen=True, slots=True, eq=False)
class Bollinger:
    """Bollinger bands, each shape (n,), price."""

    middle: NDArray[np.float64]
    upper: NDArray[np.float64]
    lower: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class IndicatorSet:
    """The indicators of one track, each shape (n,).

    Args:
        atr: Wilder's average true range, price.
        rsi, adx: Wilder's, 0 to 100. A market that did not move at all has RSI 50 and ADX 0.
        bands: Bollinger's.
        macd: MACD minus its signal line, price.
        volume: mean tick volume.
        averages: exponential averages of the close, of the lengths asked for, price.
    """

    atr: NDArray[np.float64]
    rsi: NDArray[np.float64]
    adx: NDArray[np.float64]
    bands: Bollinger
    macd: NDArray[np.float64]
    volume: NDArray[np.float64]
    averages: tuple[NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of the indicators, in bars.

    Args:
        wilder: ATR, RSI and ADX. ATR and RSI are NaN before one bar more, ADX before twice as many.
        bands: Bollinger's mean and deviation.
        deviations: width of the bands, population standard deviations.
        fast, slow, signal: MACD's; NaN before slow + signal - 1 bars.
        volume: the mean of the tick volume.
    """

    wilder: int = 14
    bands: int = 20
    deviations: float = 2.0
    fast: int = 12
    slow: int = 26
    signal: int = 9
    volume: int = 20


def indicators_of(bars: Bars, averages: Sequence[int] = (), lengths: Lengths = Lengths()) -> IndicatorSet:
    """Compute a track's indicators together: their averages are built side by side.

    Args:
        bars: the track.
        averages: lengths of the exponential averages wanted.
        lengths: of the other indicators.
    """
    close = bars.close
    smooth, squared, volume, *exponential = window_means(
        [
            # Position 0 has no change: averages start at position 1, so that it carries no weight.
            _wilder_windows(_moves(bars), lengths.wilder, begins=1),
            Windowed(np.stack((close, close * close)), lengths.bands, lengths.bands),
            Windowed(bars.volume[None], lengths.volume, lengths.volume),
            *(ema_windows(close, n) for n in (lengths.fast, lengths.slow, *averages)),
        ]
    )
    gain, loss, true_range, plus, minus = smooth
    with np.errstate(invalid="ignore", divide="ignore"):
        both = gain + loss
        rsi = np.where(both > 0.0, 100.0 * gain / both, np.where(np.isnan(both), np.nan, 50.0))
        directional = plus + minus
        dx = np.where(directional > 0.0, 100.0 * np.abs(plus - minus) / directional, 0.0)
    line = exponential[0][0] - exponential[1][0]
    line[: lengths.slow - 1] = 0.0
    (adx,), (signal,) = window_means(
        [
            _wilder_windows(dx[None], lengths.wilder, begins=lengths.wilder),
            ema_windows(line, lengths.signal, lengths.slow - 1),
        ]
    )
    return IndicatorSet(
        atr=true_range,
        rsi=rsi,
        adx=adx,
        bands=_bands(squared[0], squared[1], lengths.deviations),
        macd=line - signal,
        volume=volume[0],
        averages=tuple(average[0] for average in exponential[2:]),
    )


def _wilder_windows(values: NDArray[np.float64], n: int, begins: int) -> Windowed:
    return Windowed(values, WILDER_FACTOR * n, n, 1.0 - 1.0 / n, begins)


def _moves(bars: Bars) -> NDArray[np.float64]:
    """Find each bar's gain, loss, true range, upward and downward move, shape (5, n); nought at the first bar."""
    moves = np.zeros((5, len(bars)))
    if len(bars) > 1:
        before = bars.close[:-1]
        change = bars.close[1:] - before
        np.maximum(change, 0.0, out=moves[0, 1:])
        np.maximum(-change, 0.0, out=moves[1, 1:])
        moves[2, 1:] = np.maximum(bars.high[1:], before) - np.minimum(bars.low[1:], before)
        up = bars.high[1:] - bars.high[:-1]
        down = bars.low[:-1] - bars.low[1:]
        moves[3, 1:] = np.where((up > down) & (up > 0.0), up, 0.0)
        moves[4, 1:] = np.where((down > up) & (down > 0.0), down, 0.0)
    return moves


def _bands(middle: NDArray[np.float64], squares: NDArray[np.float64], deviations: float) -> Bollinger:
    width = deviations * np.sqrt(np.maximum(squares - middle * middle, 0.0))
    return Bollinger(middle=middle, upper=middle + width, lower=middle - width)


def signed_r2(values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Fit a line to the last n values: its R squared with the slope's sign, in [-1, 1]; NaN before n values, 0 if flat.

    Source: ordinary least squares; with ages k, ``R2 = cov(k, x)**2 / (var(k) var(x))``.
    """
    plain, aged = weighted_sums(values, n)
    squares = rolling_sum(values * values, n)
    mean_age = (n - 1) / 2.0
    age_spread = n * (n * n - 1) / 12.0
    covariance = aged - mean_age * plain
    spread = squares - plain * plain / n
    # Below this the window is flat up to rounding: the sums cancel to noise.
    floor = squares * 1e-13
    with np.errstate(invalid="ignore", divide="ignore"):
        r2 = np.where(spread > floor, covariance * covariance / (age_spread * spread), 0.0)
    out = np.minimum(r2, 1.0) * -np.sign(covariance)
    out[: n - 1] = np.nan
    return out
