"""Evidence: what speaks for each candidate, rule by rule.

Source: rules, TCS table. Every rule is direction-aware, reads only bars closed by the candidate's moment, and is NaN
where what it needs is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.sessions import session_flags
from bitten_domain.strategies.strategy import Style
from bitten_domain.tcs.liquidity import liquidity_measures
from bitten_domain.tcs.scales import DEPTH, NEAREST, REWARD, RSI_CONTINUATION, RSI_REVERSION, STOP_RUN, points_on
from bitten_domain.tcs.setting import read_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.studies import TrackStudies
    from bitten_domain.tcs.setting import Setting

__all__ = ["Evidence", "evidence_of"]

_PIVOT_SPAN = 480
_SESSION_POINTS = np.array([0.0, 4.0, 6.0, 8.0, 9.0, 10.0])
_TOKYO = 2
_TOKYO_CURRENCIES = frozenset({"JPY", "AUD", "NZD"})
_FLAT_R2 = 0.3
_STABLE_BARS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Evidence of n candidates.

    Args:
        points: shape (n, rules), points each rule gives, in the order of `parts.RULES`; NaN where it is unavailable.
        measures: shape (n, rules), the number each rule read, for the reasons; NaN where it is unavailable.
    """

    points: NDArray[np.float64]
    measures: NDArray[np.float64]


_Rule = tuple["NDArray[np.float64]", "NDArray[np.float64]"]
"""Points and measure of one rule."""


def evidence_of(setting: Setting, sentiment: NDArray[np.float64]) -> Evidence:
    """Collect the evidence of every rule.

    Args:
        setting: the candidates and what was known.
        sentiment: shape (n,), s in [-1, 1] for the pair (positive favours a BUY), NaN where no feed exists.
    """
    columns = (
        _clarity(setting),
        _support(setting),
        _pattern(setting),
        *_alignment(setting),
        _rsi_zone(setting),
        _macd(setting),
        _volume(setting),
        _atr_regime(setting),
        _spread(setting),
        _stability(setting),
        _session(setting),
        *_liquidity(setting),
        (points_on(REWARD, setting.reward_net), setting.reward_net),
        (10.0 * np.maximum(0.0, sentiment * setting.sign), sentiment),
    )
    return Evidence(
        points=np.stack([points for points, _ in columns], axis=1),
        measures=np.stack([measure for _, measure in columns], axis=1),
    )


def _masked(points: NDArray[np.floating], known: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(known), np.nan, points)


def _trends(setting: Setting) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return (
        setting.sign * read_at(setting.studies.trend_m15, setting.m15),
        setting.sign * read_at(setting.studies.trend_h1, setting.h1),
    )


def _clarity(setting: Setting) -> _Rule:
    short, long = _trends(setting)
    measure = 1.0 - np.abs(long) if setting.style is Style.REVERSION else np.maximum(np.maximum(short, long), 0.0)
    return 8.0 * measure, measure


def _support(setting: Setting) -> _Rule:
    studies, stop, near = setting.studies, setting.candidates.stop, 0.3 * setting.atr_h1
    touches = studies.pivot_highs.touches(setting.m15, stop, near, _PIVOT_SPAN) + studies.pivot_lows.touches(
        setting.m15, stop, near, _PIVOT_SPAN
    )
    measure = _masked(touches.astype(np.float64), setting.atr_h1)
    return 7.0 * np.minimum(1.0, measure / 6.0), measure


def _pattern(setting: Setting) -> _Rule:
    bars = setting.studies.frame.track(setting.timeframe).bars
    row = setting.candidates.bar
    sign = setting.sign
    opened, closed = sign * bars.open[row], sign * bars.close[row]
    high = np.where(sign > 0, bars.high[row], -bars.low[row])
    low = np.where(sign > 0, bars.low[row], -bars.high[row])
    span = high - low
    before = np.maximum(row - 1, 0)
    opened_before, closed_before = sign * bars.open[before], sign * bars.close[before]
    body = closed - opened
    engulfing = (
        (row > 0)
        & (closed_before < opened_before)
        & (opened <= closed_before)
        & (closed >= opened_before)
        & (body > opened_before - closed_before)
    )
    wick = np.minimum(opened, closed) - low > 0.5 * span
    strong = (body >= 0.6 * span) & (closed >= low + 0.75 * span)
    forming = closed >= low + 0.6 * span
    moved = span > 0.0
    complete = moved & (engulfing | wick | strong)
    points = np.where(complete, 5.0, np.where(moved & forming, 3.0, 0.0))
    return points, points


