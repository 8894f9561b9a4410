"""Journal reader: a journal to be checked, wherever it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_domain.record.anchor import Anchor
    from bitten_domain.record.journal_row import JournalRow, StreamHead
    from bitten_domain.record.stream_check import JournalPages

__all__ = ["JournalReader", "JournalSink", "JournalSummary"]

S = TypeVar("S")
T = TypeVar("T")


class JournalSummary(NamedTuple):
    """What a journal says of itself.

    Args:
        heads: how far its streams have come, by name.
        anchors: its own, oldest first.
    """

    heads: tuple[StreamHead, ...]
    anchors: tuple[Anchor, ...]


class JournalReader(Protocol):
    """Read a journal, and do the same work on many of its streams.

    Promises: a piece of work sees pages of one committed state; answers come in the order of the pieces. Pieces may be
    worked on in other threads or processes at once, so work and pieces can be pickled and share nothing.
    `InvalidInput`: it cannot be read, and why.
    """

    async def summary(self) -> JournalSummary:
        """Read what the journal says of itself."""
        ...

    async def each(self, work: Callable[[JournalPages, S], T], pieces: Sequence[S]) -> tuple[T, ...]:
        """Do the work on every piece."""
        ...


class JournalSink(Protocol):
    """Take a copy of a journal.

    Promises: without `finish` the copy is recognisably unfinished and no reader takes it for a journal.
    """

    def add(self, rows: Sequence[JournalRow]) -> None:
        """Take rows of one stream, in order; streams come one after the other, by name."""
        ...

    def finish(self, summary: JournalSummary) -> None:
        """End the copy."""
        ...
