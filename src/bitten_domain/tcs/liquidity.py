"""Liquidity evidence: how deep the last bars swept or broke known levels, and how near a level is.

A sweep comes from behind a level, pierces it and closes back behind it; a break closes beyond it in the trade's
direction. Depths are in ATR14 of M15.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.levels import round_levels
from bitten_domain.strategies.strategy import Style
from bitten_domain.tcs.setting import read_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.tcs.setting import Setting

__all__ = ["LiquidityMeasures", "liquidity_measures"]

_BARS = 12
_PIVOTS_A_SIDE = 4
_ROUND_PIPS = 50


@dataclass(frozen=True, slots=True, eq=False)
class LiquidityMeasures:
    """What the last bars did at known levels, each shape (n,), in ATR14 of M15; NaN where no ATR or bar is known.

    Args:
        sweep: depth of the deepest sweep, 0 where there was none.
        sweep_or_break: the same, counting breaks for breakout and trend styles.
        nearest: distance of the entry to the nearest level.
    """

    sweep: NDArray[np.float64]
    sweep_or_break: NDArray[np.float64]
    nearest: NDArray[np.float64]


def liquidity_measures(setting: Setting) -> LiquidityMeasures:
    """Measure sweeps, breaks and distance for every candidate."""
    levels, since = (columns.T for columns in _levels(setting))
    bars = setting.studies.frame.base
    # Shape (bars, n), so that the longest axis is the innermost one.
    window = setting.m15 - np.arange(_BARS)[:, None]
    at = np.maximum(window, 1)
    sign = setting.sign
    # Seen by a buyer: a sweep takes the lows below a level, a break closes above it.
    low = np.where(sign > 0, bars.low[at], -bars.high[at])
    close = sign * bars.close[at]
    before = sign * bars.close[at - 1]
    level = sign * levels
    there = (window > 0)[:, None] & (window[:, None] > since)
    with np.errstate(invalid="ignore"):
        above = there & (close[:, None] > level)
        from_above = before[:, None] > level
        swept = _deepest(above & from_above & (low[:, None] < level), level, low, 1.0)
        broken = _deepest(above & ~from_above, level, close, -1.0)
        distance = np.abs(levels - setting.candidates.entry)
    nearest = np.where(np.isnan(distance), np.inf, distance).min(axis=0, initial=np.inf)
    counted = swept if setting.style is Style.REVERSION else np.maximum(swept, broken)
    with np.errstate(invalid="ignore", divide="ignore"):
        return LiquidityMeasures(
            sweep=swept / setting.atr, sweep_or_break=counted / setting.atr, nearest=nearest / setting.atr
        )


def _deepest(
    happened: NDArray[np.bool_], level: NDArray[np.float64], price: NDArray[np.float64], sign: float
) -> NDArray[np.float64]:
    """Find each candidate's greatest ``sign * (level - price)`` where something happened; 0 where nothing did.

    Args:
        happened: shape (bars, levels, n).
        level: shape (levels, n).
        price: shape (bars, n).
        sign: +1.0 or -1.0.
    """
    # Few bars do anything to a level, so that looking them up is cheaper than measuring them all.
    bar, which, row = np.unravel_index(np.flatnonzero(happened), happened.shape)
    deepest = np.zeros(happened.shape[-1])
    np.maximum.at(deepest, row, sign * (level[which, row] - price[bar, row]))
    return deepest


def _levels(setting: Setting) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Collect the known levels, shape (n, 14), and the bar after which each may be swept (-1: any)."""
    studies = setting.studies
    day = studies.day
    highs, high_at = studies.pivot_highs.newest(setting.m15, _PIVOTS_A_SIDE)
    lows, low_at = studies.pivot_lows.newest(setting.m15, _PIVOTS_A_SIDE)
    days = studies.frame.track(Timeframe.D1).bars
    below, above = round_levels(setting.candidates.entry, _ROUND_PIPS * float(studies.frame.instrument.pip))
    plain = np.stack(
        [
            read_at(days.high, setting.day),
            read_at(days.low, setting.day),
            read_at(day.high_5, setting.day),
            read_at(day.low_5, setting.day),
            below,
            above,
        ],
        axis=1,
    )
    always = np.full(plain.shape, -1, dtype=np.int64)
    return np.concatenate((plain, highs, lows), axis=1), np.concatenate((always, high_at, low_at), axis=1)
