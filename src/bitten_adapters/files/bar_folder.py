"""A folder of bar files named by pair, as a bar history."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bitten_adapters.files.bar_file import ReadOptions, read_bar_file
from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bitten_domain.market.bars import Bars
    from bitten_domain.market.data_quality import DataQuality

__all__ = ["FolderBarHistory", "load_folder"]

_SUFFIXES = (".csv", ".csv.gz", ".txt", ".txt.gz", ".tsv", ".tsv.gz", ".parquet")
_CODES = (
    "AUD|CAD|CHF|EUR|GBP|JPY|NZD|USD|CNH|CZK|DKK|HKD|HUF|ILS|MXN|NOK|PLN|SEK|SGD|THB|TRY|ZAR|XAU|XAG"
)  # fmt: skip
# The pair, then a broker's suffix, a timeframe or dates: EURUSD_M15, EURUSD.r, EURUSDm, DAT_ASCII_EURUSD_M1_2012.
_PAIR = re.compile(
    rf"(?:^|[^A-Za-z])((?:{_CODES})[_/-]?(?:{_CODES}))(?=$|[^A-Za-z]|[a-z]{{1,3}}(?:$|[^A-Za-z]))", re.ASCII
)
_PAIR_ANY_CASE = re.compile(rf"(?:^|[^a-z])((?:{_CODES})[_/-]?(?:{_CODES}))(?=$|[^a-z])", re.ASCII | re.IGNORECASE)


def _pair_of(name: str) -> str | None:
    found = _PAIR.search(name) or _PAIR_ANY_CASE.search(name)
    return None if found is None else re.sub(r"[^A-Za-z]", "", found[1]).upper()


def _bar_files(directory: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted(directory.iterdir()):
        if not path.is_file() or not path.name.lower().endswith(_SUFFIXES):
            continue
        pair = _pair_of(path.name)
        if pair is not None:
            found.setdefault(pair, []).append(path)
    return found


def _files_by_pair(directory: Path) -> dict[str, list[Path]]:
    if not directory.is_dir():
        raise InvalidInput("there is no such folder", where=str(directory), remedy="name a folder of bar files")
    found = _bar_files(directory)
    if not found:
        raise InvalidInput(
            "the folder holds no bar files", where=str(directory),
            remedy="name the files by pair, such as EURUSD.csv, EURUSD_M15.csv.gz or EURUSD.parquet",
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class FolderBarHistory:
    """Bars of a folder that holds one file for each pair.

    Args:
        directory: CSV, gzipped CSV or Parquet files named by pair; other files are passed over.
        options: what is known about all of them.
    """

    directory: Path
    options: ReadOptions = field(default_factory=ReadOptions)

    def pairs(self) -> tuple[str, ...]:
        """Name the pairs there are files of; an empty folder is InvalidInput."""
        return tuple(sorted(_files_by_pair(self.directory)))

    def has_files(self) -> bool:
        """Say whether the folder is there and holds at least one bar file."""
        return self.directory.is_dir() and bool(_bar_files(self.directory))

    def load(self, symbol: str, start: int | None = None, stop: int | None = None) -> tuple[Bars, DataQuality]:
        """Read a pair's file; two files for one pair are InvalidInput, since nobody can say which is meant."""
        found = _files_by_pair(self.directory)
        files = found.get(symbol.upper())
        if files is None:
            raise InvalidInput(
                f"the folder has no file for {symbol}", where=str(self.directory),
                remedy=f"it has {', '.join(sorted(found))}",
            )  # fmt: skip
        if len(files) > 1:
            raise InvalidInput(
                f"the folder has several files for {symbol}: {', '.join(path.name for path in files)}",
                where=str(self.directory), remedy="keep one of them in the folder",
            )  # fmt: skip
        bars, quality = read_bar_file(files[0], symbol.upper(), self.options)
        if start is not None or stop is not None:
            last = int(bars.opened[-1]) + 1 if stop is None and len(bars) else stop
            bars = bars.between(0 if start is None else start, last or 0)
        return bars, quality


def load_folder(
    directory: Path,
    pairs: Sequence[str] | None = None,
    start: int | None = None,
    stop: int | None = None,
    options: ReadOptions | None = None,
) -> Mapping[str, tuple[Bars, DataQuality]]:
    """Read the pairs of a folder.

    Args:
        directory: see `FolderBarHistory`.
        pairs: pairs wanted; None takes all there are.
        start, stop: bars that open in ``[start, stop)``, seconds since 1970 UTC; None leaves a side open.
        options: what is known about the files.

    Returns:
        Bars and quality by pair, in the order asked for.

    Raises:
        InvalidInput: a pair is missing or a file cannot be read; or a pair has no bar in the period.
    """
    history = FolderBarHistory(directory, options or ReadOptions())
    loaded: dict[str, tuple[Bars, DataQuality]] = {}
    for symbol in history.pairs() if pairs is None else pairs:
        bars, quality = history.load(symbol, start, stop)
        if len(bars) == 0:
            raise InvalidInput(
                f"no bar of {symbol} opens in the period asked for", where=quality.source,
                remedy="choose a period inside the file's",
            )  # fmt: skip
        loaded[symbol.upper()] = (bars, quality)
    return loaded
