"""How ranks are given: the first ADMIN by configuration, all others by promotion, each with its entry for the audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.vocabulary import AccountStatus, Rank

if TYPE_CHECKING:
    from bitten_domain.membership.person import Person

__all__ = ["first_admin", "promoted"]

_RANKS = tuple(Rank)


def first_admin(person: Person, configured_telegram_id: int | None, *, has_admin: bool) -> Person | None:
    """Make somebody the first ADMIN when the configuration names them and there is none yet; None when it is not so.

    Once there is an ADMIN the configured id is nothing any more: a changed configuration promotes nobody.

    Args:
        person: who came.
        configured_telegram_id: the operator's, from the configuration; None when none was given.
        has_admin: whether anybody was ever made ADMIN.
    """
    named = configured_telegram_id is not None and person.telegram_id == configured_telegram_id
    if has_admin or not named or person.status is not AccountStatus.ACTIVE:
        return None
    return replace(person, rank=Rank.ADMIN)


def promoted(person: Person, rank: Rank, *, by: Person, admins: int) -> Person | Denial:
    """Give somebody a rank, higher or lower.

    Args:
        person: whose rank changes.
        rank: the new one.
        by: who decides.
        admins: how many active ADMINs there are.

    Returns:
        The person with the new rank; or a denial, when the other is no active ADMIN, the person is not active and would
        rise, somebody who is not onboarded would be skipped to a rank above, or the last ADMIN would be lost.
    """
    reasons: list[DenialReason] = []
    if by.rank is not Rank.ADMIN or by.status is not AccountStatus.ACTIVE:
        reasons.append(
            DenialReason(DenialCode.RANK, "an active ADMIN", f"{by.status.value} {by.rank.value}", "ask an ADMIN")
        )
    rises = _RANKS.index(rank) > _RANKS.index(person.rank)
    if rises and person.status is not AccountStatus.ACTIVE:
        reasons.append(
            DenialReason(DenialCode.STATUS, "an active account", person.status.value, "make the account active first")
        )
    if rises and person.rank is Rank.RECRUIT:
        reasons.append(
            DenialReason(
                DenialCode.RANK,
                "somebody who has finished the onboarding",
                "rank RECRUIT",
                "let them finish it: consent cannot be given for them",
            )
        )
    if person.rank is Rank.ADMIN and rank is not Rank.ADMIN and admins <= 1:
        reasons.append(
            DenialReason(DenialCode.RANK, "at least one ADMIN", "this is the last one", "promote another one first")
        )
    return Denial(tuple(reasons)) if reasons else replace(person, rank=rank)
