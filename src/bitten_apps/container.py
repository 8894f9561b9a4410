"""Wiring: the one module that names adapters. It is imported when a command runs, never for its help."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from dependency_injector import containers, providers

from bitten_adapters.console.notifier import ConsoleNotifier
from bitten_adapters.cryptography.blind_index import index_of, new_index_file, open_index_file
from bitten_adapters.cryptography.secret_file import read_secret, write_new_secret
from bitten_adapters.cryptography.signer import (
    is_signed_ed25519,
    new_key_file,
    open_key_file,
    read_public_key,
)
from bitten_adapters.cryptography.vault import FileKeyring, new_vault_file, open_vault_file, vault_of
from bitten_adapters.entry_points.strategies import load_strategy, strategy_names
from bitten_adapters.files.anchor_publisher import FileAnchorPublisher, read_anchors
from bitten_adapters.files.bar_file import read_options
from bitten_adapters.files.bar_folder import FolderBarHistory
from bitten_adapters.files.calendar_file import CalendarOptions, FileNewsCalendar, read_calendar
from bitten_adapters.files.education.syllabus_files import read_syllabus
from bitten_adapters.files.game.game_data import FileGameData
from bitten_adapters.files.inputs.log import FolderInputLog
from bitten_adapters.files.inputs.recording import FolderRecording
from bitten_adapters.files.journal.reader import FolderJournal
from bitten_adapters.files.journal.sink import FolderJournalSink
from bitten_adapters.files.privacy.erasure_list import FileErasureList
from bitten_adapters.files.privacy.export_shelf import FolderExportShelf
from bitten_adapters.files.privacy.zip_archive import zip_archive
from bitten_adapters.files.swap_file import read_swaps
from bitten_adapters.local_gateway.gateway_file import FilePayments
from bitten_adapters.local_gateway.wire import GATEWAY, LocalEventReader
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import FileLedger, MemoryLedger, read_ledger
from bitten_adapters.parquet.bar_store import ParquetBarStore
from bitten_adapters.replay.clock import ReplayClock
from bitten_adapters.synthetic.bar_history import SyntheticBarHistory
from bitten_adapters.synthetic.market import synthetic_market
from bitten_adapters.synthetic.news_calendar import SyntheticNewsCalendar
from bitten_adapters.system.clock import SystemClock
from bitten_adapters.system.dice import SystemDice
from bitten_adapters.system.identity import SystemIdentity
from bitten_adapters.system.salt import os_salt
from bitten_adapters.system.tokens import os_token
from bitten_adapters.system.zones import zone_names
from bitten_apps.settings import load_settings
from bitten_apps.store import SchemaStanding, home_folder, store_name, store_url
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.execution import SwapRate, SwapTable
from bitten_domain.market.bars import Timeframe
from bitten_domain.membership.education import RISK_COURSE
from bitten_domain.membership.privacy import ConsentPurpose
from bitten_domain.use_cases.choices.live_gate import LiveGate
from bitten_domain.use_cases.game.game_rules import GameRules
from bitten_domain.use_cases.platform.stored_journal import StoredJournal
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TypeVar

    from bitten_apps.settings import Settings
    from bitten_apps.store import Store
    from bitten_domain.membership.education import Course
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.membership.person_data import PersonDataSource
    from bitten_domain.ports.membership.privacy_files import ErasureList, ExportShelf, Scrub
    from bitten_domain.ports.membership.vault import BlindIndex, Vault
    from bitten_domain.ports.signer import Signer

    K = TypeVar("K")

__all__ = ["INDEX_FILE", "VAULT_FILE", "Container", "LocalGateway", "is_bar_store"]

VAULT_FILE, INDEX_FILE = "vault.keys", "index.key"
GATEWAY_FILE, GATEWAY_KEY = "local-gateway.json", "local-gateway.key"
"""Names of the files of a home folder that hold keys, and the local gateway's books."""


class LocalGateway(NamedTuple):
    """The local gateway, which moves no real money.

    Args:
        name: its name in events.
        payments: the gateway, with its customers and banks.
        reader: reads its events.
    """

    name: str
    payments: FilePayments
    reader: LocalEventReader


def _swap_table(path: Path) -> SwapTable:
    rows = read_swaps(path)
    # A number of days since 1970 is how the domain names a day.
    return SwapTable.of(
        SwapRate(row.symbol, row.day.toordinal() - _DAY_ZERO, row.long_pips, row.short_pips) for row in rows
    )


_SECRET_BYTES = 32
_DAY_ZERO = 719_163
"""Ordinal of 1970-01-01."""


