"""What a store under test has to offer, and how a check says that a promise is broken."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from bitten_apps.testkit.contract_broken import ContractBroken

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from bitten_domain.errors import BittenError
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = [
    "Check",
    "UnitOfWorkBench",
    "UnitOfWorkCard",
    "at_once",
    "each",
    "each_refused",
    "expect",
    "refused",
    "rivals",
    "told_apart",
]

R = TypeVar("R")
T = TypeVar("T")


class UnitOfWorkBench(Protocol):
    """A store under test, empty at first.

    Its journal's salts are 16 bytes that differ from row to row.
    """

    @property
    def store(self) -> UnitOfWork:
        """The store as it is open now."""
        ...

    async def reopen(self) -> None:
        """Close the store and open it again, as a new process would; `store` is the new one."""
        ...


if TYPE_CHECKING:
    Check = Callable[[UnitOfWorkBench], Awaitable[None]]
else:
    Check = object


@dataclass(frozen=True, slots=True)
class UnitOfWorkCard:
    """One promise and its check.

    Args:
        number: its place in the list, from 1.
        promise: what is promised, in a sentence.
        check: runs it on a fresh bench; raises `ContractBroken`.
    """

    number: int
    promise: str
    check: Check

    @property
    def name(self) -> str:
        """The check's own name, which stays when numbers move."""
        return str(getattr(self.check, "__name__", self.number)).strip("_")


def expect(found: object, expected: object, what: str) -> None:
    """Hold what was found against what was promised."""
    if found != expected:
        raise ContractBroken(f"{what}: expected {expected}, found {found}")


async def refused(
    bench: UnitOfWorkBench, error: type[BittenError], work: Callable[[Repositories], object], what: str
) -> None:
    """Run a work that must be refused in a way, with nothing of it kept."""
    try:
        found = await bench.store.run(work)
    except error:
        return
    raise ContractBroken(f"{what}: expected {error.__name__}, found {found}")


async def each(bench: UnitOfWorkBench, write: Callable[[Repositories, R], T], records: Iterable[R]) -> list[T]:
    """Run a work for each of some records, one transaction after the other."""
    return [await bench.store.run(partial(_with_record, write, record)) for record in records]


async def each_refused(
    bench: UnitOfWorkBench,
    error: type[BittenError],
    write: Callable[[Repositories, R], object],
    records: Iterable[R],
    what: str,
) -> None:
    """Run a work for each of some records; each must be refused in a way."""
    for record in records:
        await refused(bench, error, partial(_with_record, write, record), f"{what}: {record}")


async def rivals(
    bench: UnitOfWorkBench, write: Callable[[Repositories, R], T], records: Iterable[R]
) -> list[T | BaseException]:
    """Run a work for each of some records, all side by side."""
    return await at_once(bench, [partial(_with_record, write, record) for record in records])


def _with_record(write: Callable[[Repositories, R], T], record: R, repositories: Repositories) -> T:
    return write(repositories, record)


async def at_once(bench: UnitOfWorkBench, works: Iterable[Callable[[Repositories], T]]) -> list[T | BaseException]:
    """Run works side by side; each gives its result or what came out of it."""
    return await asyncio.gather(*(bench.store.run(work) for work in works), return_exceptions=True)


def told_apart(results: Sequence[T | BaseException], error: type[BittenError]) -> tuple[list[T], int]:
    """Tell results from refusals of one kind, and count these; any other exception is passed on."""
    kept: list[T] = []
    for result in results:
        if isinstance(result, error):
            continue
        if isinstance(result, BaseException):
            raise result
        kept.append(result)
    return kept, len(results) - len(kept)
