"""A journal as plain lists that can be damaged at will, to prove that whoever verifies it finds the damage."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bitten_domain.ports.journal_reader import JournalSummary
from bitten_domain.record.anchor import Anchor, key_id_of, root_over, signing_bytes
from bitten_domain.record.journal import GENESIS, commitment_of, extended
from bitten_domain.record.journal_row import JournalRow, StreamHead

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_domain.ports.signer import Signer
    from bitten_domain.record.stream_check import JournalPages

__all__ = ["JournalBench", "chained_rows"]

S = TypeVar("S")
T = TypeVar("T")


def chained_rows(stream: str, opened: Sequence[tuple[bytes, bytes]], head: bytes = GENESIS) -> list[JournalRow]:
    """Chain rows from the beginning, as a store does.

    Args:
        stream: theirs.
        opened: salt, of 16 bytes, and payload of each.
        head: of the stream before them.
    """
    rows = []
    for number, (salt, payload) in enumerate(opened, start=1):
        commitment = commitment_of(salt, payload)
        head = extended(head, commitment)
        rows.append(JournalRow(stream, number, salt, payload, commitment, head))
    return rows


class JournalBench:
    """A journal whose rows, heads and anchors are yours to change.

    Attributes:
        streams: rows of each stream, by name.
        anchors: what its store keeps.
        stated: the store's own list of heads; None to have it follow the rows, as who hides something would.
    """

    def __init__(self) -> None:
        self.streams: dict[str, list[JournalRow]] = {}
        self.anchors: list[Anchor] = []
        self.stated: tuple[StreamHead, ...] | None = None

    def append(self, stream: str, salt: bytes, payload: bytes) -> None:
        """Add a row at a stream's end."""
        rows = self.streams.setdefault(stream, [])
        head = rows[-1].head if rows else GENESIS
        (row,) = chained_rows(stream, [(salt, payload)], head)
        rows.append(row._replace(number=len(rows) + 1))

    def erase(self, stream: str, number: int) -> None:
        """Destroy a row's salt and payload."""
        rows = self.streams[stream]
        rows[number - 1] = rows[number - 1]._replace(salt=None, payload=None)

    def anchor(self, signer: Signer, day: int, at: int) -> Anchor:
        """Make, keep and publish an anchor over where the journal stands."""
        heads = self.heads()
        root, key_id = root_over(heads), key_id_of(signer.public_key)
        signature = signer.sign(signing_bytes(day, at, root, len(heads), key_id))
        made = Anchor(day, at, root, heads, key_id, signature, published_at=at)
        self.anchors.append(made)
        return made

    def heads(self) -> tuple[StreamHead, ...]:
        """List the heads by name."""
        if self.stated is not None:
            return self.stated
        return tuple(StreamHead(name, len(rows), rows[-1].head) for name, rows in sorted(self.streams.items()) if rows)

    def rows(self, stream: str, after: int, limit: int) -> tuple[JournalRow, ...]:
        """Read rows behind the first ``after`` ones, in the order they lie in."""
        return tuple(self.streams.get(stream, ())[after : after + limit])

    async def summary(self) -> JournalSummary:
        """Read what the journal says of itself."""
        return JournalSummary(self.heads(), tuple(self.anchors))

    async def each(self, work: Callable[[JournalPages, S], T], pieces: Sequence[S]) -> tuple[T, ...]:
        """Do the work on every piece, one after the other."""
        return tuple(work(self, piece) for piece in pieces)
