"""Privacy: consents, exports, deletions, and the keys persons' data is sealed with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.membership.privacy import (
        Consent,
        DeletionRequest,
        ErasureEntry,
        ExportRequest,
        PersonKey,
        SealedText,
    )
    from bitten_domain.values import UserId

__all__ = [
    "ConsentRepository",
    "DeletionRepository",
    "ErasureRepository",
    "ExportRepository",
    "PersonKeyRepository",
]


class ConsentRepository(Protocol):
    """Consents; a row is given once and withdrawn once, and never changed otherwise."""

    def add(self, consent: Consent) -> None:
        """Keep a new consent; `Conflict` while one of the same person, purpose and version stands."""
        ...

    def withdraw(self, consent_id: str, at: int) -> None:
        """Take one back; a second time changes nothing.

        Raises:
            BrokenInvariant: it is not there, or was given later.
        """
        ...

    def of(self, user_id: UserId) -> tuple[Consent, ...]:
        """List a person's consents, withdrawn ones among them, oldest first."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        ...


class DeletionRepository(Protocol):
    """Wishes to be deleted; a person has at most one that is open."""

    def add(self, request: DeletionRequest) -> None:
        """Keep a new wish; `Conflict` while the person has one that is open."""
        ...

    def put(self, request: DeletionRequest) -> None:
        """Replace a wish that is there.

        Raises:
            BrokenInvariant: it is not, it is another person's, or the stored one is no longer open and differs.
        """
        ...

    def of(self, user_id: UserId) -> tuple[DeletionRequest, ...]:
        """List a person's wishes, oldest first."""
        ...

    def open(self) -> tuple[DeletionRequest, ...]:
        """List the open ones, oldest first."""
        ...


class ExportRepository(Protocol):
    """Wishes to have one's data; a token's hash is given once."""

    def add(self, request: ExportRequest) -> None:
        """Keep a new wish."""
        ...

    def by_token(self, token_hash: bytes) -> ExportRequest | None:
        """Find the export a token belongs to."""
        ...

    def put(self, request: ExportRequest) -> None:
        """Replace a wish that is there.

        Raises:
            BrokenInvariant: it is not, it is another person's, or its token would change.
            Conflict: the stored one was fetched already, and this one says it is now, at another moment.
        """
        ...

    def of(self, user_id: UserId) -> tuple[ExportRequest, ...]:
        """List a person's exports, oldest first."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        ...


class ErasureRepository(Protocol):
    """The list of those who were erased; it only grows, and is replayed after a restore."""

    def add(self, entry: ErasureEntry) -> bool:
        """Keep an entry; False when that person is on the list, which changes nothing."""
        ...

    def all(self) -> tuple[ErasureEntry, ...]:
        """List them, oldest first."""
        ...


class PersonKeyRepository(Protocol):
    """Keys of persons, sealed; a person has one, and none again after it was destroyed."""

    def add(self, key: PersonKey) -> None:
        """Keep a new key."""
        ...

    def get(self, user_id: UserId) -> PersonKey | None:
        """Read a person's key, which may be destroyed."""
        ...

    def reseal(self, user_id: UserId, sealed: SealedText) -> None:
        """Replace the seal of a key that is there, after the operator's key was changed.

        Raises:
            BrokenInvariant: there is none, or it was destroyed.
        """
        ...

    def destroy(self, user_id: UserId, at: int) -> None:
        """Destroy a person's key so that nothing of it stays in the store; a second time changes nothing."""
        ...

    def all(self) -> tuple[PersonKey, ...]:
        """List the keys that are not destroyed, by person."""
        ...
