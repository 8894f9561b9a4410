"""Mean reversion: a stretched close outside the bands in a market without trend, then a close back inside.

Source: rules, strategies. Bollinger (20, 2), RSI14 and ADX14 are read on the timeframe scanned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.frame import SCANNED
from bitten_domain.strategies.candidate import Candidates, concatenate
from bitten_domain.strategies.holding import after_open_hours
from bitten_domain.strategies.oriented import Oriented, oriented
from bitten_domain.strategies.strategy import Style
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.bars import Timeframe
    from bitten_domain.market.studies import FrameStudies, TrackStudies

__all__ = ["MeanReversion", "MeanReversionRules"]


@dataclass(frozen=True, slots=True)
class MeanReversionRules:
    """What counts as a set-up.

    Args:
        adx_below: the excursion's ADX must be below this.
        adx_blocks: no entry while ADX is above this.
        rsi_low: a BUY's excursion has RSI at or below this; a SELL's at or above 100 minus it.
        reward_at_least: mid-band distance over stop distance, before costs.
        bars_to_return: bars within which the close must come back inside.
        stop_pad_atr: distance of the stop beyond the extreme, in ATR14.
        hold_hours: market-open hours after which the trade is closed.
    """

    adx_below: float
    adx_blocks: float
    rsi_low: float
    reward_at_least: float
    bars_to_return: int = 3
    stop_pad_atr: float = 0.5
    hold_hours: int = 24


CLASSIC = MeanReversionRules(adx_below=20.0, adx_blocks=25.0, rsi_low=30.0, reward_at_least=1.2)
WIDE = MeanReversionRules(adx_below=30.0, adx_blocks=35.0, rsi_low=40.0, reward_at_least=1.0)


@dataclass(frozen=True, slots=True)
class MeanReversion:
    """The strategy under one set of rules."""

    rules: MeanReversionRules = WIDE
    name: str = "mean_reversion"
    style: Style = Style.REVERSION
    plan: PlanKind = PlanKind.FIXED
    timeframes: tuple[Timeframe, ...] = SCANNED
    reads_long_average: bool = False
    look_back: int = 8

    def propose(self, studies: FrameStudies, timeframe: Timeframe) -> Candidates:
        """Find the closes back inside the bands; see `Strategy.propose`."""
        track = studies.scanned[timeframe]
        known = studies.frame.track(timeframe).known_at
        first = studies.first_asked(timeframe)
        return concatenate([self._one_side(track, oriented(track, sign), known, first) for sign in (1, -1)])

    def _one_side(self, track: TrackStudies, view: Oriented, known: NDArray[np.int64], first: int) -> Candidates:
        rules = self.rules
        outside = view.close < view.band
        # Every set-up is the first close back inside: nothing to look for where no bar asked for is one.
        if not bool((outside[max(0, first - 1) : -1] & ~outside[max(1, first) :]).any()):
            return Candidates.none()
        stretched = outside & (view.rsi <= rules.rsi_low) & (track.adx < rules.adx_below)
        qualified = np.zeros(len(outside), dtype=np.bool_)
        unbroken = np.ones(len(outside), dtype=np.bool_)
        for ago in range(1, rules.bars_to_return + 1):
            unbroken[ago:] &= outside[:-ago]
            unbroken[:ago] = False
            qualified[ago:] |= unbroken[ago:] & stretched[:-ago]
        back = qualified & (view.close >= view.band) & (track.adx <= rules.adx_blocks)
        rows = first + np.flatnonzero(back[first:])
        extreme = view.low[np.maximum(rows - np.arange(rules.bars_to_return + 1)[:, None], 0)].min(axis=0)
        entry = view.close[rows]
        stop = extreme - rules.stop_pad_atr * track.atr[rows]
        target = view.middle[rows]
        worth = (target - entry >= rules.reward_at_least * (entry - stop)) & (known[rows] == track.bars.closed[rows])
        rows, entry, stop, target = rows[worth], entry[worth], stop[worth], target[worth]
        at = track.bars.closed[rows]
        return Candidates(
            at=at,
            bar=rows.astype(np.int64),
            direction=np.full(len(rows), view.sign, dtype=np.int8),
            entry=view.sign * entry,
            stop=view.sign * stop,
            target=view.sign * target,
            flat_at=after_open_hours(at, rules.hold_hours),
        )
