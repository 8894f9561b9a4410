"""A run that is killed, stopped from another terminal and gone on with is replayed byte for byte elsewhere."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

BITTEN = (sys.executable, "-m", "bitten_apps.cli")
RUN = (*BITTEN, "run", "--days", "1", "--seed", "7", "--json")
PATIENCE_SECONDS = 120


def rows(home: Path, kind: str = "") -> int:
    """Count rows of the journal so far, of one kind or of all."""
    if not (home / "bitten.sqlite3").exists():
        return 0
    store = sqlite3.connect(home / "bitten.sqlite3")
    try:
        found: int = store.execute(
            "SELECT count(*) FROM journal WHERE CAST(payload AS TEXT) LIKE ?", (f'["{kind}%',)
        ).fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        store.close()
    return found


def waits_for_rows(process: subprocess.Popen[bytes], home: Path, goal: int) -> None:
    """Wait until the journal has so many rows, while the process lives."""
    until = time.monotonic() + PATIENCE_SECONDS
    while rows(home) < goal and time.monotonic() < until:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
            pytest.fail("it ended before it could be killed")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_given_a_run_that_was_halted_and_killed_when_replayed_elsewhere_then_every_row_is_the_same(
    tmp_path: Path,
) -> None:
    environment = {**os.environ, "BITTEN_HOME": str(tmp_path), "TZ": "America/New_York", "PYTHONHASHSEED": "1"}
    with subprocess.Popen(
        (*RUN, "--speed", "20000"), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as first:
        waits_for_rows(first, tmp_path, 60)
        subprocess.run((*BITTEN, "emergency", "halt"), env=environment, check=True, capture_output=True)
        waits_for_rows(first, tmp_path, rows(tmp_path) + 5)
        first.kill()
    subprocess.run(RUN, env=environment, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    elsewhere = {**environment, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2"}

    done = subprocess.run(
        (*BITTEN, "replay", "all", "--json"), env=elsewhere, check=False, capture_output=True, text=True
    )

    told = json.loads(done.stdout)
    assert (told["identical"], told["differences"], told["compared"]) == (True, [], rows(tmp_path))
    assert (told["killed_runs"], rows(tmp_path, "emergency_set"), done.returncode) == (1, 1, 0)
