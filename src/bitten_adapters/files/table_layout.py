"""Layouts of bar files: which column holds what, told from the first line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bitten_adapters.files.time_text import parse_time
from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BarLayout", "Columns", "SpreadUnit", "TableShape", "columns_named", "shape_of"]


class BarLayout(Enum):
    """Known ways of writing bars as text."""

    GENERIC = "GENERIC"
    METATRADER = "METATRADER"
    HISTDATA = "HISTDATA"
    DUKASCOPY = "DUKASCOPY"

    @property
    def zone(self) -> str | None:
        """Rule of the clock such files are written by; None when it differs from file to file and must be said."""
        return {"GENERIC": "UTC", "HISTDATA": "EST", "DUKASCOPY": "UTC"}.get(self.value)


class SpreadUnit(Enum):
    """What a spread column counts in; a pip is ten points."""

    POINTS = "points"
    PIPS = "pips"


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns, from 0.

    Args:
        time: one position, or two for a date and a time of day.
        open, high, low, close: bid prices.
        volume: None when the source has none.
        spread: None when the source has none, or when it is to be taken from ask prices.
        spread_unit: unit of ``spread``; None when the heading leaves it open.
        ask: positions of the ask's open and close, for sources of bid and ask bars.
    """

    time: tuple[int, ...]
    open: int
    high: int
    low: int
    close: int
    volume: int | None = None
    spread: int | None = None
    spread_unit: SpreadUnit | None = None
    ask: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class TableShape:
    """How a text file is built.

    Args:
        layout: the known way it is written in.
        columns: what stands where.
        delimiter: one byte.
        width: fields on a line.
        has_header: whether the first line names the columns.
        zone: rule of its clock as far as the file says; None when it does not.
    """

    layout: BarLayout
    columns: Columns
    delimiter: bytes
    width: int
    has_header: bool
    zone: str | None


_TIMES = (
    "datetime", "date time", "timestamp", "ts", "time", "date", "gmt time", "utc time", "local time", "time utc",
    "date utc", "open time", "opened", "time gmt",
)  # fmt: skip
_LOCAL = {"local time"}
_PRICES = {
    "open": ("open", "bid open", "o"),
    "high": ("high", "bid high", "h"),
    "low": ("low", "bid low", "l"),
    "close": ("close", "bid close", "c"),
}
_VOLUMES = ("tickvol", "tick volume", "tick vol", "ticks", "volume", "vol", "v")
_LEAST_FIELDS = 5
_REMEDY = "name the columns in a first line: time, open, high, low, close, and volume or spread_points if there are any"


def columns_named(names: Sequence[str], where: str) -> Columns:
    """Find the columns by their headings, in any case and order.

    Raises:
        InvalidInput: a time or price column is missing or stands there twice.
    """
    plain = [re.sub(r"[\s_<>()]+", " ", name.strip().strip("\"'").lower()).strip() for name in names]
    repeated = sorted({name for name in plain if name and plain.count(name) > 1})
    if repeated:
        raise InvalidInput(f"the column {repeated[0]!r} stands there twice", where=where, remedy="drop one of them")

    def position(wanted: Sequence[str]) -> int | None:
        return next((plain.index(name) for name in wanted if name in plain), None)

    if "date" in plain and "time" in plain:
        time: tuple[int, ...] = (plain.index("date"), plain.index("time"))
    else:
        single = position(_TIMES)
        time = () if single is None else (single,)
    found = {price: position(wanted) for price, wanted in _PRICES.items()}
    missing = ([] if time else ["time"]) + [price for price, at in found.items() if at is None]
    o, h, low, c = found["open"], found["high"], found["low"], found["close"]
    if not time or o is None or h is None or low is None or c is None:
        shown = ", ".join(name[:20] or "(empty)" for name in plain[:12])
        raise InvalidInput(f"no column for {', '.join(missing)} (found: {shown})", where=where, remedy=_REMEDY)
    spread, unit = position(("spread points",)), SpreadUnit.POINTS
    if spread is None:
        spread, unit = position(("spread pips",)), SpreadUnit.PIPS
    known: SpreadUnit | None = None if spread is None else unit
    if spread is None:
        spread = position(("spread",))
        # Only MetaTrader heads a plain spread with its kinds of volume, and it counts in points.
        known = SpreadUnit.POINTS if spread is not None and {"tickvol", "tick volume"} & set(plain) else None
    ask_open, ask_close = position(("ask open",)), position(("ask close",))
    ask = None if ask_open is None or ask_close is None else (ask_open, ask_close)
    return Columns(time, o, h, low, c, position(_VOLUMES), spread, known, ask)


