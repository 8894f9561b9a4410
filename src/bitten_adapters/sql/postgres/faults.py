"""Faults: what PostgreSQL's errors mean to the domain, by their SQLSTATE."""

from __future__ import annotations

import psycopg

from bitten_domain.errors import BittenError, BrokenInvariant, Conflict, OutcomeUnknown, Unavailable

__all__ = ["LostRace", "commit_failed", "statement_failed"]

_RACES = frozenset({"40001", "40P01"})
"""Serialization failure, deadlock."""

_KEY_IS_THERE = "23505"

# Classes whose fault is the statement's or its values': data, constraint, transaction state, syntax, feature.
_OURS = frozenset({"0A", "22", "23", "25", "42"})


class LostRace(Conflict):
    """The database gave this transaction up for another one; it may win when it is run again."""


def statement_failed(error: Exception) -> BittenError | None:
    """Say what a failed statement means; nothing of its transaction is kept. None for what is not the driver's."""
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate or ""
    if state in _RACES:
        return LostRace(f"another transaction was faster: {error}")
    if state == _KEY_IS_THERE:
        return Conflict(f"it is there already: {error}")
    if state[:2] in _OURS:
        return BrokenInvariant(f"the store refuses it: {error}")
    if not state and isinstance(error, psycopg.ProgrammingError | psycopg.DataError):
        return BrokenInvariant(f"a statement is wrong: {error}")
    return Unavailable(f"the store cannot be used now: {error}")


def commit_failed(error: psycopg.Error, *, is_connected: bool) -> BittenError:
    """Say what a failed COMMIT means.

    Args:
        error: what the driver raised.
        is_connected: whether the connection still stands: an answer came, and it was a refusal.
    """
    meaning = statement_failed(error)
    if is_connected and error.sqlstate and meaning is not None:
        return meaning
    return OutcomeUnknown(f"the store's answer to a commit is lost: {error}")
