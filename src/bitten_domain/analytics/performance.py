"""Performance: what closed trades and ended signals came to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.analytics.day_bootstrap import LEAST_SAMPLES, Estimate, mean_by_day

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.analytics.idea_columns import SignalColumns
    from bitten_domain.analytics.trade_columns import TradeColumns

__all__ = [
    "SignalPerformance",
    "TradePerformance",
    "payoff",
    "profit_factor",
    "signal_performance",
    "trade_performance",
]


@dataclass(frozen=True, slots=True)
class TradePerformance:
    """Closed trades; a win made money after all costs, a loss lost some. Ratios, means and medians are None below the
    least samples; counts, sums and extremes are not.

    Args:
        count, wins, losses: trades; the rest ended at nought.
        win_rate: share of wins, with its interval.
        expectancy: mean net R, with its interval.
        net_r: sum; net: the same in money.
        profit_factor: money won over money lost, infinite when nothing was lost.
        payoff: mean win over mean loss, in money; None without one of them.
        best_r, worst_r: None without a trade.
        median_minutes: held.
        cost_r: mean of what a trade cost over the money at its stop.
        favourable_r, adverse_r: medians of the furthest the price went for and against.
        ambiguous: closed by a bar that touched stop and target, counted as stopped.
    """

    count: int
    wins: int
    losses: int
    win_rate: Estimate
    expectancy: Estimate
    net_r: float
    net: float
    profit_factor: float | None
    payoff: float | None
    best_r: float | None
    worst_r: float | None
    median_minutes: float | None
    cost_r: float | None
    favourable_r: float | None
    adverse_r: float | None
    ambiguous: int


@dataclass(frozen=True, slots=True)
class SignalPerformance:
    """Emitted signals, fired or not, under the one fill model.

    Args:
        count: emitted.
        ended: of them, those that came to an end inside the data and can be priced.
        net, gross: mean R after and before costs, with their intervals.
        win_rate: share that made money after costs.
        target_rate: share whose last part ended at its target; None below the least samples.
        ambiguous: ended by a bar that touched stop and target, counted as stopped.
    """

    count: int
    ended: int
    net: Estimate
    gross: Estimate
    win_rate: Estimate
    target_rate: float | None
    ambiguous: int


def trade_performance(trades: TradeColumns, draws: NDArray[np.float64]) -> TradePerformance:
    """Sum trades up.

    Args:
        trades: closed ones.
        draws: for the intervals, see `mean_by_day`.
    """
    measured = ~np.isnan(trades.net_r)
    net_r = trades.net_r[measured]
    day = trades.day[measured]
    enough = len(net_r) >= LEAST_SAMPLES
    return TradePerformance(
        count=len(trades),
        wins=int((trades.net > 0).sum()),
        losses=int((trades.net < 0).sum()),
        win_rate=mean_by_day((trades.net > 0).astype(np.float64), trades.day, draws),
        expectancy=mean_by_day(net_r, day, draws),
        net_r=round(float(net_r.sum()), 4),
        net=round(float(trades.net.sum()), 2),
        profit_factor=profit_factor(trades.net) if enough else None,
        payoff=payoff(trades.net) if enough else None,
        best_r=_rounded(float(net_r.max())) if len(net_r) else None,
        worst_r=_rounded(float(net_r.min())) if len(net_r) else None,
        median_minutes=_median((trades.closed_at - trades.opened_at) / 60.0) if enough else None,
        cost_r=_rounded(float(np.mean((trades.cost / trades.risk)[measured]))) if enough else None,
        favourable_r=_median(trades.favourable_r[measured]) if enough else None,
        adverse_r=_median(trades.adverse_r[measured]) if enough else None,
        ambiguous=int(trades.ambiguous.sum()),
    )


def signal_performance(signals: SignalColumns, draws: NDArray[np.float64]) -> SignalPerformance:
    """Sum signals up; arguments as `trade_performance`."""
    ended = ~np.isnan(signals.net_r)
    day = signals.day[ended]
    hits = signals.hit_target[ended]
    return SignalPerformance(
        count=len(signals),
        ended=int(ended.sum()),
        net=mean_by_day(signals.net_r[ended], day, draws),
        gross=mean_by_day(signals.gross_r[ended], day, draws),
        win_rate=mean_by_day((signals.net_r[ended] > 0).astype(np.float64), day, draws),
        target_rate=_rounded(float(hits.mean())) if len(hits) >= LEAST_SAMPLES else None,
        ambiguous=int(signals.ambiguous[ended].sum()),
    )


def profit_factor(results: NDArray[np.float64]) -> float | None:
    """Divide what was won by what was lost: infinite when nothing was lost, None when nothing was won or lost."""
    won, lost = float(results[results > 0].sum()), -float(results[results < 0].sum())
    if lost > 0.0:
        return round(won / lost, 4)
    return math.inf if won > 0.0 else None


def payoff(results: NDArray[np.float64]) -> float | None:
    """Divide the mean win by the mean loss; None without one of them."""
    won, lost = results[results > 0], results[results < 0]
    if len(won) == 0 or len(lost) == 0:
        return None
    return round(float(won.mean()) / -float(lost.mean()), 4)


def _rounded(value: float) -> float:
    return round(value, 4) + 0.0


def _median(values: NDArray[np.float64]) -> float:
    return _rounded(float(np.median(values)))
