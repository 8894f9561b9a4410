"""``bitten data import | check | list``: recorded bars in, looked at, told.

Exit codes: 0 all is well, 1 rows were left out or contradict the store, 2 a source cannot be used.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Sequence

    from bitten_domain.market.data_quality import DataQuality
    from bitten_domain.ports.bar_history import BarHistory

__all__ = ["BAD_INPUT", "PROBLEMS", "register"]

PROBLEMS = 1
"""Exit code when rows were left out or contradict the store."""

BAD_INPUT = 2
"""Exit code when a source cannot be used at all."""

_Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Line:
    symbol: str
    text: str
    told: _Json
    code: int


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``data`` and its commands; each sets ``run``: parsed arguments in, exit code out."""
    data = subparsers.add_parser("data", help="import, check and list recorded bars")
    commands = data.add_subparsers(dest="data_command", required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="read bar files and say what is wrong with them")
    check.add_argument("directory", type=Path, help="folder of CSV, csv.gz or Parquet files named by pair")
    _add_reading(check)
    check.set_defaults(run=_check)

    take = commands.add_parser("import", help="add bar files to a Parquet store")
    take.add_argument("directory", type=Path, help="folder of CSV, csv.gz or Parquet files named by pair")
    take.add_argument("store", type=Path, help="folder of the store; made when it is not there")
    _add_reading(take)
    take.set_defaults(run=_import)

    show = commands.add_parser("list", help="list the bars of a folder or a store")
    show.add_argument("directory", type=Path, help="folder of bar files, or a store")
    _add_reading(show)
    show.set_defaults(run=_list)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pairs", nargs="+", metavar="PAIR", help="only these pairs")
    parser.add_argument("--timeframe", default="M15", help="bars wanted (default M15); shorter ones are combined")
    parser.add_argument("--layout", help="generic, metatrader, histdata or dukascopy; found out when left out")
    parser.add_argument("--zone", help="clock of the files: UTC, UTC+2, EST, NY+7, EU+2 or an IANA zone")
    parser.add_argument("--date-order", choices=("dmy", "mdy"), help="which number of 05/04/2024 is the day")
    parser.add_argument("--spread-unit", choices=("points", "pips"), help="unit of a column headed 'spread'")
    parser.add_argument("--strict", action="store_true", help="end at the first faulty row instead of counting it")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _check(arguments: argparse.Namespace) -> int:
    from bitten_domain.use_cases.data.check_bars import CheckBars, CheckBarsCommand

    def one(history: BarHistory, symbol: str) -> _Line:
        result = asyncio.run(CheckBars(history)(CheckBarsCommand(symbol)))
        told = _told(result.quality) | {"problems": list(result.problems)}
        return _Line(symbol, _text(result.quality), told, PROBLEMS if result.problems else 0)

    return _each_pair(arguments, one)


def _import(arguments: argparse.Namespace) -> int:
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput
    from bitten_domain.market.bars import Timeframe
    from bitten_domain.use_cases.data.import_bars import ImportBars, ImportBarsCommand

    try:
        _check_store(arguments.directory, arguments.store)
    except InvalidInput as error:
        return _tell(arguments, [_failed("", error)])

    def one(history: BarHistory, symbol: str) -> _Line:
        store = Container.bar_store(arguments.store, Timeframe[arguments.timeframe.upper()])
        result = asyncio.run(ImportBars(history, store)(ImportBarsCommand(symbol)))
        outcome = result.outcome
        told = _told(result.quality) | {
            "added": outcome.added,
            "present": outcome.present,
            "conflicts": outcome.conflicts,
            "conflict_samples": [_iso(each) for each in outcome.conflict_samples],
        }
        text = f"{outcome.added} added, {outcome.present} there already, {outcome.conflicts} in conflict"
        return _Line(symbol, f"{text}; {_text(result.quality)}", told, 0 if result.is_clean else PROBLEMS)

    return _each_pair(arguments, one)


def _check_store(source: Path, store: Path) -> None:
    """Refuse a store among bar files: its folders would turn the source into a store to every later reader."""
    from bitten_apps.container import Container
    from bitten_domain.errors import InvalidInput

    remedy = "name a folder of its own for the store"
    if store.resolve().is_relative_to(source.resolve()):
        raise InvalidInput(
            f"the store cannot be the source folder {source} or lie inside it", where=str(store), remedy=remedy
        )
    if Container.bar_folder(store).has_files():
        raise InvalidInput("the folder for the store already holds bar files", where=str(store), remedy=remedy)


