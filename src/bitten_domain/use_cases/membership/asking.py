"""Who asks: the person, held, whether they may, and the keyed hash of their Telegram id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial, DenialCode, DenialReason
from bitten_domain.membership.access import RiskState, Standing, entitlement
from bitten_domain.use_cases.membership.tier_at import tier_at

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.membership.access import Action
    from bitten_domain.ports.membership.vault import BlindIndex
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.membership.tier_at import MemberFigures
    from bitten_domain.values import UserId

__all__ = ["denied", "held_person", "known_person", "one_reason", "telegram_key_of"]

_PURPOSE = "telegram_id"


def held_person(store: Repositories, user_id: UserId) -> Person:
    """Read a person and hold them until the transaction ends.

    Raises:
        InvalidInput: there is no such person.
    """
    return _there(store.people.lock(user_id), user_id)


def known_person(store: Repositories, user_id: UserId) -> Person:
    """Read a person without holding them.

    Raises:
        InvalidInput: there is no such person.
    """
    return _there(store.people.get(user_id), user_id)


def _there(person: Person | None, user_id: UserId) -> Person:
    if person is None:
        raise InvalidInput(f"there is no person {user_id}", where="user")
    return person


def denied(store: Repositories, person: Person, action: Action, now: int, figures: MemberFigures) -> Denial | None:
    """Say what stands against somebody doing what concerns no order; None for nothing."""
    # What opens no position is never asked for the risk state.
    tier = tier_at(store, person, now, figures)
    answer = entitlement(Standing(person.rank, tier, person.status, person.mode, RiskState.UNKNOWN), action)
    return answer if isinstance(answer, Denial) else None


def telegram_key_of(person: Person, blind_index: BlindIndex) -> bytes | None:
    """Hash somebody's Telegram id with the index's key; None for somebody who has none."""
    number = person.telegram_id
    return None if number is None else blind_index(_PURPOSE, str(number).encode())


def one_reason(code: DenialCode, limit: str, actual: str, remedy: str) -> Denial:
    """Write a denial of one reason."""
    return Denial((DenialReason(code, limit, actual, remedy),))
