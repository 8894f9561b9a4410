"""The transaction under way: what it may do, and how to take back what it did.

A change is made in place and its reverse is noted, so that a transaction costs what it changes and not what is stored.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from enum import Enum
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Generic, TypeVar

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.values import AccountId

__all__ = ["Access", "Timeline", "Transaction"]

K = TypeVar("K")
V = TypeVar("V")


class Access(Enum):
    """What may be done at present."""

    NOTHING = "NOTHING"
    READING = "READING"
    WRITING = "WRITING"


class Transaction:
    """The one transaction a store runs at a time; between two of them nothing may be done.

    `locked` holds the accounts it has locked, `days` the days of press passes.
    """

    __slots__ = ("_access", "_reverses", "days", "locked")

    def __init__(self) -> None:
        self._access = Access.NOTHING
        self._reverses: list[Callable[[], object]] = []
        self.locked: set[AccountId] = set()
        self.days: set[int] = set()

    def begin(self, access: Access) -> None:
        """Start.

        Raises:
            BrokenInvariant: one is under way: a work has started another.
        """
        if self._access is not Access.NOTHING:
            raise BrokenInvariant("a transaction is under way; a work starts no other")
        self._access = access

    def keep(self) -> None:
        """End it with everything kept."""
        self._reverses.clear()
        self._end()

    def take_back(self) -> None:
        """End it with nothing kept: undo every change, the last one first."""
        while self._reverses:
            self._reverses.pop()()
        self._end()

    def _end(self) -> None:
        self._access = Access.NOTHING
        self.locked.clear()
        self.days.clear()

    def to_read(self) -> None:
        """Make sure that reading is allowed.

        Raises:
            BrokenInvariant: no transaction is under way: repositories were used outside theirs.
        """
        if self._access is Access.NOTHING:
            raise BrokenInvariant("repositories are valid only inside the transaction they were given to")

    def to_write(self) -> None:
        """Make sure that writing is allowed.

        Raises:
            BrokenInvariant: the transaction only reads, or there is none.
        """
        if self._access is not Access.WRITING:
            self.to_read()
            raise BrokenInvariant("a transaction that only reads was asked to write")

    def put(self, table: dict[K, V], key: K, value: V) -> None:
        """Set a row of a table. Tables are never read in the order of their rows, which an undo does not restore."""
        if key in table:
            self._reverses.append(partial(table.__setitem__, key, table[key]))
        else:
            self._reverses.append(partial(table.__delitem__, key))
        table[key] = value

    def drop(self, table: dict[K, V], key: K) -> None:
        """Delete a row that is there."""
        self._reverses.append(partial(table.__setitem__, key, table.pop(key)))

    def undo_with(self, reverse: Callable[[], object]) -> None:
        """Note how to reverse a change made elsewhere."""
        self._reverses.append(reverse)


_PLACE = itemgetter(0, 1)
_MOMENT = itemgetter(0)


class Timeline(Generic[V]):
    """Records in the order of their moments; of one moment, the first added is the oldest."""

    __slots__ = ("_added", "_rows", "_transaction")

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._rows: list[tuple[int, int, V]] = []
        self._added = 0

    def add(self, at: int, record: V) -> None:
        """Take in a record of a moment."""
        self._added += 1
        row = (at, self._added, record)
        insort(self._rows, row, key=_PLACE)
        self._transaction.undo_with(partial(self._remove, at, self._added))

    def _remove(self, at: int, number: int) -> None:
        del self._rows[bisect_left(self._rows, (at, number), key=_PLACE)]

    def newest(self, limit: int, before: int | None = None) -> list[V]:
        """List the newest records first, of moments before one; None for no bound."""
        stop = len(self._rows) if before is None else bisect_left(self._rows, before, key=_MOMENT)
        return [record for _, _, record in reversed(self._rows[max(0, stop - max(0, limit)) : stop])]

    def between(self, start: int, stop: int) -> list[V]:
        """List the records of ``[start, stop)``, oldest first."""
        first = bisect_left(self._rows, start, key=_MOMENT)
        return [record for _, _, record in self._rows[first : bisect_left(self._rows, stop, key=_MOMENT)]]

    def oldest(self) -> list[V]:
        """List all of them, oldest first."""
        return [record for _, _, record in self._rows]
