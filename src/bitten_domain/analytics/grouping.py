"""Group tables: the same results by pair, session, strategy, band and more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.analytics.day_bootstrap import LEAST_SAMPLES, Estimate, mean_by_day
from bitten_domain.analytics.idea_columns import COST_SHARE_EDGES, cost_share_names
from bitten_domain.analytics.performance import profit_factor
from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.sessions import SESSION_ORDER
from bitten_domain.values import TEN_PAIRS
from bitten_domain.vocabulary import Band

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bitten_domain.analytics.idea_columns import SignalColumns
    from bitten_domain.analytics.trade_columns import TradeColumns

__all__ = ["GroupLine", "GroupTable", "group_counts", "signal_groups", "trade_groups"]

_ORDER: tuple[str, ...] = (
    *TEN_PAIRS,
    *(session.value for session in reversed(SESSION_ORDER)),
    *(band.value for band in Band),
    *(timeframe.name for timeframe in Timeframe),
    *cost_share_names(np.array([*COST_SHARE_EDGES, 1.0])).tolist(),
)
_SCORE_STEP = 2


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group.

    Args:
        name: its label.
        count: how many; of signals, those that ended.
        net, gross: mean R after and before costs; trades have no `gross`.
        win_rate: share that made money after costs; None below the least samples.
        profit_factor: in R; infinite when nothing was lost; None below the least samples.
        net_r: sum of net R.
    """

    name: str
    count: int
    net: Estimate
    gross: Estimate | None
    win_rate: float | None
    profit_factor: float | None
    net_r: float


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Results by one trait.

    Args:
        by: the trait: ``pair``, ``session``, ``strategy``, ``band``, ``score``, ``cost share``,
            ``timeframe`` or ``exit``.
        lines: in the trait's own order.
    """

    by: str
    lines: tuple[GroupLine, ...]


def signal_groups(signals: SignalColumns, draws: NDArray[np.float64]) -> tuple[GroupTable, ...]:
    """Group ended signals.

    Args:
        signals: emitted ones; those still open are left out.
        draws: for the intervals, see `day_bootstrap.mean_by_day`.
    """
    ended = signals.where(~np.isnan(signals.net_r))
    floor = (ended.score // _SCORE_STEP * _SCORE_STEP).astype(np.int64)
    scores = np.array([f"{low} to {low + _SCORE_STEP}" for low in floor.tolist()], dtype=np.str_)
    traits = (
        ("band", ended.band),
        ("score", scores),
        ("strategy", ended.strategy),
        ("pair", ended.pair),
        ("session", ended.session),
        ("cost share", ended.cost_class),
        ("timeframe", ended.timeframe),
    )
    return tuple(_table(by, label, ended.net_r, ended.gross_r, ended.day, draws) for by, label in traits)


def trade_groups(trades: TradeColumns, draws: NDArray[np.float64]) -> tuple[GroupTable, ...]:
    """Group closed trades; arguments as `signal_groups`."""
    measured = trades.where(~np.isnan(trades.net_r))
    traits = (
        ("band", measured.band),
        ("strategy", measured.strategy),
        ("pair", measured.pair),
        ("session", measured.session),
        ("cost share", measured.cost_class),
        ("timeframe", measured.timeframe),
        ("exit", measured.reason),
    )
    return tuple(_table(by, label, measured.net_r, None, measured.day, draws) for by, label in traits)


def group_counts(labels: NDArray[np.str_]) -> tuple[tuple[str, int], ...]:
    """Count each label, in the trait's own order."""
    names, counts = np.unique(labels, return_counts=True)
    by_name = dict(zip(names.tolist(), counts.tolist(), strict=True))
    return tuple((name, by_name[name]) for name in _ordered(names.tolist()))


def _table(
    by: str,
    labels: NDArray[np.str_],
    net_r: NDArray[np.float64],
    gross_r: NDArray[np.float64] | None,
    day: NDArray[np.int64],
    draws: NDArray[np.float64],
) -> GroupTable:
    lines: list[GroupLine] = []
    for name in _ordered(np.unique(labels).tolist()):
        inside = labels == name
        net = net_r[inside]
        enough = len(net) >= LEAST_SAMPLES
        lines.append(
            GroupLine(
                name=name,
                count=len(net),
                net=mean_by_day(net, day[inside], draws),
                gross=None if gross_r is None else mean_by_day(gross_r[inside], day[inside], draws),
                win_rate=round(float((net > 0).mean()), 4) if enough else None,
                profit_factor=profit_factor(net) if enough else None,
                net_r=round(float(net.sum()), 4) + 0.0,
            )
        )
    return GroupTable(by, tuple(lines))


def _ordered(names: Sequence[str]) -> list[str]:
    place = {name: number for number, name in enumerate(_ORDER)}
    return sorted(names, key=lambda name: (place.get(name, len(place)), name))
