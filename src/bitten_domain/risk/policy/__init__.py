"""Policy: the figures of the decision and who may use what, as validated data."""

from bitten_domain.risk.policy.limits import (
    LimitChoice,
    UserLimits,
    choose_limits,
    default_limits,
    limits_in_force,
    lower_of,
)
from bitten_domain.risk.policy.mandate import Mandate
from bitten_domain.risk.policy.modes import (
    MODE_POLICIES,
    RANK_FIRE_MODES,
    ModePolicy,
    allowed_fire_modes,
)
from bitten_domain.risk.policy.risk_policy import (
    BehaviourPolicy,
    CostPolicy,
    ExposurePolicy,
    FirePolicy,
    RiskPolicy,
    max_positions_for,
)
from bitten_domain.risk.policy.tiers import TIER_LIMITS, TierLimits

__all__ = [
    "MODE_POLICIES",
    "RANK_FIRE_MODES",
    "TIER_LIMITS",
    "BehaviourPolicy",
    "CostPolicy",
    "ExposurePolicy",
    "FirePolicy",
    "LimitChoice",
    "Mandate",
    "ModePolicy",
    "RiskPolicy",
    "TierLimits",
    "UserLimits",
    "allowed_fire_modes",
    "choose_limits",
    "default_limits",
    "limits_in_force",
    "lower_of",
    "max_positions_for",
]
