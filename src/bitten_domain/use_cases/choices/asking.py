"""Asking: who somebody is when they choose something, and whether they may."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial
from bitten_domain.membership.access import RiskState, Standing, entitlement
from bitten_domain.ports.repositories.housekeeping import AuditEntry

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.membership.access import Action
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["denied", "note", "required"]


def required(store: Repositories, user_id: UserId) -> Person:
    """Hold a person until the transaction ends.

    Raises:
        InvalidInput: there is no such person.
    """
    person = store.people.lock(user_id)
    if person is None:
        raise InvalidInput(f"there is no person {user_id}", where="user")
    return person


def denied(person: Person, action: Action) -> Denial | None:
    """Say what stands against somebody's choice; None for nothing.

    No choice asks for the risk state, which is therefore given as not known: what it does not look at cannot let it
    through.
    """
    standing = Standing(person.rank, person.tier, person.status, person.mode, RiskState.UNKNOWN)
    answer = entitlement(standing, action)
    return answer if isinstance(answer, Denial) else None


def note(store: Repositories, at: int, user_id: UserId, action: str, **detail: str | int | None) -> None:
    """Write down for the audit what somebody chose for themselves; `detail` holds nothing personal."""
    store.audit.add(AuditEntry(at, user_id, action, user_id, json.dumps(detail)))
