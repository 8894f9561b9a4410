"""Rows of a text file as raw bar columns in UTC; what cannot be read is counted, what is ambiguous is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bitten_adapters.files.table_columns import Fields, split_block
from bitten_adapters.files.table_layout import BarLayout, SpreadUnit, TableShape, shape_of
from bitten_adapters.files.text_blocks import read_blocks
from bitten_adapters.files.text_column import numbers
from bitten_adapters.files.time_text import NO_OFFSET, DateOrder, date_order_of, parse_times
from bitten_adapters.files.zone_rules import UTC_RULE, fitting_rules, utc_seconds, zone_rule
from bitten_domain.errors import InvalidInput
from bitten_domain.market.data_quality import SAMPLES, FaultCount, RawBars, RowFault
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["RawFile", "in_utc", "pip_size", "read_text_rows", "spread_in_pips"]

_POINTS_PER_PIP = 10.0
_HOUR = 3_600
_ZONE_REMEDY = "say the zone: NY+7 (most brokers), EU+2, UTC, UTC+2, EST or an IANA zone"


@dataclass(frozen=True, slots=True, eq=False)
class RawFile:
    """A file's rows before they are checked.

    Args:
        bars: rows whose texts could be read, times in UTC.
        local: shape (n,), the same rows' times on the file's own clock.
        rows: rows found, those that could not be read included.
        faults: rows that could not be read.
        blank_lines: lines with nothing on them.
        layout: how the file is written.
        zone: rule of its clock.
        notes: what was assumed.
    """

    bars: RawBars
    local: NDArray[np.int64]
    rows: int
    faults: tuple[FaultCount, ...]
    blank_lines: int
    layout: str
    zone: str
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    name: str
    count: dict[RowFault, int] = field(default_factory=dict)
    samples: dict[RowFault, list[str]] = field(default_factory=dict)

    def add(self, fault: RowFault, line: int, what: str) -> None:
        self.count[fault] = self.count.get(fault, 0) + 1
        samples = self.samples.setdefault(fault, [])
        if len(samples) < SAMPLES:
            samples.append(f"{self.name}:{line}: {what}")

    def faults(self) -> tuple[FaultCount, ...]:
        return tuple(FaultCount(fault, n, tuple(self.samples[fault])) for fault, n in self.count.items())


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    local: NDArray[np.int64]
    offset: NDArray[np.int64]
    line: NDArray[np.int64]
    values: NDArray[np.float64]


def pip_size(symbol: str) -> float:
    """Look up a pip in price; a pair outside the table has 0.01 in yen and 0.0001 otherwise."""
    known = INSTRUMENTS.get(symbol)
    if known is not None:
        return float(known.pip)
    return 0.01 if symbol.endswith("JPY") else 0.0001


def spread_in_pips(spread: NDArray[np.float64], unit: SpreadUnit) -> NDArray[np.float64]:
    """Convert a spread column to pips."""
    return spread / _POINTS_PER_PIP if unit is SpreadUnit.POINTS else spread


def read_text_rows(
    path: Path,
    symbol: str,
    layout: BarLayout | None,
    zone: str | None,
    date_order: DateOrder | None,
    spread_unit: SpreadUnit | None,
) -> RawFile:
    """Read the rows of a text file; arguments as in `ReadOptions`.

    Raises:
        InvalidInput: it is no table of bars; or its columns, dates, clock or spread can be read in two ways.
    """
    name = path.name
    tally = _Tally(name)
    parts: list[_Part] = []
    shape: TableShape | None = None
    next_line = 1
    blank = misfits = 0
    for block in read_blocks(path):
        if shape is None:
            skipped = len(block) - len(block.lstrip(b"\n"))
            blank += skipped
            block, next_line = block[skipped:], next_line + skipped
            if not block:
                continue
            head = block[: block.index(b"\n")]
            shape = shape_of(head, f"{name}:{next_line}", layout)
            _check_spread(shape, spread_unit, f"{name}:{next_line}")
            if shape.has_header:
                block, next_line = block[len(head) + 1 :], next_line + 1
        if not block:
            continue
        if _decimal_commas(block, shape):
            block = block.replace(b",", b".")
        fields = split_block(block, shape.delimiter, shape.width, next_line, name)
        next_line += fields.lines
        blank += fields.blank
        misfits += len(fields.misfits)
        for line, found in fields.misfits:
            tally.add(RowFault.COLUMNS, line, f"{found} columns where the file has {shape.width}")
        if len(fields.line):
            date_order = date_order or _date_order(fields, shape, name)
            parts.append(_read_fields(fields, shape, date_order, tally))
    if shape is None:
        raise InvalidInput("the file is empty", where=name, remedy="export the bars again")
    if not parts:
        reason = "no row has the columns of the first line" if misfits else "it has a header and no rows"
        raise InvalidInput(f"the file holds no bars: {reason}", where=name, remedy="export the bars again")
    return _assemble(symbol, shape, parts, zone, spread_unit, tally, blank)


def _decimal_commas(block: bytes, shape: TableShape) -> bool:
    if shape.delimiter == b"," or b"," not in block:
        return False
    fields = block.split(b"\n", 1)[0].split(shape.delimiter)
    return len(fields) > shape.columns.open and b"," in fields[shape.columns.open]


def _check_spread(shape: TableShape, told: SpreadUnit | None, where: str) -> None:
    if shape.columns.spread is not None and shape.columns.spread_unit is None and told is None:
        raise InvalidInput(
            "a column headed 'spread' may count pips or points", where=where,
            remedy="head it spread_pips or spread_points, or say the spread's unit",
        )  # fmt: skip


def _date_order(fields: Fields, shape: TableShape, name: str) -> DateOrder | None:
    asked, order = date_order_of(fields.columns[shape.columns.time[0]])
    if asked and order is None:
        sample = fields.columns[shape.columns.time[0]][0].decode("utf-8", "replace")
        raise InvalidInput(
            f"day and month cannot be told apart in dates such as {sample}", where=f"{name}:{fields.line[0]}",
            remedy="say the date order, dmy or mdy, or write dates as YYYY-MM-DD",
        )  # fmt: skip
    return order


def _read_fields(fields: Fields, shape: TableShape, order: DateOrder | None, tally: _Tally) -> _Part:
    columns = shape.columns
    texts = fields.columns[columns.time[0]]
    if len(columns.time) == 2:
        texts = texts.joined(fields.columns[columns.time[1]])
    times = parse_times(texts, order)
    wanted = [columns.open, columns.high, columns.low, columns.close]
    values: list[NDArray[np.float64]] = []
    good = times.valid.copy()
    plain_columns: list[tuple[int, NDArray[np.bool_]]] = []
    for position in (*wanted, columns.volume, columns.spread, *(columns.ask or ())):
        if position is None:
            continue
        column, plain = numbers(fields.columns[position], empty_is_unmeasured=position == columns.spread)
        values.append(column)
        plain_columns.append((position, plain))
        good &= plain
    for i in np.flatnonzero(~good).tolist():
        line = int(fields.line[i])
        if not times.valid[i]:
            tally.add(RowFault.NOT_A_TIME, line, f"{_shown(texts[i])} is not a time")
        else:
            position = next(at for at, plain in plain_columns if not bool(plain[i]))
            tally.add(RowFault.NOT_A_NUMBER, line, f"{_shown(fields.columns[position][i])} is not a number")
    table = np.stack(values)
    if good.all():
        return _Part(times.local, times.offset, fields.line, table)
    return _Part(times.local[good], times.offset[good], fields.line[good], table[:, good])


def _shown(text: bytes) -> str:
    return repr(text[:40].decode("utf-8", "replace"))


def _assemble(
    symbol: str,
    shape: TableShape,
    parts: list[_Part],
    zone: str | None,
    spread_unit: SpreadUnit | None,
    tally: _Tally,
    blank: int,
) -> RawFile:
    local = np.concatenate([part.local for part in parts])
    line = np.concatenate([part.line for part in parts])
    offset = np.concatenate([part.offset for part in parts])
    table = np.concatenate([part.values for part in parts], axis=1)
    rows = len(local) + sum(tally.count.values())
    notes: list[str] = []
    opened, once, rule_name = in_utc(tally.name, local, offset, line, zone, shape.zone)
    columns = shape.columns
    following = iter(table[4:])
    if columns.volume is None:
        volume = np.zeros(len(local))
        notes.append("no volume in the file; it counts as 0")
    else:
        volume = next(following)
    spread: NDArray[np.float64] | None = None
    if columns.spread is not None:
        spread = spread_in_pips(next(following), columns.spread_unit or spread_unit or SpreadUnit.POINTS)
    elif columns.ask is not None:
        mean = ((next(following) - table[0]) + (next(following) - table[3])) / 2.0 / pip_size(symbol)
        # Crossed quotes measure no spread.
        spread = np.where(mean >= 0.0, mean, np.nan)
        notes.append("spread measured as the mean of ask - bid at open and close")
    bars = RawBars(opened, table[0], table[1], table[2], table[3], volume, spread, line)
    if not once.all():
        for i in np.flatnonzero(~once).tolist():
            time = np.datetime64(int(local[i]), "s")
            tally.add(RowFault.NO_SUCH_TIME, int(line[i]), f"{time} was skipped or repeated when {rule_name} changed")
        bars, local = bars.rows(once), local[once]
    return RawFile(bars, local, rows, tally.faults(), blank, shape.layout.value, rule_name, tuple(notes))


def in_utc(
    name: str,
    local: NDArray[np.int64],
    offset: NDArray[np.int64],
    line: NDArray[np.int64],
    told: str | None,
    assumed: str | None,
) -> tuple[NDArray[np.int64], NDArray[np.bool_], str]:
    """Turn a file's times into UTC.

    Args:
        name: the file, for errors.
        local, offset, line: shape (n,), see `TimeColumn`, and each row's line.
        told: zone rule the user gave.
        assumed: zone rule of the layout; None when it has none.

    Returns:
        Times in UTC, whether each happened exactly once, and the rule's name.

    Raises:
        InvalidInput: rows of several clocks are mixed, or the clock is not known.
    """
    bare = offset == NO_OFFSET
    if bare.all():
        if told is None and assumed is None:
            fits = fitting_rules(local)
            hint = f"; these fit its weeks: {', '.join(fits)}" if fits else ""
            raise InvalidInput(
                "the file does not say which clock it was written by", where=name, remedy=_ZONE_REMEDY + hint
            )
        rule = zone_rule(told or assumed or UTC_RULE.name)
        utc, once = utc_seconds(rule, local)
        return utc, once, rule.name
    if bare.any():
        first_bare, first_zoned = int(line[np.argmax(bare)]), int(line[np.argmax(~bare)])
        raise InvalidInput(
            f"line {first_zoned} gives its zone and line {first_bare} does not", where=name,
            remedy="write all times by one clock",
        )  # fmt: skip
    offsets = np.unique(offset)
    # Local time with its offset written out changes by an hour twice a year; anything else is a mix of sources.
    if len(offsets) > 2 or int(offsets[-1] - offsets[0]) > _HOUR:
        odd = int(line[np.argmax(offset != offset[0])])
        raise InvalidInput(
            f"times of different zones are mixed (line {odd} differs from line {int(line[0])})", where=name,
            remedy="write all times by one clock",
        )  # fmt: skip
    return local - offset, np.ones(len(local), dtype=np.bool_), "UTC" if not offsets.any() else "offsets in the file"