def _unit_of_work(settings: Settings) -> Store:
    if settings.database_url is None:
        # Imported here: the technology of a store takes longer to load than most commands run.
        from bitten_adapters.sql.schema import upgrade

        home_folder(settings)
        # The embedded store is this program's own; nobody else would bring it up to date.
        with _in_one_line(settings):
            upgrade(store_url(settings))
    return _existing_store(settings)


def _existing_store(settings: Settings) -> Store:
    from bitten_adapters.sql.opening import open_store
    from bitten_adapters.sql.schema import newest_revision, revision_of

    _require_store(settings, "run `bitten run` first")
    url = store_url(settings)
    with _in_one_line(settings):
        if revision_of(url) != newest_revision():
            raise InvalidInput(
                "the store's tables are not this version's",
                where=store_name(settings),
                remedy="run `bitten db upgrade`",
            )
        return open_store(url, INSTRUMENTS, os_salt)


def _upgraded_schema(settings: Settings) -> SchemaStanding:
    from bitten_adapters.sql.schema import upgrade

    if settings.database_url is None:
        home_folder(settings)
    with _in_one_line(settings):
        upgrade(store_url(settings))
    return _schema_standing(settings)


def _schema_standing(settings: Settings) -> SchemaStanding:
    from bitten_adapters.sql.schema import differences, newest_revision, revision_of

    _require_store(settings, "run `bitten run` or `bitten db upgrade` first")
    url = store_url(settings)
    with _in_one_line(settings):
        return SchemaStanding(revision_of(url), newest_revision(), differences(url))


def _require_store(settings: Settings, remedy: str) -> None:
    # Opening a file of SQLite makes it; what only looks must not.
    if settings.database_url is None and not settings.store_file.is_file():
        raise InvalidInput("there is no store yet", where=str(settings.store_file), remedy=remedy)


@contextmanager
def _in_one_line(settings: Settings) -> Iterator[None]:
    """Turn what the store's technology raises into this program's errors, on one line and without the secret."""
    from alembic.util import CommandError
    from sqlalchemy.exc import ArgumentError, SQLAlchemyError

    name = store_name(settings)
    try:
        yield
    except Unavailable as error:
        raise Unavailable(f"{name}: {_without_secret(settings, str(error))}") from None
    except CommandError:
        raise InvalidInput(
            "the store's tables are of a version this one does not know", where=name, remedy="use the newer version"
        ) from None
    except ModuleNotFoundError:
        raise InvalidInput(
            "PostgreSQL needs a driver that is not installed", where=name, remedy="pip install 'bitten[postgres]'"
        ) from None
    except (ArgumentError, ValueError):
        raise InvalidInput(
            "the store's address cannot be read", where="database_url", remedy="write postgresql://user@host/database"
        ) from None
    except SQLAlchemyError as error:
        cause = _without_secret(settings, str(getattr(error, "orig", None) or type(error).__name__))
        raise InvalidInput(
            f"the store cannot be used: {cause}", where=name, remedy="restore it from a backup"
        ) from None


def _without_secret(settings: Settings, text: str) -> str:
    from sqlalchemy.engine import make_url

    line = " ".join(text.split())
    secret = None if settings.database_url is None else make_url(store_url(settings)).password
    return line.replace(str(secret), "***") if secret else line


def _anchor_signer(settings: Settings) -> Signer:
    home_folder(settings)
    path = settings.home / "anchors.key"
    return open_key_file(path) if path.exists() else new_key_file(path)


def _vault(settings: Settings) -> Vault:
    if settings.vault_keys is not None:
        return vault_of(settings.vault_keys.get_secret_value(), "BITTEN_VAULT_KEYS")
    return _of_file(settings, VAULT_FILE, open_vault_file, new_vault_file)


def _blind_index(settings: Settings) -> BlindIndex:
    if settings.index_key is not None:
        return index_of(settings.index_key.get_secret_value(), "BITTEN_INDEX_KEY")
    return _of_file(settings, INDEX_FILE, open_index_file, new_index_file)


def _of_file(settings: Settings, name: str, opened: Callable[[Path], K], made: Callable[[Path], K]) -> K:
    """Take keys of a file of the home folder, which is made when keys are first needed."""
    home_folder(settings)
    path = settings.home / name
    return opened(path) if path.exists() else made(path)


def _keyring(settings: Settings) -> FileKeyring:
    if settings.vault_keys is not None:
        raise InvalidInput(
            "the keys are not in a file", where="BITTEN_VAULT_KEYS", remedy="add the new key there, behind the others"
        )
    _vault(settings)  # The file is made where there is none yet.
    return FileKeyring(settings.home / VAULT_FILE)


