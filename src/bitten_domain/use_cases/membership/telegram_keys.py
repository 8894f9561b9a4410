"""The keyed hash of a Telegram id, which stays when its person is erased, and denials of one reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.membership import Denial, DenialCode, DenialReason

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.membership.vault import BlindIndex

__all__ = ["one_reason", "telegram_key_of"]

_PURPOSE = "telegram_id"


def telegram_key_of(person: Person, blind_index: BlindIndex) -> bytes | None:
    """Hash somebody's Telegram id with the index's key; None for somebody who has none."""
    number = person.telegram_id
    return None if number is None else blind_index(_PURPOSE, str(number).encode())


def one_reason(code: DenialCode, limit: str, actual: str, remedy: str) -> Denial:
    """Write a denial of one reason."""
    return Denial((DenialReason(code, limit, actual, remedy),))
