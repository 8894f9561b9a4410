"""Times as text: the date forms bar files use, read as whole columns.

The first value of a column fixes where its digits stand; every row written the same way is read by arithmetic on the
bytes. Rows written differently are read one by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_adapters.files.text_column import TextColumn

__all__ = ["NO_OFFSET", "DateOrder", "TimeColumn", "date_order_of", "parse_time", "parse_times"]

NO_OFFSET = -(10**9)
"""Stands in an offset column where the text gave none."""


class DateOrder(Enum):
    """Which of the first two numbers of ``05/04/2024`` is the day."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True, eq=False)
class TimeColumn:
    """Times read off text; every array has shape (n,).

    Args:
        local: int64, seconds since 1970-01-01 00:00 on the text's own clock.
        offset: int64, that clock's offset from UTC in seconds where the text gave one, else `NO_OFFSET`.
        valid: whether the text is a time at all.
    """

    local: NDArray[np.int64]
    offset: NDArray[np.int64]
    valid: NDArray[np.bool_]


_CLOCK = rb"(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
_OFFSET = rb"(?P<offset>Z| ?(?:UTC|GMT)| ?(?:UTC|GMT)?[+-]\d{2}:?\d{2})?"
_FORMS = (
    re.compile(
        rb"(?P<y>\d{4})(?P<sep>[-./])(?P<mo>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?:[T ] ?" + _CLOCK + rb")?" + _OFFSET
    ),
    re.compile(rb"(?P<p>\d{1,2})(?P<sep>[-./])(?P<q>\d{1,2})(?P=sep)(?P<y>\d{4})(?:[T ] ?" + _CLOCK + rb")?" + _OFFSET),
    re.compile(
        rb"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})(?:[T ]?(?P<h>\d{2}):?(?P<mi>\d{2})(?::?(?P<s>\d{2}))?(?P<f>\.0+)?)?"
        + _OFFSET
    ),
)
_EPOCH = re.compile(rb"(\d{10}|\d{13}|\d{16}|\d{19})(?:\.0+)?")
_ZERO = np.uint8(ord("0"))
_EPOCH_UNIT = {10: 1, 13: 1_000, 16: 1_000_000, 19: 1_000_000_000}


def _offset_seconds(text: bytes | None) -> int:
    if text is None:
        return NO_OFFSET
    digits = re.sub(rb"[^0-9+-]", b"", text)
    if not digits:
        return 0
    sign = -1 if digits.startswith(b"-") else 1
    return sign * (int(digits[1:3]) * 3600 + int(digits[3:5]) * 60)


def _match(text: bytes) -> re.Match[bytes] | None:
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is not None:
            return found
    return None


def parse_time(text: bytes, order: DateOrder | None = None) -> tuple[int, int]:
    """Read one time.

    Args:
        text: such as ``2025-02-16T22:00:00Z``, ``2012.01.02 00:00``, ``20120201 000000``, ``16.02.2025 22:00``,
            ``2/16/2025 10:00 PM`` or seconds, milli-, micro- or nanoseconds since 1970.
        order: which number is the day where the year comes last; dots mean day first anyway.

    Returns:
        Seconds since 1970 on the text's clock, and its offset from UTC (`NO_OFFSET` when the text gives none).

    Raises:
        ValueError: it is no time, or its day and month cannot be told apart, or it has a broken second.
    """
    text = text.strip()
    epoch = _EPOCH.fullmatch(text)
    if epoch is not None:
        count, unit = int(epoch[1]), _EPOCH_UNIT[len(epoch[1])]
        if count % unit:
            raise ValueError("a bar opens on a whole second")
        return count // unit, 0
    found = _match(text)
    if found is None:
        raise ValueError("not a time")
    part = found.groupdict()
    if "p" in part:
        day_first = part["sep"] == b"." or order is DateOrder.DAY_FIRST
        if not day_first and order is None:
            raise ValueError("day and month cannot be told apart")
        day, month = (part["p"], part["q"]) if day_first else (part["q"], part["p"])
    else:
        day, month = part["d"], part["mo"]
    if part.get("f") and part["f"].strip(b".0"):
        raise ValueError("a bar opens on a whole second")
    hour = int(part["h"] or 0)
    half = part.get("half")
    if half is not None:
        if not 1 <= hour <= 12:
            raise ValueError("not an hour of a twelve-hour clock")
        hour = hour % 12 + (12 if half in b"Pp" else 0)
    moment = datetime(int(part["y"]), int(month), int(day), hour, int(part["mi"] or 0), int(part["s"] or 0), tzinfo=UTC)
    return int(moment.timestamp()), _offset_seconds(part["offset"])