def shape_of(line: bytes, where: str, wanted: BarLayout | None = None) -> TableShape:
    """Tell a file's layout from its first line.

    Args:
        line: the first line that is not blank, without its end.
        where: file and line, for errors.
        wanted: the layout the user says it is; None to find out.

    Raises:
        InvalidInput: it is no table of bars, or not of the layout wanted.
    """
    delimiter = next((mark for mark in (b"\t", b";", b",") if line.count(mark) >= _LEAST_FIELDS - 1), None)
    if delimiter is None:
        raise InvalidInput(
            "the first line is no table of bars (too few columns separated by comma, semicolon or tab)",
            where=where, remedy=_REMEDY,
        )  # fmt: skip
    fields = [field.strip().strip(b'"') for field in line.split(delimiter)]
    shape = _with_header(fields, delimiter, where) if _names(fields) else _without_header(fields, delimiter, where)
    if wanted is not None and wanted is not shape.layout:
        if shape.layout is not BarLayout.GENERIC and wanted is not BarLayout.GENERIC:
            raise InvalidInput(
                f"the file is laid out as {shape.layout.value}, not as {wanted.value}",
                where=where, remedy="leave the layout out to have it found",
            )  # fmt: skip
        return TableShape(wanted, shape.columns, delimiter, shape.width, shape.has_header, wanted.zone)
    return shape


def _names(fields: Sequence[bytes]) -> bool:
    return not any(_is_number(field) for field in fields)


def _is_number(field: bytes) -> bool:
    try:
        float(field.replace(b",", b"."))
    except ValueError:
        return False
    return True


def _is_time(text: bytes) -> bool:
    try:
        parse_time(text)
    except ValueError as error:
        return "told apart" in str(error)
    return True


def _with_header(fields: Sequence[bytes], delimiter: bytes, where: str) -> TableShape:
    names = [field.decode("utf-8", "replace") for field in fields]
    columns = columns_named(names, where)
    time_name = re.sub(r"[_<>]+", " ", names[columns.time[0]].lower()).strip()
    if names[0].startswith("<"):
        layout = BarLayout.METATRADER
    elif time_name in {"gmt time", "local time"}:
        layout = BarLayout.DUKASCOPY
    else:
        layout = BarLayout.GENERIC
    if layout is BarLayout.METATRADER and columns.spread is not None:
        columns = Columns(
            columns.time, columns.open, columns.high, columns.low, columns.close, columns.volume,
            columns.spread, SpreadUnit.POINTS, None,
        )  # fmt: skip
    zone = None if time_name in _LOCAL else layout.zone
    return TableShape(layout, columns, delimiter, len(fields), has_header=True, zone=zone)


def _without_header(fields: Sequence[bytes], delimiter: bytes, where: str) -> TableShape:
    width = len(fields)
    split_time = width in {7, 9} and re.fullmatch(rb"\d{4}[.]\d{2}[.]\d{2}", fields[0]) and b":" in fields[1]
    if split_time:
        spread = 8 if width == 9 else None
        unit = SpreadUnit.POINTS if width == 9 else None
        columns = Columns((0, 1), 2, 3, 4, 5, 6, spread, unit)
        return TableShape(BarLayout.METATRADER, columns, delimiter, width, has_header=False, zone=None)
    if width == 6 and re.fullmatch(rb"\d{8} \d{6}", fields[0]):
        columns = Columns((0,), 1, 2, 3, 4, 5)
        return TableShape(BarLayout.HISTDATA, columns, delimiter, width, has_header=False, zone="EST")
    if width == 6 and _is_time(fields[0]):
        raise InvalidInput("the columns have no names and their order is not known", where=where, remedy=_REMEDY)
    raise InvalidInput(f"{width} columns without names are no layout known", where=where, remedy=_REMEDY)
