"""Entitlement: may somebody do this, given rank, tier, account status, system mode and risk state. No title enters."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.membership.access.actions import Action, ActionKind
from bitten_domain.membership.access.risk_state import RiskState
from bitten_domain.membership.access.table import ACCESS, STATUSES
from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.risk.policy import MODE_POLICIES, RANK_FIRE_MODES, TIER_LIMITS
from bitten_domain.vocabulary import Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.membership.access.table import AccessRule
    from bitten_domain.risk.policy import TierLimits
    from bitten_domain.vocabulary import AccountStatus, FireMode

__all__ = ["Entitled", "Standing", "entitlement"]

_RANKS, _TIERS, _MODES = tuple(Rank), tuple(Tier), tuple(SystemMode)


@dataclass(frozen=True, slots=True)
class Standing:
    """All that decides what somebody may do.

    Args:
        rank, status, mode: as kept.
        tier: as it is now, worked out from subscription and press pass (`subscription.tier_now`).
        risk: as it is now.
    """

    rank: Rank
    tier: Tier
    status: AccountStatus
    mode: SystemMode
    risk: RiskState


@dataclass(frozen=True, slots=True)
class Entitled:
    """A yes. Only this opens a door: whatever else comes back is a no."""

    action: Action


def entitlement(
    standing: Standing,
    action: Action,
    table: Mapping[Action, AccessRule] = ACCESS,
    tiers: Mapping[Tier, TierLimits] = TIER_LIMITS,
) -> Entitled | Denial:
    """Say whether somebody may do something.

    For what opens risk this is the part that concerns the person; the fire checks then ask about account, market,
    signal and size, and ask this part again.

    Args:
        standing: who they are now.
        action: what they want.
        table: one row an action; an action without a row is denied to everybody.
        tiers: what each tier includes; a configuration may be stricter than the default.
    """
    rule = table.get(action)
    if rule is None:
        return Denial((DenialReason(DenialCode.NO_RULE, "a rule for this", "none", "report it: it is ours to mend"),))
    if rule.kind is ActionKind.PROTECT or _goes_down(standing, rule):
        return Entitled(action)
    reasons: list[DenialReason] = []
    _ask_status(standing, rule, reasons)
    _ask_rank_and_tier(standing, rule, reasons)
    if rule.chooses is not None:
        _ask_mode_choice(standing, rule.chooses, reasons)
    if rule.fire_mode is not None:
        _ask_fire_mode(standing, rule.fire_mode, tiers[standing.tier], rule.is_live, reasons)
    if rule.kind is ActionKind.OPEN:
        _ask_risk(standing, reasons)
    return Denial(tuple(reasons)) if reasons else Entitled(action)


def _goes_down(standing: Standing, rule: AccessRule) -> bool:
    # A more guarded mode can always be chosen, and the most guarded one by whoever is in it already.
    wanted = rule.chooses
    return wanted is not None and (wanted is _MODES[0] or _MODES.index(wanted) < _MODES.index(standing.mode))


def _ask_status(standing: Standing, rule: AccessRule, reasons: list[DenialReason]) -> None:
    allowed = STATUSES[rule.kind]
    if standing.status not in allowed:
        wanted = " or ".join(status.value for status in allowed)
        reasons.append(
            DenialReason(DenialCode.STATUS, f"an account that is {wanted}", standing.status.value, "ask an ADMIN")
        )


def _ask_rank_and_tier(standing: Standing, rule: AccessRule, reasons: list[DenialReason]) -> None:
    if _RANKS.index(standing.rank) < _RANKS.index(rule.least_rank):
        reasons.append(_rank(f"rank {rule.least_rank.value}", standing))
    if _TIERS.index(standing.tier) < _TIERS.index(rule.least_tier):
        reasons.append(_tier(f"tier {rule.least_tier.value}", standing))


def _ask_mode_choice(standing: Standing, wanted: SystemMode, reasons: list[DenialReason]) -> None:
    policy = MODE_POLICIES[wanted]
    if standing.rank not in policy.ranks:
        reasons.append(_rank(f"rank {policy.ranks[0].value}", standing))
    if standing.tier not in policy.tiers:
        reasons.append(_tier(f"tier {policy.tiers[0].value}", standing))


def _ask_fire_mode(
    standing: Standing, fire_mode: FireMode, tier: TierLimits, is_live: bool, reasons: list[DenialReason]
) -> None:
    policy = MODE_POLICIES[standing.mode]
    in_mode = f"{fire_mode.value} in mode {standing.mode.value}"
    if standing.rank not in policy.ranks or fire_mode not in RANK_FIRE_MODES[standing.rank]:
        reasons.append(_rank(f"a rank that fires {in_mode}", standing))
    if fire_mode not in tier.fire_modes or standing.tier not in policy.tiers:
        reasons.append(_tier(f"a tier that includes {in_mode}", standing))
    elif is_live and tier.live_accounts == 0:
        reasons.append(_tier("a tier that includes a live account", standing))
    if fire_mode not in policy.fire_modes:
        limit = f"a system mode that fires {fire_mode.value}"
        actual = f"mode {standing.mode.value}"
        reasons.append(DenialReason(DenialCode.MODE, limit, actual, "change the mode with /mode"))


_RISK: Mapping[RiskState, DenialReason] = MappingProxyType(
    {
        RiskState.LOCKED_OUT: DenialReason(
            DenialCode.LOCKED_OUT, "no pause or loss limit in force", "one is", "see /risk for how long; closing works"
        ),
        RiskState.STOPPED: DenialReason(
            DenialCode.STOPPED, "no emergency stop", "one is in force", "see /emergency_status; closing works"
        ),
        RiskState.UNKNOWN: DenialReason(
            DenialCode.RISK_UNKNOWN, "a known risk state", "not known", "wait until it is known; closing works"
        ),
    }
)


def _ask_risk(standing: Standing, reasons: list[DenialReason]) -> None:
    if standing.risk is not RiskState.CLEAR:
        reasons.append(_RISK[standing.risk])


def _rank(wanted: str, standing: Standing) -> DenialReason:
    return DenialReason(
        DenialCode.RANK, wanted, f"rank {standing.rank.value}", "finish what the next rank asks for, see /me"
    )


def _tier(wanted: str, standing: Standing) -> DenialReason:
    return DenialReason(DenialCode.TIER, wanted, f"tier {standing.tier.value}", "see /subscribe for what each includes")
