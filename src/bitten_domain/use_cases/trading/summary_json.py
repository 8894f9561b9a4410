"""The summary as JSON: stable keys, the same bytes for the same run but for ``seconds``."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from bitten_domain.analytics.cost_line import COST_LINE_METHOD
from bitten_domain.analytics.day_bootstrap import LEVEL
from bitten_domain.analytics.equity_curve import RATIO_METHOD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.analytics.counterfactual import CounterfactualLedger
    from bitten_domain.analytics.day_bootstrap import Estimate
    from bitten_domain.analytics.grouping import GroupTable
    from bitten_domain.market.data_quality import DataQuality
    from bitten_domain.use_cases.trading.summary import BacktestSummary
    from bitten_domain.use_cases.trading.summary_part import PartSummary

__all__ = ["ledger_json", "to_json"]

_Json: TypeAlias = "str | int | float | bool | Sequence[_Json] | dict[str, _Json] | None"


def to_json(summary: BacktestSummary) -> str:
    """Write a summary as one JSON object.

    Shares are in [0, 1], R and money are numbers, days are ISO dates, moments seconds since 1970 UTC. A profit factor
    without a loss is the string ``infinite``; what cannot be said is null.
    """
    return json.dumps(_summary(summary), indent=2, ensure_ascii=True, allow_nan=False)


def _summary(summary: BacktestSummary) -> dict[str, _Json]:
    whole, trades, supply = summary.whole, summary.whole.trades, summary.whole.supply
    threshold, account = whole.threshold, whole.account
    return {
        "verdict": summary.verdict,
        "labels": list(summary.labels),
        "source": summary.facts.source,
        "first_day": _day(whole.first_day),
        "last_day": _day(whole.last_day),
        "bars": summary.bars,
        "market_days": whole.market_days,
        "seconds": round(summary.facts.seconds, 3),
        "signals": whole.signals,
        "signals_per_market_day": supply.per_day,
        "signals_by_pair": dict(summary.signals_by_pair),
        "signals_by_strategy": dict(summary.signals_by_strategy),
        "signals_by_band": dict(summary.signals_by_band),
        "max_signals_in_a_day": supply.most_in_a_day,
        "share_5day_means_in_band": supply.share_5day_means_in_band,
        "candidates": summary.context.candidates,
        "suppressed": {code.value: count for code, count in summary.suppressed},
        "context": {
            "vetoed": summary.context.vetoed,
            "raised": summary.context.raised,
            "lowered": summary.context.lowered,
        },
        "threshold": {
            "start": threshold.start,
            "end": threshold.end,
            "min": threshold.least,
            "max": threshold.most,
            "share_at_bounds": threshold.share_at_bounds,
            "decisions": threshold.decisions,
            "moves": threshold.moves,
            "reasons": dict(threshold.reasons),
        },
        "trades": trades.count,
        "approved_orders": summary.approved,
        "refused_orders": summary.refused,
        "unasked_signals": summary.unasked,
        "refusals": {line.code.value: line.first for line in summary.refusals if line.first},
        "refusal_reasons": {line.code.value: line.named for line in summary.refusals},
        "declined_by_broker": summary.declined,
        "counterfactual": ledger_json(summary.counterfactual),
        "net_r": trades.net_r,
        "expectancy_r": trades.expectancy.value,
        "win_rate": trades.win_rate.value,
        "profit_factor": _factor(trades.profit_factor),
        "max_drawdown_pct": account.drawdown_percent,
        "drawdown_releases": summary.releases,
        "equity_start": account.start,
        "equity_end": account.end,
        "balance_end": summary.balance_end,
        "currency": summary.currency,
        "open_trades": summary.open_trades,
        "costs": {
            "spread": summary.costs.spread,
            "slippage": summary.costs.slippage,
            "commission": summary.costs.commission,
            "swap_paid": summary.costs.swap_paid,
            "swap_received": summary.costs.swap_received,
            "total": summary.costs.total,
            "factor": summary.costs_factor,
            "assumed_spreads_share": summary.assumptions.spreads,
            "assumed_swaps_share": summary.assumptions.swaps,
        },
        "no_news_share": summary.assumptions.no_news,
        "ambiguous_bars": trades.ambiguous,
        "data": {
            "files": len(summary.facts.qualities),
            "gaps": sum(each.gap_count for each in summary.facts.qualities),
            "missing_bars": sum(each.missing_bars for each in summary.facts.qualities),
            "quarantined": sum(each.quarantined_rows for each in summary.facts.qualities),
            "sources": [_source(each) for each in summary.facts.qualities],
        },
        "setup": {
            "pairs": list(summary.pairs),
            "profile": summary.facts.profile,
            "fire": summary.fire,
            "tier": summary.tier,
            "rank": summary.rank,
            "mode": summary.mode,
            "deposit": summary.deposit,
            "rank_scale": summary.scale_version,
            "rank_scale_sample": summary.scale_sample,
        },
        "methods": {
            "interval": f"bootstrap over market days, {LEVEL:.0%}, percentile",
            "win": "money after all costs above nought",
            "ratios": RATIO_METHOD,
            "cost_line": COST_LINE_METHOD,
        },
        "whole": _part(whole),
        "parts": [_part(part) for part in summary.parts],
        "journal_rows": summary.journal_rows,
        "journal_digest": summary.journal_digest,
    }


def _part(part: PartSummary) -> dict[str, _Json]:
    trades, ideas = part.trades, part.ideas
    return {
        "name": part.name,
        "first_day": _day(part.first_day),
        "last_day": _day(part.last_day),
        "market_days": part.market_days,
        "signals": part.signals,
        "signals_per_market_day": part.supply.per_day,
        "max_signals_in_a_day": part.supply.most_in_a_day,
        "share_days_in_band": part.supply.share_days_in_band,
        "share_5day_means_in_band": part.supply.share_5day_means_in_band,
        "threshold": {
            "start": part.threshold.start,
            "end": part.threshold.end,
            "min": part.threshold.least,
            "max": part.threshold.most,
            "share_at_bounds": part.threshold.share_at_bounds,
            "decisions": part.threshold.decisions,
        },
        "account": {
            "start": part.account.start,
            "end": part.account.end,
            "max_drawdown_pct": part.account.drawdown_percent,
            "sharpe": part.account.sharpe,
            "sortino": part.account.sortino,
        },
        "trades": {
            "count": trades.count,
            "wins": trades.wins,
            "losses": trades.losses,
            "win_rate": _estimate(trades.win_rate),
            "expectancy_r": _estimate(trades.expectancy),
            "net_r": trades.net_r,
            "net": trades.net,
            "profit_factor": _factor(trades.profit_factor),
            "payoff": trades.payoff,
            "best_r": trades.best_r,
            "worst_r": trades.worst_r,
            "median_minutes": trades.median_minutes,
            "cost_r": trades.cost_r,
            "favourable_r": trades.favourable_r,
            "adverse_r": trades.adverse_r,
            "ambiguous": trades.ambiguous,
            "groups": _groups(part.trade_groups),
        },
        "signal_outcomes": {
            "count": ideas.count,
            "ended": ideas.ended,
            "net_r": _estimate(ideas.net),
            "gross_r": _estimate(ideas.gross),
            "win_rate": _estimate(ideas.win_rate),
            "target_rate": ideas.target_rate,
            "ambiguous": ideas.ambiguous,
            "groups": _groups(part.idea_groups),
        },
        "score_tests": {
            "statement": part.scores.statement,
            "gross_r_per_10_points": _estimate(part.scores.gross_slope),
            "net_r_per_10_points": _estimate(part.scores.net_slope),
            "differences": [
                {
                    "higher": each.higher.value,
                    "lower": each.lower.value,
                    "measure": each.measure,
                    "r": _estimate(each.estimate),
                }
                for each in part.scores.differences
            ],
        },
        "cost_line": [
            {
                "factor": float(line.factor),
                "net": line.net,
                "net_r": line.net_r,
                "expectancy_r": _estimate(line.expectancy),
                "win_rate": line.win_rate,
                "profit_factor": _factor(line.profit_factor),
            }
            for line in part.cost_lines
        ],
    }


def ledger_json(ledger: CounterfactualLedger) -> dict[str, _Json]:
    """Write a counterfactual ledger."""
    return {
        "fates": {
            line.fate.value: {
                "signals": line.signals,
                "ended": line.ended,
                "net_r": _estimate(line.mean),
                "sum_r": line.total,
            }
            for line in ledger.fates
        },
        "rules": {
            line.code.value: {
                "signals": line.signals,
                "alone": line.alone,
                "saved_r": line.saved,
                "net_r": _estimate(line.mean),
                "apart_from_others_r": _estimate(line.apart),
            }
            for line in ledger.rules
        },
        "late": {
            "signals": ledger.late.signals,
            "closed": ledger.late.closed,
            "made_r": ledger.late.made,
            "beyond_model_r": _estimate(ledger.late.mean),
        },
        "execution_r": _estimate(ledger.execution),
        "model_sum_r": ledger.model_total,
        "traded_model_sum_r": ledger.traded_model,
        "traded_sum_r": ledger.traded_actual,
        "traded_waiting_sum_r": ledger.traded_waiting,
    }


def _groups(tables: Sequence[GroupTable]) -> dict[str, _Json]:
    return {
        table.by: {
            line.name: {
                "count": line.count,
                "net_r": _estimate(line.net),
                **({} if line.gross is None else {"gross_r": _estimate(line.gross)}),
                "win_rate": line.win_rate,
                "profit_factor": _factor(line.profit_factor),
                "sum_net_r": line.net_r,
            }
            for line in table.lines
        }
        for table in tables
    }


def _estimate(estimate: Estimate) -> dict[str, _Json]:
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "count": estimate.count,
        "days": estimate.days,
    }


def _source(quality: DataQuality) -> dict[str, _Json]:
    return {
        "symbol": quality.symbol,
        "name": quality.source,
        "sha256": quality.sha256,
        "layout": quality.layout,
        "zone": quality.zone,
        "timeframe": quality.timeframe.name,
        "rows": quality.rows,
        "kept": quality.kept,
        "quarantined": quality.quarantined_rows,
        "duplicates": quality.duplicates,
        "out_of_order": quality.out_of_order,
        "first": quality.first,
        "last": quality.last,
        "gaps": quality.gap_count,
        "missing_bars": quality.missing_bars,
        "notes": list(quality.notes),
    }


def _factor(value: float | None) -> float | str | None:
    return "infinite" if value is not None and math.isinf(value) else value


def _day(number: int | None) -> str | None:
    return None if number is None else str(np.datetime64(number, "D"))
