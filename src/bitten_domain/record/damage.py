"""Damage: what is wrong with a journal, and where it shows first."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

__all__ = ["AnchorDamage", "AnchorFault", "Damage", "DamageKind"]


class DamageKind(Enum):
    """What happened to a stream, as far as its rows tell.

    The last three need an anchor, or a list of heads, to be seen.
    """

    EDITED_PAYLOAD = "edited payload"
    EDITED_COMMITMENT = "edited commitment"
    EDITED_HEAD = "edited head"
    EDITED_NUMBER = "edited number or name"
    HALF_ERASED = "half erased"
    DROPPED = "dropped"
    REORDERED = "reordered"
    INSERTED = "inserted late"
    DOES_NOT_FOLLOW = "does not follow"
    REWRITTEN = "rewritten"
    CUT = "cut"
    UNREADABLE = "unreadable"


class Damage(NamedTuple):
    """The first place at which a stream stops being what it was.

    Args:
        stream: which.
        number: first row that is bad, missing or not where it belongs, from 1.
        last: last row the same finding is about; equal to ``number`` for a single one.
        kind: what happened, as far as it can be told.
        detail: how it shows, in a sentence.
    """

    stream: str
    number: int
    last: int
    kind: DamageKind
    detail: str

    def __str__(self) -> str:
        rows = f"row {self.number}" if self.last == self.number else f"rows {self.number} to {self.last}"
        return f"{self.stream}, {rows}: {self.kind.value}: {self.detail}"


class AnchorFault(Enum):
    """What is wrong with an anchor."""

    UNSIGNED = "unsigned"
    OTHER_KEY = "signed by another key"
    FORGED = "forged"
    WRONG_ROOT = "its root is not that of its heads"
    OUT_OF_ORDER = "goes back"
    MISSING = "missing from the journal"
    DIFFERS = "differs from the published one"


class AnchorDamage(NamedTuple):
    """An anchor that cannot be believed, or that contradicts another.

    Args:
        day: trading day it claims to close, days since 1970-01-01.
        fault: what is wrong.
        detail: how it shows, in a sentence.
    """

    day: int
    fault: AnchorFault
    detail: str
