"""News: economic releases, what kind they are, and the calendar that lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from bitten_domain.errors import BrokenInvariant
from bitten_domain.vocabulary import Impact

__all__ = [
    "ANY_CURRENCY",
    "NEWS_CURRENCIES",
    "EventCalendar",
    "NewsEvent",
    "ReleaseKind",
    "graded",
    "release_kind",
]

NEWS_CURRENCIES = ("USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD")
"""Currencies whose releases count."""

ANY_CURRENCY = "ALL"
"""Stands for an event that concerns every currency, such as a meeting of oil producers."""


class ReleaseKind(Enum):
    """What a release is about, as far as a rule asks."""

    RATE_DECISION = "RATE_DECISION"
    PAYROLLS = "PAYROLLS"
    INFLATION = "INFLATION"
    GDP = "GDP"
    EMPLOYMENT = "EMPLOYMENT"
    RETAIL_SALES = "RETAIL_SALES"
    PMI = "PMI"
    OTHER = "OTHER"


# A central bank's statement comes out with its decision and often stands for it in calendars: it counts as one.
_RATE_DECISION = (
    r"\b(rate decision|rate statement|interest rate|policy rate|bank rate|cash rate|overnight rate|refinancing rate"
    r"|federal funds rate|deposit facility rate|minimum bid rate|libor rate|fomc statement|fed announcement"
    r"|monetary policy (statement|summary|assessment))\b"
)
# In this order: the first that matches names the kind.
_KINDS: tuple[tuple[ReleaseKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (ReleaseKind.RATE_DECISION, _RATE_DECISION),
        (ReleaseKind.PAYROLLS, r"^(?!.*\badp\b).*\bnon-?\s?farm\b"),
        (ReleaseKind.INFLATION, r"\b(cpi|hicp|consumer price|inflation rate)\b"),
        (ReleaseKind.GDP, r"\b(gdp|gross domestic)\b"),
        (ReleaseKind.EMPLOYMENT, r"\b(un)?employment\b|\bjobless\b|\bclaimant\b|\bpayrolls?\b|\bnon-?\s?farm\b"),
        (ReleaseKind.RETAIL_SALES, r"\bretail sales\b"),
        (ReleaseKind.PMI, r"\b(pmi|ism|purchasing managers)\b"),
    )
)


@lru_cache(maxsize=4096)
def release_kind(title: str) -> ReleaseKind:
    """Tell what a release is about from its title in English."""
    return next((kind for kind, pattern in _KINDS if pattern.search(title)), ReleaseKind.OTHER)


def graded(impact: Impact, title: str) -> Impact:
    """Raise MEDIUM to HIGH where the title names a release that moves markets; LOW and HIGH stay."""
    if impact is Impact.MEDIUM and release_kind(title) is not ReleaseKind.OTHER:
        return Impact.HIGH
    return impact


@dataclass(frozen=True, slots=True)
class NewsEvent:
    """A release or a speech.

    Args:
        time: when, seconds since 1970 UTC; the start of the UTC day when the time of day is not known.
        currency: three letters, or `ANY_CURRENCY`.
        impact: as the publisher grades it, before `graded`.
        title: the publisher's.
        forecast, previous, actual: the publisher's texts, empty where there is none.
        source: who said so; SYNTHETIC for made-up markets.
        time_known: whether ``time`` is a moment; False for "Tentative" and "All Day", which stand for a whole day.
    """

    time: int
    currency: str
    impact: Impact
    title: str
    forecast: str = ""
    previous: str = ""
    actual: str = ""
    source: str = ""
    time_known: bool = True

    @property
    def effective_impact(self) -> Impact:
        """The grade the rules go by."""
        return graded(self.impact, self.title)

    @property
    def stops_auto_everywhere(self) -> bool:
        """Say whether nothing may fire automatically around it: a rate decision or the US payrolls report.

        A decision graded LOW or MEDIUM by its publisher is raised to HIGH by its title only from MEDIUM; one graded
        LOW stays without effect.
        """
        if self.effective_impact is not Impact.HIGH:
            return False
        kind = release_kind(self.title)
        return kind is ReleaseKind.RATE_DECISION or (kind is ReleaseKind.PAYROLLS and self.currency == "USD")


@dataclass(frozen=True, slots=True)
class EventCalendar:
    """A calendar of events and what it can vouch for.

    Args:
        events: oldest first.
        covers_from, covers_to: the span it lists everything of, ``[from, to)``, seconds since 1970 UTC; equal when it
            covers nothing.
        impacts: impacts it lists; what it does not list it cannot vouch for.
        source: where it is from.
    """

    events: tuple[NewsEvent, ...]
    covers_from: int
    covers_to: int
    impacts: frozenset[Impact]
    source: str = ""

    def __post_init__(self) -> None:
        if any(a.time > b.time for a, b in zip(self.events, self.events[1:], strict=False)):
            raise BrokenInvariant("a calendar's events must be in order of time")
        if self.covers_from > self.covers_to:
            raise BrokenInvariant("a calendar's span must not end before it starts")

    def covers(self, moment: int) -> bool:
        """Say whether the moment (seconds since 1970 UTC) lies in the calendar's span."""
        return self.covers_from <= moment < self.covers_to

    @classmethod
    def empty(cls) -> EventCalendar:
        """Make the calendar of somebody who has none: it covers nothing, so every state is UNKNOWN."""
        return cls((), 0, 0, frozenset())
