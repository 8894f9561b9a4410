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


def first_admin(person: Person, configured: str, *, has_admin: bool) -> Person | None:
    """Make somebody the first ADMIN when the configuration names them and there is none; None when it is not so.

    As long as there is an ADMIN the configured name is nothing: a changed configuration promotes nobody. Once the last
    one is erased it counts again, since nobody else could promote anybody.

    Args:
        person: who came.
        configured: the operator, from the configuration: `telegram:` and their Telegram id, or `user:` and their id
            here; empty for nobody.
        has_admin: whether there is an ADMIN, in whatever status.
    """
    names = {f"user:{person.user_id}"} | ({f"telegram:{person.telegram_id}"} if person.telegram_id else set())
    is_named = configured in names
    if has_admin or not is_named or person.status is not AccountStatus.ACTIVE:
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
    is_active_admin = person.rank is Rank.ADMIN and person.status is AccountStatus.ACTIVE
    if is_active_admin and rank is not Rank.ADMIN and admins <= 1:
        reasons.append(
            DenialReason(DenialCode.RANK, "at least one ADMIN", "this is the last one", "promote another one first")
        )
    return Denial(tuple(reasons)) if reasons else replace(person, rank=rank)
