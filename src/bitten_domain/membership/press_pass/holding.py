"""What becomes of a press pass: claimed, active, expiring, expired, converted, revoked.

The last day and the end come by the clock alone, whether or not a job ran; the rest is done by somebody, once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.membership.calendar_day import DAY_SECONDS, day_start, utc_day
from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.press_pass.passes import DayScore, PressPass, PressPassState
from bitten_domain.vocabulary import AccountStatus, Tier

if TYPE_CHECKING:
    from bitten_domain.membership.press_pass.passes import PressPassDay, PressPassPolicy
    from bitten_domain.values import UserId

__all__ = [
    "activate",
    "claim",
    "convert",
    "holds",
    "lent_tier",
    "press_pass_state",
    "revoke",
]

_S = PressPassState
_HOLDS = (_S.CLAIMED, _S.ACTIVE, _S.EXPIRING)


def press_pass_state(press_pass: PressPass | None, policy: PressPassPolicy, now: int) -> PressPassState:
    """Name what somebody's pass is at a moment (seconds since 1970 UTC); OFFERED for none."""
    if press_pass is None:
        return _S.OFFERED
    if press_pass.revoked_at is not None:
        return _S.REVOKED
    if press_pass.converted_at is not None:
        return _S.CONVERTED
    if now >= press_pass.ends_at:
        return _S.EXPIRED
    if press_pass.activated_at is None:
        return _S.CLAIMED
    return _S.EXPIRING if now >= press_pass.ends_at - policy.expiring_seconds else _S.ACTIVE


def holds(press_pass: PressPass, policy: PressPassPolicy, now: int) -> bool:
    """Say whether a pass was claimed and has not come to any of its ends, whether or not it is used yet."""
    return press_pass_state(press_pass, policy, now) in _HOLDS


def lent_tier(press_pass: PressPass | None, policy: PressPassPolicy, now: int) -> Tier:
    """Give the tier a pass lends now: nothing before its paper account is there, after its end, or once revoked."""
    state = press_pass_state(press_pass, policy, now)
    return policy.tier if state in (_S.ACTIVE, _S.EXPIRING) else Tier.NONE


def claim(
    given: PressPass | None,
    day: PressPassDay,
    *,
    telegram_key: bytes,
    user_id: UserId,
    status: AccountStatus,
    was_member: bool,
    policy: PressPassPolicy,
    now: int,
) -> PressPass | Denial:
    """Decide about a claim; whoever keeps the pass holds the day in the same transaction.

    Args:
        given: the pass this Telegram id or this person ever had; None for none.
        day: today, with its count of rows.
        telegram_key: keyed hash of the Telegram id.
        user_id: who claims.
        status: their account's.
        was_member: they have or had a subscription, or this Telegram id was given a trial.
        policy: the figures.
        now: seconds since 1970 UTC.

    Raises:
        BrokenInvariant: the day is not that of ``now``.
    """
    if day.day != utc_day(now):
        raise BrokenInvariant("a claim is counted on the day it is made")
    reasons: list[DenialReason] = []
    if status is not AccountStatus.ACTIVE:
        reasons.append(DenialReason(DenialCode.STATUS, "an active account", status.value, "ask an ADMIN"))
    if given is not None:
        reasons.append(
            DenialReason(
                DenialCode.PASS_USED, "one press pass for each Telegram account", "one was given", "see /subscribe"
            )
        )
    if was_member:
        reasons.append(
            DenialReason(
                DenialCode.ALREADY_MEMBER, "nobody who has or had a membership", "a membership", "see /subscribe"
            )
        )
    if day.remaining == 0:
        hours = -(-(day_start(day.day + 1) - now) // 3_600)
        reasons.append(
            DenialReason(
                DenialCode.PASSES_GONE_TODAY,
                f"{day.limit} press passes a day",
                f"{day.claims} were claimed today",
                f"come back after 00:00 UTC, in at most {hours} h",
            )
        )
    if reasons:
        return Denial(tuple(reasons))
    return PressPass(
        telegram_key,
        user_id,
        claimed_at=now,
        ends_at=now + policy.lasts_days * DAY_SECONDS,
        score=DayScore(day.day),
    )


def activate(press_pass: PressPass, policy: PressPassPolicy, now: int) -> PressPass | Denial:
    """Begin to use a claimed pass, once its paper account is there; a second time changes nothing.

    Its end was fixed by the claim and does not move.
    """
    if press_pass_state(press_pass, policy, now) not in _HOLDS:
        return _over(press_pass, policy, now)
    return press_pass if press_pass.activated_at is not None else replace(press_pass, activated_at=now)


def convert(press_pass: PressPass, policy: PressPassPolicy, now: int) -> PressPass:
    """Note that its holder pays now; a pass that no longer holds stays what it is."""
    return replace(press_pass, converted_at=now) if press_pass_state(press_pass, policy, now) in _HOLDS else press_pass


def revoke(press_pass: PressPass, policy: PressPassPolicy, now: int) -> PressPass | Denial:
    """Take a pass back, by an ADMIN; it stays given, so that there is no second one. A second time changes nothing."""
    if press_pass.revoked_at is not None:
        return press_pass
    if press_pass_state(press_pass, policy, now) not in _HOLDS:
        return _over(press_pass, policy, now)
    return replace(press_pass, revoked_at=now)


def _over(press_pass: PressPass, policy: PressPassPolicy, now: int) -> Denial:
    state = press_pass_state(press_pass, policy, now).value
    return Denial((DenialReason(DenialCode.PASS_OVER, "a press pass that holds", state, "see /subscribe"),))
