"""Give a rank: the first ADMIN by configuration, all others by an ADMIN; each with its entry in the audit log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action, first_admin, promoted
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.access.operating import operation, tell_and_note
from bitten_domain.use_cases.access.standing import known_person
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Rank

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["GiveRank", "MakeFirstAdmin"]

_SYSTEM = UserId("system")


@dataclass(frozen=True, slots=True)
class MakeFirstAdmin:
    """Make the person the configuration names the first ADMIN, while there is none.

    Args:
        unit_of_work: the store.
        configured: the operator, as `first_admin` reads it; empty for nobody.
    """

    unit_of_work: UnitOfWork
    configured: str

    async def __call__(self, user_id: UserId, at: int) -> bool:
        """Make them ADMIN; gives whether they are one now, by this or before.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> bool:
            person = known_person(store, user_id, hold=True)
            if person.rank is Rank.ADMIN:
                return True
            has_admin = any(one.rank is Rank.ADMIN for one in store.people.all())
            made = first_admin(person, self.configured, has_admin=has_admin)
            if made is None:
                return False
            store.people.put(made)
            detail = json.dumps({"rank": Rank.ADMIN.value, "before": person.rank.value})
            store.audit.add(AuditEntry(at, _SYSTEM, "FIRST_ADMIN", user_id, detail))
            return True

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class GiveRank:
    """Let an ADMIN give somebody a rank, higher or lower. A RECRUIT begins the onboarding anew to come back.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, actor: UserId, user_id: UserId, rank: Rank, at: int) -> Person | Denial:
        """Give it; one they have already changes nothing.

        Args:
            actor: who decides.
            user_id: whose rank.
            rank: the new one.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: one of the two is not there.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        done: list[Person] = []

        def work(store: Repositories) -> Person | Denial:
            if done and store.people.get(user_id) == done[-1]:
                # A commit whose answer was lost was kept; who lowered themselves may not ask again.
                return done[-1]
            asked = operation(store, actor, Action.PROMOTE, user_id, at)
            if isinstance(asked, Denial):
                return asked
            if asked.person.rank is rank:
                return asked.person
            made = promoted(asked.person, rank, by=asked.by, admins=asked.admins)
            if isinstance(made, Denial):
                return made
            store.people.put(made)
            if rank is Rank.RECRUIT:
                store.onboardings.forget(user_id)
            detail = {"rank": rank.value, "before": asked.person.rank.value}
            tell_and_note(store, asked, "RANK_GIVEN", detail, f"rank:{user_id}:{rank.value}:{at}", "rank", at)
            done.append(made)
            return made

        return await durably(self.unit_of_work, work)
