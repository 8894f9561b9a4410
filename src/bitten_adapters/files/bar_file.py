"""One file of bars, whatever its layout, as domain bars with an account of its quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bitten_adapters.files.parquet_rows import is_parquet, read_parquet_rows
from bitten_adapters.files.raw_rows import RawFile, read_text_rows
from bitten_adapters.files.table_layout import BarLayout, SpreadUnit
from bitten_adapters.files.text_blocks import file_digest
from bitten_adapters.files.time_text import DateOrder
from bitten_adapters.files.zone_rules import fitting_rules, zone_rule
from bitten_domain.errors import InvalidInput
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.data_quality import (
    CleanBars,
    DataQuality,
    FaultCount,
    RowFault,
    clean,
    common_step,
    find_gaps,
    largest_move,
    merge_faults,
    widest,
)
from bitten_domain.market.resample import complete_bars

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["ReadOptions", "read_bar_file", "read_options"]

_Choice = TypeVar("_Choice")

# A wrong zone moves two or three hours of every week onto the weekend, about 2 % of all rows.
_CLOSED_SHARE = 0.01
_HOPELESS_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about files; None leaves it to be found out.

    Args:
        timeframe: bars wanted; None takes the file's own.
        layout: how the files are written.
        zone: rule of their clock, see `zone_rule`.
        date_order: which number is the day where the year comes last.
        spread_unit: what a column headed plainly ``spread`` counts in.
        strict: whether a row that is no bar, a repeated row or a row out of order ends the reading (else it is
            counted in the quality).
    """

    timeframe: Timeframe | None = Timeframe.M15
    layout: BarLayout | None = None
    zone: str | None = None
    date_order: DateOrder | None = None
    spread_unit: SpreadUnit | None = None
    strict: bool = False


def read_options(
    *,
    timeframe: str | None = "M15",
    layout: str | None = None,
    zone: str | None = None,
    date_order: str | None = None,
    spread_unit: str | None = None,
    strict: bool = False,
) -> ReadOptions:
    """Read options as a user writes them, in any case; a word that is none of the choices is InvalidInput."""
    if zone is not None:
        zone_rule(zone)
    return ReadOptions(
        _choice("timeframe", timeframe, {each.name: each for each in Timeframe}),
        _choice("layout", layout, {each.value: each for each in BarLayout}),
        zone,
        _choice("date order", date_order, {each.value.upper(): each for each in DateOrder}),
        _choice("spread unit", spread_unit, {each.value.upper(): each for each in SpreadUnit}),
        strict,
    )


def _choice(name: str, word: str | None, choices: Mapping[str, _Choice]) -> _Choice | None:
    if word is None:
        return None
    if word.upper() not in choices:
        raise InvalidInput(f"there is no {name} {word!r}", where=name, remedy=f"choose one of {', '.join(choices)}")
    return choices[word.upper()]


