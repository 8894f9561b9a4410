"""Sizing: how much a trade may cost, and how many lots that is."""

from bitten_domain.risk.sizing.allowance import Allowance, allowance_of
from bitten_domain.risk.sizing.conversion import conversion_rate, pip_value
from bitten_domain.risk.sizing.lots import (
    Sizing,
    commission_per_lot,
    lots_for,
    size,
    slippage_factor,
    smallest_balance,
    stop_pips,
)
from bitten_domain.risk.sizing.reward import net_reward_risk

__all__ = [
    "Allowance",
    "Sizing",
    "allowance_of",
    "commission_per_lot",
    "conversion_rate",
    "lots_for",
    "net_reward_risk",
    "pip_value",
    "size",
    "slippage_factor",
    "smallest_balance",
    "stop_pips",
]
