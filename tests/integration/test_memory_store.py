"""The store in memory: what goes wrong around its commits, and that it leaves every schedule to its caller."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, TypeVar

import pytest

from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_apps.testkit.unit_of_work import samples
from bitten_apps.testkit.unit_of_work.whole_store import add_everything, read_everything
from bitten_domain.errors import BrokenInvariant, Conflict, OutcomeUnknown, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bitten_domain.ports.unit_of_work import Repositories

T = TypeVar("T")


class Killed(BaseException):
    """A simulated process dies."""


class Once:
    """Raises once at one of the moments, and counts how often each came."""

    def __init__(self, moment: str, error: BaseException, times: int = 1) -> None:
        self._moment, self._error, self._left = moment, error, times
        self.seen: list[str] = []

    def before_work(self) -> None:
        self._at("before_work")

    def before_commit(self) -> None:
        self._at("before_commit")

    def after_commit(self) -> None:
        self._at("after_commit")

    def _at(self, moment: str) -> None:
        self.seen.append(moment)
        if moment == self._moment and self._left:
            self._left -= 1
            raise self._error


def salts() -> Callable[[], bytes]:
    numbers = count(1)
    return lambda: next(numbers).to_bytes(16, "big")


def at_once(running: Coroutine[object, None, T]) -> T:
    """Run without an event loop what suspends nowhere."""
    try:
        running.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise AssertionError("it waits for somebody")


def rows(store: MemoryUnitOfWork) -> list[bytes | None]:
    return [row.payload for row in at_once(store.read(lambda r: r.journal.rows("system", 0, 99)))]


def append(r: Repositories) -> str:
    r.journal.append("system", [b"row"])
    return "answer"


@pytest.mark.parametrize(
    ("moment", "error", "kept"),
    [
        ("before_work", Unavailable("down"), []),
        ("before_commit", Unavailable("disk full"), []),
        ("before_commit", OutcomeUnknown("answer lost"), []),
        ("before_commit", Killed(), []),
        ("after_commit", OutcomeUnknown("answer lost"), [b"row"]),
        ("after_commit", Killed(), [b"row"]),
    ],
)
def test_given_a_fault_when_a_transaction_ends_then_it_comes_out_and_all_or_nothing_is_kept(
    moment: str, error: BaseException, kept: list[bytes]
) -> None:
    store = MemoryUnitOfWork(salts(), Once(moment, error))

    with pytest.raises(type(error)) as caught:
        at_once(store.run(append))

    assert caught.value is error
    assert rows(store) == kept
    assert at_once(store.run(append)) == "answer"
    assert rows(store) == [*kept, b"row"]


def test_given_lost_races_when_a_transaction_runs_then_its_work_is_called_again_from_the_start() -> None:
    faults = Once("before_commit", Conflict("somebody was faster"), times=3)
    store = MemoryUnitOfWork(salts(), faults)
    calls = count(1)

    def work(r: Repositories) -> int:
        append(r)
        return next(calls)

    assert at_once(store.run(work)) == 4
    assert rows(store) == [b"row"]
    assert faults.seen[:8] == ["before_work", "before_commit"] * 4
    assert faults.seen[8] == "after_commit"


def test_given_races_lost_for_ever_when_a_transaction_runs_then_it_gives_up_with_nothing_kept() -> None:
    store = MemoryUnitOfWork(salts(), Once("before_commit", Conflict("somebody was faster"), times=99))

    with pytest.raises(Conflict, match="8 times"):
        at_once(store.run(append))

    assert rows(store) == []


def test_given_a_repository_that_refuses_when_a_work_lets_it_through_then_it_is_called_once() -> None:
    store = MemoryUnitOfWork(salts())
    at_once(store.run(samples.add_accounts))
    calls = count(1)

    def work(r: Repositories) -> None:
        next(calls)
        r.people.add(samples.person())

    with pytest.raises(Conflict, match="there already"):
        at_once(store.run(work))
    assert next(calls) == 2


def test_given_a_store_that_is_down_when_read_then_it_is_unavailable() -> None:
    store = MemoryUnitOfWork(salts(), Once("before_work", Unavailable("down")))

    with pytest.raises(Unavailable):
        at_once(store.read(lambda r: r.journal.heads()))

    assert at_once(store.read(lambda r: r.journal.heads())) == ()


def test_given_a_work_that_starts_another_when_run_then_it_is_a_bug_of_its_own_and_the_store_goes_on() -> None:
    store = MemoryUnitOfWork(salts())

    with pytest.raises(BrokenInvariant, match="under way"):
        at_once(store.run(lambda _: at_once(store.run(append))))

    assert at_once(store.run(append)) == "answer"
    assert rows(store) == [b"row"]


def test_given_the_same_salts_when_the_same_works_run_then_the_journals_are_equal_byte_for_byte() -> None:
    stores = [MemoryUnitOfWork(salts()) for _ in range(2)]
    for store in stores:
        at_once(store.run(add_everything))

    first, second = (at_once(store.read(read_everything)) for store in stores)

    assert first == second


def test_given_two_threads_when_both_write_then_no_update_is_lost() -> None:
    store = MemoryUnitOfWork(salts())
    at_once(store.run(samples.add_accounts))

    def work(r: Repositories) -> None:
        account = r.accounts.lock(samples.account_id())
        assert account is not None
        r.accounts.put(replace(account, balance=account.balance + samples.usd("1.00")))

    async def many() -> None:
        for _ in range(500):
            await store.run(work)

    threads = [threading.Thread(target=asyncio.run, args=(many(),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    account = at_once(store.read(lambda r: r.accounts.get(samples.account_id())))
    assert account is not None
    assert account.balance == samples.usd("2000.00")
