"""Asking: who somebody is when they choose something, and whether they may."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_domain.membership import Denial
from bitten_domain.membership.access import entitlement
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.access.standing import known_person, standing_at

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.membership.access import Action
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["denied", "note", "required"]


def required(store: Repositories, user_id: UserId) -> Person:
    """Hold a person until the transaction ends.

    Raises:
        InvalidInput: there is no such person, or they were erased.
    """
    return known_person(store, user_id, hold=True)


def denied(store: Repositories, person: Person, action: Action, at: int) -> Denial | None:
    """Say what stands against somebody's choice at a moment; None for nothing."""
    answer = entitlement(standing_at(store, person, at), action)
    return answer if isinstance(answer, Denial) else None


def note(store: Repositories, at: int, user_id: UserId, action: str, **detail: str | int | None) -> None:
    """Write down for the audit what somebody chose for themselves; `detail` holds nothing personal."""
    store.audit.add(AuditEntry(at, user_id, action, user_id, json.dumps(detail)))