def read_bar_file(path: Path, symbol: str, options: ReadOptions | None = None) -> tuple[Bars, DataQuality]:
    """Read a file of bars.

    Args:
        path: CSV, gzipped CSV or Parquet.
        symbol: the pair it holds.
        options: what is known about it.

    Returns:
        Clean bars of the timeframe wanted (shorter ones are combined, with a note), and the quality of the file's own
        rows.

    Raises:
        InvalidInput: the file cannot be read as bars, or holds none that are right, or is coarser than wanted, or
            (strict) holds a row that is not right; it names file, line and remedy.
        Unavailable: the file cannot be opened.
    """
    options = options or ReadOptions()
    told = (options.zone, options.date_order, options.spread_unit)
    raw = (
        read_parquet_rows(path, symbol, *told)
        if is_parquet(path)
        else read_text_rows(path, symbol, options.layout, *told)
    )
    timeframe = _own_timeframe(path.name, raw, options.timeframe)
    cleaned = clean(raw.bars, symbol, timeframe, path.name)
    faults = merge_faults(raw.faults, cleaned.faults)
    if options.strict:
        _refuse(path.name, faults, cleaned)
    _check_clock(path.name, raw, faults, timeframe)
    if len(cleaned.bars) == 0:
        worst = max(faults, key=lambda each: each.count, default=None)
        reason = "it has no rows" if worst is None else f"all {raw.rows} rows are faulty, such as {worst.samples[0]}"
        raise InvalidInput(f"no bars could be read: {reason}", where=path.name)
    gaps = find_gaps(cleaned.bars.opened, timeframe.seconds)
    notes = raw.notes
    bars = cleaned.bars
    if options.timeframe is not None and options.timeframe is not timeframe:
        bars = complete_bars(cleaned.bars, options.timeframe)[0]
        notes = (*notes, f"{timeframe.name} bars combined into {options.timeframe.name}")
    quality = DataQuality(
        symbol=symbol,
        source=path.name,
        timeframe=timeframe,
        rows=raw.rows,
        kept=len(cleaned.bars),
        sha256=file_digest(path),
        layout=raw.layout,
        zone=raw.zone,
        quarantined=faults,
        duplicates=cleaned.duplicates,
        out_of_order=cleaned.out_of_order,
        blank_lines=raw.blank_lines,
        first=int(cleaned.bars.opened[0]),
        last=int(cleaned.bars.opened[-1]),
        gap_count=len(gaps),
        missing_bars=sum(gap.missing for gap in gaps),
        longest_gaps=widest(gaps),
        largest_move=largest_move(cleaned.bars),
        notes=notes,
    )
    return bars, quality


def _own_timeframe(name: str, raw: RawFile, wanted: Timeframe | None) -> Timeframe:
    step = common_step(raw.bars.opened)
    if step is None:
        if wanted is None:
            raise InvalidInput("one bar does not tell its length", where=name, remedy="say the timeframe")
        return wanted
    own = next((timeframe for timeframe in Timeframe if timeframe.seconds == step), None)
    if own is None:
        known = ", ".join(timeframe.name for timeframe in Timeframe)
        raise InvalidInput(
            f"bars follow each other every {step} seconds, which is no timeframe known", where=name,
            remedy=f"export one of {known}",
        )  # fmt: skip
    if wanted is not None and own.seconds > wanted.seconds:
        raise InvalidInput(
            f"the file holds {own.name} bars and {wanted.name} are wanted; longer bars cannot be split", where=name,
            remedy=f"export {wanted.name} bars, or shorter ones that divide {wanted.name}",
        )  # fmt: skip
    return own


def _refuse(name: str, faults: tuple[FaultCount, ...], cleaned: CleanBars) -> None:
    if faults:
        total = sum(each.count for each in faults)
        where, _, what = faults[0].samples[0].partition(": ")
        raise InvalidInput(
            f"{what} ({faults[0].fault.value}; {total} rows are faulty)", where=where,
            remedy="mend the row, or read without strict to leave faulty rows out and count them",
        )  # fmt: skip
    if cleaned.duplicates or cleaned.out_of_order:
        raise InvalidInput(
            f"{cleaned.duplicates} rows stand there twice and {cleaned.out_of_order} are out of order", where=name,
            remedy="sort the file by time and drop repeated rows, or read without strict",
        )  # fmt: skip


def _check_clock(name: str, raw: RawFile, faults: tuple[FaultCount, ...], timeframe: Timeframe) -> None:
    closed = next((each.count for each in faults if each.fault is RowFault.MARKET_CLOSED), 0)
    if closed <= 1 or closed <= _CLOSED_SHARE * raw.rows or timeframe.seconds > Timeframe.H1.seconds:
        return
    fits = fitting_rules(raw.local)
    if not fits and closed <= _HOPELESS_SHARE * raw.rows:
        # No clock explains them: a feed that quotes before the week opens. The rows stay left out and counted.
        return
    hint = f"these rules fit: {', '.join(fits)}" if fits else "NY+7 is what most brokers use"
    raise InvalidInput(
        f"read by the clock {raw.zone}, {closed} of {raw.rows} rows fall on the weekend, when the market is closed",
        where=name, remedy=f"say the zone of the file's clock; {hint}",
    )  # fmt: skip
