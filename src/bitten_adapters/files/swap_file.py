"""Swap tables kept as CSV: ``date, pair, long_pips, short_pips``."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from bitten_adapters.files.text_blocks import read_text
from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SwapRow", "read_swaps"]

_COLUMNS = ("date", "pair", "long_pips", "short_pips")
_WIDEST_PIPS = Decimal(100)


@dataclass(frozen=True, slots=True)
class SwapRow:
    """What holding one night costs or earns from a day on.

    Args:
        day: first trading day it holds for.
        symbol: the pair.
        long_pips, short_pips: pips a night credited (positive) or charged (negative) to each side.
    """

    day: date
    symbol: str
    long_pips: Decimal
    short_pips: Decimal


def read_swaps(path: Path) -> tuple[SwapRow, ...]:
    """Read a swap table, by pair and day.

    Raises:
        InvalidInput: a column is missing, or a row cannot be read, is repeated or is beyond 100 pips; a table of money
            is never read in part.
    """
    lines = read_text(path).splitlines()
    reader = csv.reader(lines)
    rows: dict[tuple[str, date], SwapRow] = {}
    heads = [head.strip().lower() for head in next(reader, [])]
    missing = [name for name in _COLUMNS if name not in heads]
    if missing:
        raise InvalidInput(
            f"no column for {', '.join(missing)}",
            where=f"{path.name}:1",
            remedy=f"name the columns {', '.join(_COLUMNS)}",
        )
    for fields in reader:
        if not any(value.strip() for value in fields):
            continue
        where = f"{path.name}:{reader.line_num}"
        if len(fields) != len(heads):
            raise InvalidInput(f"{len(fields)} columns where the file has {len(heads)}", where=where)
        row = _row({head: value.strip() for head, value in zip(heads, fields, strict=True)}, where)
        if (row.symbol, row.day) in rows:
            raise InvalidInput(f"{row.symbol} has two rows for {row.day}", where=where, remedy="keep one of them")
        rows[row.symbol, row.day] = row
    return tuple(rows[key] for key in sorted(rows))


def _row(texts: dict[str, str], where: str) -> SwapRow:
    symbol = texts["pair"].upper().replace("/", "")
    if not re.fullmatch(r"[A-Z]{6}", symbol):
        raise InvalidInput(f"{texts['pair']!r} is not a pair", where=where, remedy="write it like EURUSD")
    try:
        day = date.fromisoformat(texts["date"])
    except ValueError as error:
        raise InvalidInput(f"{texts['date']!r} is not a date", where=where, remedy="write it as YYYY-MM-DD") from error
    return SwapRow(day, symbol, _pips(texts["long_pips"], where), _pips(texts["short_pips"], where))


def _pips(text: str, where: str) -> Decimal:
    try:
        pips = Decimal(text)
    except InvalidOperation as error:
        raise InvalidInput(f"{text!r} is not a number", where=where) from error
    if not pips.is_finite() or abs(pips) > _WIDEST_PIPS:
        raise InvalidInput(f"{text} pips a night is no swap", where=where, remedy="swaps are given in pips, not points")
    return pips
