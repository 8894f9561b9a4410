"""Telegram ids: naming one, its keyed hash, which stays when its person is erased, and denials of one reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial, DenialCode, DenialReason
from bitten_domain.membership.person import require_telegram_id

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.membership.vault import BlindIndex
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["one_reason", "telegram_key_of", "with_telegram_id"]

_PURPOSE = "telegram_id"


def telegram_key_of(person: Person, blind_index: BlindIndex) -> bytes | None:
    """Hash somebody's Telegram id with the index's key; None for somebody who has none."""
    number = person.telegram_id
    return None if number is None else blind_index(_PURPOSE, str(number).encode())


def with_telegram_id(store: Repositories, person: Person, telegram_id: int) -> Person:
    """Give somebody without a Telegram id the one the operator names; one that is known is never changed.

    It proves nothing: whoever can run this can write to the store. Nothing is written here.

    Raises:
        InvalidInput: they have another id, it is somebody else's, or it is none.
    """
    require_telegram_id(telegram_id)
    if person.telegram_id == telegram_id:
        return person
    if person.telegram_id is not None or store.people.by_telegram(telegram_id) is not None:
        raise InvalidInput(
            "this person or this Telegram id is known with another", where="telegram id", remedy="leave it out"
        )
    return replace(person, telegram_id=telegram_id)


def one_reason(code: DenialCode, limit: str, actual: str, remedy: str) -> Denial:
    """Write a denial of one reason."""
    return Denial((DenialReason(code, limit, actual, remedy),))
