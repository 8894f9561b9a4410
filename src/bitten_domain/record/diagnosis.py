"""Diagnosis: what happened where a stream's chain breaks, told from the rows around the break."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.record.damage import Damage, DamageKind
from bitten_domain.record.journal import SALT_BYTES, commitment_of, extended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.record.journal_row import JournalRow

__all__ = ["diagnosed"]


def diagnosed(stream: str, number: int, earlier: Sequence[bytes], following: Sequence[JournalRow]) -> Damage:
    """Tell what happened at the first row that is not what should be there.

    Args:
        stream: which.
        number: of the last row in order; 0 before the first.
        earlier: heads up to that row, one or more, oldest first.
        following: the rows after it, one or more, of which the first is bad.

    Returns:
        The most particular finding that the rows support. A chain shows that something was changed, not always what:
        where several changes leave the same trace, the finding says so.
    """
    row, place, head = following[0], number + 1, earlier[-1]
    if _follows(row, head):
        return _in_its_place(stream, place, row)
    own = _own_commitment(row)
    if own is not None and extended(head, own) == row.head:
        detail = "the chain holds the commitment of the payload, the row states another one"
        return Damage(stream, place, place, DamageKind.EDITED_COMMITMENT, detail)
    strangers = _strangers(stream, place, earlier, following)
    if strangers is not None:
        return strangers
    if row.number > place:
        return Damage(stream, place, row.number - 1, DamageKind.DROPPED, f"row {row.number} comes next")
    if own == row.commitment and len(following) > 1 and _follows(following[1], extended(head, own)):
        detail = "the next row is chained to another head than this one states"
        return Damage(stream, place, place, DamageKind.EDITED_HEAD, detail)
    detail = "it is not chained to the row before: one of the two was replaced, or rows between them were taken out"
    return Damage(stream, place, place, DamageKind.DOES_NOT_FOLLOW, detail)


def _in_its_place(stream: str, place: int, row: JournalRow) -> Damage:
    """Tell what is wrong with a row that the chain says belongs here."""
    if row.number != place or row.stream != stream:
        kind, detail = DamageKind.EDITED_NUMBER, f"the chain has it here, its label says {row.stream} {row.number}"
    elif (row.salt is None) != (row.payload is None):
        kind, detail = DamageKind.HALF_ERASED, "an erasure takes salt and payload, here one of them is left"
    else:
        kind, detail = DamageKind.EDITED_PAYLOAD, "salt and payload are not what the row's commitment was made of"
    return Damage(stream, place, place, kind, detail)


def _strangers(stream: str, place: int, earlier: Sequence[bytes], following: Sequence[JournalRow]) -> Damage | None:
    """Find rows that stand where they do not belong: the chain goes on behind them, or before them."""
    row, head = following[0], earlier[-1]
    ahead = next((at for at, other in enumerate(following) if _follows(other, head)), 0)
    if ahead and any(_follows(row, other.head) for other in following[1:]):
        detail = f"the row that belongs here comes {ahead} later, and this one belongs behind it"
        return Damage(stream, place, place + ahead, DamageKind.REORDERED, detail)
    if ahead:
        return Damage(stream, place, place + ahead - 1, DamageKind.INSERTED, "the chain goes on behind it")
    for back, before in enumerate(reversed(earlier[:-1]), start=1):
        if _follows(row, before):
            detail = f"row {place} is chained to what came before it"
            return Damage(stream, place - back, place - 1, DamageKind.INSERTED, detail)
    return None


def _follows(row: JournalRow, head: bytes) -> bool:
    return extended(head, row.commitment) == row.head


def _own_commitment(row: JournalRow) -> bytes | None:
    """Compute what a row's salt and payload commit to; None where they cannot be opened."""
    if row.salt is None or row.payload is None or len(row.salt) != SALT_BYTES:
        return None
    return commitment_of(row.salt, row.payload)
