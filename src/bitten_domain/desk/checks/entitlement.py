"""Check: account, rank, tier and system mode allow this fire, and the person said yes where they must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.risk.decision import Reason
from bitten_domain.risk.policy import MODE_POLICIES, RANK_FIRE_MODES
from bitten_domain.vocabulary import AccountStatus, FireMode, RefusalCode

if TYPE_CHECKING:
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.risk.workings import Workings

__all__ = ["account_state", "confirmation", "entitlement", "mandate"]

_DAY = 86_400
# Looking a member up costs more than comparing with it.
_ACTIVE, _AUTO, _SEMI = AccountStatus.ACTIVE, FireMode.AUTO, FireMode.SEMI


def account_state(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse for a person who is not active, books that disagree with the broker's, and live without consent."""
    account, person = facts.account, facts.person
    if person.status is _ACTIVE and account.is_reconciled and not account.is_live:
        return ()
    reasons: list[Reason] = []
    if person.status is not AccountStatus.ACTIVE:
        reasons.append(Reason(RefusalCode.ACCOUNT_NOT_ACTIVE, "an active account", person.status.value, "ask an ADMIN"))
    if not account.is_reconciled:
        reasons.append(
            Reason(
                RefusalCode.ACCOUNT_FROZEN,
                "books that agree with the broker's",
                "not reconciled",
                "wait for the reconciliation; closing works",
            )
        )
    if account.is_live and not person.has_live_consent:
        reasons.append(
            Reason(
                RefusalCode.LIVE_NOT_CONSENTED,
                "a valid consent for live trading",
                "none",
                "trade on paper, or consent to live trading",
            )
        )
    return tuple(reasons)


def entitlement(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse what rank, tier or system mode does not allow; what is allowed is their intersection."""
    person, fire_mode = facts.person, request.fire_mode
    mode, tier = MODE_POLICIES[person.mode], policy.tiers[person.tier]
    is_ranked = person.rank in mode.ranks and fire_mode in RANK_FIRE_MODES[person.rank]
    is_paper_only = facts.account.is_live and tier.live_accounts == 0
    is_paid = fire_mode in tier.fire_modes and person.tier in mode.tiers and not is_paper_only
    is_known = fire_mode in mode.fire_modes
    if is_ranked and is_paid and is_known:
        return ()
    reasons: list[Reason] = []
    if not is_ranked:
        reasons.append(
            Reason(
                RefusalCode.RANK_TOO_LOW,
                f"a rank that fires {fire_mode.value} in mode {person.mode.value}",
                f"rank {person.rank.value}",
                "finish what the next rank asks for",
            )
        )
    if not is_paid:
        wanted = "a live account" if is_paper_only else f"{fire_mode.value} in mode {person.mode.value}"
        reasons.append(
            Reason(
                RefusalCode.TIER_TOO_LOW,
                f"a tier that includes {wanted}",
                f"tier {person.tier.value}",
                "fire by hand on paper, or change the tier",
            )
        )
    if not is_known:
        reasons.append(
            Reason(
                RefusalCode.MODE_NOT_ALLOWED,
                f"a system mode that fires {fire_mode.value}",
                f"mode {person.mode.value}",
                "change the mode with /mode",
            )
        )
    return tuple(reasons)


def mandate(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse AUTO without a mandate that holds now, for this account and this pair."""
    if request.fire_mode is not _AUTO:
        return ()
    given, now = facts.mandate, facts.now
    if given is None:
        actual = "none"
    elif given.account_id != facts.account.account_id:
        actual = "one for another account"
    elif not given.granted_at <= now < given.ends_at:
        actual = "one that does not hold now"
    elif given.ends_at - given.granted_at > policy.fire.mandate_days * _DAY:
        actual = f"one for more than {policy.fire.mandate_days} days"
    elif request.signal.symbol not in given.pairs:
        return (
            Reason(
                RefusalCode.MANDATE_PAIR,
                f"one of {' '.join(sorted(given.pairs))}",
                request.signal.symbol,
                "grant a mandate for this pair",
            ),
        )
    else:
        return ()
    return (Reason(RefusalCode.MANDATE_MISSING, "a mandate for AUTO", actual, "grant one with /mode tactical"),)


def confirmation(request: FireRequest, facts: RiskFacts, policy: RiskPolicy, workings: Workings) -> tuple[Reason, ...]:
    """Refuse a fire by hand that must be confirmed and was not, or a proposal confirmed too late.

    SEMI always asks, and its proposal lives 60 seconds; BIT always asks; below 76 every mode asks.
    """
    fire_mode, figures = request.fire_mode, policy.fire
    if fire_mode is _AUTO:
        return ()
    if fire_mode is _SEMI:
        proposed = request.proposed_at
        if proposed is None or not 0 <= facts.now - proposed <= figures.proposal_seconds:
            actual = "no proposal" if proposed is None else f"{facts.now - proposed} s after the proposal"
            limit = f"a confirmation within {figures.proposal_seconds} s of the proposal"
            return (Reason(RefusalCode.CONFIRMATION_REQUIRED, limit, actual, "wait for the next proposal"),)
        limit = "a confirmation of every proposal"
    elif MODE_POLICIES[facts.person.mode].confirms_always:
        limit = f"a confirmation of every fire in mode {facts.person.mode.value}"
    else:
        score = request.signal.score
        if score is not None and score >= figures.confirm_below:
            return ()
        limit = f"a confirmation below a score of {figures.confirm_below}"
    if request.is_confirmed:
        return ()
    return (Reason(RefusalCode.CONFIRMATION_REQUIRED, limit, "not confirmed", "confirm the order"),)