def date_order_of(column: TextColumn) -> tuple[bool, DateOrder | None]:
    """Find out which number is the day, from dates whose year comes last.

    Returns:
        Whether the question arises at all, and the answer; None when no date has a number above 12 to tell by, or
        when dates contradict each other.
    """
    first = next((match for match in (_match(column[i]) for i in range(len(column))) if match is not None), None)
    if first is None or "p" not in first.groupdict() or first["sep"] == b".":
        return False, None
    day_first = month_first = False
    for text in column.texts():
        parts = re.split(rb"[-/ T]", text.strip(), maxsplit=2)
        if len(parts) >= 2 and parts[0].isdigit() and parts[1].isdigit():
            day_first |= int(parts[0]) > 12
            month_first |= int(parts[1]) > 12
    if day_first == month_first:
        return True, None
    return True, DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def parse_times(texts: TextColumn, order: DateOrder | None = None) -> TimeColumn:
    """Read a column of times; what is none is marked, not raised. ``order`` as in `parse_time`."""
    n = len(texts)
    local = np.zeros(n, dtype=np.int64)
    offset = np.full(n, NO_OFFSET, dtype=np.int64)
    valid = np.zeros(n, dtype=np.bool_)
    if n == 0:
        return TimeColumn(local, offset, valid)
    sample = next((texts[i] for i in range(n) if _match(texts[i]) is not None), None)
    found = None if sample is None else _match(sample)
    if sample is not None and found is not None and found.groupdict().get("half") is None:
        _read_alike(texts, sample, found, order, local, offset, valid)
    for i in np.flatnonzero(~valid).tolist():
        try:
            local[i], offset[i] = parse_time(texts[i], order)
        except ValueError:
            continue
        valid[i] = True
    return TimeColumn(local, offset, valid)


def _read_alike(
    texts: TextColumn,
    sample: bytes,
    found: re.Match[bytes],
    order: DateOrder | None,
    local: NDArray[np.int64],
    offset: NDArray[np.int64],
    valid: NDArray[np.bool_],
) -> None:
    chars = texts.chars()
    width = len(chars)
    names = found.groupdict()
    spans = {name: found.span(name) for name in names if names[name] is not None and name not in {"sep", "offset"}}
    year_last = "p" in spans
    if year_last and names["sep"] != b"." and order is None:
        return
    is_digit_place = np.zeros(width, dtype=np.bool_)
    for name, (first, stop) in spans.items():
        if name != "f":
            is_digit_place[first:stop] = True
    alike = texts.length == len(sample)
    for place in range(len(sample)):
        if is_digit_place[place]:
            alike &= chars[place] - _ZERO < 10
        else:
            alike &= chars[place] == sample[place]
    if "f" in spans and sample[slice(*spans["f"])].strip(b".0"):
        return

    def number(name: str) -> NDArray[np.int64]:
        value = np.zeros(len(texts), dtype=np.int64)
        if name in spans:
            for place in range(*spans[name]):
                value = value * 10 + (chars[place] - _ZERO)
        return value

    day_name, month_name = ("d", "mo")
    if year_last:
        day_first = names["sep"] == b"." or order is DateOrder.DAY_FIRST
        day_name, month_name = ("p", "q") if day_first else ("q", "p")
    year, month, day = number("y"), number(month_name), number(day_name)
    hour, minute, second = number("h"), number("mi"), number("s")
    alike &= (month >= 1) & (month <= 12) & (hour < 24) & (minute < 60) & (second < 60) & (year >= 1900)
    # Rows that do not hold are given a harmless date, so that the arithmetic below stays in range for all.
    year, month, day = np.where(alike, year, 1970), np.where(alike, month, 1), np.where(alike, day, 1)
    months = (year - 1970) * 12 + (month - 1)
    first_of_month = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    first_of_next = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    alike &= (day >= 1) & (day <= first_of_next - first_of_month)
    seconds = (first_of_month + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
    local[alike] = seconds[alike]
    offset[alike] = _offset_seconds(names["offset"])
    valid[alike] = True
