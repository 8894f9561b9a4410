"""The journal and its anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bitten_domain.record.anchor import Anchor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.record.journal_row import JournalRow, StreamHead

__all__ = ["Anchor", "AnchorRepository", "JournalRepository"]


class JournalRepository(Protocol):
    """Append-only streams, each a hash chain over salted commitments (`record.journal`).

    Promises: numbers of a stream run from 1 without gaps, in the order of commits; there is no way to change or drop a
    row but `erase`, which keeps commitment and head.
    """

    def append(self, stream: str, payloads: Sequence[bytes]) -> StreamHead:
        """Add payloads at a stream's end, salted by the adapter; hold the stream until the transaction ends.

        No payloads begin no stream, and give its head as it stands.
        """
        ...

    def heads(self) -> tuple[StreamHead, ...]:
        """Read how far each stream has come, by name."""
        ...

    def rows(self, stream: str, after: int, limit: int) -> tuple[JournalRow, ...]:
        """Read rows with a number above ``after``, in order."""
        ...

    def erase(self, stream: str, number: int) -> None:
        """Destroy a row's salt and payload; a second time changes nothing."""
        ...


class AnchorRepository(Protocol):
    """Anchors, one a day."""

    def add(self, anchor: Anchor) -> None:
        """Keep a new anchor."""
        ...

    def all(self) -> tuple[Anchor, ...]:
        """List them, oldest first."""
        ...

    def published(self, day: int, at: int) -> None:
        """Note that a day's anchor was published; a second time changes nothing."""
        ...
