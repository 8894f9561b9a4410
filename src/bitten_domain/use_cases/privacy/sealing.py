"""Sealing: a person's key, made when it is first needed, and the keys of all sealed anew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.privacy import PersonKey, Place
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.privacy.deletion import require_present
from bitten_domain.use_cases.privacy.erase_person import SYSTEM
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership.privacy import SealedText
    from bitten_domain.ports.membership.vault import Vault
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["RotateVaultKeys", "key_for", "key_place", "require_key"]


def key_place(user_id: UserId) -> Place:
    """Name where a person's key lies."""
    return Place("person_keys", "ciphertext", user_id)


def require_key(store: Repositories, user_id: UserId) -> SealedText:
    """Read a person's key in the transaction that keeps what it sealed.

    Raises:
        InvalidInput: it was destroyed, or there is none: the person was erased meanwhile.
    """
    require_present(store, user_id)
    key = store.person_keys.get(user_id)
    if key is None or key.sealed is None:
        raise InvalidInput(f"{user_id} has no key", where="user", remedy="begin anew with /start")
    return key.sealed


async def key_for(unit_of_work: UnitOfWork, vault: Vault, user_id: UserId, at: int) -> tuple[SealedText, Place]:
    """Give a person's sealed key, and where it lies, for the vault; make it when there is none.

    Raises:
        InvalidInput: there is no such person, or they were erased.
        Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
    """
    place = key_place(user_id)
    made = PersonKey(user_id, vault.new_person_key(place), at)

    def work(store: Repositories) -> SealedText:
        require_present(store, user_id)
        if store.person_keys.get(user_id) is None:
            store.person_keys.add(made)
        return require_key(store, user_id)

    return await durably(unit_of_work, work), place


@dataclass(frozen=True, slots=True)
class RotateVaultKeys:
    """Seal every person's key anew, by the newest of the operator's keys. What persons' keys sealed stays as it is.

    When it has run, no older key of the operator's is needed for the store, and can be dropped from the vault's file;
    backups from before still need it.

    Args:
        unit_of_work: the store.
        vault: with the new key and the older ones.
    """

    unit_of_work: UnitOfWork
    vault: Vault

    async def __call__(self, at: int) -> int:
        """Seal them anew; gives how many were. Killed in between, it goes on with the rest the next time.

        Raises:
            InvalidInput: a key was sealed by one of the operator's that the vault does not have.
            Unavailable, OutcomeUnknown, Conflict: the store failed; run it again.
        """
        count = 0
        for key in await self.unit_of_work.read(lambda store: store.person_keys.all()):
            if key.sealed is None or key.sealed.key_id == self.vault.key_id:
                continue
            sealed = self.vault.reseal(key.sealed, key_place(key.user_id))
            count += await durably(self.unit_of_work, lambda store, key=key, new=sealed: _replaced(store, key, new))  # type: ignore[misc]
        if count:
            entry = AuditEntry(
                at, SYSTEM, "KEYS_ROTATED", "person_keys", json.dumps({"count": count, "key": self.vault.key_id})
            )
            await durably(self.unit_of_work, lambda store: store.audit.add(entry))
        return count


def _replaced(store: Repositories, was: PersonKey, sealed: SealedText) -> bool:
    # Whoever destroys it meanwhile holds the person.
    store.people.lock(was.user_id)
    found = store.person_keys.get(was.user_id)
    if found is None or found.sealed is None or found.sealed not in (was.sealed, sealed):
        return False
    store.person_keys.reseal(was.user_id, sealed)
    return True
