"""Guards: triggers that refuse what no column's rule can refuse, an edit of the record.

They stop bugs and mistakes. Somebody who may drop triggers is stopped by the journal's chain and its published anchors.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["GUARDS", "Guard", "guard_statements"]

_ERASURE_ONLY = (
    "NEW.stream_id = OLD.stream_id AND NEW.number = OLD.number AND NEW.commitment = OLD.commitment"
    " AND NEW.head = OLD.head AND NEW.salt IS NULL AND NEW.payload IS NULL"
)
_ONLY_LONGER = 'NEW.id = OLD.id AND NEW.name = OLD.name AND NEW."rows" > OLD."rows"'


class Guard(NamedTuple):
    """A refusal.

    Args:
        table: whose rows it keeps.
        verb: UPDATE or DELETE.
        unless: condition under which the verb is let through; empty for never.
    """

    table: str
    verb: str
    unless: str = ""

    @property
    def name(self) -> str:
        """Name of its trigger."""
        return f"tr_{self.table}_no_{self.verb.lower()}"


GUARDS = (
    Guard("journal", "UPDATE", _ERASURE_ONLY),
    Guard("journal", "DELETE"),
    Guard("journal_streams", "UPDATE", _ONLY_LONGER),
    Guard("journal_streams", "DELETE"),
    Guard("deals", "UPDATE"),
    Guard("deals", "DELETE"),
    Guard("audit_log", "UPDATE"),
    Guard("audit_log", "DELETE"),
)
"""Every guard of the store."""


def guard_statements(dialect: str) -> tuple[str, ...]:
    """Write the statements that set the guards up.

    Args:
        dialect: `sqlite` or `postgresql`.
    """
    if dialect == "sqlite":
        return tuple(_sqlite(guard) for guard in GUARDS)
    refuse = (
        "CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' rows are never edited',"
        " ERRCODE = 'check_violation'; END $$"
    )
    return (refuse, *(_postgres(guard) for guard in GUARDS))


def _sqlite(guard: Guard) -> str:
    when = f" WHEN NOT ({guard.unless})" if guard.unless else ""
    refuse = f"SELECT RAISE(ABORT, '{guard.table} rows are never edited')"
    return f"CREATE TRIGGER {guard.name} BEFORE {guard.verb} ON {guard.table}{when} BEGIN {refuse}; END"


def _postgres(guard: Guard) -> str:
    when = f" WHEN (NOT ({guard.unless}))" if guard.unless else ""
    rows = f"BEFORE {guard.verb} ON {guard.table} FOR EACH ROW{when}"
    return f"CREATE TRIGGER {guard.name} {rows} EXECUTE FUNCTION refuse_edit()"
