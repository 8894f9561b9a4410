"""The schema of a store goes up and down with data in it, and says how it differs from what is expected."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from bitten_adapters.sql import schema
from bitten_adapters.sql.postgres import PostgresUnitOfWork
from bitten_adapters.sql.sqlite import SqliteUnitOfWork
from bitten_adapters.sql.tables import METADATA
from bitten_apps.testkit.unit_of_work.whole_store import add_everything, change_everything, read_everything
from bitten_domain.errors import Unavailable
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bitten_apps.testkit.postgres_databases import PostgresDatabases


def salt() -> bytes:
    return b"0123456789abcdef"


def opened(url: str) -> SqliteUnitOfWork | PostgresUnitOfWork:
    if url.startswith("sqlite"):
        from pathlib import Path

        return SqliteUnitOfWork(Path(url.removeprefix("sqlite:///")), INSTRUMENTS, salt)
    return PostgresUnitOfWork(url, INSTRUMENTS, salt, writers=1, readers=1)


def filled(url: str) -> object:
    """Fill a store with a row of everything and more, and give what it then holds."""
    store = opened(url)

    async def fill() -> object:
        await store.run(add_everything)
        await store.run(change_everything)
        return await store.read(read_everything)

    try:
        return asyncio.run(fill())
    finally:
        store.close()


def told(url: str, *statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a database without tables, of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
    else:
        databases = cast("PostgresDatabases", request.getfixturevalue("postgres_databases"))
        yield databases.bare()


@pytest.fixture
def url(empty_url: str) -> str:
    """Give the URL of a database with the newest tables."""
    schema.upgrade(empty_url)
    return empty_url


def test_given_a_store_with_data_when_it_goes_down_and_up_then_the_tables_are_as_expected_and_empty(url: str) -> None:
    filled(url)

    schema.downgrade(url, "base")
    engine = create_engine(url, poolclass=NullPool)
    left = set(inspect(engine).get_table_names()) & set(METADATA.tables)
    schema.upgrade(url)

    assert left == set()
    assert schema.revision_of(url) == schema.newest_revision()
    assert schema.differences(url) == ()


def test_given_a_store_with_data_when_it_is_upgraded_again_then_it_keeps_what_it_holds(url: str) -> None:
    held = filled(url)

    schema.upgrade(url)
    store = opened(url)
    found = asyncio.run(store.read(read_everything))
    store.close()

    assert found == held


def test_given_a_store_of_the_first_revision_when_upgraded_then_it_keeps_what_it_held(url: str) -> None:
    held = cast("dict[str, object]", filled(url))

    schema.downgrade(url, "0001")
    behind = schema.revision_of(url), schema.differences(url)
    schema.upgrade(url)
    store = opened(url)
    found = asyncio.run(store.read(read_everything))
    store.close()

    later = {"xp", "progress", "market_days", "lessons", "quizzes", "missions", "diary"}
    later |= {"press_pass_days", "press_passes", "trials", "plans", "gateway_events", "subscriptions", "payments"}
    later |= {"onboardings", "consents"}
    later |= {"achievements", "challenges", "gear", "boards", "forecasts"}
    later |= {"deletions", "exports", "erasures", "person_keys", "emails"}
    assert behind[0] == "0001"
    assert behind[1] != ()
    assert schema.differences(url) == ()
    assert {name for name in held if found[name] != held[name]} == {
        name for name in held if name.partition(".")[0] in later
    }


def test_given_an_empty_database_when_asked_then_it_has_no_revision_and_lacks_every_table(empty_url: str) -> None:
    assert schema.revision_of(empty_url) is None
    assert len(schema.differences(empty_url)) >= len(METADATA.tables)


def test_given_two_processes_that_start_at_once_when_both_upgrade_then_one_does_and_both_go_on(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(schema.upgrade, [empty_url, empty_url]))

    assert schema.differences(empty_url) == ()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("ALTER TABLE deals ADD COLUMN note TEXT", "note"),
        ("DROP INDEX ix_deals_position", "ix_deals_position"),
        ("DROP TABLE jobs_history", "jobs_history"),
    ],
)
def test_given_tables_that_were_changed_when_compared_then_the_change_is_named(
    url: str, change: str, named: str
) -> None:
    told(url, change)

    assert any(named in difference for difference in schema.differences(url))


def test_given_a_guard_somebody_dropped_when_compared_then_it_is_missed(url: str) -> None:
    told(url, "DROP TRIGGER tr_deals_no_delete" + ("" if url.startswith("sqlite") else " ON deals"))

    assert schema.differences(url) == ("deals lacks tr_deals_no_delete",)


def test_given_a_rule_somebody_dropped_when_compared_then_it_is_missed(postgres_databases: PostgresDatabases) -> None:
    url = postgres_databases.fresh()
    told(url, "ALTER TABLE deals DROP CONSTRAINT ck_deals_lots")

    assert schema.differences(url) == ("deals lacks ck_deals_lots",)


def test_given_no_server_when_upgraded_then_the_store_is_unavailable(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")

    with pytest.raises(Unavailable):
        schema.upgrade(f"postgresql+psycopg://nobody@/none?host={tmp_path}")


# What no row may become, whoever writes it.
REFUSED = {
    "a negative volume": "UPDATE positions SET lots = -1",
    "more open than was filled": "UPDATE positions SET lots = filled_lots + 1",
    "a position of an unknown state": "UPDATE positions SET state = 'LOST'",
    "an attempt of an unknown state": "UPDATE fire_attempts SET state = 'SENT'",
    "an attempt numbered nought": "UPDATE fire_attempts SET number = 0",
    "an order id beyond 53 bits": "UPDATE fire_attempts SET client_order_id = 9007199254740992",
    "two attempts of one number": "UPDATE fire_attempts SET intent_id = 1",
    "an account that stands nowhere": "UPDATE accounts SET standing = 'FINE'",
    "two accounts of one epoch": "UPDATE accounts SET epoch = 7",
    "a currency of two letters": "UPDATE accounts SET currency = 'US'",
    "a fire without a stop": "UPDATE fire_intents SET stop = NULL WHERE kind = 'FIRE'",
    "a deadline before its beginning": "UPDATE fire_intents SET not_after = NULL WHERE kind = 'FIRE'",
    "a signal fired twice on an account": "UPDATE fire_intents SET signal = 'signal-1'",
    "an intent of no account": "UPDATE fire_intents SET account_id = 999",
    "a claim by nobody": "UPDATE dispatches SET claimed_by = '', fence = 3",
    "a stop of nobody that is for somebody": "UPDATE emergency_stops SET subject = ''",
    "a threshold above its bound": "UPDATE tcs_adjustments SET new = 78001",
    "a hash of other than 32 bytes": "UPDATE processed_events SET body_hash = CAST('x' AS {bytes})",
    "one key of an input twice": "UPDATE processed_events SET \"key\" = 'same'",
    "a person's risk beyond the hard bound": "UPDATE users SET risk_percent = {three}",
    "a rank there is not": "UPDATE users SET rank = 'GOD'",
    "two persons of one Telegram id": "UPDATE users SET telegram_id = 5",
    "an unknown priority": "UPDATE outbox SET priority = 4",
    "a journal row's payload": "UPDATE journal SET payload = CAST('forged' AS {bytes})",
    "a journal row's number": "UPDATE journal SET number = number + 10",
    "a journal row's end": "DELETE FROM journal",
    "a stream that grows shorter": "UPDATE journal_streams SET rows = 0",
    "a deal's amount": "UPDATE deals SET profit = profit + 1",
    "a deal's end": "DELETE FROM deals",
    "an audit entry's actor": "UPDATE audit_log SET actor = 'nobody'",
    "an audit entry's end": "DELETE FROM audit_log",
}


def test_given_a_full_store_when_a_rule_is_broken_in_sql_then_the_database_refuses(url: str) -> None:
    filled(url)
    lite = url.startswith("sqlite")
    words = {"bytes": "BLOB" if lite else "BYTEA", "three": "'3'" if lite else "3"}

    kept = []
    for name, statement in REFUSED.items():
        try:
            told(url, statement.format(**words))
        except IntegrityError:
            continue
        kept.append(name)

    assert kept == []


@pytest.mark.parametrize("table", ["journal", "deals", "audit_log"])
def test_given_the_record_when_its_tables_are_emptied_at_once_then_postgres_refuses(
    postgres_url: str, table: str
) -> None:
    with pytest.raises(IntegrityError):
        told(postgres_url, f"TRUNCATE {table} CASCADE")


def test_given_a_journal_row_when_salt_and_payload_are_destroyed_then_the_database_lets_it(url: str) -> None:
    filled(url)

    told(url, "UPDATE journal SET salt = NULL, payload = NULL WHERE number = 2")

    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM journal WHERE payload IS NULL AND number = 2")) == 1
