"""The journal and its anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, null, select, update

from bitten_adapters.sql.repositories.decoding import json_of, parsed
from bitten_adapters.sql.repositories.keys import MOST, ZERO
from bitten_adapters.sql.statements import Statement, adding_once
from bitten_adapters.sql.tables.record import ANCHORS, JOURNAL, JOURNAL_STREAMS
from bitten_domain.record.anchor import Anchor
from bitten_domain.record.journal import GENESIS, commitment_of, extended
from bitten_domain.record.journal_row import JournalRow, StreamHead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_adapters.sql.statements import Row, Value, Wire

__all__ = ["SqlAnchors", "SqlJournal"]

_S, _J, _A = JOURNAL_STREAMS.c, JOURNAL.c, ANCHORS.c

_HOLD = Statement(select(_S.id, _S.rows, _S.head).where(_S.name == bindparam("stream")).with_for_update())
_BEGIN = adding_once(JOURNAL_STREAMS)
_EXTEND = Statement(update(JOURNAL_STREAMS).where(_S.id == bindparam("stream")), ("rows", "head"))
_ADD = Statement(JOURNAL.insert(), ("stream_id", "number", "salt", "payload", "commitment", "head"))
_HEADS = Statement(select(_S.name, _S.rows, _S.head).where(_S.rows > ZERO).order_by(_S.name))
_KEY = select(_S.id).where(_S.name == bindparam("stream")).scalar_subquery()
_ROWS = Statement(
    select(_J.number, _J.salt, _J.payload, _J.commitment, _J.head)
    .where(_J.stream_id == _KEY, _J.number > bindparam("after"))
    .order_by(_J.number)
    .limit(MOST)
    .offset(ZERO)
)
_ERASE = Statement(
    update(JOURNAL)
    .where(_J.stream_id == _KEY, _J.number == bindparam("of_number"), _J.payload.is_not(None))
    .values(salt=null(), payload=null())
)

_ADD_ANCHOR = adding_once(ANCHORS)
_ANCHORS = Statement(
    select(_A.day, _A.at, _A.root, _A.heads, _A.key_id, _A.signature, _A.published_at).order_by(_A.day)
)
_PUBLISHED = Statement(
    update(ANCHORS).where(_A.day == bindparam("of_day"), _A.published_at.is_(None)), ("published_at",)
)


class SqlJournal:
    """Append-only streams, each a hash chain over salted commitments.

    Args:
        wire: the transaction's.
        salt: gives 16 random bytes.
    """

    def __init__(self, wire: Wire, salt: Callable[[], bytes]) -> None:
        self._wire = wire
        self._salt = salt

    def append(self, stream: str, payloads: Sequence[bytes]) -> StreamHead:
        """Add payloads at a stream's end, salted here; hold the stream until the transaction ends."""
        wire = self._wire
        wire.require_writing()
        found = wire.one(_HOLD, stream=stream)
        if found is None and payloads:
            wire.write(_BEGIN, name=stream, rows=0, head=GENESIS)
            found = wire.one(_HOLD, stream=stream)
        key, number, head = found or (0, 0, GENESIS)
        if not payloads:
            return StreamHead(stream, number, head)
        rows: list[dict[str, Value]] = []
        for payload in payloads:
            number += 1
            salt = self._salt()
            commitment = commitment_of(salt, payload)
            head = extended(head, commitment)
            rows.append(
                {
                    "stream_id": key,
                    "number": number,
                    "salt": salt,
                    "payload": payload,
                    "commitment": commitment,
                    "head": head,
                }
            )
        wire.write_all(_ADD, rows)
        wire.write(_EXTEND, stream=key, rows=number, head=head)
        return StreamHead(stream, number, head)

    def heads(self) -> tuple[StreamHead, ...]:
        """Read how far each stream has come, by name."""
        return tuple(StreamHead(*row) for row in self._wire.all(_HEADS))

    def rows(self, stream: str, after: int, limit: int) -> tuple[JournalRow, ...]:
        """Read rows with a number above ``after``, in order."""
        return tuple(JournalRow(stream, *row) for row in self._wire.all(_ROWS, stream=stream, after=after, most=limit))

    def erase(self, stream: str, number: int) -> None:
        """Destroy a row's salt and payload; a second time changes nothing."""
        self._wire.write(_ERASE, stream=stream, of_number=number)


class SqlAnchors:
    """Anchors, one a day."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, anchor: Anchor) -> None:
        """Keep a new anchor."""
        self._wire.add(
            _ADD_ANCHOR,
            f"the anchor of day {anchor.day}",
            day=anchor.day,
            at=anchor.at,
            root=anchor.root,
            heads=json_of([[head.stream, head.rows, head.head.hex()] for head in anchor.heads]),
            key_id=anchor.key_id,
            signature=anchor.signature,
            published_at=anchor.published_at,
        )

    def all(self) -> tuple[Anchor, ...]:
        """List them, oldest first."""
        return tuple(map(_anchor, self._wire.all(_ANCHORS)))

    def published(self, day: int, at: int) -> None:
        """Note that a day's anchor was published; a second time changes nothing."""
        self._wire.write(_PUBLISHED, of_day=day, published_at=at)


def _anchor(row: Row) -> Anchor:
    day, at, root, heads, *rest = row
    named = tuple(StreamHead(stream, rows, bytes.fromhex(head)) for stream, rows, head in parsed(heads))
    return Anchor(day, at, root, named, *rest)
