"""Wiring: the one module that names adapters. It is imported when a command runs, never for its help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dependency_injector import containers, providers

from bitten_adapters.cryptography.signer import (
    is_signed_ed25519,
    new_key_file,
    open_key_file,
    read_public_key,
)
from bitten_adapters.entry_points.strategies import load_strategy, strategy_names
from bitten_adapters.files.anchor_publisher import FileAnchorPublisher, read_anchors
from bitten_adapters.files.bar_file import read_options
from bitten_adapters.files.bar_folder import FolderBarHistory
from bitten_adapters.files.calendar_file import CalendarOptions, FileNewsCalendar, read_calendar
from bitten_adapters.files.journal.reader import FolderJournal
from bitten_adapters.files.journal.sink import FolderJournalSink
from bitten_adapters.files.swap_file import read_swaps
from bitten_adapters.parquet.bar_store import ParquetBarStore
from bitten_adapters.synthetic.bar_history import SyntheticBarHistory
from bitten_adapters.synthetic.market import synthetic_market
from bitten_adapters.synthetic.news_calendar import SyntheticNewsCalendar
from bitten_adapters.system.clock import SystemClock
from bitten_adapters.system.dice import SystemDice
from bitten_apps.settings import load_settings
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import SwapRate, SwapTable
from bitten_domain.market.bars import Timeframe
from bitten_domain.use_cases.platform.stored_journal import StoredJournal

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.ports.unit_of_work import UnitOfWork

__all__ = ["Container", "is_bar_store"]


def _swap_table(path: Path) -> SwapTable:
    rows = read_swaps(path)
    # A number of days since 1970 is how the domain names a day.
    return SwapTable.of(
        SwapRate(row.symbol, row.day.toordinal() - _DAY_ZERO, row.long_pips, row.short_pips) for row in rows
    )


_DAY_ZERO = 719_163
"""Ordinal of 1970-01-01."""


def _no_store() -> UnitOfWork:
    raise InvalidInput("no store is set up", remedy="name an exported journal: bitten verify DIR --key FILE")


class Container(containers.DeclarativeContainer):
    """Adapters behind the ports, made on demand."""

    settings = providers.Singleton(load_settings)

    clock = providers.Singleton(SystemClock)
    dice = providers.Factory(SystemDice)

    read_options = providers.Factory(read_options)
    bar_folder = providers.Factory(FolderBarHistory)
    bar_store = providers.Factory(ParquetBarStore)
    calendar_options = providers.Factory(CalendarOptions)
    calendar_file = providers.Factory(FileNewsCalendar)
    read_calendar = providers.Callable(read_calendar)
    swap_table = providers.Callable(_swap_table)

    unit_of_work = providers.Callable(_no_store)
    stored_journal = providers.Factory(StoredJournal, unit_of_work)
    exported_journal = providers.Factory(FolderJournal)
    journal_sink = providers.Factory(FolderJournalSink)
    anchor_publisher = providers.Factory(FileAnchorPublisher)
    read_anchors = providers.Callable(read_anchors)
    new_anchor_key = providers.Callable(new_key_file)
    anchor_signer = providers.Callable(open_key_file)
    public_key = providers.Callable(read_public_key)
    is_signed = providers.Object(is_signed_ed25519)

    synthetic_market = providers.Callable(synthetic_market)
    synthetic_bars = providers.Factory(SyntheticBarHistory)
    synthetic_calendar = providers.Factory(SyntheticNewsCalendar)

    strategy_names = providers.Callable(strategy_names)
    load_strategy = providers.Callable(load_strategy)


def is_bar_store(path: Path) -> bool:
    """Say whether a folder is a bar store: it has folders named by timeframe."""
    return any((path / timeframe.name).is_dir() for timeframe in Timeframe)
