"""The news calendar as last refreshed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from bitten_adapters.sql.repositories.decoding import json_of, parsed
from bitten_adapters.sql.statements import Statement, adding, replacing
from bitten_adapters.sql.tables.news import NEWS_CALENDARS, NEWS_EVENTS
from bitten_domain.market.news import EventCalendar, NewsEvent
from bitten_domain.ports.news_calendar import CalendarSnapshot
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Wire

__all__ = ["SqlNews"]

_C, _E = NEWS_CALENDARS.c, NEWS_EVENTS.c
_IMPACTS = {impact.value: impact for impact in Impact}

_KEY = select(_C.id).where(_C.source == bindparam("of_source")).scalar_subquery()
_PUT = replacing(NEWS_CALENDARS, ("source",))
_DROP = Statement(delete(NEWS_EVENTS).where(_E.calendar_id == _KEY))
_ADD = adding(NEWS_EVENTS, calendar_id=_KEY)
_GET = Statement(
    select(_C.covers_from, _C.covers_to, _C.impacts, _C.refreshed_at).where(_C.source == bindparam("of_source"))
)
_EVENTS = Statement(
    select(
        _E.time,
        _E.currency,
        _E.impact,
        _E.title,
        _E.forecast,
        _E.previous,
        _E.actual,
        _E.source,
        _E.time_known,
    )
    .where(_E.calendar_id == _KEY)
    .order_by(_E.place)
)


class SqlNews:
    """Calendars, one a source."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def put(self, snapshot: CalendarSnapshot) -> None:
        """Keep a source's calendar in place of its last one."""
        calendar = snapshot.calendar
        source = calendar.source
        self._wire.write(
            _PUT,
            source=source,
            covers_from=calendar.covers_from,
            covers_to=calendar.covers_to,
            impacts=json_of(sorted(impact.value for impact in calendar.impacts)),
            refreshed_at=snapshot.refreshed_at,
        )
        self._wire.write(_DROP, of_source=source)
        self._wire.write_all(
            _ADD,
            [
                {
                    "of_source": source,
                    "place": place,
                    "time": event.time,
                    "currency": event.currency,
                    "impact": event.impact.value,
                    "title": event.title,
                    "forecast": event.forecast,
                    "previous": event.previous,
                    "actual": event.actual,
                    "source": event.source,
                    "time_known": event.time_known,
                }
                for place, event in enumerate(calendar.events)
            ],
        )

    def get(self, source: str) -> CalendarSnapshot | None:
        """Read a source's calendar with its time of refresh."""
        row = self._wire.one(_GET, of_source=source)
        if row is None:
            return None
        covers_from, covers_to, impacts, refreshed_at = row
        events = tuple(
            NewsEvent(time, currency, _IMPACTS[impact], *rest)
            for time, currency, impact, *rest in self._wire.all(_EVENTS, of_source=source)
        )
        listed = frozenset(_IMPACTS[impact] for impact in parsed(impacts))
        return CalendarSnapshot(EventCalendar(events, covers_from, covers_to, listed, source), refreshed_at)
