"""The news calendar as last refreshed, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.ports.news_calendar import CalendarSnapshot

__all__ = ["MemoryNews"]


class MemoryNews:
    """Calendars by source."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._calendars: dict[str, CalendarSnapshot] = {}

    def put(self, snapshot: CalendarSnapshot) -> None:
        """Keep a source's calendar in place of its last one."""
        self._transaction.to_write()
        self._transaction.put(self._calendars, snapshot.calendar.source, snapshot)

    def get(self, source: str) -> CalendarSnapshot | None:
        """Read a source's calendar."""
        self._transaction.to_read()
        return self._calendars.get(source)
