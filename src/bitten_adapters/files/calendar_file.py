"""News calendars kept as CSV or JSON.

Read are the weekly export (``title, country, date, time, impact, forecast, previous``; JSON with ``date`` in ISO 8601)
and flat tables (``ts, currency, impact, event, ...`` or ``date, time_utc, currency, ...``). A row that cannot be read
is counted with its line, never guessed.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bitten_adapters.files.text_blocks import read_text
from bitten_adapters.files.time_text import NO_OFFSET, DateOrder, parse_time
from bitten_adapters.files.zone_rules import ZoneRule, utc_seconds, zone_rule
from bitten_domain.errors import InvalidInput
from bitten_domain.market.news import ANY_CURRENCY, NEWS_CURRENCIES, EventCalendar, NewsEvent
from bitten_domain.ports.news_calendar import CalendarSnapshot
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["CalendarOptions", "CalendarQuality", "FileNewsCalendar", "read_calendar"]

_DAY = 86_400
_SAMPLES = 5
_IMPACTS = {"low": Impact.LOW, "medium": Impact.MEDIUM, "moderate": Impact.MEDIUM, "high": Impact.HIGH}
_NO_IMPACT = {"holiday", "non-economic", "none", ""}
_UNTIMED = {"tentative", "all day", "day", ""}
_NAMES = {
    "title": ("title", "event", "name"),
    "currency": ("currency", "country", "ccy"),
    "impact": ("impact", "importance"),
    "moment": ("ts", "timestamp", "datetime", "time_utc_iso"),
    "date": ("date", "day"),
    "clock": ("time", "time_utc"),
    "forecast": ("forecast", "consensus"),
    "previous": ("previous", "prior"),
    "actual": ("actual",),
}
_REMEDY = "name the columns title, country, date, time, impact, forecast, previous"
# US figures that come out at 8:30 New York: they tell by which clock a calendar was written.
_HALF_PAST_EIGHT = re.compile(r"non-farm employment|unemployment claims|\bcpi m/m|\bppi m/m|retail sales m/m|gdp q/q")


@dataclass(frozen=True, slots=True)
class CalendarOptions:
    """What the user says about a calendar file; None leaves it to be found out.

    Args:
        zone: rule of its clock, see `zone_rule`; of no effect on times that carry their offset.
        covers_from, covers_to: the span it lists everything of, seconds since 1970 UTC; without it, the UTC days from
            its first to its last event.
        impacts: impacts it lists everything of; without them, those from the least it holds upwards.
        date_order: which number is the day where the year comes last; without it, as in US exports, the month leads.
        strict: whether a row that cannot be read ends the reading (else it is counted).
    """

    zone: str | None = None
    covers_from: int | None = None
    covers_to: int | None = None
    impacts: frozenset[Impact] | None = None
    date_order: DateOrder = DateOrder.MONTH_FIRST
    strict: bool = False


@dataclass(frozen=True, slots=True)
class CalendarQuality:
    """What became of a calendar file's rows: ``rows = events + duplicates + passed_over + quarantined``.

    Args:
        source: name of the file.
        rows: rows found.
        events: rows that became events.
        untimed: events whose time of day is not known; they cause no blackout.
        duplicates: rows that repeat an event (the same time, currency and title).
        passed_over: rows of no concern, by reason: other currencies, holidays.
        quarantined: rows that could not be read.
        samples: the first of them as ``file:line: what is wrong``.
        zone: rule of the clock.
        notes: what was assumed.
    """

    source: str
    rows: int
    events: int
    untimed: int = 0
    duplicates: int = 0
    passed_over: tuple[tuple[str, int], ...] = ()
    quarantined: int = 0
    samples: tuple[str, ...] = ()
    zone: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    texts: Mapping[str, str]

    def text(self, name: str) -> str:
        return self.texts.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class FileNewsCalendar:
    """A calendar file as a source of releases; it is read anew each time and does not age inside its span."""

    path: Path
    options: CalendarOptions = field(default_factory=CalendarOptions)

    def snapshot(self) -> CalendarSnapshot:
        """Read the file."""
        return CalendarSnapshot(read_calendar(self.path, self.options)[0])


def read_calendar(path: Path, options: CalendarOptions | None = None) -> tuple[EventCalendar, CalendarQuality]:
    """Read a calendar file.

    Args:
        path: CSV or JSON, gzipped or not.
        options: what is known about it.

    Raises:
        InvalidInput: it is no calendar, or none of its rows can be read, or (strict) one cannot; it names file, line
            and remedy.
        Unavailable: the file cannot be opened.
    """
    options = options or CalendarOptions()
    text = read_text(path)
    rows = list(_json_rows(path.name, text) if text.lstrip()[:1] in {"[", "{"} else _csv_rows(path.name, text))
    if not rows:
        raise InvalidInput("the calendar is empty", where=path.name, remedy=_REMEDY)
    rule, note = _clock(rows, options)
    events: dict[tuple[int, str, str], NewsEvent] = {}
    passed: Counter[str] = Counter()
    samples: list[str] = []
    duplicates = faulty = 0
    for row in rows:
        try:
            reason = _no_concern(row)
            if reason is not None:
                passed[reason] += 1
                continue
            event = _event(row, rule, options, path.name)
        except ValueError as error:
            faulty += 1
            if options.strict:
                raise InvalidInput(
                    str(error), where=f"{path.name}:{row.line}", remedy="mend or drop the row"
                ) from error
            samples.append(f"{path.name}:{row.line}: {error}")
            continue
        key = (event.time, event.currency, event.title)
        duplicates += key in events
        events.setdefault(key, event)
    if not events and faulty:
        raise InvalidInput(f"no row can be read, such as {samples[0]}", where=path.name, remedy=_REMEDY)
    ordered = tuple(sorted(events.values(), key=lambda event: (event.time, event.currency, event.title)))
    quality = CalendarQuality(
        source=path.name,
        rows=len(rows),
        events=len(ordered),
        untimed=sum(not event.time_known for event in ordered),
        duplicates=duplicates,
        passed_over=tuple(sorted(passed.items())),
        quarantined=faulty,
        samples=tuple(samples[:_SAMPLES]),
        zone=rule.name,
        notes=() if note is None else (note,),
    )
    return _calendar(path.name, ordered, options), quality


def _calendar(name: str, events: tuple[NewsEvent, ...], options: CalendarOptions) -> EventCalendar:
    impacts = options.impacts
    if impacts is None:
        order = list(Impact)
        least = min((order.index(event.impact) for event in events), default=len(order))
        impacts = frozenset(order[least:])
    first = events[0].time // _DAY * _DAY if events else 0
    last = (events[-1].time // _DAY + 1) * _DAY if events else 0
    covers_from = first if options.covers_from is None else options.covers_from
    covers_to = last if options.covers_to is None else options.covers_to
    if covers_from > covers_to:
        raise InvalidInput("the calendar's span ends before it starts", where=name, remedy="swap its two ends")
    return EventCalendar(events, covers_from, covers_to, impacts, name)


def _csv_rows(name: str, text: str) -> Iterator[_Row]:
    lines = text.splitlines()
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return
    delimiter = next((mark for mark in ("\t", ";", ",") if lines[first].count(mark) >= 3), None)
    if delimiter is None:
        raise InvalidInput("the first line names no columns of a calendar", where=f"{name}:{first + 1}", remedy=_REMEDY)
    reader = csv.reader(lines[first:], delimiter=delimiter)
    try:
        heads = next(reader)
        roles = _roles(heads, f"{name}:{first + 1}")
        for fields in reader:
            line = first + reader.line_num
            if not any(value.strip() for value in fields):
                continue
            # A short or long row keeps its place and is found faulty, or harmless, by what it then lacks.
            texts = {role: fields[at] for role, at in roles.items() if at < len(fields)}
            yield _Row(
                line, texts if len(fields) == len(heads) else {"broken": f"{len(fields)} of {len(heads)} columns"}
            )
    except csv.Error as error:
        raise InvalidInput(f"the table is broken ({error})", where=f"{name}:{first + reader.line_num}") from error


def _roles(heads: list[str], where: str) -> dict[str, int]:
    plain = [re.sub(r"[\s<>]+", "_", head.strip().lower()).strip("_") for head in heads]
    roles = {
        role: next(plain.index(name) for name in names if name in plain)
        for role, names in _NAMES.items()
        if any(name in plain for name in names)
    }
    missing = [role for role in ("title", "currency", "impact") if role not in roles]
    if "moment" not in roles and "date" not in roles:
        missing.append("date")
    if missing:
        raise InvalidInput(f"no column for {', '.join(missing)}", where=where, remedy=_REMEDY)
    return roles


def _json_rows(name: str, text: str) -> Iterator[_Row]:
    try:
        loaded: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"the JSON is broken ({error})", where=name, remedy="download it again") from error
    if not isinstance(loaded, list):
        raise InvalidInput("the JSON is not a list of events", where=name)
    for number, entry in enumerate(loaded, 1):
        if not isinstance(entry, dict):
            yield _Row(number, {"broken": "not an object"})
            continue
        plain = {str(key).lower(): "" if value is None else str(value) for key, value in entry.items()}
        yield _Row(
            number,
            {role: next((plain[key] for key in keys if key in plain), "") for role, keys in _NAMES.items()},
        )


def _clock(rows: list[_Row], options: CalendarOptions) -> tuple[ZoneRule, str | None]:
    if options.zone is not None:
        return zone_rule(options.zone), None
    clocks = {
        row.text("clock").lower().replace(" ", "")
        for row in rows
        if row.text("currency").upper() == "USD" and _HALF_PAST_EIGHT.search(row.text("title").lower())
    } - _UNTIMED
    meridian = any(re.search(r"\d[ap]m$", row.text("clock").lower()) for row in rows)
    if not meridian:
        return zone_rule("UTC"), "times without an offset taken as UTC"
    new_york, utc = "8:30am" in clocks, bool(clocks & {"12:30pm", "1:30pm"})
    if utc and not new_york:
        return zone_rule("UTC"), "times taken as UTC: US figures stand at 12:30pm or 1:30pm"
    if clocks and (utc or not new_york):
        raise InvalidInput(
            f"the calendar's clock is not known: US figures of 8:30 New York stand at {', '.join(sorted(clocks))}",
            where="zone", remedy="say the calendar's zone",
        )  # fmt: skip
    return zone_rule("America/New_York"), "times taken as New York's, as weekly exports have them"


def _no_concern(row: _Row) -> str | None:
    if "broken" in row.texts:
        raise ValueError(row.texts["broken"])
    currency = row.text("currency").upper()
    if row.text("impact").lower() in _NO_IMPACT and row.text("title"):
        return "no impact (holidays and the like)"
    if re.fullmatch(r"[A-Z]{3}", currency) and currency not in (*NEWS_CURRENCIES, ANY_CURRENCY):
        return f"currency {currency}"
    return None


def _event(row: _Row, rule: ZoneRule, options: CalendarOptions, name: str) -> NewsEvent:
    currency, title = row.text("currency").upper(), row.text("title")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValueError(f"{row.text('currency')[:20]!r} is not a currency")
    if not title:
        raise ValueError("the event has no title")
    impact = _IMPACTS.get(row.text("impact").lower().removesuffix(" impact expected"))
    if impact is None:
        raise ValueError(f"{row.text('impact')[:20]!r} is not an impact")
    time, known = _moment(row, rule, options.date_order)
    return NewsEvent(
        time, currency, impact, title, row.text("forecast"), row.text("previous"), row.text("actual"), name, known
    )  # fmt: skip


def _moment(row: _Row, rule: ZoneRule, order: DateOrder) -> tuple[int, bool]:
    moment, clock = row.text("moment") or row.text("date"), row.text("clock")
    separate = bool(row.text("date")) and not row.text("moment") and "clock" in row.texts
    whole_day = re.fullmatch(r"day \d+", clock.lower()) is not None or clock.lower() in _UNTIMED
    has_clock = ":" in moment
    if separate and whole_day and not has_clock:
        local, _ = _parsed(moment, order)
        return local, False
    text = f"{moment} {clock}" if separate and not has_clock else moment
    local, offset = _parsed(text, order)
    if offset != NO_OFFSET:
        return local - offset, True
    if ":" not in text and not re.fullmatch(r"\d{10,}", text):
        return local, False
    utc, once = utc_seconds(rule, np.array([local], dtype=np.int64))
    if not bool(once[0]):
        raise ValueError(f"{text!r} was skipped or repeated when {rule.name} changed")
    return int(utc[0]), True


def _parsed(text: str, order: DateOrder) -> tuple[int, int]:
    try:
        return parse_time(text.encode(), order)
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is not a time") from error
