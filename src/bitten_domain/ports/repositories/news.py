"""The news calendar as last refreshed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.ports.news_calendar import CalendarSnapshot

__all__ = ["NewsRepository"]


class NewsRepository(Protocol):
    """Calendars, one a source."""

    def put(self, snapshot: CalendarSnapshot) -> None:
        """Keep a source's calendar in place of its last one."""
        ...

    def get(self, source: str) -> CalendarSnapshot | None:
        """Read a source's calendar with its time of refresh."""
        ...
