"""Long inputs as text: the bars before a run, its calendar, its table of swaps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.execution.charges.swaps import SwapTable
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.news import EventCalendar
from bitten_domain.record.inputs.codec import read_as, written
from bitten_domain.record.inputs.entries import BarRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["bars_from", "bars_text", "calendar_from", "calendar_text", "row_of", "swaps_from", "swaps_text"]

_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


def row_of(bars: Bars, place: int) -> BarRow:
    """Read one bar of a column set."""
    spread = None if bars.spread_pips is None else float(bars.spread_pips[place])
    return BarRow(
        int(bars.opened[place]),
        float(bars.open[place]),
        float(bars.high[place]),
        float(bars.low[place]),
        float(bars.close[place]),
        float(bars.volume[place]),
        None if spread is None or np.isnan(spread) else spread,
    )


def bars_text(bars: Mapping[str, Bars]) -> str:
    """Write M15 bars: by symbol, whether spreads are measured, and the bars, oldest first."""
    told = {
        symbol: [each.spread_pips is not None, [list(row_of(each, place)) for place in range(len(each))]]
        for symbol, each in bars.items()
    }
    return _ENCODE(told)


def bars_from(text: str, shown: Mapping[str, Iterable[BarRow]]) -> dict[str, Bars]:
    """Read bars, and put those behind them that were shown later.

    Args:
        text: what `bars_text` wrote.
        shown: later bars by symbol, oldest first; one that was shown twice counts once.

    Raises:
        ValueError: it is no such text, or a bar is not later than all before.
    """
    told = json.loads(text)
    if not isinstance(told, dict):
        raise ValueError("they are no bars")
    made: dict[str, Bars] = {}
    for symbol, (is_measured, rows) in told.items():
        later = {row.opened: row for row in shown.get(symbol, ())}
        whole = [BarRow(*row) for row in rows] + list(later.values())
        columns = list(zip(*whole, strict=True)) or [()] * len(BarRow._fields)
        opened = np.array(columns[0], dtype=np.int64)
        if (np.diff(opened) <= 0).any():
            raise ValueError(f"the bars of {symbol} are not in order of time")
        # A spread that was not measured is NaN in the columns.
        first, high, low, close, volume, spread = (np.array(column, dtype=np.float64) for column in columns[1:])
        made[symbol] = Bars(
            symbol, Timeframe.M15, opened, first, high, low, close, volume, spread if is_measured else None
        )
    return made


def calendar_text(calendar: EventCalendar) -> str:
    """Write a calendar with what it vouches for."""
    return _ENCODE(written(calendar))


def calendar_from(text: str) -> EventCalendar:
    """Read a calendar.

    Raises:
        ValueError: it is none.
    """
    calendar = read_as(EventCalendar, json.loads(text))
    if not isinstance(calendar, EventCalendar):
        raise ValueError("it is no calendar")
    return calendar


def swaps_text(table: SwapTable) -> str:
    """Write a table of swaps."""
    return _ENCODE(written(table))


def swaps_from(text: str) -> SwapTable:
    """Read a table of swaps.

    Raises:
        ValueError: it is none.
    """
    table = read_as(SwapTable, json.loads(text))
    if not isinstance(table, SwapTable):
        raise ValueError("it is no table of swaps")
    return table
