"""Cleaning: raw rows in, bars out, every row that is left out counted under its fault.

All checks run on whole columns; only rows that fail one are looked at singly, to say what is wrong with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.clocks.fx_week import is_open
from bitten_domain.market.data_quality.account import SAMPLES, FaultCount, RowFault
from bitten_domain.market.data_quality.strays import far_from_rest, off_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["CleanBars", "RawBars", "clean", "common_step", "is_plausible_time", "merge_faults"]

# 1980-01-01 and 2100-01-01 UTC. Currencies floated only shortly before the first; a clock is not computed outside.
_FIRST_TIME = 315_532_800
_STOP_TIME = 4_102_444_800
_LOWEST_PRICE = 1e-3
_HIGHEST_PRICE = 1e6
# A wick this many times the bar's own open and close is a misplaced decimal, not a quote.
_WICK_FACTOR = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class RawBars:
    """Rows as a source gave them, in its order, times already in UTC; nothing else is promised.

    Args:
        opened: shape (n,), int64, seconds since 1970 UTC.
        open, high, low, close, volume: shape (n,), float64, anything, NaN and infinities included.
        spread_pips: shape (n,), float64, or None when the source measures none.
        line: shape (n,), int64, line of the source each row stands on, counted from 1.
    """

    opened: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    spread_pips: NDArray[np.float64] | None
    line: NDArray[np.int64]

    def __post_init__(self) -> None:
        columns = (self.open, self.high, self.low, self.close, self.volume, self.line)
        if any(len(column) != len(self.opened) for column in columns):
            raise BrokenInvariant("raw bar columns differ in length")

    def __len__(self) -> int:
        return len(self.opened)

    def rows(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> RawBars:
        """Select rows by a mask or by position, in that order."""
        return RawBars(
            self.opened[which],
            self.open[which],
            self.high[which],
            self.low[which],
            self.close[which],
            self.volume[which],
            None if self.spread_pips is None else self.spread_pips[which],
            self.line[which],
        )


@dataclass(frozen=True, slots=True, eq=False)
class CleanBars:
    """What cleaning made of raw rows: ``len(raw) = len(bars) + faults + duplicates``.

    Args:
        bars: the bars.
        faults: rows left out, by fault.
        duplicates: rows dropped because the same bar stood there already.
        out_of_order: rows that opened before their predecessor.
    """

    bars: Bars
    faults: tuple[FaultCount, ...]
    duplicates: int
    out_of_order: int


def common_step(opened: NDArray[np.int64]) -> int | None:
    """Find the most common distance between neighbouring times, in seconds; None with fewer than two times.

    Repeated times are passed over; of equally common distances the shortest counts.
    """
    steps = np.diff(opened)
    ordered = bool(np.all(steps > 0))
    if not ordered:
        steps = np.diff(np.unique(opened))
    if len(steps) == 0:
        return None
    lengths, counts = np.unique(steps, return_counts=True)
    return int(lengths[np.argmax(counts)])


def is_plausible_time(moments: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say for each moment (seconds since 1970) whether a bar may open then: in 1980 to 2099."""
    flags: NDArray[np.bool_] = (moments >= _FIRST_TIME) & (moments < _STOP_TIME)
    return flags


def clean(raw: RawBars, symbol: str, timeframe: Timeframe, where: str) -> CleanBars:
    """Check every row and make bars of those that hold.

    Args:
        raw: the rows, in any order.
        symbol: their pair.
        timeframe: length of a bar.
        where: name of the source, for the samples.

    Returns:
        Bars oldest first. A row with a fault is counted, never mended. Rows of the same time and the same content
        are one bar; rows of the same time that differ are all left out (CONFLICT), since nobody can say which is
        right. Left out too are times outside 1980 to 2099; prices outside 0.001 to 1,000,000; bars whose high is
        above twice the larger, or whose low is below half the smaller, of open and close; times off the timeframe's
        grid and bars that open while the market is closed, the latter two not for H4 and D1, whose days differ from
        source to source; and of what is left the strays (see `strays`).
    """
    prices = (raw.open, raw.high, raw.low, raw.close)
    finite = np.isfinite(raw.open) & np.isfinite(raw.high) & np.isfinite(raw.low) & np.isfinite(raw.close)
    finite &= np.isfinite(raw.volume)
    smallest = np.minimum.reduce(prices)
    largest = np.maximum.reduce(prices)
    plausible_time = is_plausible_time(raw.opened)
    checks: list[tuple[RowFault, NDArray[np.bool_]]] = [
        (RowFault.IMPLAUSIBLE_TIME, ~plausible_time),
        (RowFault.NOT_A_NUMBER, ~finite),
        (RowFault.NOT_POSITIVE, smallest <= 0.0),
        (RowFault.HIGH_BELOW_LOW, raw.high < raw.low),
        (RowFault.OUTSIDE_RANGE, (largest > raw.high) | (smallest < raw.low)),
        (RowFault.IMPLAUSIBLE_PRICE, (smallest < _LOWEST_PRICE) | (largest > _HIGHEST_PRICE) | _has_wild_wick(raw)),
        (RowFault.NEGATIVE_VOLUME, raw.volume < 0.0),
    ]
    if raw.spread_pips is not None:
        checks.append((RowFault.NEGATIVE_SPREAD, (raw.spread_pips < 0.0) | np.isinf(raw.spread_pips)))
    if timeframe.seconds <= Timeframe.H1.seconds:
        checks.append((RowFault.OFF_GRID, raw.opened % timeframe.seconds != 0))
        closed = np.zeros(len(raw), dtype=np.bool_)
        closed[plausible_time] = ~is_open(raw.opened[plausible_time])
        checks.append((RowFault.MARKET_CLOSED, closed))
    faults: list[FaultCount] = []
    good = np.ones(len(raw), dtype=np.bool_)

    def leave_out(fault: RowFault, failed: NDArray[np.bool_]) -> None:
        nonlocal good
        failed = failed & good
        if failed.any():
            faults.append(_count(fault, raw, np.flatnonzero(failed), where))
            good &= ~failed

    for fault, failed in checks:
        leave_out(fault, failed)
    # A row is a stray among rows that are sound by themselves.
    for fault in (RowFault.FAR_FROM_REST, RowFault.OFF_LEVEL):
        failed = np.zeros(len(raw), dtype=np.bool_)
        failed[good] = (
            far_from_rest(raw.opened[good])
            if fault is RowFault.FAR_FROM_REST
            else off_level(raw.opened[good], raw.low[good], raw.high[good], raw.close[good])
        )
        leave_out(fault, failed)
    out_of_order = int(np.count_nonzero(np.diff(raw.opened) < 0))
    rows = raw if not faults else raw.rows(good)
    duplicates = 0
    if len(rows) > 1 and not bool(np.all(np.diff(rows.opened) > 0)):
        rows, duplicates, conflicts = _one_per_time(rows)
        if len(conflicts):
            faults.append(_count(RowFault.CONFLICT, conflicts, np.arange(len(conflicts)), where))
    bars = Bars(
        symbol, timeframe, rows.opened, rows.open, rows.high, rows.low, rows.close, rows.volume, rows.spread_pips
    )
    return CleanBars(bars, tuple(faults), duplicates, out_of_order)


