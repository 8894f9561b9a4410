"""Grant a tier: what an ADMIN lets somebody have without paying. What is paid or lent is worked out beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.membership import Denial, DenialCode, DenialReason
from bitten_domain.membership.access import Action
from bitten_domain.use_cases.access.operating import operation, tell_and_note
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId
    from bitten_domain.vocabulary import Tier

__all__ = ["GrantTier"]


@dataclass(frozen=True, slots=True)
class GrantTier:
    """Let an ADMIN grant a tier, or take it back by granting NONE. No tier loosens a risk limit.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, actor: UserId, user_id: UserId, tier: Tier, at: int) -> Person | Denial:
        """Grant it; one that is granted already changes nothing.

        Args:
            actor: who decides.
            user_id: whose tier.
            tier: the new one.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: one of the two is not there.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> Person | Denial:
            asked = operation(store, actor, Action.GRANT_TIER, user_id, at)
            if isinstance(asked, Denial):
                return asked
            person = asked.person
            if person.status is AccountStatus.DELETED:
                found = person.status.value
                return Denial((DenialReason(DenialCode.STATUS, "an account that is there", found, "nothing to do"),))
            if person.tier is tier:
                return person
            made = replace(person, tier=tier)
            store.people.put(made)
            detail = {"tier": tier.value, "before": person.tier.value}
            tell_and_note(store, asked, "TIER_GRANTED", detail, f"tier:{user_id}:{tier.value}:{at}", "tier", at)
            return made

        return await durably(self.unit_of_work, work)
