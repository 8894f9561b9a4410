"""Comparing what was decided with what is decided again, byte for byte."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from bitten_apps.replaying.replayer import Decided
from bitten_domain.record.inputs.entries import StoreWritten
from bitten_domain.record.inputs.script import days_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bitten_domain.record.inputs.script import Script
    from bitten_domain.record.journal_row import JournalRow

__all__ = ["Difference", "differences", "recorded_decisions"]


class Difference(NamedTuple):
    """A place where two records differ.

    Args:
        day: trading day, days since 1970.
        stream: of the journal.
        number: of the recorded row, or of the replayed one where nothing was recorded.
        recorded, replayed: payloads; None where one has no such row.
    """

    day: int
    stream: str
    number: int
    recorded: bytes | None
    replayed: bytes | None


def recorded_decisions(script: Script, journal: Mapping[str, Sequence[JournalRow]]) -> list[Decided]:
    """List what the journal has, each with the day its act was on, in the order it was committed."""
    days = days_of(script.lines)
    decided: list[Decided] = []
    for session, entry, _ in script.lines:
        if isinstance(entry, StoreWritten):
            day = days.get((session, entry.act), 0)
            for stream, added in entry.added.items():
                first = entry.before.get(stream, 0)
                rows = journal[stream][first : first + added.rows]
                decided += [Decided(day, stream, row.number, row.payload) for row in rows]
    return decided


def differences(recorded: Sequence[Decided], replayed: Sequence[Decided]) -> list[Difference]:
    """Compare decisions stream by stream and day by day; what was erased is not compared.

    Returns:
        The differences, by day, system first.
    """
    places = sorted({(each.day, each.stream) for each in (*recorded, *replayed)}, key=_system_first)
    found: list[Difference] = []
    for day, stream in places:
        ours = [each for each in recorded if (each.day, each.stream) == (day, stream)]
        theirs = [each for each in replayed if (each.day, each.stream) == (day, stream)]
        if len(ours) == len(theirs) and any(each.payload is None for each in ours):
            found += [
                Difference(day, stream, a.number, a.payload, b.payload)
                for a, b in zip(ours, theirs, strict=True)
                if a.payload is not None and a.payload != b.payload
            ]
            continue
        found += _unlike(day, stream, ours, theirs)
    return found


def _system_first(place: tuple[int, str]) -> tuple[int, bool, str]:
    day, stream = place
    return day, stream != "system", stream


def _unlike(day: int, stream: str, ours: list[Decided], theirs: list[Decided]) -> list[Difference]:
    matcher = SequenceMatcher(None, [each.payload for each in ours], [each.payload for each in theirs], autojunk=False)
    found: list[Difference] = []
    for what, first, stop, other_first, other_stop in matcher.get_opcodes():
        if what == "equal":
            continue
        for place in range(max(stop - first, other_stop - other_first)):
            a = ours[first + place] if first + place < stop else None
            b = theirs[other_first + place] if other_first + place < other_stop else None
            number = a.number if a is not None else b.number if b is not None else 0
            found.append(
                Difference(day, stream, number, None if a is None else a.payload, None if b is None else b.payload)
            )
    return found
