"""Name a Telegram id: for somebody of the command line who was never met in Telegram."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.access.standing import known_person
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["NameTelegramId"]

_LARGEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class NameTelegramId:
    """Give somebody without a Telegram id the one the operator names; one that is known is never changed.

    It proves nothing: whoever can run this can write to the store.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, telegram_id: int, at: int) -> Person:
        """Name it, at a moment, seconds since 1970 UTC; the same again changes nothing.

        Raises:
            InvalidInput: there is no such person, they have another id, it is somebody else's, or it is none.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        if not 1 <= telegram_id <= _LARGEST:
            raise InvalidInput(f"{telegram_id} is no Telegram id", where="telegram id", remedy="give a positive number")

        def work(store: Repositories) -> Person:
            person = known_person(store, user_id, hold=True)
            if person.telegram_id == telegram_id:
                return person
            if person.telegram_id is not None or store.people.by_telegram(telegram_id) is not None:
                raise InvalidInput(
                    "this person or this Telegram id is known with another", where="telegram id", remedy="leave it out"
                )
            named = replace(person, telegram_id=telegram_id)
            store.people.put(named)
            store.audit.add(AuditEntry(at, user_id, "TELEGRAM_ID_NAMED", user_id, "{}"))
            return named

        return await durably(self.unit_of_work, work)
