"""Proof that one row was written by a certain time, without showing any other row.

The row's commitment, carried on by the commitments after it, gives its stream's head; an audit path carries the head
to the root that an anchor signed. Who holds the proof needs the public key, and a copy of the anchor's statement from
where it was published; nothing else of the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.record.anchor import anchor_name, head_leaf, key_id_of, moment_text, signing_bytes
from bitten_domain.record.journal import GENESIS, SALT_BYTES, commitment_of, extended
from bitten_domain.record.journal_row import StreamHead
from bitten_domain.record.merkle import audit_path, is_included
from bitten_domain.record.stream_check import PAGE_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bitten_domain.record.anchor import Anchor
    from bitten_domain.record.anchor_check import PinnedKey
    from bitten_domain.record.journal_row import JournalRow
    from bitten_domain.record.stream_check import JournalPages

__all__ = ["RowProof", "first_anchor_over", "prove_row"]


@dataclass(frozen=True, slots=True)
class RowProof:
    """What shows that a row was in the journal when an anchor was made.

    Args:
        stream: the row's.
        number: its place in the stream, from 1.
        salt: 16 bytes.
        payload: what the row says.
        before: head of the stream before it, 32 bytes.
        after: commitments of the rows behind it, up to the anchored head.
        place: of the stream's head among the anchor's, from 0.
        streams: number of heads under the root.
        path: hashes beside the head's way up to the root, from below.
        day: trading day the anchor closes, days since 1970-01-01.
        at: when the anchor was made, seconds since 1970 UTC.
        root: that was signed, 32 bytes.
        signature: over the anchor's signing bytes.
        published_at: when the anchor was published, seconds since 1970 UTC, as its keeper says; None before. The place
            of publication says it better.
    """

    stream: str
    number: int
    salt: bytes
    payload: bytes
    before: bytes
    after: tuple[bytes, ...]
    place: int
    streams: int
    path: tuple[bytes, ...]
    day: int
    at: int
    root: bytes
    signature: bytes
    published_at: int | None

    def holds(self, key: PinnedKey) -> bool:
        """Say whether the proof is whole and its anchor signed by the pinned key."""
        if len(self.salt) != SALT_BYTES:
            return False
        head = extended(self.before, commitment_of(self.salt, self.payload))
        for commitment in self.after:
            head = extended(head, commitment)
        leaf = head_leaf(StreamHead(self.stream, self.number + len(self.after), head))
        statement = signing_bytes(self.day, self.at, self.root, self.streams, key_id_of(key.public_key))
        return is_included(leaf, self.place, self.streams, self.path, self.root) and key.is_signed(
            statement, self.signature
        )

    def is_before(self, moment: int, key: PinnedKey) -> bool:
        """Say whether the proof shows that the row was committed, and published, before a moment such as an entry."""
        return self.published_at is not None and self.at <= self.published_at < moment and self.holds(key)

    def statement(self, moment: int, key: PinnedKey) -> str:
        """Say in a sentence what is shown about a moment, seconds since 1970 UTC, such as a signal's entry."""
        row, anchor = f"{self.stream}, row {self.number}", anchor_name(self.day)
        if not self.holds(key):
            return f"{row}: not proven; the proof does not lead to an {anchor} that the key has signed."
        if self.published_at is None:
            return f"{row}: in the {anchor}, made {moment_text(self.at)} and not published, so no time is proven."
        when = f"in the {anchor}, published {moment_text(self.published_at)}"
        if self.is_before(moment, key):
            return f"{row}: {when}, before {moment_text(moment)}."
        return f"{row}: {when}; that it was written before {moment_text(moment)} is not proven by this anchor."


def first_anchor_over(anchors: tuple[Anchor, ...], stream: str, number: int) -> Anchor | None:
    """Find the earliest published anchor that a row is under; anchors oldest first."""
    return next(
        (
            anchor
            for anchor in anchors
            if anchor.published_at is not None
            and any(head.stream == stream and head.rows >= number for head in anchor.heads)
        ),
        None,
    )


def prove_row(pages: JournalPages, stream: str, number: int, anchor: Anchor) -> RowProof | None:
    """Put the proof of a row under an anchor together.

    Returns:
        The proof, which holds if the journal is intact; None when the row has been erased.

    Raises:
        BrokenInvariant: the anchor does not reach the row, or the journal has not got it.
    """
    place = next((at for at, head in enumerate(anchor.heads) if head.stream == stream), None)
    if place is None or not 1 <= number <= anchor.heads[place].rows:
        raise BrokenInvariant(f"the {anchor_name(anchor.day)} does not reach row {number} of {stream}")
    before = GENESIS if number == 1 else _row(pages, stream, number - 1).head
    row = _row(pages, stream, number)
    if row.salt is None or row.payload is None:
        return None
    behind = _between(pages, stream, number, anchor.heads[place].rows)
    return RowProof(
        stream=stream,
        number=number,
        salt=row.salt,
        payload=row.payload,
        before=before,
        after=tuple(other.commitment for other in behind),
        place=place,
        streams=len(anchor.heads),
        path=audit_path([head_leaf(head) for head in anchor.heads], place),
        day=anchor.day,
        at=anchor.at,
        root=anchor.root,
        signature=anchor.signature,
        published_at=anchor.published_at,
    )


def _row(pages: JournalPages, stream: str, number: int) -> JournalRow:
    found = pages.rows(stream, number - 1, 1)
    if not found or found[0].number != number:
        raise BrokenInvariant(f"{stream} has no row {number}")
    return found[0]


def _between(pages: JournalPages, stream: str, after: int, last: int) -> Iterator[JournalRow]:
    while after < last and (page := pages.rows(stream, after, min(PAGE_ROWS, last - after))):
        yield from page
        after += len(page)
