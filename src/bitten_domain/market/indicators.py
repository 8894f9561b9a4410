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

from bitten_domain.market.windowed import geometric_mean_weighted, rolling_sum, weighted_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars

__all__ = [
    "WILDER_FACTOR",
    "WINDOW_FACTOR",
    "Bollinger",
    "WilderSet",
    "bollinger",
    "ema",
    "macd_histogram",
    "signed_r2",
    "wilder_set",
]

WINDOW_FACTOR = 8
"""Bars of history an EMA of length n sees, in units of n: the weight left out is e^-16."""

WILDER_FACTOR = 10
"""The same for Wilder's slower averages: the weight left out is e^-10; with 8 n single bars miss TA-Lib by 1e-3 ATR."""


def ema(values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Average exponentially with alpha 2/(n+1); NaN before n values."""
    return geometric_mean_weighted(values, 2.0 / (n + 1.0), WINDOW_FACTOR * n, n - 1)


@dataclass(frozen=True, slots=True, eq=False)
class WilderSet:
    """Wilder's indicators of one length, each shape (n,): average true range (price), RSI and ADX (0 to 100)."""

    atr: NDArray[np.float64]
    rsi: NDArray[np.float64]
    adx: NDArray[np.float64]


def wilder_set(bars: Bars, n: int = 14) -> WilderSet:
    """Compute ATR, RSI and ADX of length n together: they share their smoothing.

    ATR and RSI are NaN before n + 1 bars, ADX before 2n. A market that did not move at all has RSI 50 and ADX 0.
    """
    size = len(bars)
    moves = np.zeros((5, size))
    if size > 1:
        change = bars.close[1:] - bars.close[:-1]
        np.maximum(change, 0.0, out=moves[0, 1:])
        np.maximum(-change, 0.0, out=moves[1, 1:])
        before = bars.close[:-1]
        moves[2, 1:] = np.maximum(bars.high[1:], before) - np.minimum(bars.low[1:], before)
        up = bars.high[1:] - bars.high[:-1]
        down = bars.low[:-1] - bars.low[1:]
        moves[3, 1:] = np.where((up > down) & (up > 0.0), up, 0.0)
        moves[4, 1:] = np.where((down > up) & (down > 0.0), down, 0.0)
    window = WILDER_FACTOR * n
    # Position 0 has no change: averages start at position 1, so that it carries no weight.
    smooth = np.full((5, size), np.nan)
    if size > 1:
        smooth[:, 1:] = geometric_mean_weighted(moves[:, 1:], 1.0 / n, window, n - 1)
    gain, loss, true_range, plus, minus = smooth
    with np.errstate(invalid="ignore", divide="ignore"):
        both = gain + loss
        rsi = np.where(both > 0.0, 100.0 * gain / both, np.where(np.isnan(both), np.nan, 50.0))
        directional = plus + minus
        dx = np.where(directional > 0.0, 100.0 * np.abs(plus - minus) / directional, 0.0)
    adx = np.full(size, np.nan)
    if size > n:
        adx[n:] = geometric_mean_weighted(dx[n:], 1.0 / n, window, n - 1)
    return WilderSet(atr=true_range, rsi=rsi, adx=adx)


@dataclass(frozen=True, slots=True, eq=False)
class Bollinger:
    """Bollinger bands, each shape (n,), price."""

    middle: NDArray[np.float64]
    upper: NDArray[np.float64]
    lower: NDArray[np.float64]


def bollinger(close: NDArray[np.float64], n: int = 20, deviations: float = 2.0) -> Bollinger:
    """Compute the n-bar mean and the bands ``deviations`` population standard deviations away."""
    sums = rolling_sum(np.stack([close, close * close]), n)
    middle = sums[0] / n
    variance = np.maximum(sums[1] / n - middle * middle, 0.0)
    width = deviations * np.sqrt(variance)
    middle[: n - 1] = np.nan
    return Bollinger(middle=middle, upper=middle + width, lower=middle - width)


def macd_histogram(close: NDArray[np.float64], fast: int = 12, slow: int = 26, signal: int = 9) -> NDArray[np.float64]:
    """Compute MACD minus its signal line, price; NaN before slow + signal - 1 bars."""
    out = np.full(len(close), np.nan)
    if len(close) >= slow:
        line = (ema(close, fast) - ema(close, slow))[slow - 1 :]
        out[slow - 1 :] = line - ema(line, signal)
    return out


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
