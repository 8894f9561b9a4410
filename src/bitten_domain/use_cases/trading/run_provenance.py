"""Provenance: what of a run was measured, what was assumed, and the labels that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.execution import Cost
from bitten_domain.vocabulary import FireMode

if TYPE_CHECKING:
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan

__all__ = ["Assumptions", "assumptions_of", "labels_of"]


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Shares of a run that rest on an assumption, each in [0, 1].

    Args:
        spreads: of the bars since the start, those whose spread was not measured.
        swaps: of pairs and market days, those without a swap rate from a table.
        no_news: of the moments, those outside the news calendar's coverage, counted as knowingly confirmed.
    """

    spreads: float
    swaps: float
    no_news: float


def assumptions_of(backtest: Backtest, plan: BacktestPlan) -> Assumptions:
    """Measure what a run had to assume."""
    moments = backtest.equity_at
    first = int(moments[0]) if len(moments) else 0
    measured = [pair.spread.measured[pair.bars.closed >= first] for pair in backtest.columns.values()]
    swaps = plan.terms.costs.swaps
    nights = [
        swaps.is_assumed(symbol, day)
        for symbol, pair in backtest.columns.items()
        for day in np.unique(pair.prices.day[pair.prices.closed >= first]).tolist()
    ]
    return Assumptions(
        spreads=_share(~np.concatenate(measured)) if measured else 0.0,
        swaps=_share(np.array(nights, dtype=np.bool_)),
        no_news=_share(~plan.news.covered(moments)),
    )


def labels_of(
    assumptions: Assumptions, plan: BacktestPlan, *, is_synthetic: bool, is_interrupted: bool, releases: int
) -> tuple[str, ...]:
    """Say what a reader must know before any figure.

    Args:
        assumptions: of the run.
        plan: what was run.
        is_synthetic: whether the market was made up.
        is_interrupted: whether the run was stopped before its data ended.
        releases: drawdown stops that were released.
    """
    costs = plan.terms.costs
    labels = ["PAPER"]
    if is_synthetic:
        labels.append("SYNTHETIC")
    if is_interrupted:
        labels.append("INTERRUPTED")
    if assumptions.no_news > 0.0:
        labels.append(f"NO NEWS {_percent(assumptions.no_news)}")
    if assumptions.spreads > 0.0 and Cost.SPREAD in costs.charged:
        labels.append(f"ASSUMED SPREADS {_percent(assumptions.spreads)}")
    if assumptions.swaps > 0.0 and Cost.SWAP in costs.charged:
        labels.append(f"ASSUMED SWAPS {_percent(assumptions.swaps)}")
    if costs.factor != 1:
        labels.append(f"COSTS x {costs.factor}")
    labels += [f"WITHOUT {cost.value}" for cost in Cost if cost not in costs.charged]
    auto = plan.desk.fire_mode is FireMode.AUTO
    labels.append("FIRED BY MANDATE" if auto else "EVERY FIREABLE SIGNAL CONFIRMED AT ONCE")
    if releases:
        labels.append(f"DRAWDOWN STOP RELEASED {releases} x")
    return tuple(labels)


def _share(flags: np.typing.NDArray[np.bool_]) -> float:
    return round(float(flags.mean()), 4) if len(flags) else 0.0


def _percent(share: float) -> str:
    # Never rounded to "0 %" or "100 %" when it is not.
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", " %")
    return f"{min(max(100.0 * share, 0.1), 99.9):.1f} %"
