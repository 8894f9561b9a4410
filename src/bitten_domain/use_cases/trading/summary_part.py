"""A part of a run in figures: the whole, what was tuned on, or what was held out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.analytics.cost_line import cost_lines
from bitten_domain.analytics.equity_curve import account_record
from bitten_domain.analytics.grouping import signal_groups, trade_groups
from bitten_domain.analytics.performance import signal_performance, trade_performance
from bitten_domain.analytics.score_tests import score_tests
from bitten_domain.analytics.supply import supply_of
from bitten_domain.analytics.threshold_record import threshold_record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.analytics.cost_line import CostLine
    from bitten_domain.analytics.equity_curve import AccountRecord
    from bitten_domain.analytics.grouping import GroupTable
    from bitten_domain.analytics.idea_columns import SignalColumns
    from bitten_domain.analytics.performance import SignalPerformance, TradePerformance
    from bitten_domain.analytics.score_tests import ScoreTests
    from bitten_domain.analytics.supply import Supply
    from bitten_domain.analytics.threshold_record import ThresholdRecord
    from bitten_domain.analytics.trade_columns import TradeColumns
    from bitten_domain.tcs.threshold import ThresholdDecision, ThresholdRules

__all__ = ["PartSummary", "RunColumns", "part_of"]


@dataclass(frozen=True, slots=True, eq=False)
class RunColumns:
    """A stretch of a run as columns.

    Args:
        at, day, equity: shape (m,), its moments, their market days and the equity after each.
        deposit: equity before the first of them.
        signals: emitted in it.
        trades: opened in it and closed since.
        decisions, decided_at: the threshold's evaluations and when, on the market-open clock, seconds.
        threshold: where the threshold stands without any, thousandths.
        rules: the threshold's.
    """

    at: NDArray[np.int64]
    day: NDArray[np.int64]
    equity: NDArray[np.float64]
    deposit: float
    signals: SignalColumns
    trades: TradeColumns
    decisions: tuple[ThresholdDecision, ...]
    decided_at: NDArray[np.int64]
    threshold: int
    rules: ThresholdRules

    def before(self, moment: int, open_clock: int) -> RunColumns:
        """Keep what happened up to a moment, given in seconds since 1970 UTC and on the market-open clock."""
        return self._kept(
            self.at <= moment,
            self.signals.at <= moment,
            self.trades.opened_at <= moment,
            self.decided_at <= open_clock,
            self.deposit,
        )

    def since(self, moment: int, open_clock: int) -> RunColumns:
        """Keep what happened after a moment; arguments as `before`."""
        earlier = self.equity[self.at <= moment]
        return self._kept(
            self.at > moment,
            self.signals.at > moment,
            self.trades.opened_at > moment,
            self.decided_at > open_clock,
            float(earlier[-1]) if len(earlier) else self.deposit,
        )

    def _kept(
        self,
        moments: NDArray[np.bool_],
        signals: NDArray[np.bool_],
        trades: NDArray[np.bool_],
        decisions: NDArray[np.bool_],
        deposit: float,
    ) -> RunColumns:
        return replace(
            self,
            at=self.at[moments],
            day=self.day[moments],
            equity=self.equity[moments],
            deposit=deposit,
            signals=self.signals.where(signals),
            trades=self.trades.where(trades),
            decisions=tuple(each for each, kept in zip(self.decisions, decisions.tolist(), strict=True) if kept),
            decided_at=self.decided_at[decisions],
        )


@dataclass(frozen=True, slots=True)
class PartSummary:
    """A stretch of a run in figures.

    Args:
        name: ``whole run``, ``development`` or ``held out``.
        first_day, last_day: market days, days since 1970-01-01; None without a moment.
        market_days: days with bars.
        signals: emitted.
        supply: signals a market day.
        threshold: its record.
        account: what the account went through.
        trades, trade_groups: opened in it and closed.
        ideas, idea_groups: outcomes of all emitted signals, fired or not.
        scores: whether a higher score was worth more.
        cost_lines: the trades without costs and at each factor.
    """

    name: str
    first_day: int | None
    last_day: int | None
    market_days: int
    signals: int
    supply: Supply
    threshold: ThresholdRecord
    account: AccountRecord
    trades: TradePerformance
    trade_groups: tuple[GroupTable, ...]
    ideas: SignalPerformance
    idea_groups: tuple[GroupTable, ...]
    scores: ScoreTests
    cost_lines: tuple[CostLine, ...]


def part_of(columns: RunColumns, name: str, draws: NDArray[np.float64]) -> PartSummary:
    """Work out the figures of a stretch.

    Args:
        columns: the stretch.
        name: what it is called.
        draws: for the intervals, see `analytics.day_bootstrap.mean_by_day`.
    """
    days = np.unique(columns.day)
    return PartSummary(
        name=name,
        first_day=int(days[0]) if len(days) else None,
        last_day=int(days[-1]) if len(days) else None,
        market_days=len(days),
        signals=len(columns.signals),
        supply=supply_of(days, columns.signals.day, columns.rules.target, columns.rules.tolerance),
        threshold=threshold_record(columns.decisions, columns.threshold),
        account=account_record(columns.at, columns.day, columns.equity, columns.deposit),
        trades=trade_performance(columns.trades, draws),
        trade_groups=trade_groups(columns.trades, draws),
        ideas=signal_performance(columns.signals, draws),
        idea_groups=signal_groups(columns.signals, draws),
        scores=score_tests(columns.signals, draws),
        cost_lines=cost_lines(columns.trades, draws),
    )
