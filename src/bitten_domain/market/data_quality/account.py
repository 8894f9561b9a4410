"""Data quality: what a source of bars held, what was left out of it and why, and where it has holes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.clocks.fx_week import is_open, open_seconds, trading_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars, Timeframe

__all__ = [
    "SAMPLES",
    "DataQuality",
    "FaultCount",
    "Gap",
    "RowFault",
    "find_gaps",
    "is_holiday",
    "largest_move",
    "widest",
]

SAMPLES = 5
"""How many rows of each fault are named; the rest are only counted."""

_WIDEST_LISTED = 10
_SLOTS_AT_ONCE = 65_536


class RowFault(Enum):
    """Why a row is not a bar; a row is counted once, under the first that applies."""

    COLUMNS = "COLUMNS"
    NOT_A_TIME = "NOT_A_TIME"
    NO_SUCH_TIME = "NO_SUCH_TIME"
    IMPLAUSIBLE_TIME = "IMPLAUSIBLE_TIME"
    FAR_FROM_REST = "FAR_FROM_REST"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_POSITIVE = "NOT_POSITIVE"
    HIGH_BELOW_LOW = "HIGH_BELOW_LOW"
    OUTSIDE_RANGE = "OUTSIDE_RANGE"
    IMPLAUSIBLE_PRICE = "IMPLAUSIBLE_PRICE"
    OFF_LEVEL = "OFF_LEVEL"
    NEGATIVE_VOLUME = "NEGATIVE_VOLUME"
    NEGATIVE_SPREAD = "NEGATIVE_SPREAD"
    OFF_GRID = "OFF_GRID"
    MARKET_CLOSED = "MARKET_CLOSED"
    CONFLICT = "CONFLICT"


@dataclass(frozen=True, slots=True)
class FaultCount:
    """Rows left out for one fault.

    Args:
        fault: why.
        count: how many, >= 1.
        samples: the first `SAMPLES` of them as ``file:line: what is wrong``.
    """

    fault: RowFault
    count: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole inside the open week.

    Args:
        start: when the first missing bar would have opened, seconds since 1970 UTC.
        stop: when the next bar opened, seconds since 1970 UTC.
        missing: bars the market was open for between the two, holidays left out, >= 1.
    """

    start: int
    stop: int
    missing: int


@dataclass(frozen=True, slots=True)
class DataQuality:
    """What became of one source of bars; nothing is left out without being counted here.

    Args:
        symbol: the pair.
        source: name of the file, or of the store.
        sha256: digest of the source as stored, hex; empty when there is no single file.
        layout: how the source was written, such as ``METATRADER``.
        zone: rule by which its clock was read, such as ``UTC`` or ``NY+7``.
        timeframe: length of the source's own bars.
        rows: rows found, headers and blank lines not counted.
        kept: rows that became bars (before any resampling or selection of a period).
        quarantined: rows left out, by fault.
        duplicates: rows dropped because the same bar stood there already.
        out_of_order: rows that opened before their predecessor; they were sorted in.
        blank_lines: empty lines passed over.
        first, last: opening time of the first and last bar kept, seconds since 1970 UTC; None without bars.
        gap_count: holes inside the open week.
        missing_bars: bars missing in them.
        longest_gaps: the widest holes, widest first, at most ten.
        largest_move: largest absolute close-to-close return, as a fraction; reported, never a reason to drop a row.
        notes: what else a reader of the results should know (assumptions, resampling).
    """

    symbol: str
    source: str
    timeframe: Timeframe
    rows: int
    kept: int
    sha256: str = ""
    layout: str = ""
    zone: str = "UTC"
    quarantined: tuple[FaultCount, ...] = ()
    duplicates: int = 0
    out_of_order: int = 0
    blank_lines: int = 0
    first: int | None = None
    last: int | None = None
    gap_count: int = 0
    missing_bars: int = 0
    longest_gaps: tuple[Gap, ...] = ()
    largest_move: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def quarantined_rows(self) -> int:
        """Rows left out for any fault."""
        return sum(each.count for each in self.quarantined)

    @property
    def longest_gap(self) -> Gap | None:
        """The widest hole; None when there is none."""
        return self.longest_gaps[0] if self.longest_gaps else None

    @property
    def is_clean(self) -> bool:
        """Say whether every row became a bar, in order and once (holes do not count: feeds have them)."""
        return not (self.quarantined or self.duplicates or self.out_of_order)


def is_holiday(moments: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say for each moment whether its trading day is 25 December or 1 January, when spot FX hardly quotes."""
    days = trading_day(moments).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    month = months.astype(np.int64) % 12
    day = (days - months).astype(np.int64)
    flags: NDArray[np.bool_] = ((month == 11) & (day == 24)) | ((month == 0) & (day == 0))
    return flags


def find_gaps(opened: NDArray[np.int64], step_seconds: int) -> tuple[Gap, ...]:
    """Find the holes between bars, oldest first.

    Args:
        opened: shape (n,), opening times, strictly increasing, seconds since 1970 UTC.
        step_seconds: length of a bar, at most a day.

    Returns:
        A gap for each pair of neighbours between which at least one bar is missing while the market was open. The
        weekend is no gap; a hole of nothing but 25 December or 1 January is none either.
    """
    if len(opened) < 2:
        return ()
    wide = np.flatnonzero(np.diff(opened) > step_seconds)
    if len(wide) == 0:
        return ()
    starts, stops = opened[wide] + step_seconds, opened[wide + 1]
    inside = open_seconds(stops) > open_seconds(starts)
    gaps: list[Gap] = []
    for start, stop in zip(starts[inside].tolist(), stops[inside].tolist(), strict=True):
        missing = _open_slots(start, stop, step_seconds)
        if missing:
            gaps.append(Gap(start, stop, missing))
    return tuple(gaps)


def _open_slots(start: int, stop: int, step: int) -> int:
    """Count the bars of a span for which the market was open, a stretch at a time: a span may last for decades."""
    count = 0
    for first in range(start, stop, step * _SLOTS_AT_ONCE):
        slots = np.arange(first, min(stop, first + step * _SLOTS_AT_ONCE), step, dtype=np.int64)
        count += int(np.count_nonzero(is_open(slots) & ~is_holiday(slots)))
    return count


def widest(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Pick the ten widest holes, widest first, the older of equals first."""
    return tuple(sorted(gaps, key=lambda gap: (-gap.missing, gap.start))[:_WIDEST_LISTED])


def largest_move(bars: Bars) -> float:
    """Find the largest absolute return from one close to the next, as a fraction; 0 with fewer than two bars."""
    if len(bars) < 2:
        return 0.0
    return float(np.max(np.abs(bars.close[1:] / bars.close[:-1] - 1.0)))
