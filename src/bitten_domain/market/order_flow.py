"""Order flow: an honest proxy, because spot FX has no central book.

Whether a bar's quotes pushed up or down is guessed by the tick rule from its close; how many there were is the tick
volume. It says which way the quoting leaned and how busy it was, not who bought. It is shown beside a signal and gives
no points.

Source: C. Lee and M. Ready, Inferring Trade Direction from Intraday Data, Journal of Finance 46 (1991), the tick test.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bitten_domain.market.windowed import rolling_sum

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars

__all__ = ["FlowReading", "OrderFlow", "depth_imbalance", "flow_at", "order_flow"]

_WINDOW = 20
_SPAN = 96


@dataclass(frozen=True, slots=True, eq=False)
class OrderFlow:
    """Order-flow columns of n bars, each shape (n,), float64.

    Args:
        delta: tick volume signed by the tick rule, summed over the window.
        imbalance: delta over the window's tick volume, in [-1, 1]; NaN before a whole window, or without volume.
        tick_rate_z: tick volume against its own mean, in standard deviations; NaN before a whole span, or without any
            variation.
        spread_z: measured spread likewise; NaN where it was not measured throughout the span.
    """

    delta: NDArray[np.float64]
    imbalance: NDArray[np.float64]
    tick_rate_z: NDArray[np.float64]
    spread_z: NDArray[np.float64]


def order_flow(bars: Bars, window: int = _WINDOW, span: int = _SPAN) -> OrderFlow:
    """Read the order flow off bars.

    Args:
        bars: bid bars of one pair.
        window: bars the delta is summed over.
        span: bars the z-scores compare with.
    """
    signed = _tick_rule(bars.close) * bars.volume
    sums = rolling_sum(np.stack((signed, bars.volume)), window)
    early = np.arange(len(bars)) < window - 1
    delta, total = np.where(early, np.nan, sums[0]), sums[1]
    with np.errstate(invalid="ignore", divide="ignore"):
        imbalance = np.where(total > 0.0, delta / total, np.nan)
    spread = np.full(len(bars), np.nan) if bars.spread_pips is None else bars.spread_pips
    return OrderFlow(delta, imbalance, _z_score(bars.volume, span), _z_score(spread, span))


class FlowReading(NamedTuple):
    """The order flow at one bar; see `OrderFlow`. None where a column is NaN."""

    imbalance: float | None
    tick_rate_z: float | None
    spread_z: float | None


def flow_at(bars: Bars, at: int) -> FlowReading:
    """Read the order flow of the newest bar closed by a moment, seconds since 1970 UTC."""
    stop = int(np.searchsorted(bars.closed, at, side="right"))
    flow = order_flow(bars.rows(slice(max(0, stop - 2 * _SPAN), stop)))
    if stop == 0:
        return FlowReading(None, None, None)
    newest = (float(flow.imbalance[-1]), float(flow.tick_rate_z[-1]), float(flow.spread_z[-1]))
    return FlowReading(*(None if math.isnan(value) else value for value in newest))


def depth_imbalance(bid_lots: float, ask_lots: float) -> float | None:
    """Compare the two sides of a broker's own book, where one is supplied.

    Returns:
        -1 (all offers) to 1 (all bids); None for an empty book.
    """
    total = bid_lots + ask_lots
    return (bid_lots - ask_lots) / total if total > 0 else None


def _tick_rule(close: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sign each change of the close; an unchanged one takes the last sign there was, 0 before any."""
    change = np.sign(np.diff(close, prepend=close[:1]))
    last = np.maximum.accumulate(np.where(change != 0.0, np.arange(len(close)), 0)) if len(close) else np.zeros(0, int)
    carried: NDArray[np.float64] = change[last]
    return carried


def _z_score(values: NDArray[np.float64], span: int) -> NDArray[np.float64]:
    sums = rolling_sum(np.stack((values, values * values)), span)
    mean = sums[0] / span
    variance = sums[1] / span - mean * mean
    # What is left of a window without variation is rounding.
    varies = variance > 1e-12 * (1.0 + mean * mean)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(varies, (values - mean) / np.sqrt(np.where(varies, variance, 1.0)), np.nan)
    score[: span - 1] = np.nan
    return score
