"""One partition: the bars of a pair in one month, as a Parquet file that is replaced as a whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.market.bars import Bars

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from bitten_domain.market.bars import Timeframe

__all__ = ["SCHEMA_VERSION", "read_partition", "replace_file", "write_partition"]

SCHEMA_VERSION = "1"

_COLUMNS = ("open", "high", "low", "close", "volume")
_REMEDY = "delete it and import its month again"


def replace_file(path: Path, write: Callable[[Path], None]) -> None:
    """Replace a file so that a reader, or a crash at any moment, finds the old content or the new, never a mix.

    Args:
        path: the file; its folder must exist.
        write: writes the new content to the path it is given.
    """
    draft = path.with_name(path.name + ".draft")
    write(draft)
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    draft.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_partition(path: Path, bars: Bars) -> None:
    """Write bars to a partition, replacing what it held; prices and volumes are kept bit for bit."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise _missing() from error
    spread = np.full(len(bars), np.nan) if bars.spread_pips is None else bars.spread_pips
    metadata = {"schema": SCHEMA_VERSION, "symbol": bars.symbol, "timeframe": bars.timeframe.name}
    table = pa.table(
        {
            "ts": pa.array(bars.opened * 1000, type=pa.int64()).cast(pa.timestamp("ms", tz="UTC")),
            "open": pa.array(bars.open, type=pa.float64()),
            "high": pa.array(bars.high, type=pa.float64()),
            "low": pa.array(bars.low, type=pa.float64()),
            "close": pa.array(bars.close, type=pa.float64()),
            "volume": pa.array(bars.volume, type=pa.float64()),
            "spread_pips": pa.array(spread, type=pa.float64(), from_pandas=True),
        }
    ).replace_schema_metadata(metadata)
    try:
        replace_file(path, lambda draft: pq.write_table(table, draft, compression="zstd"))
    except OSError as error:
        raise Unavailable(f"{path.name}: cannot be written ({error.strerror or error})") from error


def read_partition(path: Path, symbol: str, timeframe: Timeframe) -> Bars:
    """Read a partition.

    Raises:
        InvalidInput: the file is damaged, of another pair or timeframe, or of another schema version.
        Unavailable: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise _missing() from error
    where = f"{path.parent.name}/{path.name}"
    try:
        # Opened here: given a path, pyarrow would read the folders above it as partition keys.
        with path.open("rb") as file:
            table = pq.read_table(file)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InvalidInput("the partition is damaged", where=where, remedy=_REMEDY) from error
    metadata = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
    if metadata.get("schema") != SCHEMA_VERSION:
        raise InvalidInput(
            f"the partition has schema {metadata.get('schema', 'none')}, this program reads {SCHEMA_VERSION}",
            where=where, remedy=_REMEDY,
        )  # fmt: skip
    if metadata.get("symbol") != symbol or metadata.get("timeframe") != timeframe.name:
        raise InvalidInput("the partition holds bars of another pair or timeframe", where=where, remedy=_REMEDY)

    def column(name: str) -> NDArray[np.float64]:
        return np.array(table.column(name).cast(pa.float64()).to_numpy(), dtype=np.float64)

    opened = np.array(table.column("ts").cast(pa.int64()).to_numpy(), dtype=np.int64) // 1000
    o, h, low, c, volume = (column(name) for name in _COLUMNS)
    spread = column("spread_pips")
    return Bars(symbol, timeframe, opened, o, h, low, c, volume, None if np.isnan(spread).all() else spread)


def _missing() -> Unavailable:
    return Unavailable("the bar store needs pyarrow (pip install 'bitten[parquet]')")
