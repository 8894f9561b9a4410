"""The game and the trade: values, rules, ports and use cases. No I/O, no clock, no randomness, no environment.

This is the surface a user of the library starts from; everything else is importable from its own module. Names are
loaded when they are first used, so that importing the package costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.desk.fire_checks import decide_fire
    from bitten_domain.desk.run.rule_run import Entries, RuleRun, run_rule
    from bitten_domain.desk.signal import Signal
    from bitten_domain.errors import BittenError, InvalidInput
    from bitten_domain.execution.costs import CostModel
    from bitten_domain.market.bars import Bars, Timeframe
    from bitten_domain.market.indicators import ema
    from bitten_domain.market.windowed import rolling_mean
    from bitten_domain.risk.assess import ApprovedOrder
    from bitten_domain.risk.decision import Refusal
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.sizing import lots_for, pip_value
    from bitten_domain.strategies import Candidates, Profile, Strategy, Style, strategies_of
    from bitten_domain.strategies.holding import after_open_hours
    from bitten_domain.use_cases.trading.ask_risk import ask_risk
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan, StopWatching, run_backtest, run_live
    from bitten_domain.use_cases.trading.paper_plan import paper_plan
    from bitten_domain.use_cases.trading.score_setup import ScoredSetup, score_setup
    from bitten_domain.values import INSTRUMENTS, TEN_PAIRS, Direction, Instrument, Lots, Money
    from bitten_domain.vocabulary import PlanKind

__all__ = [
    "INSTRUMENTS",
    "TEN_PAIRS",
    "ApprovedOrder",
    "Backtest",
    "BacktestPlan",
    "Bars",
    "BittenError",
    "Candidates",
    "CostModel",
    "Direction",
    "Entries",
    "Instrument",
    "InvalidInput",
    "Lots",
    "Money",
    "PlanKind",
    "Profile",
    "Refusal",
    "RiskPolicy",
    "RuleRun",
    "ScoredSetup",
    "Signal",
    "StopWatching",
    "Strategy",
    "Style",
    "Timeframe",
    "after_open_hours",
    "ask_risk",
    "decide_fire",
    "ema",
    "lots_for",
    "paper_plan",
    "pip_value",
    "rolling_mean",
    "run_backtest",
    "run_live",
    "run_rule",
    "score_setup",
    "strategies_of",
]

_HOME = {
    "decide_fire": "desk.fire_checks",
    "Entries": "desk.run.rule_run",
    "RuleRun": "desk.run.rule_run",
    "run_rule": "desk.run.rule_run",
    "Signal": "desk.signal",
    "BittenError": "errors",
    "InvalidInput": "errors",
    "CostModel": "execution.costs",
    "Bars": "market.bars",
    "Timeframe": "market.bars",
    "ema": "market.indicators",
    "rolling_mean": "market.windowed",
    "ApprovedOrder": "risk.assess",
    "Refusal": "risk.decision",
    "RiskPolicy": "risk.policy",
    "lots_for": "risk.sizing",
    "pip_value": "risk.sizing",
    "Candidates": "strategies",
    "Profile": "strategies",
    "Strategy": "strategies",
    "Style": "strategies",
    "strategies_of": "strategies",
    "after_open_hours": "strategies.holding",
    "ask_risk": "use_cases.trading.ask_risk",
    "Backtest": "use_cases.trading.backtest",
    "BacktestPlan": "use_cases.trading.backtest",
    "StopWatching": "use_cases.trading.backtest",
    "run_backtest": "use_cases.trading.backtest",
    "run_live": "use_cases.trading.backtest",
    "paper_plan": "use_cases.trading.paper_plan",
    "ScoredSetup": "use_cases.trading.score_setup",
    "score_setup": "use_cases.trading.score_setup",
    "INSTRUMENTS": "values",
    "TEN_PAIRS": "values",
    "Direction": "values",
    "Instrument": "values",
    "Lots": "values",
    "Money": "values",
    "PlanKind": "vocabulary",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
