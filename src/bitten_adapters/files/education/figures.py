"""Figures that texts name in braces: read from the rules that decide, never typed twice.

`{risk.ceiling}` in a lesson becomes the hard ceiling of the risk policy in force, so that a lesson cannot teach what
the machine does not do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bitten_domain.analytics.day_bootstrap import LEAST_SAMPLES
from bitten_domain.errors import InvalidInput
from bitten_domain.execution.costs import CostModel
from bitten_domain.execution.plan import PLAN_STAGES
from bitten_domain.market.cross_assets import CORRELATION_RETURNS
from bitten_domain.market.news_view import NewsPolicy
from bitten_domain.risk.policy import RiskPolicy
from bitten_domain.strategies import london_breakout, mean_reversion, momentum_continuation
from bitten_domain.tcs.gate import AMBER_COST_SHARE, HIGHEST_COST_SHARE, GateRules
from bitten_domain.tcs.parts import RULES, Component
from bitten_domain.tcs.scan import ASSUMED_SLIPPAGE_PIPS
from bitten_domain.tcs.score import COVERAGE_FOR_SCORE
from bitten_domain.tcs.threshold import CEILING, FLOOR, ThresholdRules
from bitten_domain.values import INSTRUMENTS
from bitten_domain.vocabulary import PlanKind, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

__all__ = ["PLACEHOLDER", "filled", "rule_figures"]

PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.]+)\}")
"""A figure's name in braces."""


