"""A process that starts with a thousand open positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_adapters.sql import schema
from bitten_apps.testkit.crowd.open_positions import StartedUp, started_up

if TYPE_CHECKING:
    from pathlib import Path

BAR_SECONDS = 5.0


def assert_started(started: StartedUp, positions: int = 1_000, accounts: int = 100) -> None:
    assert (started.positions, started.ready) == (positions, accounts)
    assert started.seconds <= BAR_SECONDS


def test_given_a_thousand_open_positions_in_a_file_when_started_then_all_are_compared_in_time(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    schema.upgrade(url)

    assert_started(started_up(url, accounts=100, positions=10))


def test_given_a_thousand_open_positions_on_postgresql_when_started_then_all_are_compared_in_time(
    postgres_url: str,
) -> None:
    assert_started(started_up(postgres_url, accounts=100, positions=10))


def test_given_hundreds_of_open_positions_on_one_account_when_started_then_all_are_compared_in_time(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    schema.upgrade(url)

    assert_started(started_up(url, accounts=1, positions=400), positions=400, accounts=1)