def merge_faults(*groups: Sequence[FaultCount]) -> tuple[FaultCount, ...]:
    """Add up counts of the same fault, in the order of `RowFault`, keeping the first samples."""
    merged: list[FaultCount] = []
    for fault in RowFault:
        parts = [each for group in groups for each in group if each.fault is fault]
        if parts:
            samples = tuple(sample for part in parts for sample in part.samples)[:SAMPLES]
            merged.append(FaultCount(fault, sum(part.count for part in parts), samples))
    return tuple(merged)


def _has_wild_wick(raw: RawBars) -> NDArray[np.bool_]:
    above = raw.high > _WICK_FACTOR * np.maximum(raw.open, raw.close)
    below = _WICK_FACTOR * raw.low < np.minimum(raw.open, raw.close)
    flags: NDArray[np.bool_] = above | below
    return flags


def _one_per_time(raw: RawBars) -> tuple[RawBars, int, RawBars]:
    rows = raw.rows(np.argsort(raw.opened, kind="stable"))
    same_time = rows.opened[1:] == rows.opened[:-1]
    columns = [rows.open, rows.high, rows.low, rows.close, rows.volume]
    if rows.spread_pips is not None:
        columns.append(np.nan_to_num(rows.spread_pips, nan=-1.0))
    same_row = same_time.copy()
    for column in columns:
        same_row &= column[1:] == column[:-1]
    # A time is in conflict when any two neighbours of its group differ: equal rows in a group are all equal.
    group = np.concatenate(([0], np.cumsum(~same_time)))
    differing = np.zeros(int(group[-1]) + 1, dtype=np.bool_)
    differing[group[1:][same_time & ~same_row]] = True
    in_conflict = differing[group]
    repeated = np.concatenate(([False], same_row)) & ~in_conflict
    return rows.rows(~in_conflict & ~repeated), int(np.count_nonzero(repeated)), rows.rows(in_conflict)


def _count(fault: RowFault, raw: RawBars, at: NDArray[np.intp], where: str) -> FaultCount:
    samples = tuple(f"{where}:{int(raw.line[i])}: {_explain(fault, raw, int(i))}" for i in at[:SAMPLES])
    return FaultCount(fault, len(at), samples)


def _explain(fault: RowFault, raw: RawBars, i: int) -> str:
    prices = f"open {raw.open[i]:g}, high {raw.high[i]:g}, low {raw.low[i]:g}, close {raw.close[i]:g}"
    time = str(np.datetime64(int(raw.opened[i]), "s"))
    spread = "" if raw.spread_pips is None else f"{raw.spread_pips[i]:g}"
    return {
        RowFault.IMPLAUSIBLE_TIME: f"no bar opens at {time}Z; times run from 1980 to 2099",
        RowFault.FAR_FROM_REST: f"{time}Z is more than a year from nearly all other rows",
        RowFault.NOT_A_NUMBER: f"a value is not a number ({prices}, volume {raw.volume[i]:g})",
        RowFault.NOT_POSITIVE: f"a price is zero or negative ({prices})",
        RowFault.HIGH_BELOW_LOW: f"the high is below the low ({prices})",
        RowFault.OUTSIDE_RANGE: f"open or close lies outside high and low ({prices})",
        RowFault.IMPLAUSIBLE_PRICE: f"a price is out of all proportion ({prices})",
        RowFault.OFF_LEVEL: f"the whole bar is out of proportion to the bars around it ({prices})",
        RowFault.NEGATIVE_VOLUME: f"the volume is negative ({raw.volume[i]:g})",
        RowFault.NEGATIVE_SPREAD: f"the spread is negative or infinite ({spread})",
        RowFault.OFF_GRID: f"the bar opens off the timeframe's grid ({time}Z)",
        RowFault.MARKET_CLOSED: f"the market is closed at {time}Z",
        RowFault.CONFLICT: f"another row of {time}Z says something else ({prices})",
    }[fault]
