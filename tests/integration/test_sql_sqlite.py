"""The store in a SQLite file: what a group commit promises, and what a broken file does to it."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql import schema
from bitten_adapters.sql.sqlite import SqliteUnitOfWork
from bitten_adapters.sql.sqlite.connections import open_writer
from bitten_apps.testkit.unit_of_work import samples
from bitten_domain.errors import BrokenInvariant, Conflict, OutcomeUnknown, Unavailable
from bitten_domain.ports.repositories.housekeeping import AuditEntry, JobRun
from bitten_domain.values import INSTRUMENTS, UserId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bitten_domain.ports.unit_of_work import Repositories

PATIENCE = 20.0


def salt() -> bytes:
    return bytes(16)


def audit(number: int) -> Callable[[Repositories], int]:
    """Note something down; the subject says which."""

    def work(r: Repositories) -> int:
        r.audit.add(AuditEntry(number, UserId("user-1"), "NOTED", str(number), "{}"))
        return number

    return work


def subjects(r: Repositories) -> list[int]:
    return sorted(int(entry.subject) for entry in r.audit.recent(10_000))


class Gate:
    """Opens writers whose statements can be watched, held back or broken."""

    def __init__(self) -> None:
        self.commits = 0
        self.at_commit: Callable[[sqlite3.Connection], None] | None = None

    def connect(self, path: Path, busy_seconds: float) -> sqlite3.Connection:
        gate = self

        class Watched(sqlite3.Connection):
            def execute(self, text: str, values: object = ()) -> sqlite3.Cursor:
                if text == "COMMIT":
                    gate.commits += 1
                    if gate.at_commit is not None:
                        gate.at_commit(self)
                return super().execute(text, values)  # type: ignore[arg-type]

        open_writer(path, busy_seconds).close()  # the file's own settings
        connection = sqlite3.connect(path, busy_seconds, isolation_level=None, check_same_thread=False, factory=Watched)
        sqlite3.Connection.execute(connection, "PRAGMA synchronous = FULL")
        sqlite3.Connection.execute(connection, "PRAGMA foreign_keys = ON")
        return connection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a file with empty tables."""
    file = tmp_path / "store.db"
    schema.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def gate() -> Gate:
    """Give a gate that lets everything pass."""
    return Gate()


@pytest.fixture
def store(path: Path, gate: Gate) -> Iterator[SqliteUnitOfWork]:
    """Give a store on that file, watched by the gate."""
    opened = SqliteUnitOfWork(path, INSTRUMENTS, salt, busy_seconds=0.05, connect_writer=gate.connect)
    yield opened
    gate.at_commit = None
    opened.close()


async def behind_a_commit(store: SqliteUnitOfWork, gate: Gate) -> tuple[asyncio.Task[int], threading.Event]:
    """Hold a first commit back, so that what is put now comes in one group after it."""
    reached, go_on = threading.Event(), threading.Event()

    def hold(_connection: sqlite3.Connection) -> None:
        gate.at_commit = None
        reached.set()
        assert go_on.wait(PATIENCE)

    gate.at_commit = hold
    first = asyncio.ensure_future(store.run(audit(0)))
    assert await asyncio.to_thread(reached.wait, PATIENCE)
    return first, go_on


def test_given_works_that_wait_when_they_are_run_then_they_share_a_commit(store: SqliteUnitOfWork, gate: Gate) -> None:
    async def scene() -> list[int]:
        first, go_on = await behind_a_commit(store, gate)
        others = asyncio.gather(*(store.run(audit(number)) for number in range(1, 21)))
        await asyncio.sleep(0)
        go_on.set()
        return [await first, *await others]

    assert asyncio.run(scene()) == list(range(21))
    assert gate.commits == 2


def test_given_a_group_when_one_work_fails_then_it_alone_leaves_nothing(store: SqliteUnitOfWork, gate: Gate) -> None:
    quarrel = ValueError("no")

    def failing(r: Repositories) -> int:
        audit(100)(r)
        raise quarrel

    async def scene() -> list[int | BaseException]:
        first, go_on = await behind_a_commit(store, gate)
        works = [audit(1), failing, audit(2)]
        group = asyncio.gather(*(store.run(work) for work in works), return_exceptions=True)
        await asyncio.sleep(0)
        go_on.set()
        return [await first, *await group]

    assert asyncio.run(scene()) == [0, 1, quarrel, 2]
    assert gate.commits == 2
    assert asyncio.run(store.read(subjects)) == [0, 1, 2]


