"""Rows of a single Parquet file as raw bar columns in UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_adapters.files.raw_rows import RawFile, in_utc, pip_size, spread_in_pips
from bitten_adapters.files.table_layout import SpreadUnit, columns_named
from bitten_adapters.files.text_column import column_of
from bitten_adapters.files.time_text import NO_OFFSET, parse_times
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.market.data_quality import RawBars

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bitten_adapters.files.time_text import DateOrder

__all__ = ["is_parquet", "read_parquet_rows"]

_MAGIC = b"PAR1"
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def is_parquet(path: Path) -> bool:
    """Say whether a file is Parquet, by its first bytes or, where there are none, by its name."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError:
        return False
    return start == _MAGIC or path.suffix.lower() == ".parquet"


def read_parquet_rows(
    path: Path, symbol: str, zone: str | None, date_order: DateOrder | None, spread_unit: SpreadUnit | None
) -> RawFile:
    """Read the rows of a Parquet file; arguments as in `ReadOptions`. A row's line is its number, from 1.

    Raises:
        InvalidInput: the file is damaged or its columns are no bars.
        Unavailable: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise Unavailable(f"{path.name}: Parquet needs pyarrow (pip install 'bitten[parquet]')") from error
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InvalidInput(
            "the Parquet file is damaged or cut off", where=path.name, remedy="write or download it again"
        ) from error
    columns = columns_named(list(table.column_names), path.name)
    if columns.spread is not None and columns.spread_unit is None and spread_unit is None:
        raise InvalidInput(
            "a column named 'spread' may count pips or points", where=path.name,
            remedy="name it spread_pips or spread_points, or say the spread's unit",
        )  # fmt: skip
    n = int(table.num_rows)
    if n == 0:
        raise InvalidInput("the file holds no bars: it has no rows", where=path.name)

    def number_column(position: int) -> NDArray[np.float64]:
        try:
            values = table.column(position).cast(pa.float64()).to_numpy()
        except pa.ArrowException as error:
            raise InvalidInput(
                f"the column {table.column_names[position]!r} does not hold numbers", where=path.name
            ) from error
        return np.array(values, dtype=np.float64)

    time = table.column(columns.time[0])
    offset = np.full(n, NO_OFFSET, dtype=np.int64)
    valid = np.ones(n, dtype=np.bool_)
    if pa.types.is_timestamp(time.type) and len(columns.time) == 1:
        count = np.array(time.cast(pa.int64()).fill_null(pa.scalar(0, pa.int64())), dtype=np.int64)
        per_second = _PER_SECOND[time.type.unit]
        local = count // per_second
        valid = (count % per_second == 0) & np.array(time.is_valid(), dtype=np.bool_)
        if time.type.tz is not None:
            offset[:] = 0
    else:
        texts = [str(text).encode() for text in time.to_pylist()]
        if len(columns.time) == 2:
            clock = table.column(columns.time[1]).to_pylist()
            texts = [date + b" " + str(at).encode() for date, at in zip(texts, clock, strict=True)]
        read = parse_times(column_of(texts), date_order)
        local, offset, valid = read.local, read.offset, read.valid
    if not valid.all():
        row = int(np.argmax(~valid)) + 1
        raise InvalidInput("the time is missing or broken", where=f"{path.name}:{row}", remedy="write whole seconds")
    line = np.arange(1, n + 1, dtype=np.int64)
    opened, once, rule = in_utc(path.name, local, offset, line, zone, "UTC")
    if not once.all():
        row = int(np.argmax(~once)) + 1
        raise InvalidInput(f"the time was skipped or repeated when {rule} changed", where=f"{path.name}:{row}")
    notes: tuple[str, ...] = ()
    o, h, low, c = (number_column(at) for at in (columns.open, columns.high, columns.low, columns.close))
    spread: NDArray[np.float64] | None = None
    if columns.spread is not None:
        spread = spread_in_pips(number_column(columns.spread), columns.spread_unit or spread_unit or SpreadUnit.POINTS)
    elif columns.ask is not None:
        mean = ((number_column(columns.ask[0]) - o) + (number_column(columns.ask[1]) - c)) / 2.0 / pip_size(symbol)
        spread = np.where(mean >= 0.0, mean, np.nan)
        notes = ("spread measured as the mean of ask - bid at open and close",)
    if columns.volume is None:
        volume = np.zeros(n)
        notes = (*notes, "no volume in the file; it counts as 0")
    else:
        volume = number_column(columns.volume)
    return RawFile(RawBars(opened, o, h, low, c, volume, spread, line), local, n, (), 0, "PARQUET", rule, notes)