def _alignment(setting: Setting) -> tuple[_Rule, ...]:
    studies = setting.studies
    m15, h1 = studies.scanned[Timeframe.M15], studies.scanned[Timeframe.H1]
    agree = [
        setting.sign * (read_at(fast, at) - read_at(slow, at))
        for fast, slow, at in (
            (m15.ema_fast, m15.ema_slow, setting.m15),
            (h1.ema_fast, h1.ema_slow, setting.h1),
            (studies.h4_fast, studies.h4_slow, setting.h4),
            (studies.day.ema_fast, studies.day.ema_slow, setting.day),
        )
    ]
    caps = (2.0, 4.0, 5.0, 4.0)
    plain = [_masked(cap * (gap > 0.0), gap) for cap, gap in zip(caps, agree, strict=True)]
    if setting.style is not Style.REVERSION:
        return tuple(zip(plain, agree, strict=True))
    # A reversion needs a timeframe not to trend against it, which is more than the averages' order.
    adx = read_at(m15.adx, setting.m15)
    _, long = _trends(setting)
    against = np.maximum(0.0, -long)
    flat = against < _FLAT_R2
    h4_known = np.where(np.isnan(agree[2]), np.nan, long)
    both_known = np.where(np.isnan(agree[2]), np.nan, agree[3])
    return (
        (_masked(2.0 * (adx < 20.0), adx), adx),
        (_masked(4.0 * np.clip((0.6 - against) / 0.3, 0.0, 1.0), long), long),
        (_masked(5.0 * ((agree[2] > 0.0) | flat), h4_known), agree[2]),
        (_masked(4.0 * ((agree[3] > 0.0) | ~(agree[2] < 0.0)), both_known), agree[3]),
    )


def _track(setting: Setting) -> tuple[TrackStudies, NDArray[np.int64]]:
    return setting.studies.scanned[setting.timeframe], setting.candidates.bar


def _rsi_zone(setting: Setting) -> _Rule:
    track, row = _track(setting)
    seen = np.where(setting.sign > 0, track.rsi[row], 100.0 - track.rsi[row])
    scale = RSI_REVERSION if setting.style is Style.REVERSION else RSI_CONTINUATION
    # The points are given in the trade's sense; a person is shown the pair's own RSI.
    return points_on(scale, seen), track.rsi[row]


def _macd(setting: Setting) -> _Rule:
    track, row = _track(setting)
    sign = setting.sign
    now = sign * track.macd[row]
    turning = now - sign * track.macd[np.maximum(row - 1, 0)]
    with_trade = turning > 0.0 if setting.style is Style.REVERSION else now > 0.0
    points = np.where(with_trade, 5.0, np.where(_divergence(track, row, sign), 3.0, 0.0))
    return _masked(points, turning), now


def _divergence(track: TrackStudies, row: NDArray[np.int64], sign: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Find a lower low, seen by a buyer, that the histogram does not follow: last 5 bars against the 25 before."""
    result = np.zeros(len(row), dtype=np.bool_)
    rows = np.flatnonzero(row >= 30)
    if len(rows) == 0:
        return result
    side = sign[rows]
    window = row[rows] - np.arange(30)[:, None]
    low = np.where(side > 0, track.bars.low[window], -track.bars.high[window])
    histogram = side * track.macd[window]
    known = np.where(np.isnan(histogram), np.inf, histogram)
    result[rows] = (low[:5].min(axis=0) < low[5:].min(axis=0)) & (known[:5].min(axis=0) > known[5:].min(axis=0))
    return result


def _volume(setting: Setting) -> _Rule:
    track, row = _track(setting)
    ratio = track.volume_ratio[row]
    points = np.where(ratio > 1.5, 5.0, np.where(ratio > 1.2, 3.0, np.where(ratio > 1.0, 1.0, 0.0)))
    return _masked(points, ratio), ratio


def _atr_regime(setting: Setting) -> _Rule:
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = setting.atr_h1 / setting.usual_atr_h1
    usual = (ratio >= 0.7) & (ratio <= 1.6)
    near = (ratio >= 0.5) & (ratio <= 2.2)
    return _masked(np.where(usual, 5.0, np.where(near, 3.0, 0.0)), ratio), ratio


def _spread(setting: Setting) -> _Rule:
    ratio = setting.spread_pips / float(setting.studies.frame.instrument.normal_spread_pips)
    measured = np.where(setting.spread_measured, ratio, np.nan)
    return _masked(np.where(ratio < 1.5, 3.0, np.where(ratio < 2.0, 1.0, 0.0)), measured), measured


def _stability(setting: Setting) -> _Rule:
    atr = setting.studies.scanned[Timeframe.H1].atr
    with np.errstate(invalid="ignore", divide="ignore"):
        change = setting.atr_h1 / read_at(atr, np.maximum(setting.h1 - _STABLE_BARS, -1)) - 1.0
    return _masked(2.0 * (np.abs(change) <= 0.25), change), change


def _session(setting: Setting) -> _Rule:
    code = session_flags(setting.candidates.at).code.astype(np.int64)
    points = _SESSION_POINTS[code]
    instrument = setting.studies.frame.instrument
    if {instrument.base, instrument.quote} & _TOKYO_CURRENCIES:
        points = np.where(code == _TOKYO, points + 2.0, points)
    return points, code.astype(np.float64)


def _liquidity(setting: Setting) -> tuple[_Rule, _Rule, _Rule]:
    measures = liquidity_measures(setting)
    return (
        (points_on(DEPTH, measures.sweep_or_break), measures.sweep_or_break),
        (points_on(NEAREST, measures.nearest), measures.nearest),
        (points_on(STOP_RUN, measures.sweep), measures.sweep),
    )
