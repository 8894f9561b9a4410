"""Bars and calendars for a run, read through the container with progress on standard error."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_apps.cli.command_parser import nearest
from bitten_apps.container import Container, is_bar_store
from bitten_domain.errors import InvalidInput
from bitten_domain.market.news import EventCalendar
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.values import TEN_PAIRS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bitten_apps.cli.run_options import Period
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.data_quality import DataQuality
    from bitten_domain.ports.bar_history import BarHistory

__all__ = ["MarketData", "load_market", "load_news", "open_history"]


@dataclass(frozen=True, slots=True)
class MarketData:
    """What a run reads.

    Args:
        bars: M15 bars by symbol, in the documented order of the pairs.
        qualities: what became of each source.
        source: what a person calls them.
        notes: what a reader of the results should know, such as pairs left out.
    """

    bars: Mapping[str, Bars]
    qualities: tuple[DataQuality, ...]
    source: str
    notes: tuple[str, ...] = ()


def open_history(arguments: argparse.Namespace) -> tuple[BarHistory, str]:
    """Open the folder or store a command names, or else the settings, and say what a person calls it.

    Raises:
        InvalidInput: no folder is named, or an option about its files cannot be.
    """
    settings = Container.settings()
    directory = arguments.data or settings.data
    if directory is None:
        raise InvalidInput(
            "no data is named", where="--data", remedy="name a folder of bar files, or run `bitten demo`"
        )
    options = Container.read_options(
        layout=arguments.layout,
        zone=arguments.zone or settings.zone,
        date_order=arguments.date_order,
        spread_unit=arguments.spread_unit,
    )
    history: BarHistory
    history = Container.bar_store(directory) if is_bar_store(directory) else Container.bar_folder(directory, options)
    return history, f"bars of {directory}"


def load_market(arguments: argparse.Namespace, period: Period) -> MarketData:
    """Read the pairs a command asks for.

    Raises:
        InvalidInput: a pair is not one of the ten or is not there, or there is no bar in the period.
    """
    history, source = open_history(arguments)
    there = history.pairs()
    wanted = _wanted(arguments.pairs, there)
    bars: dict[str, Bars] = {}
    qualities: list[DataQuality] = []
    empty: list[DataQuality] = []
    for symbol in _with_progress(wanted, "reading bars"):
        loaded, quality = history.load(symbol, period.load_from, period.stop)
        traded = period.start is None or (len(loaded) > 0 and int(loaded.closed[-1]) >= period.start)
        if len(loaded) and traded:
            bars[symbol] = loaded
            qualities.append(quality)
        else:
            empty.append(quality)
    if not bars or (empty and arguments.pairs):
        lacking = ", ".join(quality.symbol for quality in empty)
        raise InvalidInput(
            f"no bar of {lacking} lies in the period", where="--from, --to", remedy=f"the data has {_span(empty)}"
        )
    notes = tuple(f"{quality.symbol} has no bar in the period and is left out" for quality in empty)
    missing = [symbol for symbol in TEN_PAIRS if symbol not in there]
    if missing and not arguments.pairs:
        notes = (*notes, f"no file of {', '.join(missing)}")
    return MarketData(bars, tuple(qualities), source, notes)


def load_news(arguments: argparse.Namespace) -> tuple[NewsCalendarView, tuple[str, ...]]:
    """Read the calendar a command names, or else the settings; without one, it covers nothing.

    Returns:
        The calendar, and notes on what was left out of it or assumed.
    """
    path = arguments.news or Container.settings().news
    if path is None:
        return NewsCalendarView(EventCalendar.empty()), ()
    calendar, quality = Container.read_calendar(path, Container.calendar_options(zone=arguments.news_zone))
    notes = list(quality.notes)
    if quality.quarantined:
        notes.append(f"{quality.quarantined} of {quality.rows} calendar rows left out, such as {quality.samples[0]}")
    return NewsCalendarView(calendar), tuple(notes)


def _wanted(asked: Sequence[str] | None, there: Sequence[str]) -> tuple[str, ...]:
    if not asked:
        wanted = tuple(symbol for symbol in TEN_PAIRS if symbol in there)
        if not wanted:
            raise InvalidInput(
                f"none of the ten pairs is there, only {', '.join(there) or 'nothing'}",
                where="--data",
                remedy=f"bring files of {', '.join(TEN_PAIRS)}",
            )
        return wanted
    names = [name for word in asked for name in word.split(",") if name]
    for name in names:
        if name not in TEN_PAIRS:
            raise InvalidInput(
                f"{name} is not one of the ten pairs{nearest(name, TEN_PAIRS)}",
                where="--pairs",
                remedy=f"choose from {', '.join(TEN_PAIRS)}",
            )
    if not names:
        raise InvalidInput("no pair is named", where="--pairs", remedy=f"choose from {', '.join(TEN_PAIRS)}")
    return tuple(symbol for symbol in TEN_PAIRS if symbol in names)


def _span(qualities: Iterable[DataQuality]) -> str:
    import numpy as np

    from bitten_domain.market.clocks.fx_week import trading_day

    known = [quality for quality in qualities if quality.first is not None and quality.last is not None]
    if not known:
        return "no bars"
    first, last = min(q.first or 0 for q in known), max(q.last or 0 for q in known)
    days = trading_day(np.array([first, last], dtype=np.int64)).astype("datetime64[D]")
    return f"trading days {days[0]} to {days[1]}"


def _with_progress(items: Sequence[str], what: str) -> Iterator[str]:
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description=what, console=Console(stderr=True), transient=True)
