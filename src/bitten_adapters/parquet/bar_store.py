"""A store of bars in Parquet files, one for each pair and month.

``<root>/M15/EURUSD/2025-03.parquet`` beside ``imports.json``, which tells where the bars came from. Each file is
replaced as a whole; an import that is cut off has stored some months and not others, and can be repeated.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_adapters.parquet.partition import SCHEMA_VERSION, read_partition, replace_file, write_partition
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.data_quality import DataQuality, find_gaps, largest_move, widest
from bitten_domain.ports.bar_store import ImportOutcome, Provenance

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["ParquetBarStore"]

_SAMPLES = 5
_IMPORTS = "imports.json"
_MONTH_FILE = re.compile(r"\d{4}-\d{2}\.parquet")


@dataclass(frozen=True, slots=True)
class ParquetBarStore:
    """Bars in Parquet files.

    Args:
        root: folder of the store; it is made by the first import.
        timeframe: which of the store's timeframes is read and written.
    """

    root: Path
    timeframe: Timeframe = Timeframe.M15

    def pairs(self) -> tuple[str, ...]:
        """Name the pairs that have at least one bar of the timeframe."""
        folder = self.root / self.timeframe.name
        if not folder.is_dir():
            return ()
        return tuple(sorted(each.name for each in folder.iterdir() if each.is_dir() and self._partitions(each.name)))

    def load(self, symbol: str, start: int | None = None, stop: int | None = None) -> tuple[Bars, DataQuality]:
        """Read a pair's bars; the quality is that of all its bars."""
        bars = self._all(symbol)
        if bars is None:
            found = ", ".join(self.pairs()) or "no pair"
            raise InvalidInput(
                f"the store has no {self.timeframe.name} bars of {symbol}", where=str(self.root),
                remedy=f"it has {found}; import the pair first",
            )  # fmt: skip
        gaps = find_gaps(bars.opened, self.timeframe.seconds)
        imports = self.provenance(symbol)
        conflicts = sum(each.conflicts for each in imports)
        quality = DataQuality(
            symbol=symbol,
            source=f"{self.root.name}/{self.timeframe.name}/{symbol}",
            timeframe=self.timeframe,
            rows=len(bars),
            kept=len(bars),
            layout="STORE",
            first=int(bars.opened[0]),
            last=int(bars.opened[-1]),
            gap_count=len(gaps),
            missing_bars=sum(gap.missing for gap in gaps),
            longest_gaps=widest(gaps),
            largest_move=largest_move(bars),
            notes=(f"{conflicts} bars were offered otherwise by later imports",) if conflicts else (),
        )
        first = int(bars.opened[0]) if start is None else start
        last = int(bars.opened[-1]) + 1 if stop is None else stop
        return bars.between(first, last), quality

    def append(self, bars: Bars, quality: DataQuality) -> ImportOutcome:
        """Add the bars that are not stored yet, month by month, then note where they came from."""
        if bars.timeframe is not self.timeframe:
            raise InvalidInput(f"the store keeps {self.timeframe.name} bars, not {bars.timeframe.name}")
        folder = self._folder(bars.symbol)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(f"{folder}: cannot be made ({error.strerror or error})") from error
        months = bars.opened.astype("datetime64[s]").astype("datetime64[M]")
        starts = np.flatnonzero(np.concatenate(([True], months[1:] != months[:-1]))) if len(bars) else np.zeros(0, int)
        stops = np.append(starts[1:], len(bars))
        added = present = 0
        conflicts: list[int] = []
        for first, stop in zip(starts.tolist(), stops.tolist(), strict=False):
            path = folder / f"{months[first]}.parquet"
            offered = bars.rows(slice(first, stop))
            new, same, differing = self._merge(path, offered)
            added, present = added + new, present + same
            conflicts.extend(differing)
        outcome = ImportOutcome(added, present, len(conflicts), tuple(conflicts[:_SAMPLES]))
        if len(bars):
            self._note(bars, quality, outcome)
        return outcome

    def provenance(self, symbol: str) -> tuple[Provenance, ...]:
        """List the imports of a pair; an import cut off before its note was written is not among them."""
        path = self._folder(symbol) / _IMPORTS
        if not path.exists():
            return ()
        where = f"{symbol}/{_IMPORTS}"
        try:
            told: object = json.loads(path.read_text("utf-8"))
            if not isinstance(told, dict) or told.get("schema") != SCHEMA_VERSION:
                raise InvalidInput("the list of imports has another schema", where=where)
            return tuple(Provenance(**each) for each in told["imports"])
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise InvalidInput(
                "the list of imports is damaged", where=where, remedy="delete it; the bars stay, their origin is lost"
            ) from error

    def _folder(self, symbol: str) -> Path:
        if not re.fullmatch(r"[A-Z]{6}", symbol):
            raise InvalidInput(f"{symbol!r} is not a pair", remedy="write it like EURUSD")
        return self.root / self.timeframe.name / symbol

    def _partitions(self, symbol: str) -> list[Path]:
        if not re.fullmatch(r"[A-Z]{6}", symbol):
            return []
        folder = self._folder(symbol)
        if not folder.is_dir():
            return []
        return sorted(path for path in folder.iterdir() if _MONTH_FILE.fullmatch(path.name))

    def _all(self, symbol: str) -> Bars | None:
        parts = [read_partition(path, symbol, self.timeframe) for path in self._partitions(symbol.upper())]
        parts = [part for part in parts if len(part)]
        if not parts:
            return None
        return _concatenated(parts)

    def _merge(self, path: Path, offered: Bars) -> tuple[int, int, list[int]]:
        if not path.exists():
            write_partition(path, offered)
            return len(offered), 0, []
        stored = read_partition(path, offered.symbol, self.timeframe)
        at = np.searchsorted(stored.opened, offered.opened)
        known = np.zeros(len(offered), dtype=np.bool_)
        inside = at < len(stored)
        known[inside] = stored.opened[at[inside]] == offered.opened[inside]
        same = known.copy()
        for old, new in zip(_columns(stored), _columns(offered), strict=True):
            same[known] &= (old[at[known]] == new[known]) | (np.isnan(old[at[known]]) & np.isnan(new[known]))
        differing = offered.opened[known & ~same].tolist()
        if not known.all():
            write_partition(path, _sorted_union(stored, offered, ~known))
        return int(np.count_nonzero(~known)), int(np.count_nonzero(same)), differing

    def _note(self, bars: Bars, quality: DataQuality, outcome: ImportOutcome) -> None:
        entry = Provenance(
            source=quality.source,
            sha256=quality.sha256,
            layout=quality.layout,
            zone=quality.zone,
            added=outcome.added,
            conflicts=outcome.conflicts,
            first=int(bars.opened[0]),
            last=int(bars.opened[-1]),
        )
        earlier = self.provenance(bars.symbol)
        if outcome.added == 0 and any(each.sha256 == entry.sha256 and each.sha256 for each in earlier):
            return
        told = {"schema": SCHEMA_VERSION, "imports": [asdict(each) for each in (*earlier, entry)]}
        text = json.dumps(told, indent=1) + "\n"
        replace_file(self._folder(bars.symbol) / _IMPORTS, lambda draft: _write(draft, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def _columns(bars: Bars) -> tuple[NDArray[np.float64], ...]:
    spread = np.full(len(bars), np.nan) if bars.spread_pips is None else bars.spread_pips
    return bars.open, bars.high, bars.low, bars.close, bars.volume, spread


def _concatenated(parts: list[Bars]) -> Bars:
    opened = np.concatenate([part.opened for part in parts])
    o, h, low, c, volume, spread = (np.concatenate(columns) for columns in zip(*map(_columns, parts), strict=True))
    measured = any(part.spread_pips is not None for part in parts)
    return Bars(parts[0].symbol, parts[0].timeframe, opened, o, h, low, c, volume, spread if measured else None)


def _sorted_union(stored: Bars, offered: Bars, wanted: NDArray[np.bool_]) -> Bars:
    opened = np.concatenate((stored.opened, offered.opened[wanted]))
    order = np.argsort(opened, kind="stable")
    o, h, low, c, volume, spread = (
        np.concatenate((old, new[wanted]))[order] for old, new in zip(_columns(stored), _columns(offered), strict=True)
    )
    measured = stored.spread_pips is not None or offered.spread_pips is not None
    return Bars(stored.symbol, stored.timeframe, opened[order], o, h, low, c, volume, spread if measured else None)