def test_given_a_work_that_ran_when_its_commit_has_not_returned_then_nobody_is_answered_and_nothing_is_seen(
    store: SqliteUnitOfWork, gate: Gate
) -> None:
    async def scene() -> tuple[bool, list[int], int]:
        first, go_on = await behind_a_commit(store, gate)
        answered, seen = first.done(), await store.read(subjects)
        go_on.set()
        return answered, seen, await first

    assert asyncio.run(scene()) == (False, [], 0)


def test_given_a_failure_that_rests_on_another_work_when_their_commit_fails_then_both_are_told_to_try_again(
    store: SqliteUnitOfWork, gate: Gate
) -> None:
    def full(_connection: sqlite3.Connection) -> None:
        gate.at_commit = None
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    def person(r: Repositories) -> int:
        r.people.add(samples.person(1))
        return 1

    async def scene() -> list[int | BaseException]:
        first, go_on = await behind_a_commit(store, gate)
        gate.at_commit = full
        group = asyncio.gather(store.run(person), store.run(person), return_exceptions=True)
        await asyncio.sleep(0)
        go_on.set()
        await first
        return list(await group)

    assert [type(answer) for answer in asyncio.run(scene())] == [Unavailable, Unavailable]
    assert asyncio.run(store.read(subjects)) == [0]
    with pytest.raises(Conflict):
        asyncio.run(twice(store, person))


async def twice(store: SqliteUnitOfWork, work: Callable[[Repositories], int]) -> None:
    await store.run(work)
    await store.run(work)


def test_given_a_commit_that_was_made_when_its_answer_is_lost_then_its_outcome_is_unknown_and_the_store_goes_on(
    store: SqliteUnitOfWork, gate: Gate
) -> None:
    def lose_the_answer(connection: sqlite3.Connection) -> None:
        gate.at_commit = None
        sqlite3.Connection.execute(connection, "COMMIT")
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    gate.at_commit = lose_the_answer
    with pytest.raises(OutcomeUnknown):
        asyncio.run(store.run(audit(1)))

    assert asyncio.run(store.run(audit(2))) == 2
    assert asyncio.run(store.read(subjects)) == [1, 2]


def test_given_another_process_that_writes_when_it_does_not_end_then_the_store_is_unavailable_until_it_does(
    path: Path, store: SqliteUnitOfWork
) -> None:
    other = open_writer(path, 0.0)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        asyncio.run(store.run(audit(1)))
    assert asyncio.run(store.read(subjects)) == []

    other.execute("COMMIT")
    other.close()
    assert asyncio.run(store.run(audit(2))) == 2
    assert asyncio.run(store.read(subjects)) == [2]


def test_given_a_full_disk_when_a_work_writes_then_it_is_unavailable_and_recovers_with_room(
    path: Path, gate: Gate
) -> None:
    def cramped(file: Path, busy_seconds: float) -> sqlite3.Connection:
        connection = gate.connect(file, busy_seconds)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + room}")
        return connection

    def large(r: Repositories) -> int:
        r.audit.add(AuditEntry(1, UserId("user-1"), "NOTED", "1", "x" * 100_000))
        return 1

    room = 2
    store = SqliteUnitOfWork(path, INSTRUMENTS, salt, connect_writer=cramped)

    async def scene() -> list[int | BaseException]:
        works = [audit(2), large, audit(3)]
        return await asyncio.gather(*(store.run(work) for work in works), return_exceptions=True)

    small, refused, other = asyncio.run(scene())
    assert (small, type(refused), other) == (2, Unavailable, 3)
    store.close()

    room = 1_000
    store = SqliteUnitOfWork(path, INSTRUMENTS, salt, connect_writer=cramped)
    assert asyncio.run(store.run(large)) == 1
    assert asyncio.run(store.read(subjects)) == [1, 2, 3]
    store.close()


