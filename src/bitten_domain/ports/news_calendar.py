"""Where the calendar of economic releases comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.market.news import EventCalendar

__all__ = ["CalendarSnapshot", "NewsCalendar"]


@dataclass(frozen=True, slots=True)
class CalendarSnapshot:
    """A calendar and when it was last refreshed.

    Args:
        calendar: what is listed.
        refreshed_at: seconds since 1970 UTC; None for a file, which does not age inside its span.
    """

    calendar: EventCalendar
    refreshed_at: int | None = None


class NewsCalendar(Protocol):
    """A source of releases.

    Promises:
        1. Nothing is invented: each event stands in the source, with the source's own impact.
        2. The calendar vouches only for the span and the impacts the source lists.
        3. A source that cannot be understood is InvalidInput with file and line; one that is down is Unavailable. An
           old snapshot is handed out with its own time of refresh, never a newer one.
    """

    def snapshot(self) -> CalendarSnapshot:
        """Read the calendar as last known."""
        ...
