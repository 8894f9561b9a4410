"""Standing: who somebody is at a moment, read from the store, and whether that lets them do something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.access import Entitled, RiskState, Standing, entitlement
from bitten_domain.use_cases.membership.tier_at import tier_at
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from bitten_domain.membership import Denial, Person
    from bitten_domain.membership.access import Action
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["allowed", "known_person", "standing_at"]


def known_person(store: Repositories, user_id: UserId, *, hold: bool = False, or_erased: bool = False) -> Person:
    """Read a person; who is held is held to be written about, and nothing is written onto who was erased.

    Args:
        store: of the transaction.
        user_id: whom.
        hold: keep everybody else from replacing them until the transaction ends.
        or_erased: hold somebody who was erased, too: for who denies it in other words, or takes something from them.

    Raises:
        InvalidInput: there is no such person, or they were erased and are to be held.
    """
    person = store.people.lock(user_id) if hold else store.people.get(user_id)
    if person is None:
        raise InvalidInput(f"there is no person {user_id}", where="user")
    if hold and not or_erased and person.status is AccountStatus.DELETED:
        raise InvalidInput(
            f"{user_id} is no more: they were erased", where="user", remedy="come in anew, by another name"
        )
    return person


def standing_at(store: Repositories, person: Person, at: int, risk: RiskState = RiskState.UNKNOWN) -> Standing:
    """Work out all that decides what somebody may do.

    Args:
        store: of the transaction.
        person: as kept.
        at: now, seconds since 1970 UTC.
        risk: whether anything may be opened; who does not know it denies whatever opens risk.
    """
    return Standing(person.rank, tier_at(store, person, at), person.status, person.mode, risk)


def allowed(store: Repositories, user_id: UserId, action: Action, at: int, *, hold: bool = False) -> Person | Denial:
    """Read a person and say whether they may do something that opens no risk; what does is asked of the fire checks.

    Args:
        store: of the transaction.
        user_id: who asks.
        action: what for.
        at: now, seconds since 1970 UTC.
        hold: as for `known_person`.

    Returns:
        The person; or why not.

    Raises:
        InvalidInput: there is no such person.
    """
    person = known_person(store, user_id, hold=hold, or_erased=True)
    answer = entitlement(standing_at(store, person, at), action)
    return person if isinstance(answer, Entitled) else answer
