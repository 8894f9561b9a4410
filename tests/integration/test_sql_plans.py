"""No statement walks through a table that grows: each finds its rows by an index."""

from __future__ import annotations

import importlib
import pkgutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.sql import repositories, schema
from bitten_adapters.sql.sqlite.connections import SPEECH
from bitten_adapters.sql.statements import Statement

if TYPE_CHECKING:
    from pathlib import Path

# One row, and some rows a day.
SMALL = {"signal_desk", "tcs_adjustments"}
# Daily jobs and erasures look through what is kept for some days, or through a list they need whole.
# An ADMIN reads the audit log from its end.
RARE = {
    "housekeeping_RECENT",
    "housekeeping_RECENT_ABOUT",
    "messages_DROP_MESSAGES",
    "messages_DROP_UPDATES",
    "messages_FORGET_MESSAGES",
    "messages_WITH_DIGITS",
    "onboarding_DROP",
    "press_passes_HELD",
    "privacy_ERASURES",
}


def statements() -> dict[str, str]:
    """Give the text of every statement of the repositories, by module and name."""
    modules = [
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(repositories.__path__, f"{repositories.__name__}.")
    ]
    found = {
        f"{module.__name__.rpartition('.')[2]}{name}": SPEECH[statement].text
        for module in modules
        for name, statement in vars(module).items()
        if isinstance(statement, Statement)
    }
    # What is held by a key is held on PostgreSQL only.
    return {name: text for name, text in found.items() if "pg_advisory" not in text}


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    """Give a connection to empty tables."""
    schema.upgrade(f"sqlite:///{tmp_path / 'store.db'}")
    return sqlite3.connect(tmp_path / "store.db")


def test_given_every_statement_when_sqlite_plans_it_then_it_walks_through_no_table_that_grows(
    connection: sqlite3.Connection,
) -> None:
    walks: dict[str, list[str]] = {}
    with closing(connection):
        for name, text in statements().items():
            plan = connection.execute(f"EXPLAIN QUERY PLAN {text}", [None] * text.count("?"))
            steps = [str(row[3]) for row in plan]
            walked = [step for step in steps if step.startswith("SCAN") and "INDEX" not in step]
            if name not in RARE and any(step.split()[1] not in SMALL for step in walked):
                walks[name] = walked

    assert len(statements()) > 60
    assert walks == {}
