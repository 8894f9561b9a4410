"""Checking one stream from its first row to its last, page by page, against what anchors say of it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol

from bitten_domain.errors import InvalidInput
from bitten_domain.record.damage import Damage, DamageKind
from bitten_domain.record.diagnosis import diagnosed
from bitten_domain.record.journal import GENESIS, SALT_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.record.journal_row import JournalRow

__all__ = ["PAGE_ROWS", "JournalPages", "Mark", "StreamReport", "StreamTask", "check_stream"]

PAGE_ROWS = 4096
"""Rows looked at in one go: enough to make a page's overhead small, few enough to fit a small machine many times."""


class JournalPages(Protocol):
    """Read a stream in pages; every `JournalRepository` can."""

    def rows(self, stream: str, after: int, limit: int) -> tuple[JournalRow, ...]:
        """Read rows with a number above ``after``, in order."""
        ...


class Mark(NamedTuple):
    """What somebody says of a stream.

    Args:
        rows: after this many rows, >= 1,
        head: its head was this, 32 bytes.
        said_by: who says so, to be told in a finding.
    """

    rows: int
    head: bytes
    said_by: str


class StreamTask(NamedTuple):
    """A stream to be checked.

    Args:
        stream: which.
        marks: what is said of it, by rows.
    """

    stream: str
    marks: tuple[Mark, ...]


class StreamReport(NamedTuple):
    """What the rows of a stream show.

    Args:
        stream: which.
        rows: number of rows that are whole and in their place, up to the first bad one.
        erased: how many erased rows were come across.
        agreed: number of rows up to which the marks agree.
        damage: the first bad place; None when there is none.
    """

    stream: str
    rows: int
    erased: int
    agreed: int
    damage: Damage | None


class _State:
    """How far a check has come."""

    def __init__(self, task: StreamTask) -> None:
        self.stream = task.stream
        self.marks = list(reversed(task.marks))
        self.rows = 0
        self.head = GENESIS
        self.erased = 0
        self.agreed = 0

    def report(self, damage: Damage | None) -> StreamReport:
        rows = self.rows if damage is None else damage.number - 1
        return StreamReport(self.stream, rows, self.erased, min(self.agreed, rows), damage)


def check_stream(pages: JournalPages, task: StreamTask) -> StreamReport:
    """Check a stream: every row's commitment, every link, every number, and every mark.

    Erased rows have no payload to check; their commitments still carry the chain.
    """
    state = _State(task)
    try:
        while page := pages.rows(task.stream, state.rows, PAGE_ROWS):
            start = state.rows
            _follow(state, page)
            broken = _diagnosed(state, pages) if state.rows - start < len(page) else None
            marked = _compared(state, start, page)
            # A broken link says more than a mark, unless the mark has found something before it.
            damage = marked if broken is None or (marked is not None and marked.last < broken.number) else broken
            if damage is not None:
                return state.report(damage)
    except InvalidInput as error:
        place = state.rows + 1
        return state.report(Damage(task.stream, place, place, DamageKind.UNREADABLE, str(error)))
    return state.report(_cut(state))


def _follow(state: _State, page: Sequence[JournalRow]) -> None:
    """Go through rows while each is whole and follows from the one before."""
    stream, rows, head, erased = state.stream, state.rows, state.head, state.erased
    for name, number, salt, payload, commitment, stated in page:
        if payload is None or salt is None:
            if payload is not None or salt is not None:
                break
            gone = 1
        elif len(salt) != SALT_BYTES or sha256(salt + payload).digest() != commitment:
            break
        else:
            gone = 0
        # The formulas of `record.journal`, written out: their calls would cost as much as the hashes.
        if sha256(head + commitment).digest() != stated or number != rows + 1 or name != stream:
            break
        rows, head, erased = number, stated, erased + gone
    state.rows, state.head, state.erased = rows, head, erased


def _compared(state: _State, start: int, page: Sequence[JournalRow]) -> Damage | None:
    """Hold the rows just followed against the marks that lie among them."""
    marks = state.marks
    while marks and marks[-1].rows <= state.rows:
        mark = marks.pop()
        if mark.rows > start and page[mark.rows - start - 1].head != mark.head:
            detail = f"{mark.said_by} knows another head after row {mark.rows}, so something up to there was changed"
            return Damage(state.stream, state.agreed + 1, mark.rows, DamageKind.REWRITTEN, detail)
        if not marks or marks[-1].rows > mark.rows:
            state.agreed = mark.rows
    return None


def _diagnosed(state: _State, pages: JournalPages) -> Damage:
    back = max(0, state.rows - PAGE_ROWS)
    window = pages.rows(state.stream, back, state.rows - back + PAGE_ROWS)
    good = state.rows - back
    earlier = [row.head for row in window[:good]]
    return diagnosed(state.stream, state.rows, [GENESIS, *earlier] if back == 0 else earlier, window[good:])


def _cut(state: _State) -> Damage | None:
    if not state.marks:
        return None
    furthest = state.marks[0]
    detail = f"{furthest.said_by} counts {furthest.rows} rows, there are {state.rows}"
    return Damage(state.stream, state.rows + 1, furthest.rows, DamageKind.CUT, detail)
