"""Results of a scan's set-ups under the one fill model, fired or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.execution import Cost
from bitten_domain.execution.signal_outcome import Ideas, outcomes_of
from bitten_domain.execution.ticks import pip_ticks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.execution import CostModel
    from bitten_domain.strategies.strategy import Strategy
    from bitten_domain.tcs.scan import ScoredCandidates

__all__ = ["IdeaResults", "results_of"]


@dataclass(frozen=True, slots=True, eq=False)
class IdeaResults:
    """Results of n set-ups, every array of shape (n,).

    Args:
        closed_at: seconds since 1970 UTC, 0 while open or not asked for.
        day: trading day each closed on.
        net_r, gross_r: in R, NaN while open, or where no rate to the account's currency is known (net).
        hit_target, ambiguous: see `IdeaOutcomes`.
    """

    closed_at: NDArray[np.int64]
    day: NDArray[np.int64]
    net_r: NDArray[np.float64]
    gross_r: NDArray[np.float64]
    hit_target: NDArray[np.bool_]
    ambiguous: NDArray[np.bool_]


def results_of(
    table: ScoredCandidates,
    wanted: NDArray[np.bool_],
    columns: Mapping[str, PairColumns],
    pairs: Sequence[str],
    strategies: Sequence[Strategy],
    costs: CostModel,
    currency: str,
) -> IdeaResults:
    """Follow the wanted set-ups of a scan.

    Args:
        table: the scan.
        wanted: shape (n,), which of them.
        columns: the pairs, by symbol.
        pairs, strategies: the scanner's, in its order.
        costs: the cost table.
        currency: the account's.
    """
    n = len(table)
    results = IdeaResults(
        closed_at=np.zeros(n, dtype=np.int64),
        day=np.zeros(n, dtype=np.int64),
        net_r=np.full(n, np.nan),
        gross_r=np.full(n, np.nan),
        hit_target=np.zeros(n, dtype=np.bool_),
        ambiguous=np.zeros(n, dtype=np.bool_),
    )
    for number, symbol in enumerate(pairs):
        if symbol not in columns:
            continue
        of_pair = wanted & (table.pair == number)
        for plan in dict.fromkeys(strategy.plan for strategy in strategies):
            with_plan = [place for place, strategy in enumerate(strategies) if strategy.plan is plan]
            rows = np.flatnonzero(of_pair & np.isin(table.strategy, with_plan))
            if len(rows) == 0:
                continue
            pair = columns[symbol]
            ideas = _ideas(table, rows, strategies[with_plan[0]], pair, columns, costs, currency)
            outcomes = outcomes_of(pair.prices, ideas, pair.charges)
            results.closed_at[rows] = outcomes.closed_at
            results.day[rows] = np.where(outcomes.bar >= 0, pair.prices.day[outcomes.bar], 0)
            results.net_r[rows] = outcomes.net_r
            results.gross_r[rows] = outcomes.gross_r
            results.hit_target[rows] = outcomes.hit_target
            results.ambiguous[rows] = outcomes.ambiguous
    return results


def _ideas(
    table: ScoredCandidates,
    rows: NDArray[np.intp],
    strategy: Strategy,
    pair: PairColumns,
    columns: Mapping[str, PairColumns],
    costs: CostModel,
    currency: str,
) -> Ideas:
    instrument, prices = pair.instrument, pair.prices
    scale = float(10**instrument.digits)
    at = table.at[rows]
    bar = np.searchsorted(prices.closed, at, side="right").astype(np.int64) - 1
    sign = table.direction[rows]
    quoted = pair.quote_spread[bar]
    # A seller exits at the ask: its levels stand a spread above the chart's.
    lift = np.where(sign > 0, 0, quoted)
    entry_side = prices.close[bar] + np.where(sign > 0, quoted, 0)
    worth = float(instrument.contract_size * instrument.tick) * _conversion(instrument.quote, currency, at, columns)
    charge = costs.commission_per_lot
    commission = float(charge.amount * costs.factor) if _charges_commission(costs) else 0.0
    with np.errstate(invalid="ignore"):
        commission_ticks = commission * _conversion(charge.currency, currency, at, columns) / worth
    return Ideas(
        plan=strategy.plan,
        pip=pip_ticks(instrument),
        bar=bar,
        sign=sign,
        entry=entry_side + sign * prices.market_slippage[bar],
        entry_spread=quoted,
        stop=np.rint(table.stop[rows] * scale).astype(np.int64) + lift,
        target=np.rint(table.target[rows] * scale).astype(np.int64) + lift,
        flat_at=table.flat_at[rows],
        commission=commission_ticks,
    )


def _charges_commission(costs: CostModel) -> bool:
    return Cost.COMMISSION in costs.charged


def _conversion(
    source: str, target: str, at: NDArray[np.int64], columns: Mapping[str, PairColumns]
) -> NDArray[np.float64]:
    """Find what one unit of a currency is worth in another at each moment; NaN where no pair of the run tells."""
    if source == target:
        return np.ones(len(at))
    direct, inverse = columns.get(source + target), columns.get(target + source)
    if direct is not None:
        return _mid(direct, at)
    if inverse is not None:
        with np.errstate(invalid="ignore", divide="ignore"):
            return 1.0 / _mid(inverse, at)
    if "USD" not in (source, target):
        return _conversion(source, "USD", at, columns) * _conversion("USD", target, at, columns)
    return np.full(len(at), np.nan)


def _mid(pair: PairColumns, at: NDArray[np.int64]) -> NDArray[np.float64]:
    row = np.searchsorted(pair.prices.closed, at, side="right") - 1
    picked = np.maximum(row, 0)
    mid = (pair.prices.close[picked] + pair.prices.spread[picked] / 2.0) / float(10**pair.instrument.digits)
    return np.where(row >= 0, mid, np.nan)
