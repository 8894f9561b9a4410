"""Write the statements of migrations from the described tables; once they are released they are frozen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, SetTableComment

from bitten_adapters.sql.tables import METADATA
from bitten_adapters.sql.tables.guards import guard_statements

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

VERSIONS = Path(__file__).parents[1] / "src/bitten_adapters/sql/migrations/versions"
LATER = {
    "progression_tables": frozenset({"xp_transactions", "user_progress", "market_days"}),
    "privacy_tables": frozenset({"deletion_requests", "export_requests", "erasures", "person_keys", "user_emails"}),
    "education_tables": frozenset({"lessons", "quiz_results", "missions", "diary_entries"}),
    "membership_tables": frozenset(
        {
            "press_pass_days",
            "press_passes",
            "subscription_plans",
            "gateway_events",
            "user_subscriptions",
            "payment_transactions",
            "trial_marks",
        }
    ),
    "onboarding_tables": frozenset({"onboarding_sessions", "consents", "user_choices"}),
    "game_tables": frozenset(
        {
            "achievements",
            "user_achievements",
            "challenges",
            "gear",
            "gear_worn",
            "board_members",
            "forecasts",
        }
    ),
}
"""Tables that came after the first ones, by the folder of their migration."""
LATER_INDEXES = frozenset({"ix_accounts_user"})
"""Indexes that came after their tables, each in a migration of its own."""


def main() -> None:
    """Write a file for each migration and database."""
    later = frozenset[str]().union(*LATER.values())
    for folder, tables in {"first_tables": METADATA.tables.keys() - later, **LATER}.items():
        for dialect in ("sqlite", "postgresql"):
            (VERSIONS / folder / f"{dialect}.sql").write_text(
                statements(tables, dialect, is_first=folder == "first_tables"), encoding="utf-8"
            )


def statements(tables: AbstractSet[str], name: str, *, is_first: bool) -> str:
    """Write the statements that make some tables, with their indexes and guards.

    Args:
        tables: their names.
        name: of the dialect.
        is_first: whether the function the guards call is still to be made.
    """
    dialect = sqlite.dialect() if name == "sqlite" else postgresql.dialect()  # type: ignore[no-untyped-call]
    written: list[str] = []
    for table in METADATA.sorted_tables:
        if table.name not in tables:
            continue
        written.append(str(CreateTable(table).compile(dialect=dialect)))
        there = (index for index in table.indexes if index.name not in LATER_INDEXES)
        indexes = sorted(there, key=lambda index: str(index.name))
        written += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
        if name == "postgresql":
            written.append(str(SetTableComment(table).compile(dialect=dialect)))
    written += guard_statements(name, tables, is_first=is_first)
    tidy = ("\n".join(line.rstrip() for line in text.strip().splitlines()) for text in written)
    return ";\n\n".join(tidy) + ";\n"


if __name__ == "__main__":
    main()
