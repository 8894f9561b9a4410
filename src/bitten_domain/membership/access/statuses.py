"""How account statuses change: an ADMIN locks, bans and lets somebody in again, each for a reason from a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.values.identity_enum import IdentityEnum
from bitten_domain.vocabulary import AccountStatus, Rank

if TYPE_CHECKING:
    from bitten_domain.membership.person import Person

__all__ = ["StatusReason", "with_status"]


class StatusReason(IdentityEnum):
    """Why a status was changed; a list and no text, since the audit log holds nothing personal."""

    ABUSE = "ABUSE"
    FRAUD = "FRAUD"
    SECURITY = "SECURITY"
    OWN_WISH = "OWN_WISH"
    MISTAKE = "MISTAKE"
    CLEARED = "CLEARED"


def with_status(person: Person, status: AccountStatus, *, by: Person, admins: int) -> Person | Denial:
    """Give somebody another account status.

    Nothing of it keeps them from closing positions, from their data or from their money: those ask for no status.

    Args:
        person: whose.
        status: ACTIVE, LOCKED or BANNED; DELETED comes by an erasure only.
        by: who decides.
        admins: how many active ADMINs there are.

    Returns:
        The person with the new status; or a denial, when the other is no active ADMIN or means themselves, the person
        is erased, an erasure is asked for in this way, or no active ADMIN would be left.
    """
    reasons: list[DenialReason] = []
    if by.rank is not Rank.ADMIN or by.status is not AccountStatus.ACTIVE:
        reasons.append(
            DenialReason(DenialCode.RANK, "an active ADMIN", f"{by.status.value} {by.rank.value}", "ask an ADMIN")
        )
    if by.user_id == person.user_id:
        reasons.append(DenialReason(DenialCode.RANK, "somebody else's account", "your own", "ask another ADMIN"))
    if AccountStatus.DELETED in (person.status, status):
        reasons.append(
            DenialReason(
                DenialCode.STATUS,
                "an account that is there",
                person.status.value,
                "an erasure is asked for by its owner",
            )
        )
    is_active_admin = person.rank is Rank.ADMIN and person.status is AccountStatus.ACTIVE
    if is_active_admin and status is not AccountStatus.ACTIVE and admins <= 1:
        reasons.append(
            DenialReason(DenialCode.RANK, "at least one ADMIN", "this is the last one", "promote another one first")
        )
    return Denial(tuple(reasons)) if reasons else replace(person, status=status)