def _erasure_list(settings: Settings) -> ErasureList:
    # Beside the store it belongs to: another store in the same folder has other people.
    if settings.database_url is None:
        return FileErasureList(settings.store_file.with_name(settings.store_file.name + ".erasures"))
    home_folder(settings)
    return FileErasureList(settings.home / "postgresql.erasures")


def _export_shelf(settings: Settings) -> ExportShelf:
    return FolderExportShelf(settings.home / "exports")


def _person_data(settings: Settings) -> PersonDataSource:
    from bitten_adapters.sql.privacy.person_data import SqlPersonData

    return SqlPersonData(store_url(settings))


def _scrub(settings: Settings) -> Scrub:
    from bitten_adapters.sql.privacy.scrub import SqlScrub

    return SqlScrub(store_url(settings))


def _local_gateway(settings: Settings, clock: Clock) -> LocalGateway:
    home_folder(settings)
    key = settings.home / GATEWAY_KEY
    if not key.exists():
        write_new_secret(key, os.urandom(_SECRET_BYTES).hex().encode() + b"\n")
    return _opened_gateway(settings, clock)


def _used_gateway(settings: Settings, clock: Clock) -> LocalGateway | None:
    # Whoever only listens makes none.
    is_there = (settings.home / GATEWAY_KEY).exists() and (settings.home / GATEWAY_FILE).exists()
    return _opened_gateway(settings, clock) if is_there else None


def _opened_gateway(settings: Settings, clock: Clock) -> LocalGateway:
    key = settings.home / GATEWAY_KEY
    try:
        secret = bytes.fromhex(read_secret(key).decode("ascii"))
    except ValueError as error:
        raise InvalidInput("the file holds no key", where=str(key), remedy="restore it from its backup") from error
    payments = FilePayments(settings.home / GATEWAY_FILE, clock, SystemDice(), SystemIdentity(), secret)
    return LocalGateway(GATEWAY, payments, LocalEventReader(secret))


def _risk_course() -> Course:
    course = Container.syllabus().course(RISK_COURSE)
    if course is None:
        raise InvalidInput(f"there is no course {RISK_COURSE}", where="courses", remedy="reinstall the package")
    return course


def _game_rules() -> GameRules:
    return GameRules(FileGameData().catalogue(), Container.syllabus())


def _live_gate() -> LiveGate:
    text = Container.syllabus().text(ConsentPurpose.LIVE_TRADING.value)
    if text is None:
        raise InvalidInput("there is no text on live trading", where="consents", remedy="reinstall the package")
    return LiveGate(text.version)


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

    identity = providers.Singleton(SystemIdentity)
    replay_clock = providers.Factory(ReplayClock)
    unit_of_work = providers.Singleton(_unit_of_work, settings)
    store_of = providers.Callable(_unit_of_work)
    existing_store = providers.Callable(_existing_store, settings)
    upgraded_schema = providers.Callable(_upgraded_schema, settings)
    schema_standing = providers.Callable(_schema_standing, settings)
    paper_ledger = providers.Factory(FileLedger)
    read_ledger = providers.Callable(read_ledger)
    input_log = providers.Factory(FolderInputLog)
    input_recording = providers.Factory(FolderRecording)
    memory_store = providers.Factory(MemoryUnitOfWork, providers.Object(os_salt))
    memory_ledger = providers.Factory(MemoryLedger)
    paper_broker = providers.Factory(PaperBroker)
    console_notifier = providers.Factory(ConsoleNotifier)
    blind_index = providers.Callable(_blind_index, settings)
    local_gateway = providers.Callable(_local_gateway, settings)
    used_gateway = providers.Callable(_used_gateway)
    centre_signer = providers.Callable(_anchor_signer, settings)
    signer_of = providers.Callable(_anchor_signer)
    stored_journal = providers.Factory(StoredJournal, existing_store)
    journal_of = providers.Factory(StoredJournal)
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

    syllabus = providers.Singleton(read_syllabus)
    risk_course = providers.Callable(_risk_course)
    game_rules = providers.Singleton(_game_rules)
    live_gate = providers.Callable(_live_gate)
    zones = providers.Singleton(zone_names)

    vault = providers.Callable(_vault, settings)
    keyring = providers.Callable(_keyring, settings)
    tokens = providers.Object(os_token)
    archive = providers.Object(zip_archive)
    erasure_list = providers.Callable(_erasure_list, settings)
    export_shelf = providers.Callable(_export_shelf, settings)
    person_data = providers.Callable(_person_data, settings)
    scrub = providers.Callable(_scrub, settings)

    strategy_names = providers.Callable(strategy_names)
    load_strategy = providers.Callable(load_strategy)


def is_bar_store(path: Path) -> bool:
    """Say whether a folder is a bar store: it has folders named by timeframe."""
    return any((path / timeframe.name).is_dir() for timeframe in Timeframe)
