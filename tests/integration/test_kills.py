"""The real process is killed, and started again: a slice of what ``nox -s kills`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.kills.__main__ import main
from bitten_apps.testkit.kills.proof import (
    Kill,
    SqliteDatabases,
    chosen_kills,
    clean_run,
    killed,
    lived,
    mixed,
    new_place,
    spread,
)
from bitten_apps.testkit.kills.ruins import judged
from bitten_domain.use_cases.trading.orders.fire import FireAnswer
from bitten_domain.values import IntentId

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_apps.testkit.kills.proof import CleanRun, Databases
    from bitten_apps.testkit.postgres_databases import PostgresDatabases

SEED = 1


@pytest.fixture(scope="module")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("kills"))


@pytest.fixture(scope="module")
def clean(sqlite_databases: SqliteDatabases) -> CleanRun:
    return clean_run(sqlite_databases, SEED)


def check_all(databases: Databases, kills: list[Kill], clean: CleanRun) -> None:
    outcomes = [killed(databases, kill) for kill in kills]
    assert [(one.kill, one.where, one.violations) for one in outcomes if one.violations] == []
    # On a machine that is faster now than a moment ago a random moment may come too late, and a run may have fewer
    # crossings than the clean one: one that comes to its crossing alive is a violation, and most come to it.
    surely_reached = clean.crossings * 3 // 4
    assert all(one.is_dead for one in outcomes if 0 < one.kill.crossing <= surely_reached)
    assert sum(one.counts["positions opened"] for one in outcomes) > 0


def test_given_sqlite_when_killed_at_crossings_and_at_random_then_a_restart_keeps_every_promise(
    sqlite_databases: SqliteDatabases, clean: CleanRun
) -> None:
    check_all(sqlite_databases, chosen_kills(clean, SEED, 12, 4), clean)


def test_given_postgresql_when_killed_at_crossings_and_at_random_then_a_restart_keeps_every_promise(
    postgres_databases: PostgresDatabases, clean: CleanRun
) -> None:
    check_all(postgres_databases, chosen_kills(clean, SEED, 6, 2), clean)


def test_given_a_line_of_the_ledger_half_written_when_restarted_then_it_counts_as_never_sent(
    sqlite_databases: SqliteDatabases,
) -> None:
    # The first crossings are those of the first ledger: before its first line, in the middle of it, after it.
    outcome = killed(sqlite_databases, Kill(SEED, crossing=2))
    assert outcome.where == "in the middle of a ledger line"
    assert outcome.violations == ()


def test_given_ruins_that_are_sound_when_the_parent_was_told_otherwise_then_each_difference_is_found(
    sqlite_databases: SqliteDatabases,
) -> None:
    with new_place(sqlite_databases) as place:
        said = lived("child", place, SEED, 150, None) + lived("recover", place, SEED, 0, None)
        assert judged(place, said).violations == ()
        sent = next(one for one in said if one["what"] == "handed")
        gone = FireAnswer(1 << 40, IntentId("nobody"))
        said += [
            {"what": "fired", "account": "account-1", "key": "gone", "answer": gone.to_json()},
            {"what": "stopped", "account": "account-1", "kind": "LOCK", "rows": 0},
            sent,
        ]
        found = {violation.partition(":")[0] for violation in judged(place, said).violations}
    assert found == {"I1", "I2", "I12"}


def test_given_more_crossings_than_wanted_when_spread_then_first_and_last_are_among_them() -> None:
    assert spread(340, 3) == [1, 170, 340]
    assert spread(4, 12) == [1, 2, 3, 4]


def test_given_kills_when_mixed_then_each_is_there_once_in_another_order() -> None:
    kills = [Kill(SEED, crossing) for crossing in range(1, 101)]

    assert sorted(mixed(kills, SEED)) == kills != mixed(kills, SEED)


def test_given_no_time_when_proven_then_the_page_says_what_was_left_out(tmp_path: Path) -> None:
    page = tmp_path / "kills.md"
    code = main(
        ["prove", "--databases", "sqlite", "--hooks", "3", "--random", "2", "--minutes", "0", "--write", str(page)]
    )

    assert code == 0
    assert "| left out, since the time given was up | 5 |" in page.read_text(encoding="utf-8")
