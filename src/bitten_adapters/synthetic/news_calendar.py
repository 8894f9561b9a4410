"""The releases of a synthetic market as a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.ports.news_calendar import CalendarSnapshot
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from bitten_adapters.synthetic.market import SyntheticMarket

__all__ = ["SyntheticNewsCalendar"]


class SyntheticNewsCalendar:
    """Serve the made-up releases through the `NewsCalendar` port; each says that it is SYNTHETIC.

    Args:
        market: what they belong to.
    """

    __slots__ = ("_snapshot",)

    def __init__(self, market: SyntheticMarket) -> None:
        events = tuple(
            NewsEvent(
                time=release.at,
                currency=release.series.currency,
                impact=release.series.impact,
                title=release.series.title,
                forecast=release.forecast,
                previous=release.previous,
                actual=release.actual,
                source=market.label,
            )
            for release in market.releases
        )
        # Decisions are made at the close of the last bar too, which is the end of the span.
        calendar = EventCalendar(events, market.start, market.stop + 1, frozenset(Impact), market.label)
        self._snapshot = CalendarSnapshot(calendar)

    def snapshot(self) -> CalendarSnapshot:
        """Give the whole calendar; it is complete for its span and does not age."""
        return self._snapshot
