"""E-mail: an address of one's own choice, sealed, and gone when it is taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.membership.privacy import Place, SealedEmail, email_address, lookup_form
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.privacy.deletion import require_present
from bitten_domain.use_cases.privacy.sealing import key_for, key_place, require_key
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership.privacy import SealedText
    from bitten_domain.ports.membership.vault import BlindIndex, Vault
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["ReadEmail", "RemoveEmail", "SetEmail"]

_PURPOSE = "email"


def _place(user_id: UserId) -> Place:
    return Place("user_emails", "ciphertext", user_id)


@dataclass(frozen=True, slots=True)
class SetEmail:
    """Keep an address, in place of the one before.

    Args:
        unit_of_work: the store.
        vault: seals it by the person's key.
        index: finds it again.
    """

    unit_of_work: UnitOfWork
    vault: Vault
    index: BlindIndex

    async def __call__(self, user_id: UserId, address: str, at: int) -> None:
        """Keep it.

        Raises:
            InvalidInput: it is no address, or there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        written = email_address(address)
        key = await key_for(self.unit_of_work, self.vault, user_id, at)
        sealed = self.vault.seal(written.encode(), _place(user_id), key)
        email = SealedEmail(user_id, self.index(_PURPOSE, lookup_form(written)), sealed, at)

        def work(store: Repositories) -> None:
            require_key(store, user_id)
            if store.emails.get(user_id) != email:
                store.emails.put(email)
                store.audit.add(AuditEntry(at, user_id, "EMAIL_SET", user_id, "{}"))

        await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class RemoveEmail:
    """Take an address out.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, at: int) -> bool:
        """Take it out; gives whether there was one.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> bool:
            require_present(store, user_id)
            if not store.emails.forget(user_id):
                return False
            store.audit.add(AuditEntry(at, user_id, "EMAIL_REMOVED", user_id, "{}"))
            return True

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class ReadEmail:
    """Read an address, for its person.

    Args:
        unit_of_work: the store.
        vault: opens it.
    """

    unit_of_work: UnitOfWork
    vault: Vault

    async def __call__(self, user_id: UserId) -> str | None:
        """Read it; None when none is kept.

        Raises:
            InvalidInput: it cannot be opened.
            Unavailable: the store cannot be read.
        """

        def read(store: Repositories) -> tuple[SealedText, SealedText] | None:
            email, key = store.emails.get(user_id), store.person_keys.get(user_id)
            return None if email is None or key is None or key.sealed is None else (email.sealed, key.sealed)

        found = await self.unit_of_work.read(read)
        if found is None:
            return None
        sealed, key = found
        return self.vault.open(sealed, _place(user_id), (key, key_place(user_id))).decode()
