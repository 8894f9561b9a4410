"""Columns of results: what every figure of a report is worked out from, one row a signal or a trade."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.market.clocks.sessions import SESSION_ORDER, session_flags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bitten_domain.desk.run.idea_results import IdeaResults
    from bitten_domain.desk.signal import Signal

__all__ = ["COST_SHARE_EDGES", "SignalColumns", "cost_share_names", "session_names", "signal_columns"]

COST_SHARE_EDGES: tuple[float, ...] = (0.06, 0.10, 0.15, 0.20, 0.25)
"""Where cost share is cut for tables; 0.15 is where a card turns amber, 0.30 where no signal is emitted."""


@dataclass(frozen=True, slots=True, eq=False)
class SignalColumns:
    """Emitted signals, every array of shape (n,).

    Args:
        at: emission, seconds since 1970 UTC.
        day: market day of the bar that completed it, days since 1970-01-01.
        pair, session, strategy, band, timeframe, cost_class: labels.
        score: points.
        cost_share: spread and slippage over the stop's distance.
        net_r, gross_r: outcome under the one fill model, fired or not; NaN while open.
        hit_target, ambiguous: as in `IdeaResults`.
    """

    at: NDArray[np.int64]
    day: NDArray[np.int64]
    pair: NDArray[np.str_]
    session: NDArray[np.str_]
    strategy: NDArray[np.str_]
    band: NDArray[np.str_]
    timeframe: NDArray[np.str_]
    cost_class: NDArray[np.str_]
    score: NDArray[np.float64]
    cost_share: NDArray[np.float64]
    net_r: NDArray[np.float64]
    gross_r: NDArray[np.float64]
    hit_target: NDArray[np.bool_]
    ambiguous: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.at)

    def where(self, chosen: NDArray[np.bool_]) -> SignalColumns:
        """Select rows by mask."""
        return SignalColumns(**{column.name: getattr(self, column.name)[chosen] for column in fields(self)})


def signal_columns(signals: Sequence[Signal], results: IdeaResults) -> SignalColumns:
    """Lay emitted signals out as columns.

    Args:
        signals: in order of emission.
        results: of the scan they came from.
    """
    row = np.array([signal.row for signal in signals], dtype=np.int64)
    at = np.array([signal.at for signal in signals], dtype=np.int64)
    shares = np.array([signal.cost_share for signal in signals], dtype=np.float64)
    return SignalColumns(
        at=at,
        day=trading_day(at - 1),
        pair=_labels([signal.symbol for signal in signals]),
        session=session_names(at),
        strategy=_labels([signal.strategy for signal in signals]),
        band=_labels([signal.band.value for signal in signals]),
        timeframe=_labels([Timeframe(signal.timeframe).name for signal in signals]),
        cost_class=cost_share_names(shares),
        score=np.array([signal.score / 100 for signal in signals], dtype=np.float64),
        cost_share=shares,
        net_r=results.net_r[row],
        gross_r=results.gross_r[row],
        hit_target=results.hit_target[row],
        ambiguous=results.ambiguous[row],
    )


def session_names(at: NDArray[np.int64]) -> NDArray[np.str_]:
    """Name the session each moment (seconds since 1970 UTC) is counted in."""
    return _labels([session.value for session in SESSION_ORDER])[session_flags(at).code]


def cost_share_names(shares: NDArray[np.float64]) -> NDArray[np.str_]:
    """Name the class of each cost share; a class holds its upper edge."""
    edges = [f"{edge:.2f}" for edge in COST_SHARE_EDGES]
    names = [
        f"up to {edges[0]}",
        *(f"{low} to {high}" for low, high in pairwise(edges)),
        f"above {edges[-1]}",
    ]
    return _labels(names)[np.searchsorted(np.array(COST_SHARE_EDGES), shares, side="left")]


def _labels(names: Sequence[str]) -> NDArray[np.str_]:
    return np.array(names, dtype=np.str_)
