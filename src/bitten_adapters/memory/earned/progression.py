"""XP, progress and market days, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.ports.repositories.progression import XpTotals

if TYPE_CHECKING:
    from bitten_adapters.memory.people import MemoryPersons
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.events import MarketDayClosed
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.values import UserId

__all__ = ["MemoryMarketDays", "MemoryProgress", "MemoryXp"]


class MemoryXp:
    """Entries by person and cause, with their place in the ledger."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._entries: dict[tuple[UserId, str], tuple[int, XpEntry]] = {}

    def add(self, entry: XpEntry) -> bool:
        """Book an entry, once for a cause."""
        self._transaction.to_write()
        self._persons.require(entry.user_id)
        if (entry.user_id, entry.cause) in self._entries:
            return False
        self._transaction.put(self._entries, (entry.user_id, entry.cause), (len(self._entries), entry))
        return True

    def totals(self, user_id: UserId) -> XpTotals:
        """Add a person's ledger up."""
        entries = self._of(user_id)
        earned = sum(entry.amount for entry in entries if not entry.kind.spends)
        return XpTotals(earned, sum(entry.amount for entry in entries))

    def of_day(self, user_id: UserId, day: int) -> tuple[XpEntry, ...]:
        """List a person's entries of a trading day."""
        return tuple(entry for entry in self._of(user_id) if entry.day == day)

    def recent(self, user_id: UserId, limit: int) -> tuple[XpEntry, ...]:
        """List a person's newest entries first."""
        entries = self._of(user_id)
        return tuple(reversed(entries[max(0, len(entries) - max(0, limit)) :]))

    def _of(self, user_id: UserId) -> list[XpEntry]:
        self._transaction.to_read()
        places = sorted(place for (owner, _), place in self._entries.items() if owner == user_id)
        return [entry for _, entry in places]


class MemoryProgress:
    """Progress by person."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._progress: dict[UserId, Progress] = {}

    def get(self, user_id: UserId) -> Progress | None:
        """Read where somebody stands."""
        self._transaction.to_read()
        return self._progress.get(user_id)

    def put(self, progress: Progress) -> None:
        """Keep where somebody stands."""
        self._transaction.to_write()
        self._persons.require(progress.user_id)
        stored = self._progress.get(progress.user_id)
        if stored is not None and progress.settled_day < stored.settled_day:
            raise BrokenInvariant(f"{progress.user_id} is settled to day {stored.settled_day}, and never back")
        self._transaction.put(self._progress, progress.user_id, progress)

    def forget(self, user_id: UserId) -> int:
        """Erase where somebody stands."""
        self._transaction.to_write()
        if user_id not in self._progress:
            return 0
        self._transaction.drop(self._progress, user_id)
        return 1


class MemoryMarketDays:
    """Briefings and closed days by person and day."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._briefed: dict[tuple[UserId, int], int] = {}
        self._closed: dict[tuple[UserId, int], MarketDayClosed] = {}

    def brief(self, user_id: UserId, day: int, at: int) -> bool:
        """Note a briefing, once for a day."""
        self._transaction.to_write()
        self._persons.require(user_id)
        if (user_id, day) in self._briefed or (user_id, day) in self._closed:
            return False
        self._transaction.put(self._briefed, (user_id, day), at)
        return True

    def briefed_at(self, user_id: UserId, day: int) -> int | None:
        """Say when somebody was briefed."""
        self._transaction.to_read()
        return self._briefed.get((user_id, day))

    def close(self, closed: MarketDayClosed, at: int) -> None:
        """Keep a closed day."""
        self._transaction.to_write()
        self._persons.require(closed.user_id)
        if (closed.user_id, closed.day) in self._closed:
            raise Conflict(f"day {closed.day} of {closed.user_id} is closed already")
        self._transaction.put(self._closed, (closed.user_id, closed.day), closed)

    def closed(self, user_id: UserId, first: int, last: int) -> tuple[MarketDayClosed, ...]:
        """List closed days, oldest first."""
        self._transaction.to_read()
        found = sorted(day for owner, day in self._closed if owner == user_id and first <= day <= last)
        return tuple(self._closed[user_id, day] for day in found)
