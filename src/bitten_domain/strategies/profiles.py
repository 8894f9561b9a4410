"""Profiles: the shipped parameter sets of every strategy, as frozen records."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from bitten_domain.strategies import london_breakout, mean_reversion, momentum_continuation
from bitten_domain.strategies.london_breakout import LondonBreakout
from bitten_domain.strategies.mean_reversion import MeanReversion
from bitten_domain.strategies.momentum_continuation import MomentumContinuation

if TYPE_CHECKING:
    from bitten_domain.strategies.strategy import Strategy

__all__ = ["Profile", "strategies_of"]


class Profile(Enum):
    """CLASSIC is the textbook's selectivity, about 6 set-ups a day over ten pairs; WIDE, the default, about 120."""

    CLASSIC = "classic"
    WIDE = "wide"


def strategies_of(profile: Profile) -> tuple[Strategy, ...]:
    """List the entry strategies of a profile, in the order ties are broken."""
    if profile is Profile.CLASSIC:
        return (
            LondonBreakout(london_breakout.CLASSIC),
            MeanReversion(mean_reversion.CLASSIC),
            MomentumContinuation(momentum_continuation.CLASSIC),
        )
    return (
        LondonBreakout(london_breakout.WIDE),
        MeanReversion(mean_reversion.WIDE),
        MomentumContinuation(momentum_continuation.WIDE),
    )
