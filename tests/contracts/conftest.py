"""Stores that the contract of the unit of work is checked on."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, cast

import pytest

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

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
def _memory(_: Path) -> Iterator[MemoryBench]:
    yield MemoryBench()


# One entry a store: given a folder of its own, it opens an empty one, and leaves nothing open behind. Every contract,
# round trip and state machine of this folder runs on each of them.
STORES: Mapping[str, Callable[[Path], AbstractContextManager[UnitOfWorkBench]]] = {
    "memory": _memory,
}


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OpenStore:
    """Give a function that opens an empty store of a kind, as often as a test needs one."""
    opened = STORES[cast("str", request.param)]
    return lambda: opened(tmp_path_factory.mktemp("store"))


@pytest.fixture
def store_bench(open_store: OpenStore) -> Iterator[UnitOfWorkBench]:
    """Give an empty store of each kind."""
    with open_store() as bench:
        yield bench
