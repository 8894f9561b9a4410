"""The setting of candidates: which bar of each timeframe was the newest when they were found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.bars import Timeframe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.studies import FrameStudies
    from bitten_domain.strategies.candidate import Candidates
    from bitten_domain.strategies.strategy import Style

__all__ = ["Setting", "read_at", "setting_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Candidates of one strategy and timeframe, with what was known when they were found; arrays are shape (n,).

    Args:
        studies: the pair's columns.
        style: how the evidence is read.
        timeframe: where the set-up was found.
        candidates: the set-ups.
        sign: +1.0 BUY, -1.0 SELL.
        m15, h1, h4, day: position of the newest known bar of each timeframe, -1 where there is none.
        atr, atr_h1: ATR14 of M15 and H1 then, price.
        usual_atr_h1: median ATR14(H1) of the 20 days before, price.
        spread_pips: spread then.
        spread_measured: whether it was measured, not assumed.
        reward_net: plan-weighted reward over risk, net of spread and slippage.
    """

    studies: FrameStudies
    style: Style
    timeframe: Timeframe
    candidates: Candidates
    sign: NDArray[np.float64]
    m15: NDArray[np.int64]
    h1: NDArray[np.int64]
    h4: NDArray[np.int64]
    day: NDArray[np.int64]
    atr: NDArray[np.float64]
    atr_h1: NDArray[np.float64]
    usual_atr_h1: NDArray[np.float64]
    spread_pips: NDArray[np.float64]
    spread_measured: NDArray[np.bool_]
    reward_net: NDArray[np.float64]


def read_at(values: NDArray[np.float64], at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Read a column at positions that may be -1; NaN there."""
    if len(values) == 0:
        return np.full(len(at), np.nan)
    return np.where(at >= 0, values[np.maximum(at, 0)], np.nan)


def setting_of(
    studies: FrameStudies,
    style: Style,
    timeframe: Timeframe,
    candidates: Candidates,
    spread_pips: NDArray[np.float64],
    spread_measured: NDArray[np.bool_],
    reward_net: NDArray[np.float64],
) -> Setting:
    """Look up what was known when each candidate was found; see `Setting` for the arguments."""
    known = {
        t: studies.frame.track(t).last_known(candidates.at)
        for t in (Timeframe.M15, Timeframe.H1, Timeframe.H4, Timeframe.D1)
    }
    return Setting(
        studies=studies,
        style=style,
        timeframe=timeframe,
        candidates=candidates,
        sign=candidates.direction.astype(np.float64),
        m15=known[Timeframe.M15],
        h1=known[Timeframe.H1],
        h4=known[Timeframe.H4],
        day=known[Timeframe.D1],
        atr=read_at(studies.scanned[Timeframe.M15].atr, known[Timeframe.M15]),
        atr_h1=read_at(studies.scanned[Timeframe.H1].atr, known[Timeframe.H1]),
        usual_atr_h1=studies.usual_volatility(known[Timeframe.D1]),
        spread_pips=spread_pips,
        spread_measured=spread_measured,
        reward_net=reward_net,
    )
