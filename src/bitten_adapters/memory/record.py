"""The journal and its anchors, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import Conflict
from bitten_domain.record.journal import GENESIS, commitment_of, extended
from bitten_domain.record.journal_row import JournalRow, StreamHead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.ports.repositories.record import Anchor

__all__ = ["MemoryAnchors", "MemoryJournal"]


class MemoryJournal:
    """Rows by stream and number.

    Args:
        transaction: the one under way.
        salts: makes the 16 random bytes that hide a payload.
    """

    def __init__(self, transaction: Transaction, salts: Callable[[], bytes]) -> None:
        self._transaction = transaction
        self._salts = salts
        self._heads: dict[str, StreamHead] = {}
        self._rows: dict[str, dict[int, JournalRow]] = {}

    def append(self, stream: str, payloads: Sequence[bytes]) -> StreamHead:
        """Add payloads at a stream's end."""
        transaction = self._transaction
        transaction.to_write()
        _, number, head = self._heads.get(stream, StreamHead(stream, 0, GENESIS))
        rows = self._rows.setdefault(stream, {})
        for payload in payloads:
            salt = self._salts()
            commitment = commitment_of(salt, payload)
            number, head = number + 1, extended(head, commitment)
            transaction.put(rows, number, JournalRow(stream, number, salt, payload, commitment, head))
        reached = StreamHead(stream, number, head)
        if payloads:
            transaction.put(self._heads, stream, reached)
        return reached

    def heads(self) -> tuple[StreamHead, ...]:
        """Read how far each stream has come, by name."""
        self._transaction.to_read()
        return tuple(sorted(self._heads.values()))

    def rows(self, stream: str, after: int, limit: int) -> tuple[JournalRow, ...]:
        """Read rows with a number above one, in order."""
        self._transaction.to_read()
        rows = self._rows.get(stream, {})
        first = max(0, after) + 1
        return tuple(rows[number] for number in range(first, min(first + limit, len(rows) + 1)))

    def erase(self, stream: str, number: int) -> None:
        """Destroy a row's salt and payload."""
        self._transaction.to_write()
        rows = self._rows.get(stream, {})
        if number in rows:
            self._transaction.put(rows, number, rows[number]._replace(salt=None, payload=None))


class MemoryAnchors:
    """Anchors by day."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._anchors: dict[int, Anchor] = {}

    def add(self, anchor: Anchor) -> None:
        """Keep a new anchor."""
        self._transaction.to_write()
        if anchor.day in self._anchors:
            raise Conflict(f"day {anchor.day} has an anchor")
        self._transaction.put(self._anchors, anchor.day, anchor)

    def all(self) -> tuple[Anchor, ...]:
        """List them, oldest first."""
        self._transaction.to_read()
        return tuple(anchor for _, anchor in sorted(self._anchors.items()))

    def published(self, day: int, at: int) -> None:
        """Note that a day's anchor was published."""
        self._transaction.to_write()
        anchor = self._anchors.get(day)
        if anchor is not None and anchor.published_at is None:
            self._transaction.put(self._anchors, day, replace(anchor, published_at=at))
