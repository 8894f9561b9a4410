"""Privacy: consents, exports, deletions, e-mail, and the keys persons' data is sealed with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.membership.privacy import (
        Consent,
        DeletionRequest,
        ErasureEntry,
        ExportRequest,
        PersonKey,
        SealedEmail,
        SealedText,
    )
    from bitten_domain.values import UserId

__all__ = [
    "ConsentRepository",
    "DeletionRepository",
    "EmailRepository",
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
        """Keep a new wish; `Conflict` when its id or its token's hash is there."""
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

    def drop_before(self, before: int) -> int:
        """Erase those asked for before a moment, seconds since 1970 UTC; how many there were."""
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
        """Keep a new key; `Conflict` when the person has one, or had one that was destroyed."""
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
        """Destroy a person's key so that nothing of it stays in the store; a second time changes nothing.

        Somebody who has none can have none from then on.
        """
        ...

    def all(self) -> tuple[PersonKey, ...]:
        """List the keys that are not destroyed, by person."""
        ...


class EmailRepository(Protocol):
    """E-mail addresses, sealed; a person has at most one, and nobody learns here who else has it."""

    def put(self, email: SealedEmail) -> None:
        """Keep a person's address, in place of the one before."""
        ...

    def get(self, user_id: UserId) -> SealedEmail | None:
        """Read a person's address."""
        ...

    def by_index(self, index: bytes) -> tuple[UserId, ...]:
        """Find the persons who gave an address, by id."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase a person's address; how many there were."""
        ...
