"""What each subscription tier allows: modes, accounts, shots. A paid tier never loosens a risk limit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.risk.policy.bounds import require_bounds
from bitten_domain.vocabulary import FireMode, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TIER_LIMITS", "TierLimits"]


@dataclass(frozen=True, slots=True)
class TierLimits:
    """Limits of one tier.

    Args:
        live_accounts: live accounts that may trade; 0 means paper only.
        fire_modes: fire modes the tier pays for.
        shots_a_day: orders that may be opened in a trading day, 1 to 50.
        default_risk_percent, max_risk_percent: risk per trade in percent of the sizing balance, at most 2.
        default_daily_loss_percent, max_daily_loss_percent: loss of a trading day in percent of the equity it
            started with, at most 6.

    Raises:
        InvalidInput: a figure lies outside its hard bounds, or a default above its maximum.
    """

    live_accounts: int
    fire_modes: tuple[FireMode, ...]
    shots_a_day: int
    default_risk_percent: Decimal
    max_risk_percent: Decimal
    default_daily_loss_percent: Decimal
    max_daily_loss_percent: Decimal

    def __post_init__(self) -> None:
        require_bounds(
            self,
            {
                "live_accounts": ("0", "5"),
                "shots_a_day": ("1", "50"),
                "default_risk_percent": ("0.1", "2"),
                "max_risk_percent": ("0.1", "2"),
                "default_daily_loss_percent": ("0.5", "6"),
                "max_daily_loss_percent": ("0.5", "6"),
            },
        )
        for kind, chosen, most in (
            ("risk_percent", self.default_risk_percent, self.max_risk_percent),
            ("daily_loss_percent", self.default_daily_loss_percent, self.max_daily_loss_percent),
        ):
            if chosen > most:
                raise InvalidInput(f"default_{kind} is {chosen}, above max_{kind} {most}", where="TierLimits")


_BY_HAND = (FireMode.SINGLE, FireMode.SEMI)
_ALL = tuple(FireMode)
# Risk per trade: default and most; loss of a day: default and most.
_PRACTICE = (Decimal("0.5"), Decimal("0.5"), Decimal(3), Decimal(3))
_PAID = (Decimal(1), Decimal(2), Decimal(4), Decimal(6))

TIER_LIMITS: Mapping[Tier, TierLimits] = MappingProxyType(
    {
        Tier.NONE: TierLimits(0, (FireMode.SINGLE,), 3, *_PRACTICE),
        Tier.PRESS_PASS: TierLimits(0, _BY_HAND, 6, *_PRACTICE),
        Tier.NIBBLER: TierLimits(1, _BY_HAND, 6, *_PAID),
        Tier.FANG: TierLimits(1, _BY_HAND, 10, *_PAID),
        Tier.COMMANDER: TierLimits(2, _ALL, 20, *_PAID),
        Tier.APEX: TierLimits(5, _ALL, 50, *_PAID),
    }
)
"""The tier table (rules: risk)."""
