"""Guards: triggers that refuse what no column's rule can refuse, an edit of the record.

They stop bugs and mistakes. Somebody who may drop triggers is stopped by the journal's chain and its published anchors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

__all__ = ["Guard", "guard_statements", "guards"]

_ERASURE_ONLY = (
    "NEW.stream_id = OLD.stream_id AND NEW.number = OLD.number AND NEW.commitment = OLD.commitment"
    " AND NEW.head = OLD.head AND NEW.salt IS NULL AND NEW.payload IS NULL"
)
_ONLY_LONGER = 'NEW.id = OLD.id AND NEW.name = OLD.name AND NEW."rows" > OLD."rows"'


class Guard(NamedTuple):
    """A refusal.

    Args:
        table: whose rows it keeps.
        verb: UPDATE, DELETE or TRUNCATE.
        unless: condition under which the verb is let through; empty for never.
    """

    table: str
    verb: str
    unless: str = ""

    @property
    def name(self) -> str:
        """Name of its trigger."""
        return f"tr_{self.table}_no_{self.verb.lower()}"


_GUARDS = (
    Guard("journal", "UPDATE", _ERASURE_ONLY),
    Guard("journal", "DELETE"),
    Guard("journal_streams", "UPDATE", _ONLY_LONGER),
    Guard("journal_streams", "DELETE"),
    Guard("deals", "UPDATE"),
    Guard("deals", "DELETE"),
    Guard("audit_log", "UPDATE"),
    Guard("audit_log", "DELETE"),
    Guard("xp_transactions", "UPDATE"),
    Guard("xp_transactions", "DELETE"),
)
_KEPT = ("journal", "journal_streams", "deals", "audit_log", "xp_transactions")


def guards(dialect: str) -> tuple[Guard, ...]:
    """List the guards of a store.

    Args:
        dialect: `sqlite`, which cannot empty a table at once, or `postgresql`.
    """
    return _GUARDS if dialect == "sqlite" else (*_GUARDS, *(Guard(table, "TRUNCATE") for table in _KEPT))


def guard_statements(dialect: str, tables: AbstractSet[str], *, is_first: bool) -> tuple[str, ...]:
    """Write the statements that set the guards of some tables up.

    Args:
        dialect: `sqlite` or `postgresql`.
        tables: whose.
        is_first: whether the function that PostgreSQL's guards call is still to be made.
    """
    found = [guard for guard in guards(dialect) if guard.table in tables]
    if dialect == "sqlite":
        return tuple(map(_sqlite, found))
    refuse = (
        "CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' rows are never edited',"
        " ERRCODE = 'check_violation'; END $$"
    )
    return (*((refuse,) if is_first else ()), *map(_postgres, found))


def _sqlite(guard: Guard) -> str:
    when = f" WHEN NOT ({guard.unless})" if guard.unless else ""
    refuse = f"SELECT RAISE(ABORT, '{guard.table} rows are never edited')"
    return f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table}{when} BEGIN {refuse}; END"


def _postgres(guard: Guard) -> str:
    when = f" WHEN (NOT ({guard.unless}))" if guard.unless else ""
    each = "STATEMENT" if guard.verb == "TRUNCATE" else "ROW"
    event = f"BEFORE {guard.verb} ON {guard.table} FOR EACH {each}{when}"
    return f"CREATE TRIGGER {guard.name} {event} EXECUTE FUNCTION refuse_edit()"
