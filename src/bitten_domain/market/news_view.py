"""The calendar as seen by one pair at one moment: blackouts, their cause, and how far the calendar can be trusted.

For each pair the span of time is cut once, when it is first asked for, into stretches in which nothing changes; a
question is then one binary search.

A release whose time of day is not known ("Tentative", "All Day") makes no blackout: a window around midnight would
be invented and a blackout of the whole day would be noise. It is handed out with the state instead, so that whoever
decides can see it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import InvalidInput
from bitten_domain.market.news import ANY_CURRENCY, EventCalendar, NewsEvent
from bitten_domain.values.identity_enum import IdentityEnum
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Blackout", "Freshness", "NewsCalendarView", "NewsPolicy", "NewsState"]

_MINUTE = 60
_HOUR = 3_600
_DAY = 86_400


class Blackout(IdentityEnum):
    """Strength of the window a pair is in."""

    NONE = "NONE"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Freshness(IdentityEnum):
    """How far the calendar can be trusted at a moment.

    FRESH: refreshed lately, or a file that covers the moment. DEGRADED: older than 12 h. UNKNOWN: older than 48 h,
    never loaded, or outside the span. NOT_COVERED: the span holds the moment, but HIGH releases are not listed.
    """

    FRESH = "FRESH"
    DEGRADED = "DEGRADED"
    UNKNOWN = "UNKNOWN"
    NOT_COVERED = "NOT_COVERED"


@dataclass(frozen=True, slots=True)
class NewsPolicy:
    """Windows around releases and ages of calendars, in seconds; both ends of a window belong to it.

    Args:
        high_before, high_after: around a HIGH release.
        major_before, major_after: around a rate decision or the payrolls report.
        medium_before, medium_after: around a MEDIUM release.
        degraded_after, unknown_after: age of the last refresh beyond which a calendar is trusted less, or not.
    """

    high_before: int = 30 * _MINUTE
    high_after: int = 30 * _MINUTE
    major_before: int = 45 * _MINUTE
    major_after: int = 60 * _MINUTE
    medium_before: int = 15 * _MINUTE
    medium_after: int = 15 * _MINUTE
    degraded_after: int = 12 * _HOUR
    unknown_after: int = 48 * _HOUR

    def __post_init__(self) -> None:
        for side in ("high_before", "high_after", "major_before", "major_after", "medium_before", "medium_after"):
            seconds = getattr(self, side)
            if not 0 <= seconds <= _DAY:
                raise InvalidInput(f"{side} is {seconds} s", where=side, remedy=f"choose 0 to {_DAY} s")
        if not 0 < self.degraded_after <= self.unknown_after:
            raise InvalidInput(
                f"a calendar is degraded after {self.degraded_after} s and unknown after {self.unknown_after} s",
                where="degraded_after",
                remedy="degraded comes first, and after more than 0 s",
            )


@dataclass(frozen=True, slots=True)
class NewsState:
    """News as it concerns one pair at one moment.

    Args:
        blackout: strongest window either currency is in.
        event: the release that causes it, of several the earliest; None without a blackout.
        until: last second of that release's window, seconds since 1970 UTC; None without a blackout.
        no_auto_anywhere: whether a rate decision or the payrolls report of any currency is near.
        major_event: that release.
        freshness: how far the calendar can be trusted.
        untimed: HIGH releases of either currency on this UTC day whose time of day is not known.
    """

    blackout: Blackout
    event: NewsEvent | None
    until: int | None
    no_auto_anywhere: bool
    major_event: NewsEvent | None
    freshness: Freshness
    untimed: tuple[NewsEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class _Window:
    first: int
    last: int
    event: NewsEvent


@dataclass(frozen=True, slots=True, eq=False)
class _Timeline:
    starts: list[int]
    states: list[NewsState]
    high_times: NDArray[np.int64]
    high_starts: NDArray[np.int64]
    high_stops: NDArray[np.int64]


class NewsCalendarView:
    """A calendar, asked pair by pair.

    Args:
        calendar: what is listed.
        policy: windows and ages.
    """

    __slots__ = ("_calendar", "_major", "_policy", "_timelines", "_windows")

    def __init__(self, calendar: EventCalendar, policy: NewsPolicy | None = None) -> None:
        self._calendar = calendar
        self._policy = policy or NewsPolicy()
        self._windows = tuple(self._window(event) for event in calendar.events)
        self._major = [
            window for window in self._windows if window.event.time_known and window.event.stops_auto_everywhere
        ]
        self._timelines: dict[str, _Timeline] = {}

    @property
    def calendar(self) -> EventCalendar:
        """The calendar behind the view."""
        return self._calendar

    @property
    def uncovered(self) -> frozenset[Impact]:
        """Impacts the calendar does not list: it cannot vouch that there was no such release."""
        return frozenset(Impact) - self._calendar.impacts

    def state(self, symbol: str, at: int, age_seconds: int | None = None) -> NewsState:
        """Look up the state of a pair.

        Args:
            symbol: six letters; either currency counts.
            at: seconds since 1970 UTC.
            age_seconds: time since the last successful refresh; None for a file, which does not age inside its span.
        """
        timeline = self._timelines.get(symbol) or self._build(symbol)
        state = timeline.states[bisect_right(timeline.starts, at) - 1]
        if age_seconds is None or age_seconds <= self._policy.degraded_after or state.freshness is not Freshness.FRESH:
            return state
        stale = Freshness.UNKNOWN if age_seconds > self._policy.unknown_after else Freshness.DEGRADED
        return replace(state, freshness=stale)

    def high_window(self, symbol: str, at: int) -> bool:
        """Say whether the pair is in a HIGH window, when stops and market orders slip more."""
        return self.state(symbol, at).blackout is Blackout.HIGH

    def high_event_minute(self, symbol: str, at: int) -> bool:
        """Say whether a HIGH release of either currency came out in the 60 s up to ``at``, when spreads are widest."""
        times = (self._timelines.get(symbol) or self._build(symbol)).high_times
        return int(times.searchsorted(at, side="right")) > int(times.searchsorted(at - _MINUTE, side="right"))

    def high_windows(self, symbol: str, moments: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Answer `high_window` for a column of moments, shape (n,)."""
        timeline = self._timelines.get(symbol) or self._build(symbol)
        begun = np.searchsorted(timeline.high_starts, moments, side="right")
        over = np.searchsorted(timeline.high_stops, moments, side="right")
        flags: NDArray[np.bool_] = begun > over
        return flags

    def blackouts(self, symbol: str, moments: NDArray[np.int64]) -> list[Blackout]:
        """Give the strongest window the pair is in at each of a column of moments, shape (n,)."""
        timeline = self._timelines.get(symbol) or self._build(symbol)
        stretch = np.searchsorted(np.array(timeline.starts, dtype=np.int64), moments, side="right") - 1
        return [timeline.states[place].blackout for place in stretch.tolist()]

    def high_events_within(
        self, symbol: str, moments: NDArray[np.int64], *, before_seconds: int, after_seconds: int
    ) -> NDArray[np.bool_]:
        """Say for each moment whether a HIGH release of either currency is near.

        Args:
            symbol: six letters.
            moments: shape (n,), seconds since 1970 UTC.
            before_seconds: how far ahead a release may still lie, inclusive.
            after_seconds: how long ago it may have been, inclusive.
        """
        times = (self._timelines.get(symbol) or self._build(symbol)).high_times
        first = np.searchsorted(times, moments - after_seconds, side="left")
        stop = np.searchsorted(times, moments + before_seconds, side="right")
        flags: NDArray[np.bool_] = stop > first
        return flags

    def covered(self, moments: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say for each moment whether the calendar covers it and lists HIGH releases."""
        if Impact.HIGH not in self._calendar.impacts:
            return np.zeros(len(moments), dtype=np.bool_)
        flags: NDArray[np.bool_] = (moments >= self._calendar.covers_from) & (moments < self._calendar.covers_to)
        return flags

    def _window(self, event: NewsEvent) -> _Window:
        policy = self._policy
        if event.stops_auto_everywhere:
            before, after = policy.major_before, policy.major_after
        elif event.effective_impact is Impact.HIGH:
            before, after = policy.high_before, policy.high_after
        else:
            before, after = policy.medium_before, policy.medium_after
        return _Window(event.time - before, event.time + after, event)

    def _build(self, symbol: str) -> _Timeline:
        legs = {symbol[:3], symbol[3:6], ANY_CURRENCY}
        concerned = [window for window in self._windows if window.event.currency in legs]
        timed = [window for window in concerned if window.event.time_known]
        high = [window for window in timed if window.event.effective_impact is Impact.HIGH]
        medium = [window for window in timed if window.event.effective_impact is Impact.MEDIUM]
        untimed = [
            _Window(window.event.time, window.event.time + _DAY - 1, window.event)
            for window in concerned
            if not window.event.time_known and window.event.effective_impact is Impact.HIGH
        ]
        cuts = {self._calendar.covers_from, self._calendar.covers_to}
        for window in (*high, *medium, *untimed, *self._major):
            cuts.update((window.first, window.last + 1))
        starts = sorted(cuts)
        # Before the first cut nothing is known; the list starts below any moment so that a search always lands.
        starts.insert(0, -(2**62))
        active = [_Active(group) for group in (high, medium, untimed, self._major)]
        states = [self._state_from(start, *(each.advance(start) for each in active)) for start in starts]
        timeline = _Timeline(
            starts,
            states,
            np.array([window.event.time for window in high], dtype=np.int64),
            np.sort(np.array([window.first for window in high], dtype=np.int64)),
            np.sort(np.array([window.last + 1 for window in high], dtype=np.int64)),
        )
        self._timelines[symbol] = timeline
        return timeline

    def _state_from(
        self, start: int, high: list[_Window], medium: list[_Window], untimed: list[_Window], major: list[_Window]
    ) -> NewsState:
        if not self._calendar.covers(start):
            freshness = Freshness.UNKNOWN
        elif Impact.HIGH not in self._calendar.impacts:
            freshness = Freshness.NOT_COVERED
        else:
            freshness = Freshness.FRESH
        blackout = Blackout.HIGH if high else Blackout.MEDIUM if medium else Blackout.NONE
        causes = high or medium
        cause = causes[0] if causes else None
        return NewsState(
            blackout=blackout,
            event=None if cause is None else cause.event,
            until=None if cause is None else cause.last,
            no_auto_anywhere=bool(major),
            major_event=major[0].event if major else None,
            freshness=freshness,
            untimed=tuple(window.event for window in untimed),
        )


class _Active:
    """The windows open at a moment that only moves forward."""

    __slots__ = ("_next", "_open", "_windows")

    def __init__(self, windows: list[_Window]) -> None:
        self._windows = sorted(windows, key=lambda window: window.first)
        self._next = 0
        self._open: list[_Window] = []

    def advance(self, moment: int) -> list[_Window]:
        while self._next < len(self._windows) and self._windows[self._next].first <= moment:
            self._open.append(self._windows[self._next])
            self._next += 1
        self._open = [window for window in self._open if window.last >= moment]
        return sorted(self._open, key=lambda window: window.event.time)
