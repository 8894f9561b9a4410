"""Checking anchors: who signed them, what they are over, and whether they agree with each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.record.anchor import anchor_name, key_id_of, moment_text, root_over, signing_bytes
from bitten_domain.record.damage import AnchorDamage, AnchorFault
from bitten_domain.record.stream_check import Mark, StreamTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bitten_domain.record.anchor import Anchor
    from bitten_domain.record.journal_row import StreamHead

__all__ = ["AnchorReport", "PinnedKey", "check_anchors", "stream_tasks"]


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """The key that anchors must be signed by, known from elsewhere than the journal.

    Args:
        public_key: its bytes.
        is_signed: says whether a signature over a message is by this key: message, signature.
    """

    public_key: bytes
    is_signed: Callable[[bytes, bytes], bool]


@dataclass(frozen=True, slots=True)
class AnchorReport:
    """What the anchors are worth.

    Args:
        believed: anchors to hold the journal against, oldest first, one a day.
        published: the newest of them that was published; None when there is none.
        damage: what is wrong with the others.
    """

    believed: tuple[Anchor, ...]
    published: Anchor | None
    damage: tuple[AnchorDamage, ...]


def check_anchors(kept: Sequence[Anchor], published: Sequence[Anchor] | None, key: PinnedKey) -> AnchorReport:
    """Check anchors against the pinned key, their heads, and each other.

    Args:
        kept: those the journal's own store has.
        published: a copy from where they were published; None when there is only the store's word for it.
        key: who must have signed them.
    """
    damage: list[AnchorDamage] = []
    good: dict[int, Anchor] = {}
    out_there: set[int] = set()
    for anchor in published or ():
        fault = _fault(anchor, key)
        if fault is None and anchor.day in good and _said(good[anchor.day]) != _said(anchor):
            fault = (AnchorFault.DIFFERS, "two signed anchors of one day were published")
        if fault is None:
            good[anchor.day] = anchor
            out_there.add(anchor.day)
        else:
            damage.append(AnchorDamage(anchor.day, *fault))
    by_day = {anchor.day: anchor for anchor in kept}
    damage += [
        AnchorDamage(day, AnchorFault.MISSING, "it was published, the store does not have it")
        for day in sorted(out_there - by_day.keys())
    ]
    for anchor in kept:
        fault = _fault(anchor, key)
        if fault is None and anchor.day in good and _said(good[anchor.day]) != _said(anchor):
            fault = (AnchorFault.DIFFERS, "the store has another one than was published for that day")
        if fault is None:
            good[anchor.day] = anchor
            if published is None and anchor.published_at is not None:
                out_there.add(anchor.day)
        else:
            damage.append(AnchorDamage(anchor.day, *fault))
    believed, backward = _in_order(good[day] for day in sorted(good))
    last = max((anchor for anchor in believed if anchor.day in out_there), key=lambda each: each.day, default=None)
    return AnchorReport(believed, last, (*damage, *backward))


def _said(anchor: Anchor) -> Anchor:
    return replace(anchor, published_at=None)


def _fault(anchor: Anchor, key: PinnedKey) -> tuple[AnchorFault, str] | None:
    if not anchor.signature:
        return AnchorFault.UNSIGNED, "it has no signature"
    expected = key_id_of(key.public_key)
    if anchor.key_id != expected:
        return AnchorFault.OTHER_KEY, f"its key is {anchor.key_id}, the pinned one {expected}"
    statement = signing_bytes(anchor.day, anchor.at, anchor.root, len(anchor.heads), anchor.key_id)
    if not key.is_signed(statement, anchor.signature):
        return AnchorFault.FORGED, "its signature is not the pinned key's over this day, time and root"
    if root_over(anchor.heads) != anchor.root:
        return AnchorFault.WRONG_ROOT, "its heads are not those the signed root is over"
    return None


def _in_order(anchors: Iterable[Anchor]) -> tuple[tuple[Anchor, ...], list[AnchorDamage]]:
    """Keep anchors that count on from the one before; a journal that shrank between two was cut."""
    kept: list[Anchor] = []
    damage: list[AnchorDamage] = []
    rows: dict[str, int] = {}
    for anchor in anchors:
        now = {head.stream: head.rows for head in anchor.heads}
        shrunk = sorted(stream for stream, count in rows.items() if now.get(stream, 0) < count)
        if kept and anchor.at < kept[-1].at:
            detail = f"made {moment_text(anchor.at)}, before the {anchor_name(kept[-1].day)}"
            damage.append(AnchorDamage(anchor.day, AnchorFault.OUT_OF_ORDER, detail))
        if shrunk:
            detail = f"{shrunk[0]} has fewer rows than in the {anchor_name(kept[-1].day)}"
            damage.append(AnchorDamage(anchor.day, AnchorFault.OUT_OF_ORDER, detail))
        kept.append(anchor)
        rows |= now
    return tuple(kept), damage


def stream_tasks(
    heads: Iterable[StreamHead], anchors: Iterable[Anchor], receipts: Iterable[StreamHead] = ()
) -> tuple[StreamTask, ...]:
    """Gather what is said of each stream: by the store's own list of heads, by anchors, and by receipts.

    Args:
        heads: the store's list.
        anchors: those that are believed.
        receipts: heads that somebody was given at the time, such as with a signal's card.

    Returns:
        A task for every stream that anybody names, so that a stream that is gone as a whole is missed too.
    """
    marks: dict[str, set[Mark]] = {}
    for said_by, said in (
        *((f"the {anchor_name(anchor.day)}", anchor.heads) for anchor in anchors),
        ("a receipt", tuple(receipts)),
        ("the journal's own list of heads", tuple(heads)),
    ):
        for head in said:
            each = marks.setdefault(head.stream, set())
            if head.rows > 0:
                each.add(Mark(head.rows, head.head, said_by))
    return tuple(StreamTask(stream, tuple(sorted(marks[stream]))) for stream in sorted(marks))
