"""Deletions, exports, erasures, persons' keys and e-mail addresses, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar

from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership.privacy import DeletionRequest, ExportRequest, PersonKey

if TYPE_CHECKING:
    from bitten_adapters.memory.people import MemoryPersons
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.membership.privacy import ErasureEntry, SealedEmail, SealedText
    from bitten_domain.values import UserId

__all__ = ["MemoryDeletions", "MemoryEmails", "MemoryErasures", "MemoryExports", "MemoryPersonKeys"]

W = TypeVar("W", DeletionRequest, ExportRequest)


class _Wishes(Generic[W]):
    """Wishes by id, each with its place among all."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._wishes: dict[str, tuple[int, W]] = {}
        self._places: dict[None, int] = {}

    def _keep(self, name: str, wish: W) -> None:
        self._persons.require(wish.user_id)
        if name in self._wishes:
            raise Conflict(f"wish {name} is there already")
        place = self._places.get(None, 0) + 1
        self._transaction.put(self._places, None, place)
        self._transaction.put(self._wishes, name, (place, wish))

    def _all(self) -> list[W]:
        self._transaction.to_read()
        ordered = sorted(self._wishes.values(), key=lambda row: (row[1].asked_at, row[0]))
        return [wish for _, wish in ordered]

    def of(self, user_id: UserId) -> tuple[W, ...]:
        """List a person's, oldest first."""
        return tuple(wish for wish in self._all() if wish.user_id == user_id)

    def _drop(self, names: list[str]) -> int:
        for name in names:
            self._transaction.drop(self._wishes, name)
        return len(names)


class MemoryDeletions(_Wishes[DeletionRequest]):
    """Wishes to be deleted."""

    def add(self, request: DeletionRequest) -> None:
        """Keep a new wish."""
        self._transaction.to_write()
        if request.is_open and any(one.is_open for one in self.of(request.user_id)):
            raise Conflict(f"{request.user_id} has a deletion that is open")
        self._keep(request.request_id, request)

    def put(self, request: DeletionRequest) -> None:
        """Replace a wish that is there."""
        self._transaction.to_write()
        place, stored = self._wishes.get(request.request_id, (0, None))
        if stored is None or stored.user_id != request.user_id:
            raise BrokenInvariant(f"{request.user_id} has no deletion {request.request_id}")
        if not stored.is_open and stored != request:
            raise BrokenInvariant(f"deletion {request.request_id} is over")
        self._transaction.put(self._wishes, request.request_id, (place, request))

    def open(self) -> tuple[DeletionRequest, ...]:
        """List the open ones, oldest first."""
        return tuple(wish for wish in self._all() if wish.is_open)


class MemoryExports(_Wishes[ExportRequest]):
    """Wishes to have one's data."""

    def add(self, request: ExportRequest) -> None:
        """Keep a new wish."""
        self._transaction.to_write()
        if any(one.token_hash == request.token_hash for one in self._all()):
            raise Conflict(f"the token of export {request.export_id} is there already")
        self._keep(request.export_id, request)

    def by_token(self, token_hash: bytes) -> ExportRequest | None:
        """Find the export a token belongs to."""
        return next((wish for wish in self._all() if wish.token_hash == token_hash), None)

    def put(self, request: ExportRequest) -> None:
        """Replace a wish that is there."""
        self._transaction.to_write()
        place, stored = self._wishes.get(request.export_id, (0, None))
        if stored is None or (stored.user_id, stored.token_hash) != (request.user_id, request.token_hash):
            raise BrokenInvariant(f"{request.user_id} has no export {request.export_id} with this token")
        if stored.fetched_at is not None and stored.fetched_at != request.fetched_at:
            raise Conflict(f"export {request.export_id} was fetched already")
        self._transaction.put(self._wishes, request.export_id, (place, request))

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        self._transaction.to_write()
        return self._drop([wish.export_id for wish in self.of(user_id)])

    def drop_before(self, before: int) -> int:
        """Erase those asked for before a moment."""
        self._transaction.to_write()
        return self._drop([wish.export_id for wish in self._all() if wish.asked_at < before])


class MemoryErasures:
    """Entries by person, with their place in the list."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._entries: dict[UserId, tuple[int, int, ErasureEntry]] = {}

    def add(self, entry: ErasureEntry) -> bool:
        """Keep an entry, once for a person."""
        self._transaction.to_write()
        if entry.user_id in self._entries:
            return False
        self._transaction.put(self._entries, entry.user_id, (entry.erased_at, len(self._entries), entry))
        return True

    def all(self) -> tuple[ErasureEntry, ...]:
        """List them, oldest first."""
        self._transaction.to_read()
        return tuple(entry for *_, entry in sorted(self._entries.values(), key=lambda row: row[:2]))


class MemoryPersonKeys:
    """Keys by person."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._keys: dict[UserId, PersonKey] = {}

    def add(self, key: PersonKey) -> None:
        """Keep a new key."""
        self._transaction.to_write()
        self._persons.require(key.user_id)
        if key.user_id in self._keys:
            raise Conflict(f"a key of {key.user_id} is there already")
        self._transaction.put(self._keys, key.user_id, key)

    def get(self, user_id: UserId) -> PersonKey | None:
        """Read a person's key."""
        self._transaction.to_read()
        return self._keys.get(user_id)

    def reseal(self, user_id: UserId, sealed: SealedText) -> None:
        """Replace the seal of a key that is there."""
        self._transaction.to_write()
        stored = self._keys.get(user_id)
        if stored is None or stored.sealed is None:
            raise BrokenInvariant(f"{user_id} has no key, or it was destroyed")
        self._transaction.put(self._keys, user_id, replace(stored, sealed=sealed))

    def destroy(self, user_id: UserId, at: int) -> None:
        """Destroy a person's key."""
        self._transaction.to_write()
        self._persons.require(user_id)
        stored = self._keys.get(user_id)
        if stored is None:
            self._transaction.put(self._keys, user_id, PersonKey(user_id, None, at, at))
        elif stored.sealed is not None:
            self._transaction.put(self._keys, user_id, replace(stored, sealed=None, destroyed_at=at))

    def all(self) -> tuple[PersonKey, ...]:
        """List the keys that are not destroyed, by person."""
        self._transaction.to_read()
        return tuple(key for _, key in sorted(self._keys.items()) if key.sealed is not None)


class MemoryEmails:
    """Addresses by person."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._emails: dict[UserId, SealedEmail] = {}

    def put(self, email: SealedEmail) -> None:
        """Keep a person's address."""
        self._transaction.to_write()
        self._persons.require(email.user_id)
        self._transaction.put(self._emails, email.user_id, email)

    def get(self, user_id: UserId) -> SealedEmail | None:
        """Read a person's address."""
        self._transaction.to_read()
        return self._emails.get(user_id)

    def by_index(self, index: bytes) -> tuple[UserId, ...]:
        """Find the persons who gave an address."""
        self._transaction.to_read()
        return tuple(sorted(user for user, email in self._emails.items() if email.index == index))

    def forget(self, user_id: UserId) -> int:
        """Erase a person's address."""
        self._transaction.to_write()
        if user_id not in self._emails:
            return 0
        self._transaction.drop(self._emails, user_id)
        return 1
