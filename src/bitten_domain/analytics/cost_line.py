"""The cost line: what trades cost, and what they would have come to at other costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.analytics.day_bootstrap import LEAST_SAMPLES, Estimate, mean_by_day
from bitten_domain.analytics.performance import profit_factor
from bitten_domain.execution import REPORT_FACTORS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.analytics.trade_columns import TradeColumns

__all__ = ["COST_LINE_METHOD", "CostLine", "CostTotals", "cost_lines", "cost_totals"]

COST_LINE_METHOD = (
    "the same trades with their spread, slippage, commission and paid swap scaled; sizes, exits and what each trade "
    "risked are kept, while a run at those costs would also skip and stop other trades"
)
"""What the cost line does and does not do, for a person to read."""


@dataclass(frozen=True, slots=True)
class CostTotals:
    """What closed trades paid, account currency, each >= 0.

    Args:
        spread, slippage, commission, swap_paid: what was paid.
        swap_received: what came in; not set off in the total.
        total: of what was paid.
    """

    spread: float
    slippage: float
    commission: float
    swap_paid: float
    swap_received: float
    total: float


@dataclass(frozen=True, slots=True)
class CostLine:
    """The trades at one factor of the costs.

    Args:
        factor: 1 is the run's own costs, 0 none.
        net: sum in money.
        net_r: sum in R.
        expectancy: mean R, with its interval.
        win_rate: share that made money; None below the least samples.
        profit_factor: in money; infinite when nothing was lost; None below the least samples.
    """

    factor: Decimal
    net: float
    net_r: float
    expectancy: Estimate
    win_rate: float | None
    profit_factor: float | None


def cost_totals(trades: TradeColumns) -> CostTotals:
    """Sum up what trades paid."""
    return CostTotals(
        spread=_cents(trades.spread),
        slippage=_cents(trades.slippage),
        commission=_cents(trades.commission),
        swap_paid=_cents(trades.swap_paid),
        swap_received=_cents(trades.swap_received),
        total=_cents(trades.cost),
    )


def cost_lines(trades: TradeColumns, draws: NDArray[np.float64]) -> tuple[CostLine, ...]:
    """Restate trades without costs and at each factor a report shows, by `COST_LINE_METHOD`.

    Args:
        trades: closed ones; those without a stop count in money only.
        draws: for the intervals, see `day_bootstrap.mean_by_day`.
    """
    measured = ~np.isnan(trades.net_r)
    enough = len(trades) >= LEAST_SAMPLES
    lines: list[CostLine] = []
    for factor in (Decimal(0), *REPORT_FACTORS):
        extra = (float(factor) - 1.0) * trades.cost
        net = np.round(trades.net - extra, 6)
        net_r = (trades.net_r - extra / trades.risk)[measured]
        lines.append(
            CostLine(
                factor=factor,
                net=_cents(net),
                net_r=round(float(net_r.sum()), 4) + 0.0,
                expectancy=mean_by_day(net_r, trades.day[measured], draws),
                win_rate=round(float((net > 0).mean()), 4) if enough else None,
                profit_factor=profit_factor(net) if enough else None,
            )
        )
    return tuple(lines)


def _cents(amounts: NDArray[np.float64]) -> float:
    return round(float(amounts.sum()), 2) + 0.0