def plain(number: Decimal | float) -> str:
    """Write a number without needless zeros or an exponent."""
    text = f"{number:f}" if not isinstance(number, float) else repr(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def rule_figures(
    risk: RiskPolicy | None = None, news: NewsPolicy | None = None, costs: CostModel | None = None
) -> Mapping[str, str]:
    """Read every figure a text may name.

    Args:
        risk, news, costs: what is in force; the documented ones without them.
    """
    risk, news, costs = risk or RiskPolicy(), news or NewsPolicy(), costs or CostModel()
    found = _risk(risk) | _behaviour(risk) | _news(news) | _costs(costs) | _score(risk) | _strategies()
    for pair in INSTRUMENTS.values():
        found[f"spread.{pair.symbol}"] = plain(pair.normal_spread_pips)
        found[f"widest.{pair.symbol}"] = plain(pair.max_spread_pips)
        found[f"pip.{pair.symbol}"] = plain(pair.pip)
    euro = INSTRUMENTS["EURUSD"]
    return found | {
        "lot.units": plain(euro.contract_size),
        "lot.least": plain(euro.min_lots),
        "lot.step": plain(euro.lot_step),
        "pairs": str(len(INSTRUMENTS)),
        "correlation.returns": str(CORRELATION_RETURNS),
        "samples.least": str(LEAST_SAMPLES),
    }


def _risk(policy: RiskPolicy) -> dict[str, str]:
    paper, paid = policy.tiers[Tier.PRESS_PASS], policy.tiers[Tier.NIBBLER]
    exposure, fire = policy.exposure, policy.fire
    return {
        "risk.ceiling": plain(policy.max_risk_percent),
        "risk.total": plain(policy.max_total_risk_percent),
        "risk.default": plain(paid.default_risk_percent),
        "risk.practice": plain(paper.default_risk_percent),
        "day.ceiling": plain(policy.max_daily_loss_percent),
        "day.default": plain(paid.default_daily_loss_percent),
        "day.practice": plain(paper.default_daily_loss_percent),
        "exposure.currency": plain(exposure.currency_units),
        "exposure.cluster": plain(exposure.cluster_units),
        "exposure.correlation": plain(exposure.cluster_correlation),
        "exposure.pair": str(exposure.per_pair),
        "margin.manual": plain(exposure.manual_margin_percent),
        "margin.auto": plain(exposure.auto_margin_percent),
        "margin.least": plain(exposure.least_margin_percent),
        "plan.part": plain(PLAN_STAGES[PlanKind.PARTIAL].part * 100),
        "plan.first": plain(PLAN_STAGES[PlanKind.PARTIAL].first_r),
        "plan.last": plain(PLAN_STAGES[PlanKind.PARTIAL].last_r),
        "fire.drift": plain(fire.entry_drift_r),
        "fire.quote_seconds": str(fire.quote_age_seconds),
        "fire.proposal_seconds": str(fire.proposal_seconds),
        "mandate.days": str(fire.mandate_days),
    }


def _behaviour(policy: RiskPolicy) -> dict[str, str]:
    behaviour = policy.behaviour
    return {
        "tilt.warn": str(behaviour.tilt_warn_losses),
        "tilt.lock": str(behaviour.tilt_lock_losses),
        "tilt.day": str(behaviour.tilt_day_losses),
        "tilt.minutes": str(behaviour.tilt_lock_seconds // 60),
        "tilt.clear": str(behaviour.tilt_clear_wins),
        "cooldown.minutes": str(behaviour.cool_down_seconds // 60),
        "stepback.risk": plain(behaviour.large_risk_percent),
        "stepback.losses": str(behaviour.large_losses),
        "stepback.hours": str(behaviour.step_back_seconds // 3600),
        "medic.share": plain(behaviour.medic_share * 100),
        "medic.factor": plain(behaviour.medic_factor),
        "drawdown.warn": plain(behaviour.drawdown_warn_percent),
        "drawdown.stop": plain(behaviour.drawdown_stop_percent),
        "release.hours": str(behaviour.release_delay_seconds // 3600),
        "raise.hours": str(behaviour.raise_wait_seconds // 3600),
        "loss.r": plain(behaviour.loss_r),
        "win.r": plain(behaviour.win_r),
    }


def _news(policy: NewsPolicy) -> dict[str, str]:
    return {
        "news.high_before": str(policy.high_before // 60),
        "news.high_after": str(policy.high_after // 60),
        "news.major_before": str(policy.major_before // 60),
        "news.major_after": str(policy.major_after // 60),
        "news.medium_before": str(policy.medium_before // 60),
        "news.medium_after": str(policy.medium_after // 60),
        "news.degraded_hours": str(policy.degraded_after // 3600),
        "news.unknown_hours": str(policy.unknown_after // 3600),
    }


def _costs(model: CostModel) -> dict[str, str]:
    return {
        "cost.commission": plain(model.commission_per_lot.amount),
        "cost.slippage": plain(model.market_slippage_pips),
        "cost.stop_slippage": plain(model.stop_slippage_pips),
        "cost.high_slippage": plain(model.high_slippage_multiple),
        "cost.sydney": plain(model.sydney_multiple),
        "cost.sunday": plain(model.sunday_multiple),
        "cost.roll": plain(model.roll_multiple),
        "cost.high_event": plain(model.high_event_multiple),
        "cost.entry_pip": plain(ASSUMED_SLIPPAGE_PIPS),
        "cost.amber": plain(AMBER_COST_SHARE),
        "cost.highest": plain(HIGHEST_COST_SHARE),
    }


def _score(policy: RiskPolicy) -> dict[str, str]:
    caps = {component: sum(rule.cap for rule in RULES if rule.component is component) for component in Component}
    gate, threshold, fire = GateRules(), ThresholdRules(), policy.fire
    return {f"cap.{component.name.lower()}": str(cap) for component, cap in caps.items()} | {
        "cap.spread": str(next(rule.cap for rule in RULES if rule.name == "spread")),
        "score.floor": plain(FLOOR / 1000),
        "score.highest_threshold": plain(CEILING / 1000),
        "score.confirm": plain(fire.confirm_below),
        "score.semi": plain(fire.semi_floor),
        "score.auto": plain(fire.auto_floor),
        "score.medium": plain(fire.medium_surcharge),
        "score.auto_coverage": plain(fire.auto_coverage * 100),
        "score.coverage": str(COVERAGE_FOR_SCORE),
        "supply.target": str(threshold.target),
        "supply.pair": str(gate.per_pair),
        "supply.day": str(gate.per_day),
    }


def _strategies() -> dict[str, str]:
    breakout, reversion, momentum = london_breakout.WIDE, mean_reversion.WIDE, momentum_continuation.WIDE
    return {
        "breakout.target": plain(breakout.target_r),
        "breakout.flat_hour": str(breakout.flat_hour),
        "breakout.box_opens": str(breakout.boxes[0].opens),
        "breakout.box_closes": str(breakout.boxes[0].closes),
        "breakout.width_least": plain(breakout.width_least),
        "breakout.width_most": plain(breakout.width_most),
        "breakout.beyond_pips": plain(breakout.beyond_pips),
        "reversion.adx": plain(reversion.adx_below),
        "reversion.adx_blocks": plain(reversion.adx_blocks),
        "reversion.rsi": plain(reversion.rsi_low),
        "reversion.rsi_mirror": plain(100 - reversion.rsi_low),
        "reversion.reward": plain(reversion.reward_at_least),
        "reversion.bars": str(reversion.bars_to_return),
        "reversion.pad": plain(reversion.stop_pad_atr),
        "momentum.adx": plain(momentum.adx_at_leg),
        "momentum.leg_atr": plain(momentum.leg_atr),
        "momentum.retrace_least": plain(momentum.retrace_least * 100),
        "momentum.retrace_most": plain(momentum.retrace_most * 100),
        "momentum.pad": plain(momentum.stop_pad_atr),
    }


def filled(text: str, figures: Mapping[str, str], where: str) -> str:
    """Put figures in the place of their names.

    Raises:
        InvalidInput: a name is not known; it says where and which.
    """
    missing = sorted({name for name in PLACEHOLDER.findall(text) if name not in figures})
    if missing:
        raise InvalidInput(
            f"there is no figure {missing[0]!r}", where=where, remedy="see the list in docs/reference/courses.md"
        )
    return PLACEHOLDER.sub(lambda found: figures[found.group(1)], text)
