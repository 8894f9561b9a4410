"""A place: a store in its folder, with everything privacy needs beside it, opened as a process would."""

from __future__ import annotations

import asyncio
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from bitten_adapters.cryptography.blind_index import new_index_file
from bitten_adapters.cryptography.vault import new_vault_file
from bitten_adapters.files.privacy.erasure_list import FileErasureList
from bitten_adapters.files.privacy.export_shelf import FolderExportShelf
from bitten_adapters.local_gateway.payments import LocalPayments
from bitten_adapters.local_gateway.wire import GATEWAY
from bitten_adapters.sql.opening import open_store
from bitten_adapters.sql.privacy.person_data import SqlPersonData
from bitten_adapters.sql.privacy.scrub import SqlScrub
from bitten_adapters.system.clock import SystemClock
from bitten_adapters.system.dice import SystemDice
from bitten_adapters.system.identity import SystemIdentity
from bitten_adapters.system.salt import os_salt
from bitten_apps.testkit.postgres_server import server_binaries
from bitten_apps.testkit.privacy.planted import ANN, BEN, plant
from bitten_apps.testkit.privacy.traces import files_under
from bitten_apps.testkit.unit_of_work.samples import NOON, diary_entry
from bitten_domain.errors import Unavailable
from bitten_domain.use_cases.privacy.carry_out import CarryOutDeletions
from bitten_domain.use_cases.privacy.end_renewals import EndRenewals
from bitten_domain.use_cases.privacy.forgetters import FORGETTERS
from bitten_domain.use_cases.privacy.replay_erasures import ReplayErasures
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import TypeVar

    from bitten_adapters.cryptography.blind_index import HmacBlindIndex
    from bitten_adapters.cryptography.vault import AesGcmVault
    from bitten_apps.store import Store
    from bitten_domain.ports.membership.payments import Payments
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.privacy.forgetters import Forgetter

    T = TypeVar("T")

__all__ = ["Place", "dumped", "gateway_without_books", "new_place", "plant_both"]


@dataclass(slots=True)
class Place:
    """A store with its folder.

    Args:
        url: of the store, whose tables are there.
        folder: of everything else, and of a store in a file.
        store: as it is open now.
        vault, index: of its operator.
    """

    url: str
    folder: Path
    store: Store
    vault: AesGcmVault
    index: HmacBlindIndex

    @property
    def is_sqlite(self) -> bool:
        """Whether the store is a file in the folder."""
        return self.url.startswith("sqlite")

    @property
    def shelf(self) -> FolderExportShelf:
        """Exports that wait."""
        return FolderExportShelf(self.folder / "exports")

    @property
    def erasure_list(self) -> FileErasureList:
        """Those who were erased."""
        return FileErasureList(self.folder / "store.erasures")

    @property
    def source(self) -> SqlPersonData:
        """Everything of a person."""
        return SqlPersonData(self.url)

    @property
    def scrub(self) -> SqlScrub:
        """Overwrites what was deleted."""
        return SqlScrub(self.url)

    def carry_out(self, forgetters: Mapping[str, Forgetter] = FORGETTERS) -> CarryOutDeletions:
        """Put together what carries deletions out."""
        renewals = EndRenewals(self.store, gateway_without_books)
        return CarryOutDeletions(self.store, self.erasure_list, self.shelf, self.scrub, renewals, forgetters)

    def run(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that writes."""
        return asyncio.run(self.store.run(work))

    def read(self, work: Callable[[Repositories], T]) -> T:
        """Run a transaction that reads."""
        return asyncio.run(self.store.read(work))

    def replay(self) -> ReplayErasures:
        """Put together what replays erasures."""
        return ReplayErasures(self.store, self.erasure_list, self.scrub)

    def scrub_now(self) -> None:
        """Overwrite what was deleted."""
        asyncio.run(self.scrub())

    def reopen(self) -> None:
        """Open the store again, after it was closed."""
        self.store = open_store(self.url, INSTRUMENTS, os_salt)

    def contents(self) -> dict[str, bytes]:
        """Give every file of the place, and a dump of a database that is not among them."""
        files = dict(files_under(self.folder))
        if not self.is_sqlite:
            files["dump"] = dumped(self.url)
        return files


async def gateway_without_books() -> Mapping[str, Payments]:
    """Give the local gateway as it is without its books: it knows of no subscription."""
    return {GATEWAY: LocalPayments(SystemClock(), SystemDice(), SystemIdentity(), bytes(32))}


def dumped(url: str) -> bytes:
    """Dump a PostgreSQL database: structure and every row.

    Raises:
        Unavailable: the server's programs are not installed.
    """
    binaries = server_binaries()
    if binaries is None:
        raise Unavailable("there is no pg_dump: the server's binaries are not installed")
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(binaries / "pg_dump"), "--dbname", plain]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603 -- our own command


def new_place(url: str, folder: Path) -> Place:
    """Make a place over a store whose tables are there, with new keys."""
    store = open_store(url, INSTRUMENTS, os_salt)
    return Place(url, folder, store, new_vault_file(folder / "vault.keys"), new_index_file(folder / "index.key"))


def plant_both(place: Place) -> None:
    """Plant Ann and Ben in a place; their diaries lie between each other's, on many pages that were split."""

    async def both() -> None:
        for planted in (BEN, ANN):
            await plant(place.store, place.vault, place.index, planted, 0)
        await place.store.run(_diaries)

    asyncio.run(both())


def _diaries(r: Repositories) -> None:
    for number in range(400):
        planted = (ANN, BEN)[number * 7 % 5 % 2]
        entry = diary_entry(f"entry-{number * 37 % 400}-of-{planted.number}", NOON + number)
        text = f"{number} " + planted.diary * (1 + number % 9)
        r.diary.add(replace(entry, user_id=planted.user_id, text=text))
