"""What is written from the described tables is up to date: the reference page, and the migrations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = "src/bitten_adapters/sql/migrations/versions"
MIGRATIONS = ("first_tables", "progression_tables", "education_tables", "game_tables")


@pytest.mark.parametrize(
    ("tool", "written"),
    [
        ("write_tables.py", ["docs/reference/tables.md"]),
        # Until a release freezes it: from then on a change of the tables is a migration of its own.
        (
            "write_migration_tables.py",
            [f"{VERSIONS}/{folder}/{name}.sql" for folder in MIGRATIONS for name in ("sqlite", "postgresql")],
        ),
    ],
)
def test_given_the_described_tables_when_written_down_then_nothing_changes(tool: str, written: list[str]) -> None:
    before = [(ROOT / name).read_text(encoding="utf-8") for name in written]

    subprocess.run([sys.executable, ROOT / "tools" / tool], env={"PYTHONPATH": str(ROOT / "src")}, check=True)

    assert [(ROOT / name).read_text(encoding="utf-8") for name in written] == before
