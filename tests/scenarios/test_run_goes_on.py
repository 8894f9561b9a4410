"""A running centre that is killed goes on where it was, and decides what the backtest decides."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from bitten_apps.cli.runs.demo_run import made_market
from bitten_domain.record.payloads import payload_of
from bitten_domain.use_cases.trading.backtest import run_backtest
from bitten_domain.use_cases.trading.paper_plan import paper_plan

if TYPE_CHECKING:
    from pathlib import Path

SEED = 7
SIGNALLED = {"signal", "suppressed", "threshold"}
DECIDED = {*SIGNALLED, "approved", "refused", "deal", "trade", "declined"}
RUN = (sys.executable, "-m", "bitten_apps.cli", "run", "--days", "1", "--seed", str(SEED), "--json")


def payloads(home: Path) -> list[str]:
    store = sqlite3.connect(home / "bitten.sqlite3")
    query = (
        "SELECT payload FROM journal JOIN journal_streams ON journal_streams.id = stream_id ORDER BY name DESC, number"
    )
    texts = [payload.decode() for (payload,) in store.execute(query)]
    store.close()
    return [text for text in texts if json.loads(text)[0] in DECIDED]


def moments_traded(home: Path) -> int:
    """Count what the store knows so far; nothing while there is no store."""
    if not (home / "bitten.sqlite3").exists():
        return 0
    store = sqlite3.connect(home / "bitten.sqlite3")
    try:
        count: int = store.execute("SELECT count(*) FROM journal").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        store.close()
    return count


@pytest.fixture(scope="module")
def backtest() -> list[str]:
    """Give the payloads a backtest of the same market writes, signals first."""
    market = made_market(SEED, 1)
    run = run_backtest(market.bars, paper_plan(news=market.news, start=market.start))
    texts = [payload_of(happening).decode() for happening in run.happenings]
    emitted = [text for text in texts if json.loads(text)[0] in SIGNALLED]
    return emitted + [text for text in texts if json.loads(text)[0] not in SIGNALLED]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
@pytest.mark.parametrize("after_rows", [40, 150])
def test_given_a_run_when_it_is_killed_and_started_again_then_its_decisions_are_the_backtests(
    tmp_path: Path, backtest: list[str], after_rows: int
) -> None:
    environment = {**os.environ, "BITTEN_HOME": str(tmp_path)}
    with subprocess.Popen(RUN, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        until = time.monotonic() + 120
        while moments_traded(tmp_path) < after_rows and first.poll() is None and time.monotonic() < until:
            first.poll()
        assert first.poll() is None, "it ended before it could be killed"
        first.kill()

    second = subprocess.run(RUN, env=environment, capture_output=True, text=True, check=True, timeout=240)

    told = json.loads(second.stdout)
    assert told["finished"] is True
    assert told["standing"] == "READY"
    assert payloads(tmp_path) == backtest
