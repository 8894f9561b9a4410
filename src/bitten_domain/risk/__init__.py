"""Risk: facts in, an approved order or a refusal out. Pure, synchronous, Decimal."""

from bitten_domain.risk.assess import ApprovedOrder, assess
from bitten_domain.risk.behaviour import (
    BehaviourState,
    Caution,
    Outcome,
    after_trade_closed,
    ask_release,
    at_new_day,
    cautions,
    drawdown_percent,
    observe_equity,
    outcome_of,
    start_time_out,
)
from bitten_domain.risk.decision import Reason, Refusal
from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
from bitten_domain.risk.exposure import ExposureLine, ExposureView, exposure_view
from bitten_domain.risk.facts import (
    AccountFacts,
    NewsFacts,
    OpenRisk,
    PersonFacts,
    Quote,
    RiskFacts,
)
from bitten_domain.risk.policy import Mandate, RiskPolicy, UserLimits
from bitten_domain.risk.request import FireRequest, SignalFacts
from bitten_domain.risk.sizing import Sizing, conversion_rate, lots_for, net_reward_risk, pip_value
from bitten_domain.risk.trading_windows import TradingWindows, trading_windows
from bitten_domain.risk.workings import Rule, Workings, work_out

__all__ = [
    "AccountFacts",
    "ApprovedOrder",
    "BehaviourState",
    "Caution",
    "EmergencyStop",
    "ExposureLine",
    "ExposureView",
    "FireRequest",
    "Mandate",
    "NewsFacts",
    "OpenRisk",
    "Outcome",
    "PersonFacts",
    "Quote",
    "Reason",
    "Refusal",
    "RiskFacts",
    "RiskPolicy",
    "Rule",
    "SignalFacts",
    "Sizing",
    "StopKind",
    "StopScope",
    "TradingWindows",
    "UserLimits",
    "Workings",
    "after_trade_closed",
    "ask_release",
    "assess",
    "at_new_day",
    "cautions",
    "conversion_rate",
    "drawdown_percent",
    "exposure_view",
    "lots_for",
    "net_reward_risk",
    "observe_equity",
    "outcome_of",
    "pip_value",
    "start_time_out",
    "trading_windows",
    "work_out",
]
