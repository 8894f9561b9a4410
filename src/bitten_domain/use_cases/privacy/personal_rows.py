"""Rows of the journal that say something personal: those lose salt and payload with their person.

What happens on accounts is told in the journal by ids, which lead to nobody once the person is erased. A payload that
says more than that says it under one of `PERSONAL_KEYS`, and names its person, so that it can be found again. A row is
chosen by keys and ids only, never by what somebody called themselves: a callsign such as `signal` must not empty the
record of signals.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from bitten_domain.record.stream_check import PAGE_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.record.journal_row import JournalRow
    from bitten_domain.values import UserId

__all__ = ["PERSONAL_KEYS", "JournalSearched", "Somebody", "is_personal", "rows_since", "searched_journal"]

PERSONAL_KEYS = frozenset({"callsign", "diary", "email", "language", "mood", "telegram_id", "zone"})
"""Keys of payloads under which something personal stands, and nothing else."""

_MARKS = tuple(f'"{key}"'.encode() for key in sorted(PERSONAL_KEYS))

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | int | float | bool | None"


class Somebody(NamedTuple):
    """Whom a payload may be about.

    Args:
        user_id: their identity here.
        telegram_id: as it was; None without one.
        streams: of their accounts.
    """

    user_id: UserId
    telegram_id: int | None
    streams: frozenset[str]


class JournalSearched(NamedTuple):
    """What was found in a journal up to where it was read.

    Args:
        found: streams and numbers of personal rows that were not erased before.
        seen: rows read, by stream.
    """

    found: tuple[tuple[str, int], ...]
    seen: Mapping[str, int]


def is_personal(row: JournalRow, person: Somebody) -> bool:
    """Say whether a row tells something personal about somebody."""
    payload = row.payload
    if payload is None or not any(mark in payload for mark in _MARKS):
        return False
    pairs = list(_pairs(payload))
    if not any(key in PERSONAL_KEYS for key, _ in pairs):
        return False
    return row.stream in person.streams or any(
        value == person.user_id or (key == "telegram_id" and value == person.telegram_id is not None)
        for key, value in pairs
    )


def _pairs(payload: bytes) -> Iterator[tuple[str, _Json]]:
    try:
        waiting: list[_Json] = [json.loads(payload)]
    except (ValueError, RecursionError):
        return
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, dict):
            yield from part.items()
            waiting += part.values()


async def searched_journal(unit_of_work: UnitOfWork, person: Somebody) -> JournalSearched:
    """Look through a journal page by page, so that no transaction is held meanwhile."""
    heads = await unit_of_work.read(lambda store: store.journal.heads())
    found: list[tuple[str, int]] = []
    for head in heads:
        after = 0
        while after < head.rows:
            page = await unit_of_work.read(
                lambda store, stream=head.stream, after=after: store.journal.rows(stream, after, PAGE_ROWS)  # type: ignore[misc]
            )
            found += [(row.stream, row.number) for row in page if is_personal(row, person)]
            after += len(page)
    return JournalSearched(tuple(found), {head.stream: head.rows for head in heads})


def rows_since(store: Repositories, searched: JournalSearched, person: Somebody) -> tuple[tuple[str, int], ...]:
    """Add to what was found what was written meanwhile."""
    found = list(searched.found)
    for head in store.journal.heads():
        seen = searched.seen.get(head.stream, 0)
        if head.rows > seen:
            rows = store.journal.rows(head.stream, seen, head.rows - seen)
            found += [(row.stream, row.number) for row in rows if is_personal(row, person)]
    return tuple(found)