def _list(arguments: argparse.Namespace) -> int:
    from bitten_domain.use_cases.data.list_bars import ListBars, ListBarsCommand

    def one(history: BarHistory, symbol: str) -> _Line:
        (quality,) = asyncio.run(ListBars(history)(ListBarsCommand((symbol,))))
        return _Line(symbol, _text(quality), _told(quality), 0)

    return _each_pair(arguments, one)


def _open(arguments: argparse.Namespace) -> BarHistory:
    from bitten_apps.container import Container, is_bar_store
    from bitten_domain.market.bars import Timeframe

    options = Container.read_options(
        timeframe=arguments.timeframe,
        layout=arguments.layout,
        zone=arguments.zone,
        date_order=arguments.date_order,
        spread_unit=arguments.spread_unit,
        strict=arguments.strict,
    )
    history: BarHistory
    if is_bar_store(arguments.directory):
        history = Container.bar_store(arguments.directory, options.timeframe or Timeframe.M15)
    else:
        history = Container.bar_folder(arguments.directory, options)
    return history


def _each_pair(arguments: argparse.Namespace, one: Callable[[BarHistory, str], _Line]) -> int:
    """Do one pair after the other; a pair that cannot be read is told and the others still get their turn."""
    from bitten_domain.errors import BittenError

    try:
        history = _open(arguments)
        symbols = [pair.upper() for pair in arguments.pairs] if arguments.pairs else list(history.pairs())
    except BittenError as error:
        return _tell(arguments, [_failed("", error)])
    lines: list[_Line] = []
    for symbol in _with_progress(symbols, shown=not arguments.json):
        try:
            lines.append(one(history, symbol))
        except BittenError as error:
            lines.append(_failed(symbol, error))
    return _tell(arguments, lines)


def _failed(symbol: str, error: Exception) -> _Line:
    return _Line(symbol, f"ERROR {error}", {"symbol": symbol, "error": str(error)}, BAD_INPUT)


def _with_progress(symbols: Sequence[str], *, shown: bool) -> Iterator[str]:
    if not shown or not sys.stderr.isatty():
        yield from symbols
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(symbols, description="reading", console=Console(stderr=True), transient=True)


def _tell(arguments: argparse.Namespace, lines: Sequence[_Line]) -> int:
    code = max((line.code for line in lines), default=0)
    if arguments.json:
        print(json.dumps({"exit_code": code, "pairs": [line.told for line in lines]}, indent=1))
        return code
    for line in lines:
        prefix = f"{line.symbol}: " if line.symbol else ""
        print(f"{prefix}{line.text}", file=sys.stderr if line.code == BAD_INPUT else sys.stdout)
        for problem in _problems(line):
            print(f"  {problem}")
    if not lines:
        print("no bars")
    return code


def _problems(line: _Line) -> list[str]:
    told = line.told.get("quarantined", [])
    if not isinstance(told, list):
        return []
    return [f"{each['count']} x {each['fault']}, such as {each['samples'][0]}" for each in told]


def _iso(moment: int | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(quality: DataQuality) -> str:
    parts = [
        f"{quality.kept} {quality.timeframe.name} bars, {_iso(quality.first)} to {_iso(quality.last)}",
        f"{quality.layout}, clock {quality.zone}",
        f"{quality.quarantined_rows} rows left out",
    ]
    if quality.duplicates or quality.out_of_order:
        parts.append(f"{quality.duplicates} repeated, {quality.out_of_order} out of order")
    longest = quality.longest_gap
    if longest is None:
        parts.append("no gaps")
    else:
        parts.append(f"{quality.gap_count} gaps, the widest {longest.missing} bars from {_iso(longest.start)}")
    return "; ".join((*parts, *quality.notes))


def _told(quality: DataQuality) -> _Json:
    return {
        "symbol": quality.symbol,
        "source": quality.source,
        "sha256": quality.sha256,
        "layout": quality.layout,
        "zone": quality.zone,
        "timeframe": quality.timeframe.name,
        "rows": quality.rows,
        "bars": quality.kept,
        "first": _iso(quality.first),
        "last": _iso(quality.last),
        "quarantined": [
            {"fault": each.fault.value, "count": each.count, "samples": list(each.samples)}
            for each in quality.quarantined
        ],
        "duplicates": quality.duplicates,
        "out_of_order": quality.out_of_order,
        "blank_lines": quality.blank_lines,
        "gaps": quality.gap_count,
        "missing_bars": quality.missing_bars,
        "longest_gaps": [
            {"from": _iso(gap.start), "to": _iso(gap.stop), "missing": gap.missing} for gap in quality.longest_gaps
        ],
        "largest_move_pct": round(quality.largest_move * 100.0, 4),
        "notes": list(quality.notes),
    }
