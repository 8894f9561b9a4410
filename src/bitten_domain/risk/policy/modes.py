"""System modes as policy objects: who may use one, what it fires, what it asks, how much it keeps open."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.risk.policy.tiers import TIER_LIMITS
from bitten_domain.vocabulary import FireMode, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.risk.policy.tiers import TierLimits

__all__ = ["MODE_POLICIES", "RANK_FIRE_MODES", "ModePolicy", "allowed_fire_modes"]

# Tuples, not sets: members are compared by identity, which is several times faster than hashing an enumeration.
_BY_HAND = (FireMode.SINGLE, FireMode.SEMI)
_ALL = tuple(FireMode)

_AUTHORIZED_UP = (Rank.AUTHORIZED, Rank.ELITE, Rank.ADMIN)
_ELITE_UP = (Rank.ELITE, Rank.ADMIN)
_ANY_TIER = tuple(Tier)
_NIBBLER_UP = (Tier.NIBBLER, Tier.FANG, Tier.COMMANDER, Tier.APEX)
_COMMANDER_UP = (Tier.COMMANDER, Tier.APEX)

RANK_FIRE_MODES: Mapping[Rank, tuple[FireMode, ...]] = MappingProxyType(
    {Rank.RECRUIT: (), Rank.AUTHORIZED: _BY_HAND, Rank.ELITE: _ALL, Rank.ADMIN: _ALL}
)
"""Fire modes each rank may use."""


@dataclass(frozen=True, slots=True)
class ModePolicy:
    """Rules of one system mode.

    Args:
        mode: which mode.
        ranks, tiers: who may use it.
        fire_modes: fire modes it knows; the tier's and the rank's still apply.
        confirms_always: ask before every fire by hand, whatever the score.
        open_cap: most open positions; None leaves it to the balance.
        has_sniper: knows the sub-mode that fires high scores only.
        low_footprint: orders go out by the low-footprint schedule.
    """

    mode: SystemMode
    ranks: tuple[Rank, ...]
    tiers: tuple[Tier, ...]
    fire_modes: tuple[FireMode, ...]
    confirms_always: bool
    open_cap: int | None
    has_sniper: bool
    low_footprint: bool


MODE_POLICIES: Mapping[SystemMode, ModePolicy] = MappingProxyType(
    {
        policy.mode: policy
        for policy in (
            ModePolicy(
                SystemMode.BIT,
                _AUTHORIZED_UP,
                _ANY_TIER,
                _BY_HAND,
                confirms_always=True,
                open_cap=1,
                has_sniper=False,
                low_footprint=False,
            ),
            ModePolicy(
                SystemMode.COMMANDER,
                _AUTHORIZED_UP,
                _NIBBLER_UP,
                _BY_HAND,
                confirms_always=False,
                open_cap=None,
                has_sniper=False,
                low_footprint=False,
            ),
            ModePolicy(
                SystemMode.TACTICAL,
                _ELITE_UP,
                _COMMANDER_UP,
                _ALL,
                confirms_always=False,
                open_cap=None,
                has_sniper=True,
                low_footprint=False,
            ),
            ModePolicy(
                SystemMode.STEALTH,
                _ELITE_UP,
                _COMMANDER_UP,
                _ALL,
                confirms_always=False,
                open_cap=None,
                has_sniper=False,
                low_footprint=True,
            ),
        )
    }
)
"""The four modes (rules: system modes)."""


def allowed_fire_modes(
    rank: Rank, tier: Tier, mode: SystemMode, tiers: Mapping[Tier, TierLimits] = TIER_LIMITS
) -> frozenset[FireMode]:
    """Intersect what rank, tier and system mode allow; empty when the mode itself is out of reach."""
    policy = MODE_POLICIES[mode]
    if rank not in policy.ranks or tier not in policy.tiers:
        return frozenset()
    return frozenset(RANK_FIRE_MODES[rank]) & frozenset(tiers[tier].fire_modes) & frozenset(policy.fire_modes)
