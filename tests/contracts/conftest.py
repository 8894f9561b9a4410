"""Stores that the contract of the unit of work is checked on."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from secrets import token_bytes
from typing import TYPE_CHECKING, cast

import pytest

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.sql import schema
from bitten_adapters.sql.postgres import PostgresUnitOfWork
from bitten_adapters.sql.sqlite import SqliteUnitOfWork
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bitten_apps.testkit.postgres_databases import PostgresDatabases
    from bitten_apps.testkit.unit_of_work_contract import UnitOfWorkBench
    from bitten_domain.ports.unit_of_work import UnitOfWork

    OpenStore = Callable[[], AbstractContextManager[UnitOfWorkBench]]


class MemoryBench:
    """A store in memory; what is left of it when a process ends is the object itself."""

    def __init__(self) -> None:
        numbers = count(1)
        self._store = MemoryUnitOfWork(lambda: next(numbers).to_bytes(16, "big"))

    @property
    def store(self) -> UnitOfWork:
        return self._store

    async def reopen(self) -> None:
        pass


@contextmanager
def _memory(_folder: Path, _request: pytest.FixtureRequest) -> Iterator[MemoryBench]:
    yield MemoryBench()


class SqliteBench:
    """A store in a SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        schema.upgrade(f"sqlite:///{path}")
        self.store = self._opened()

    async def reopen(self) -> None:
        self.close()
        self.store = self._opened()

    def close(self) -> None:
        self.store.close()

    def _opened(self) -> SqliteUnitOfWork:
        return SqliteUnitOfWork(self._path, INSTRUMENTS, lambda: token_bytes(16))


@contextmanager
def _sqlite(folder: Path, _request: pytest.FixtureRequest) -> Iterator[SqliteBench]:
    bench = SqliteBench(folder / "store.db")
    try:
        yield bench
    finally:
        bench.close()


class PostgresBench:
    """A store in a PostgreSQL database."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.store = self._opened()

    async def reopen(self) -> None:
        self.close()
        self.store = self._opened()

    def close(self) -> None:
        self.store.close()

    def _opened(self) -> PostgresUnitOfWork:
        return PostgresUnitOfWork(self._url, INSTRUMENTS, lambda: token_bytes(16))


@contextmanager
def _postgres(_folder: Path, request: pytest.FixtureRequest) -> Iterator[PostgresBench]:
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    with databases.migrated() as url:
        bench = PostgresBench(url)
        try:
            yield bench
        finally:
            bench.close()


# One entry a store: given a folder of its own, it opens an empty one, and leaves nothing open behind. Every contract,
# round trip and state machine of this folder runs on each of them.
STORES: Mapping[str, Callable[[Path, pytest.FixtureRequest], AbstractContextManager[UnitOfWorkBench]]] = {
    "memory": _memory,
    "sqlite": _sqlite,
    "postgres": _postgres,
}


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OpenStore:
    """Give a function that opens an empty store of a kind, as often as a test needs one."""
    opened = STORES[cast("str", request.param)]
    return lambda: opened(tmp_path_factory.mktemp("store"), request)


@pytest.fixture
def store_bench(open_store: OpenStore) -> Iterator[UnitOfWorkBench]:
    """Give an empty store of each kind."""
    with open_store() as bench:
        yield bench
