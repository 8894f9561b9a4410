"""Markets to measure on: the recorded ones beside the project where they are there, made ones where not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bitten_adapters.files.bar_file import ReadOptions
from bitten_adapters.files.bar_folder import load_folder
from bitten_adapters.synthetic.market import synthetic_market
from bitten_domain import TEN_PAIRS, Bars, Timeframe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["Markets", "markets", "tiled"]

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
_SEED = 1
_MARKET_DAYS = 180
_WEEK = 7 * 86_400


@dataclass(frozen=True, slots=True, eq=False)
class Markets:
    """What is measured on.

    Args:
        m15: M15 bars of the ten pairs.
        h1: H1 bars of GBPUSD.
        name: where they come from, for the table.
    """

    m15: Mapping[str, Bars]
    h1: Bars
    name: str


def markets() -> Markets:
    """Read the recorded bars, or make some where there are none."""
    if (_SHARED / "m15").is_dir() and (_SHARED / "h1").is_dir():
        m15 = {symbol: bars for symbol, (bars, _) in load_folder(_SHARED / "m15", TEN_PAIRS).items()}
        h1, _ = load_folder(_SHARED / "h1", ["GBPUSD"], options=ReadOptions(timeframe=Timeframe.H1))["GBPUSD"]
        return Markets(m15, h1, "recorded bars: ten pairs M15 2025-02 to 2025-10, GBPUSD H1 2012 to 2020")
    made = dict(synthetic_market(_SEED, date(2025, 2, 17), _MARKET_DAYS).bars)
    hourly = replace(tiled(made["GBPUSD"], 3), timeframe=Timeframe.H1)
    name = f"made bars (there are no recorded ones here): seed {_SEED}, {_MARKET_DAYS} market days"
    return Markets(made, hourly, name)


def tiled(bars: Bars, times: int) -> Bars:
    """Repeat bars in whole weeks one after another, so that a market of any length can be had."""
    span = -(-(int(bars.closed[-1]) - int(bars.opened[0])) // _WEEK) * _WEEK
    opened = np.concatenate([bars.opened + span * turn for turn in range(times)])

    def again(column: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.tile(column, times)

    return Bars(
        bars.symbol,
        bars.timeframe,
        opened,
        again(bars.open),
        again(bars.high),
        again(bars.low),
        again(bars.close),
        again(bars.volume),
        None if bars.spread_pips is None else again(bars.spread_pips),
    )
