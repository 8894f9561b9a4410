"""What is kept of somebody's choices about their data, and of data that must not be readable at rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.values.identity_enum import IdentityEnum

if TYPE_CHECKING:
    from bitten_domain.values import UserId

__all__ = [
    "Consent",
    "ConsentPurpose",
    "DeletionRequest",
    "ErasureEntry",
    "ExportRequest",
    "PersonKey",
    "Place",
    "SealedEmail",
    "SealedText",
]

_HASH_BYTES = 32


class ConsentPurpose(IdentityEnum):
    """What can be agreed to, as the texts are named."""

    PRIVACY = "privacy"
    RISK_DISCLOSURE = "risk_disclosure"
    LIVE_TRADING = "live_trading"
    MESSAGES = "messages"
    LEADERBOARD = "leaderboard"
    PRODUCT_ANALYTICS = "product_analytics"


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody's yes to a text; what was never given is a no.

    Args:
        consent_id: its identity.
        user_id: whose.
        purpose: to what.
        version: of the text that was shown, >= 1.
        given_at: seconds since 1970 UTC.
        withdrawn_at: when it was taken back; None while it stands.
    """

    consent_id: str
    user_id: UserId
    purpose: ConsentPurpose
    version: int
    given_at: int
    withdrawn_at: int | None = None

    def __post_init__(self) -> None:
        if self.version < 1:
            raise BrokenInvariant("a consent is to a text with a version from 1")
        if self.withdrawn_at is not None and self.withdrawn_at < self.given_at:
            raise BrokenInvariant("a consent is withdrawn after it was given")


@dataclass(frozen=True, slots=True)
class DeletionRequest:
    """Somebody's wish to be deleted; a person has at most one that is open.

    Args:
        request_id: its identity.
        user_id: who.
        asked_at: the first step, seconds since 1970 UTC.
        confirmed_at: the second step; None before.
        undo_until: until when it can be taken back; None before the second step.
        withdrawn_at: when it was taken back, or let lie; None otherwise.
        done_at: when they were erased; None before.
    """

    request_id: str
    user_id: UserId
    asked_at: int
    confirmed_at: int | None = None
    undo_until: int | None = None
    withdrawn_at: int | None = None
    done_at: int | None = None

    def __post_init__(self) -> None:
        if (self.confirmed_at is None) is not (self.undo_until is None):
            raise BrokenInvariant("a confirmed deletion says until when it can be undone")
        if self.done_at is not None and (self.undo_until is None or self.withdrawn_at is not None):
            raise BrokenInvariant("only a confirmed deletion that stands is carried out")

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor taken back."""
        return self.withdrawn_at is None and self.done_at is None


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Somebody's wish to have their data, and the link to it.

    Args:
        export_id: its identity.
        user_id: who.
        asked_at: seconds since 1970 UTC.
        token_hash: SHA-256 of the link's token, 32 bytes; the token itself is not kept.
        ready_at: when the file was there; None before.
        link_until: until when the link works; None before it is ready.
        fetched_at: when it was used, which it can be once; None before.
    """

    export_id: str
    user_id: UserId
    asked_at: int
    token_hash: bytes
    ready_at: int | None = None
    link_until: int | None = None
    fetched_at: int | None = None

    def __post_init__(self) -> None:
        if len(self.token_hash) != _HASH_BYTES:
            raise BrokenInvariant(f"the hash of a token has {_HASH_BYTES} bytes")
        if (self.ready_at is None) is not (self.link_until is None):
            raise BrokenInvariant("an export that is ready says until when its link works")


@dataclass(frozen=True, slots=True)
class ErasureEntry:
    """A person who was erased; the list is kept apart from backups and carried out again after a restore.

    Args:
        user_id: the identity they had here; it leads nowhere once the rest is gone.
        erased_at: seconds since 1970 UTC.
    """

    user_id: UserId
    erased_at: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text lies; it opens nowhere else.

    Args:
        table, column: names in the store.
        row: the row's public identity.
    """

    table: str
    column: str
    row: str

    def __post_init__(self) -> None:
        if not (self.table and self.column and self.row):
            raise BrokenInvariant("a place names its table, column and row")


@dataclass(frozen=True, slots=True)
class SealedText:
    """An encrypted text with what is needed, beside the key, to open it.

    Args:
        key_id: which key sealed it.
        nonce: used once with that key.
        ciphertext: with its tag.
    """

    key_id: str
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class PersonKey:
    """The key a person's own data is sealed with, itself sealed; destroying it makes that data unreadable everywhere.

    Args:
        user_id: whose.
        sealed: the key, sealed by the operator's; None once it was destroyed.
        made_at: seconds since 1970 UTC.
        destroyed_at: None while it lives.
    """

    user_id: UserId
    sealed: SealedText | None
    made_at: int
    destroyed_at: int | None = None

    def __post_init__(self) -> None:
        if (self.sealed is None) is not (self.destroyed_at is not None):
            raise BrokenInvariant("a key is either there or was destroyed at a moment")


@dataclass(frozen=True, slots=True)
class SealedEmail:
    """An e-mail address nobody can read at rest, that can be looked up by whoever has the index's key.

    Args:
        user_id: whose.
        index: blind index of the address, 32 bytes.
        sealed: the address as it was given, sealed by the person's key.
        set_at: seconds since 1970 UTC.
    """

    user_id: UserId
    index: bytes
    sealed: SealedText
    set_at: int

    def __post_init__(self) -> None:
        if len(self.index) != _HASH_BYTES:
            raise BrokenInvariant(f"a blind index has {_HASH_BYTES} bytes")
