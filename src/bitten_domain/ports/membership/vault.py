"""Vault: what keeps persons' data unreadable at rest, and makes it unreadable for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.membership.privacy import Place, SealedText

__all__ = ["BlindIndex", "Keyring", "Vault"]


class Vault(Protocol):
    """Seal and open texts.

    A text is sealed by the operator's key, or by a person's, which lies sealed in the store and is handed in each time.

    Promises, each checked by the contract suite:

    - What was sealed opens to the same bytes, at the same place and with the same key only; at another place, with
      another key, or changed by a bit, it is `InvalidInput`, never other bytes.
    - Sealing the same text twice gives two different seals, and neither shows the text.
    - New seals are by the newest of the operator's keys; older seals open as long as their key is there. A key the
      vault does not have is `InvalidInput` and says which.
    - Without a person's sealed key nothing that it sealed can be opened.
    """

    @property
    def key_id(self) -> str:
        """Name the operator's key that seals now."""
        ...

    def new_person_key(self, place: Place) -> SealedText:
        """Make a person's key and seal it, for the place it will lie at."""
        ...

    def reseal(self, sealed: SealedText, place: Place) -> SealedText:
        """Seal anew, by the newest of the operator's keys, what an older one of them sealed; the content stays."""
        ...

    def seal(self, text: bytes, place: Place, person_key: tuple[SealedText, Place] | None = None) -> SealedText:
        """Seal a text.

        Args:
            text: what nobody shall read.
            place: where it will lie.
            person_key: the person's sealed key and where it lies; None for the operator's key.
        """
        ...

    def open(self, sealed: SealedText, place: Place, person_key: tuple[SealedText, Place] | None = None) -> bytes:
        """Open a sealed text; arguments as for `seal`."""
        ...


class Keyring(Protocol):
    """Change which of the operator's keys a vault has.

    Promises: what was sealed opens as long as its key was not dropped; the key that seals is never dropped.
    """

    def add(self) -> str:
        """Make another key, which seals from now on, and name it.

        Raises:
            InvalidInput: the keys are not kept where they could be changed.
            Unavailable: they cannot be read or written; nothing changed.
        """
        ...

    def drop(self, key_id: str) -> None:
        """Take an old key out.

        Raises:
            InvalidInput: there is no such key, or it is the one that seals.
            Unavailable: as `add`.
        """
        ...


class BlindIndex(Protocol):
    """Find a text again without keeping it.

    Promises: the same text for the same purpose gives the same 32 bytes, after a restart too; another text, purpose or
    key gives others; without the key nobody can try texts out.
    """

    def __call__(self, purpose: str, text: bytes) -> bytes:
        """Hash a text with the index's key.

        Args:
            purpose: what it is looked up for, such as `telegram_id` or `email`.
            text: as it is always written, since another spelling is another text.
        """
        ...
