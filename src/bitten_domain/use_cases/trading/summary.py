"""Summary: a backtest in figures, the same for the terminal, the JSON and the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.analytics.cost_line import cost_totals
from bitten_domain.analytics.counterfactual import counterfactual_ledger, fates_of
from bitten_domain.analytics.desk_counts import context_counts, refusal_lines, suppression_counts
from bitten_domain.analytics.grouping import group_counts
from bitten_domain.analytics.idea_columns import signal_columns
from bitten_domain.analytics.trade_columns import trade_columns
from bitten_domain.analytics.verdict import verdict_of
from bitten_domain.desk.decisions import (
    CandidatesSuppressed,
    OrderApproved,
    OrderRefused,
    SignalEmitted,
    ThresholdEvaluated,
)
from bitten_domain.desk.run.desk_run import BrokerDeclined, TradeClosed
from bitten_domain.market.clocks.fx_week import open_seconds, trading_day
from bitten_domain.use_cases.trading.run_provenance import assumptions_of, labels_of
from bitten_domain.use_cases.trading.summary_part import RunColumns, part_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bitten_domain.analytics.cost_line import CostTotals
    from bitten_domain.analytics.counterfactual import CounterfactualLedger
    from bitten_domain.analytics.desk_counts import ContextCounts, RefusalLine
    from bitten_domain.market.data_quality import DataQuality
    from bitten_domain.ports.dice import Dice
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan
    from bitten_domain.use_cases.trading.run_provenance import Assumptions
    from bitten_domain.use_cases.trading.summary_part import PartSummary
    from bitten_domain.vocabulary import SuppressionCode

__all__ = ["RESAMPLES", "STUDY_SPLIT_AT", "BacktestSummary", "RunFacts", "day_draws", "summarise"]

RESAMPLES = 1000
"""Resamples behind every interval."""

STUDY_SPLIT_AT = 1_754_859_600
"""Start of the trading day 2025-08-11, 2025-08-10 21:00 UTC: the shipped rank scale was fitted on days before it."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the caller knows of a run and the backtest does not.

    Args:
        seconds: wall time it took; the only figure that differs between two runs of the same.
        source: what a person calls the data.
        profile: name of the strategies' profile.
        is_synthetic: whether the market was made up.
        qualities: of the sources of bars.
        split_at: moment (seconds since 1970 UTC) that parts what was fitted on from what was held out; None for
            one part.
        is_interrupted: whether it was stopped before its data ended.
    """

    seconds: float
    source: str
    profile: str = "wide"
    is_synthetic: bool = False
    qualities: Sequence[DataQuality] = ()
    split_at: int | None = None
    is_interrupted: bool = False


@dataclass(frozen=True, slots=True)
class BacktestSummary:
    """A run in figures.

    Args:
        verdict: what it says about the signals, in a sentence.
        labels: what a reader must know before any figure.
        facts: the caller's.
        pairs: that had bars.
        fire, tier, rank, mode: who fired and how.
        currency, deposit: of the account.
        costs_factor: of the cost table.
        scale_version, scale_sample: of the rank scale.
        bars: base bars taken in.
        whole: everything from the start of trading on.
        parts: development and held out, in this order; empty without a split.
        signals_by_pair, signals_by_strategy, signals_by_band: emitted signals.
        suppressed: candidates kept back, by code.
        context: what the cross-asset context did.
        approved: orders that passed the checks.
        refused: orders the checks refused; refusals: by rule.
        unasked: signals nobody tried to fire, their score below what the fire mode needs.
        counterfactual: what signals that were not fired would have come to, and what each rule saved or cost.
        declined: approved orders the broker did not take.
        releases: drawdown stops that were released.
        open_trades: positions still open at the end; they are in the equity, not among the trades.
        costs: what closed trades paid.
        assumptions: what of spreads, swaps and news was assumed.
        balance_end: of closed trades, account currency.
        journal_digest, journal_rows: of the record.
    """

    verdict: str
    labels: tuple[str, ...]
    facts: RunFacts
    pairs: tuple[str, ...]
    fire: str
    tier: str
    rank: str
    mode: str
    currency: str
    deposit: float
    costs_factor: float
    scale_version: str
    scale_sample: str
    bars: int
    whole: PartSummary
    parts: tuple[PartSummary, ...]
    signals_by_pair: tuple[tuple[str, int], ...]
    signals_by_strategy: tuple[tuple[str, int], ...]
    signals_by_band: tuple[tuple[str, int], ...]
    suppressed: tuple[tuple[SuppressionCode, int], ...]
    context: ContextCounts
    approved: int
    refused: int
    unasked: int
    refusals: tuple[RefusalLine, ...]
    counterfactual: CounterfactualLedger
    declined: int
    releases: int
    open_trades: int
    costs: CostTotals
    assumptions: Assumptions
    balance_end: float
    journal_digest: str
    journal_rows: int


def day_draws(dice: Dice, backtest: Backtest, resamples: int = RESAMPLES) -> NDArray[np.float64]:
    """Draw the numbers the intervals need, shape (resamples, market days).

    Args:
        dice: seeded, so that the same run gives the same intervals.
        backtest: the run.
        resamples: rows to draw.
    """
    days = max(1, len(np.unique(trading_day(backtest.equity_at - 1))))
    return np.array(dice.draw(resamples * days), dtype=np.float64).reshape(resamples, days)


def summarise(backtest: Backtest, plan: BacktestPlan, facts: RunFacts, draws: NDArray[np.float64]) -> BacktestSummary:
    """Work out a run's figures.

    Args:
        backtest: the run.
        plan: what was run.
        facts: what else is known of it.
        draws: numbers for the intervals, as `day_draws` gives them.
    """
    happenings = backtest.happenings
    decided = [each for each in happenings if isinstance(each, ThresholdEvaluated)]
    refused = [each.refusal for each in happenings if isinstance(each, OrderRefused)]
    emitted = [each.signal for each in happenings if isinstance(each, SignalEmitted)]
    approved = sum(isinstance(each, OrderApproved) for each in happenings)
    table = backtest.rows.table
    columns = RunColumns(
        at=backtest.equity_at,
        day=trading_day(backtest.equity_at - 1),
        equity=backtest.equity,
        deposit=float(plan.deposit.amount),
        signals=signal_columns(emitted, backtest.results),
        trades=trade_columns(
            [each for each in happenings if isinstance(each, TradeClosed)], table.timeframe, backtest.columns
        ),
        decisions=tuple(each.audit for each in decided),
        decided_at=np.array([each.open_clock for each in decided], dtype=np.int64),
        threshold=backtest.state.signals.threshold.value,
        rules=plan.rules.threshold,
    )
    whole = part_of(columns, "whole run", draws)
    assumptions = assumptions_of(backtest, plan)
    person = plan.desk.person
    return BacktestSummary(
        verdict=verdict_of(whole.ideas, is_synthetic=facts.is_synthetic),
        labels=labels_of(
            assumptions,
            plan,
            is_synthetic=facts.is_synthetic,
            is_interrupted=facts.is_interrupted,
            releases=backtest.state.account.behaviour.releases,
        ),
        facts=facts,
        pairs=tuple(backtest.columns),
        fire=plan.desk.fire_mode.value,
        tier=person.tier.value,
        rank=person.rank.value,
        mode=person.mode.value,
        currency=plan.deposit.currency,
        deposit=columns.deposit,
        costs_factor=float(plan.terms.costs.factor),
        scale_version=plan.scanner.scale.version,
        scale_sample=plan.scanner.scale.sample,
        bars=backtest.bars,
        whole=whole,
        parts=_parts(columns, facts.split_at, draws),
        signals_by_pair=group_counts(columns.signals.pair),
        signals_by_strategy=group_counts(columns.signals.strategy),
        signals_by_band=group_counts(columns.signals.band),
        suppressed=suppression_counts([each for each in happenings if isinstance(each, CandidatesSuppressed)]),
        context=context_counts(table),
        approved=approved,
        refused=len(refused),
        unasked=len(emitted) - approved - len(refused),
        refusals=refusal_lines(refused),
        counterfactual=counterfactual_ledger(fates_of(happenings, backtest.results, plan.rules.risk), draws),
        declined=sum(isinstance(each, BrokerDeclined) for each in happenings),
        releases=backtest.state.account.behaviour.releases,
        open_trades=len(backtest.account.positions),
        costs=cost_totals(columns.trades),
        assumptions=assumptions,
        balance_end=float(backtest.account.balance.amount),
        journal_digest=backtest.journal.digest,
        journal_rows=backtest.journal.rows,
    )


def _parts(columns: RunColumns, split_at: int | None, draws: NDArray[np.float64]) -> tuple[PartSummary, ...]:
    if split_at is None:
        return ()
    clock = int(open_seconds(np.array([split_at], dtype=np.int64))[0])
    first = columns.before(split_at, clock)
    second = columns.since(split_at, clock)
    if len(first.at) == 0 or len(second.at) == 0:
        return ()
    return part_of(first, "development", draws), part_of(second, "held out", draws)
