"""Erase a person, in one transaction: out of every table, with their key, and onto the list of those erased."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.privacy.forgetters import FORGETTERS, Leaving
from bitten_domain.use_cases.privacy.personal_rows import Somebody, rows_since
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.membership.privacy import ErasureEntry
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.privacy.forgetters import Forgetter
    from bitten_domain.use_cases.privacy.personal_rows import JournalSearched

__all__ = ["SYSTEM", "erase_person", "somebody"]

SYSTEM = UserId("system")
"""Who acts when nobody asked at that moment."""


def somebody(store: Repositories, user_id: UserId) -> Somebody | None:
    """Read whom payloads may be about; None when there is no such person."""
    person = store.people.get(user_id)
    if person is None:
        return None
    streams = frozenset(account.stream for account in store.accounts.of(user_id))
    return Somebody(user_id, person.telegram_id, streams)


def erase_person(
    store: Repositories,
    entry: ErasureEntry,
    searched: JournalSearched,
    at: int,
    forgetters: Mapping[str, Forgetter] = FORGETTERS,
) -> Mapping[str, int]:
    """Take somebody out of the store; whoever calls this holds the person and their accounts, or knows there is none.

    A second time finds nothing and writes nothing.

    Args:
        store: the transaction's.
        entry: for the list of those erased.
        searched: personal rows of the journal, as far as it was read before the transaction.
        at: now, seconds since 1970 UTC.
        forgetters: by table.

    Returns:
        Changed rows by table; tables without any are left out.
    """
    person = somebody(store, entry.user_id)
    found = () if person is None else rows_since(store, searched, person)
    telegram_id = None if person is None else person.telegram_id
    leaving = Leaving(entry.user_id, telegram_id, at, found)
    counts = {} if person is None else {table: forget(store, leaving) for table, forget in forgetters.items()}
    changed = {table: count for table, count in counts.items() if count}
    is_new = store.erasures.add(entry)
    if changed or is_new:
        # Numbers of rows say nothing about anybody, and show later that the erasure did something.
        store.audit.add(AuditEntry(at, SYSTEM, "PERSON_ERASED", entry.user_id, json.dumps(changed, sort_keys=True)))
    return changed
