"""Consents: off until given, to the present text only, gone at once when taken back; and what live trading asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.privacy.records import Consent, ConsentPurpose
from bitten_domain.risk.policy.bounds import require_bounds
from bitten_domain.vocabulary import AccountStatus, Rank

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.risk.policy import TierLimits
    from bitten_domain.values import UserId

__all__ = ["LIVE_PHRASE", "LiveFacts", "LivePolicy", "ask_live", "give", "has_consent", "live_consent_holds"]

LIVE_PHRASE = "I can lose this money"
"""What is typed, letter for letter, to consent to live trading."""


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """Figures of live trading's gate.

    Args:
        cooling_off_hours: from the consent until it holds.
        paper_trades: closed paper trades it asks for.
    """

    cooling_off_hours: int = 24
    paper_trades: int = 20

    def __post_init__(self) -> None:
        require_bounds(self, {"cooling_off_hours": ("24", "720"), "paper_trades": ("20", "1000")})


@dataclass(frozen=True, slots=True)
class LiveFacts:
    """What the gate of live trading looks at, besides the consent.

    Args:
        status, rank: as kept.
        tier: limits of the tier somebody has now.
        has_quiz: they have passed the risk quiz.
        has_set_limits: they chose their limits themselves, even if they chose the default.
        paper_trades: closed trades on paper.
    """

    status: AccountStatus
    rank: Rank
    tier: TierLimits
    has_quiz: bool
    has_set_limits: bool
    paper_trades: int


def has_consent(consents: Iterable[Consent], purpose: ConsentPurpose, version: int) -> bool:
    """Say whether a consent stands to the present version of a text; without one the answer is no."""
    return _standing(consents, purpose, version) is not None


def _standing(consents: Iterable[Consent], purpose: ConsentPurpose, version: int) -> Consent | None:
    found = (one for one in consents if one.purpose is purpose and one.version == version and one.withdrawn_at is None)
    return min(found, key=lambda one: one.given_at, default=None)


def give(
    consents: Iterable[Consent],
    purpose: ConsentPurpose,
    *,
    consent_id: str,
    user_id: UserId,
    shown: int,
    current: int,
    now: int,
) -> Consent | Denial:
    """Decide about a consent; one that stands already is given back as it is, so that no waiting begins anew.

    Args:
        consents: the person's so far.
        purpose: to what.
        consent_id: identity of the new one.
        user_id: who.
        shown: version of the text they were shown.
        current: version as it stands now.
        now: seconds since 1970 UTC.
    """
    if shown != current:
        return _denied(DenialCode.OLD_VERSION, f"version {current}", f"version {shown}", "read the present text")
    return _standing(consents, purpose, current) or Consent(consent_id, user_id, purpose, current, now)


def _live_lacks(facts: LiveFacts, policy: LivePolicy) -> list[DenialReason]:
    checks = (
        (
            facts.status is AccountStatus.ACTIVE,
            DenialReason(DenialCode.STATUS, "an active account", facts.status.value, "ask an ADMIN"),
        ),
        (
            facts.rank is not Rank.RECRUIT,
            DenialReason(DenialCode.RANK, "rank AUTHORIZED", facts.rank.value, "finish the onboarding with /start"),
        ),
        (
            facts.tier.live_accounts > 0,
            DenialReason(
                DenialCode.NOT_PAYING, "a tier with a live account", "none", "see /subscribe, or stay on paper"
            ),
        ),
        (
            facts.has_quiz,
            DenialReason(DenialCode.QUIZ_NOT_PASSED, "the risk quiz", "not passed", "take it with /learn risk"),
        ),
        (
            facts.has_set_limits,
            DenialReason(
                DenialCode.NO_LIMITS_SET, "limits you chose yourself", "none chosen", "choose them with /risk"
            ),
        ),
        (
            facts.paper_trades >= policy.paper_trades,
            DenialReason(
                DenialCode.TOO_FEW_PAPER_TRADES,
                f"{policy.paper_trades} closed paper trades",
                str(facts.paper_trades),
                "go on with paper",
            ),
        ),
    )
    return [reason for holds, reason in checks if not holds]


def ask_live(facts: LiveFacts, typed: str, policy: LivePolicy) -> Denial | None:
    """Say what stands against consenting to live trading; None for nothing. The consent then holds after its wait.

    Args:
        facts: about the person.
        typed: what they typed, with spaces around it left out.
        policy: the figures.
    """
    reasons = _live_lacks(facts, policy)
    if typed.strip() != LIVE_PHRASE:
        reasons.append(DenialReason(DenialCode.PHRASE, f'"{LIVE_PHRASE}"', "other words", "type it as it is shown"))
    return Denial(tuple(reasons)) if reasons else None


def live_consent_holds(
    consents: Iterable[Consent], facts: LiveFacts, policy: LivePolicy, *, version: int, now: int
) -> Denial | None:
    """Say what stands against live trading now; None for nothing. It is asked anew at each fire.

    Args:
        consents: all of the person's.
        facts: about the person, as they are now.
        policy: the figures.
        version: of the live consent's text, as it stands now.
        now: seconds since 1970 UTC.
    """
    reasons = _live_lacks(facts, policy)
    given = _standing(consents, ConsentPurpose.LIVE_TRADING, version)
    if given is None:
        reasons.append(
            DenialReason(DenialCode.CONSENT_MISSING, "a consent to the present text", "none", "see /privacy consent")
        )
    elif now < given.given_at + policy.cooling_off_hours * 3_600:
        left = given.given_at + policy.cooling_off_hours * 3_600 - now
        reasons.append(
            DenialReason(
                DenialCode.COOLING_OFF,
                f"{policy.cooling_off_hours} h since the consent",
                f"{-(-left // 60)} min are left",
                "wait, or take it back at any time",
            )
        )
    return Denial(tuple(reasons)) if reasons else None


def _denied(code: DenialCode, limit: str, actual: str, remedy: str) -> Denial:
    return Denial((DenialReason(code, limit, actual, remedy),))