def test_given_a_file_that_is_gone_when_opened_then_the_store_is_unavailable(tmp_path: Path) -> None:
    store = SqliteUnitOfWork(tmp_path / "nowhere" / "store.db", INSTRUMENTS, salt)

    with pytest.raises(Unavailable):
        asyncio.run(store.run(audit(1)))
    with pytest.raises(Unavailable):
        asyncio.run(store.read(subjects))
    store.close()


def test_given_a_reading_when_it_has_begun_then_it_sees_one_state_while_others_write(store: SqliteUnitOfWork) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(r: Repositories) -> list[list[int]]:
        seen = [subjects(r)]
        begun.set()
        assert go_on.wait(PATIENCE)
        return [*seen, subjects(r)]

    async def scene() -> list[list[int]]:
        await store.run(audit(1))
        reading = asyncio.ensure_future(store.read(slow))
        assert await asyncio.to_thread(begun.wait, PATIENCE)
        await store.run(audit(2))
        go_on.set()
        return await reading

    assert asyncio.run(scene()) == [[1], [1]]


def test_given_a_caller_who_left_when_the_work_is_done_then_the_store_goes_on(
    store: SqliteUnitOfWork, gate: Gate
) -> None:
    async def scene() -> int:
        first, go_on = await behind_a_commit(store, gate)
        leaver = asyncio.ensure_future(store.run(audit(1)))
        await asyncio.sleep(0)
        leaver.cancel()
        go_on.set()
        await first
        return await store.run(audit(2))

    assert asyncio.run(scene()) == 2


def test_given_a_work_that_raises_stop_iteration_when_run_then_its_caller_does_not_wait_for_ever(
    store: SqliteUnitOfWork,
) -> None:
    with pytest.raises(RuntimeError):
        asyncio.run(asyncio.wait_for(store.run(lambda _r: next(iter(()))), PATIENCE))


def test_given_a_closed_store_when_used_then_it_refuses(path: Path) -> None:
    store = SqliteUnitOfWork(path, INSTRUMENTS, salt)
    store.close()
    store.close()

    with pytest.raises(BrokenInvariant):
        asyncio.run(store.run(audit(1)))


WRITER = """
import asyncio, sys
from pathlib import Path
from bitten_adapters.sql.sqlite import SqliteUnitOfWork
from bitten_domain.ports.repositories.housekeeping import JobRun
from bitten_domain.values import INSTRUMENTS

async def main():
    store = SqliteUnitOfWork(Path(sys.argv[1]), INSTRUMENTS, lambda: bytes(16))
    def work(number):
        def count(r):
            last = r.jobs.latest("count")
            at = 0 if last is None else last.started_at + 1
            assert r.jobs.add(JobRun("count", str(at), at, at, sys.argv[2]))
        return count
    for number in range(40):
        await store.run(work(number))
    store.close()

asyncio.run(main())
"""


def test_given_two_processes_on_one_file_when_both_count_then_no_count_is_lost(path: Path, project_root: Path) -> None:
    environment = {"PYTHONPATH": str(project_root / "src")}
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], env=environment) for name in ("one", "two")
    ]
    codes = [process.wait(60) for process in processes]
    store = SqliteUnitOfWork(path, INSTRUMENTS, salt)
    last = asyncio.run(store.read(lambda r: r.jobs.latest("count")))
    store.close()

    assert codes == [0, 0]
    assert isinstance(last, JobRun)
    assert last.started_at == 79


@contextmanager
def held_by_a_writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a file without a log that somebody is writing to."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE kept (number INTEGER)")
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_given_a_file_whose_log_cannot_be_turned_on_yet_when_opened_to_write_then_it_waits(tmp_path: Path) -> None:
    with held_by_a_writer(tmp_path / "old.db") as other:
        done = threading.Timer(0.3, other.execute, ("COMMIT",))
        done.start()

        writer = open_writer(tmp_path / "old.db", 20.0)

        assert writer.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        writer.close()
        done.join()


def test_given_a_file_that_stays_held_when_opened_to_write_then_it_gives_up_after_its_time(tmp_path: Path) -> None:
    with held_by_a_writer(tmp_path / "old.db"), pytest.raises(sqlite3.OperationalError, match="locked"):
        open_writer(tmp_path / "old.db", 0.1)
