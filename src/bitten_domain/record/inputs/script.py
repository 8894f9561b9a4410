"""The script of a replay: everything recorded, by all processes, in the one order in which it took effect.

A run's own entries are in order. Another process's transaction stands where the journal's rows were as many as it
found, and a transaction that a crash left in doubt was kept when the journal has its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import day_ending_at, trading_day_at
from bitten_domain.record.inputs.entries import (
    ActBegan,
    ActKind,
    SessionBegan,
    SessionEnded,
    SessionKind,
    StoreFailed,
    StoreRead,
    StoreWritten,
    TimeRead,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bitten_domain.record.inputs.entries import Entry
    from bitten_domain.record.journal_row import JournalRow

__all__ = ["Line", "Script", "days_of", "script_of"]

_RESTORE = "replay with the journal that was written with this recording: its store, or an export of it"


class Line(NamedTuple):
    """One entry in its place.

    Args:
        session: place of its session, from 0.
        entry: what was recorded.
        failure: what the store raised though it had kept the transaction; None when it did not.
    """

    session: int
    entry: Entry
    failure: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be replayed.

    Args:
        lines: in the order in which they took effect.
        unfinished: sessions that were killed, by place.
    """

    lines: tuple[Line, ...]
    unfinished: frozenset[int]


def script_of(sessions: Sequence[tuple[str, Sequence[Entry]]], journal: Mapping[str, Sequence[JournalRow]]) -> Script:
    """Put what was recorded in order.

    Args:
        sessions: names and entries, by when they began.
        journal: rows by stream, from the first on.

    Raises:
        InvalidInput: the journal is not that of the recording, or somebody wrote to it who recorded nothing.
    """
    runs: list[Line] = []
    commands: list[list[Line]] = []
    unfinished: set[int] = set()
    for place, (name, entries) in enumerate(sessions):
        if not entries:
            continue
        began = entries[0]
        if not isinstance(began, SessionBegan):
            raise InvalidInput("it does not begin with its session", where=name, remedy="restore it from a backup")
        lines = _settled(place, name, entries, journal)
        if not isinstance(entries[-1], SessionEnded):
            unfinished.add(place)
        if began.kind is SessionKind.RUN:
            runs += _reads_in_place(lines)
        elif _adds_rows(lines):
            commands.append(lines)
    merged = tuple(_merged(runs, commands))
    _require_whole(merged, journal)
    return Script(merged, frozenset(unfinished))


def _adds_rows(lines: Sequence[Line]) -> bool:
    """Say whether a command added rows; one that was refused or had nothing to do has no place, and changed nothing."""
    return any(isinstance(line.entry, StoreWritten) and line.entry.added for line in lines)


def _settled(
    place: int, name: str, entries: Sequence[Entry], journal: Mapping[str, Sequence[JournalRow]]
) -> list[Line]:
    """Leave out transactions that were not kept."""
    last: dict[int, int] = {}
    of_step: dict[tuple[int, int], int] = {}
    failed: dict[tuple[int, int], StoreFailed] = {}
    for number, entry in enumerate(entries):
        act = getattr(entry, "act", None)
        if isinstance(act, int):
            last[act] = number
        if isinstance(entry, StoreWritten):
            of_step[entry.act, entry.step] = number
        if isinstance(entry, StoreFailed):
            failed[entry.act, entry.step] = entry
    is_whole = isinstance(entries[-1], SessionEnded)
    lines: list[Line] = []
    survived: set[tuple[int, int]] = set()
    for number, entry in enumerate(entries):
        if isinstance(entry, StoreFailed) and (entry.act, entry.step) in survived:
            continue
        if not isinstance(entry, StoreWritten):
            lines.append(Line(place, entry))
            continue
        if not is_whole and _is_beyond(entry, journal):
            break  # its process still ran when the journal was read, and what follows is later
        key = entry.act, entry.step
        failure = failed.get(key)
        is_doubtful = failure is not None or last[entry.act] == number
        if of_step[key] != number or (is_doubtful and not _is_there(entry, journal)):
            continue
        if not is_doubtful and entry.added and not _is_there(entry, journal):
            stream, (rows, _) = next(iter(entry.added.items()))
            raise InvalidInput(
                f"the journal has other rows than were written up to {entry.before.get(stream, 0) + rows} of {stream}",
                where=f"{name}, entry {number}",
                remedy=_RESTORE,
            )
        survived.add(key)
        lines.append(Line(place, entry, None if failure is None else failure.failure))
    return lines


def _is_beyond(entry: StoreWritten, journal: Mapping[str, Sequence[JournalRow]]) -> bool:
    return any(
        len(journal.get(stream, ())) < entry.before.get(stream, 0) + added.rows for stream, added in entry.added.items()
    )


def _is_there(entry: StoreWritten, journal: Mapping[str, Sequence[JournalRow]]) -> bool:
    """Say whether the journal has a transaction's rows; of one without rows nobody can tell, and nothing depends."""
    if not entry.added:
        return False
    for stream, (rows, head) in entry.added.items():
        there, number = journal.get(stream, ()), entry.before.get(stream, 0) + rows
        if len(there) < number or there[number - 1].head.hex() != head:
            return False
    return True


def _reads_in_place(lines: list[Line]) -> list[Line]:
    """Put reads before transactions that were noted earlier, being about to be committed, and that they did not see."""
    placed: list[Line] = []
    for line in lines:
        placed.append(line)
        if not isinstance(line.entry, StoreRead):
            continue
        unseen = _unseen(line.entry, placed)
        if not unseen:
            continue
        written = [placed[place] for place in unseen]
        if all(_act_of(later) != _act_of(one) for one in written for later in placed[placed.index(one) + 1 :]):
            # Their acts have not gone on since: they took effect later than they were noted.
            placed = [each for place, each in enumerate(placed) if place not in unseen] + written
        else:
            first, act = unseen[0], line.entry.act
            own = [each for each in placed[first:] if _act_of(each) == act]
            placed[first:] = own + [each for each in placed[first:] if _act_of(each) != act]
    return placed


def _unseen(read: StoreRead, placed: list[Line]) -> list[int]:
    """Find the transactions of other acts that a read did not see; one that it saw was preceded by none of them."""
    unseen: list[int] = []
    for place in range(len(placed) - 1, -1, -1):
        entry = placed[place].entry
        if isinstance(entry, StoreWritten) and entry.added:
            if entry.act == read.act or _sees(read, entry):
                break
            unseen.insert(0, place)
    return unseen


def _act_of(line: Line) -> int | None:
    act = getattr(line.entry, "act", None)
    return act if isinstance(act, int) else None


def _sees(read: StoreRead, written: StoreWritten) -> bool:
    return all(
        read.before.get(stream, 0) >= written.before.get(stream, 0) + added.rows
        for stream, added in written.added.items()
    )


def _merged(runs: list[Line], commands: list[list[Line]]) -> Iterator[Line]:
    heads: dict[str, int] = {}

    def command_here() -> list[Line] | None:
        for lines in commands:
            if all(_stands_at(line, heads) for line in lines[: _first_placed(lines)]):
                commands.remove(lines)
                return lines
        return None

    def passed(lines: list[Line]) -> Iterator[Line]:
        for place, line in enumerate(lines):
            if not _stands_at(line, heads):
                # The rest of a command, such as its second release, may stand further on.
                if _adds_rows(lines[place:]):
                    commands.insert(0, lines[place:])
                return
            _move(heads, line)
            yield line

    for line in runs:
        while not _stands_at(line, heads):
            command = command_here()
            if command is None:
                raise _unrecorded(line, heads)
            yield from passed(command)
        _move(heads, line)
        yield line
    while commands:
        command = command_here()
        if command is None:
            raise _unrecorded(commands[0][_first_placed(commands[0]) - 1], heads)
        yield from passed(command)


def _first_placed(lines: list[Line]) -> int:
    """Count lines up to the first that says where it stands."""
    for place, line in enumerate(lines, start=1):
        if isinstance(line.entry, StoreRead | StoreWritten):
            return place
    return len(lines)


def _stands_at(line: Line, heads: Mapping[str, int]) -> bool:
    entry = line.entry
    if not isinstance(entry, StoreRead | StoreWritten):
        return True
    return all(entry.before.get(stream, 0) == heads.get(stream, 0) for stream in {*entry.before, *heads})


def _move(heads: dict[str, int], line: Line) -> None:
    if isinstance(line.entry, StoreWritten):
        for stream, added in line.entry.added.items():
            heads[stream] = heads.get(stream, 0) + added.rows


def _unrecorded(line: Line, heads: Mapping[str, int]) -> InvalidInput:
    entry = line.entry
    before = entry.before if isinstance(entry, StoreRead | StoreWritten) else {}
    stream, rows = next(((s, n) for s, n in sorted(before.items()) if n != heads.get(s, 0)), ("system", 0))
    if not any(heads.values()):
        return InvalidInput(
            f"{rows} rows of {stream} were written before anything was recorded",
            where="journal",
            remedy="only what was recorded from a store's first row on can be replayed: use a fresh home folder",
        )
    if rows < heads.get(stream, 0):
        return InvalidInput(
            f"it cannot be made out in which order things took effect at row {rows + 1} of {stream}",
            where="recording",
            remedy="restore the folder of inputs from a backup",
        )
    return InvalidInput(
        f"rows {heads.get(stream, 0) + 1} to {rows} of {stream} were written by a process that did not record",
        where="journal",
        remedy="what it was given cannot be known; replay a day before them from a copy of an earlier time",
    )


def _require_whole(lines: Sequence[Line], journal: Mapping[str, Sequence[JournalRow]]) -> None:
    heads: dict[str, int] = {}
    for line in lines:
        _move(heads, line)
    for stream, rows in sorted(journal.items()):
        known = heads.get(stream, 0)
        if len(rows) > known and not any(heads.values()):
            raise InvalidInput(
                f"{len(rows)} rows of {stream} were written, and none of them was recorded",
                where="journal",
                remedy="only what was recorded from a store's first row on can be replayed: use a fresh home folder",
            )
        if len(rows) > known:
            raise InvalidInput(
                f"rows {known + 1} to {len(rows)} of {stream} were written by a process that did not record",
                where="journal",
                remedy="what it was given cannot be known; replay from a copy of an earlier time",
            )


def days_of(lines: Sequence[Line]) -> dict[tuple[int, int], int]:
    """Say on which trading day each act was, by session and act; days since 1970.

    A moment belongs to the day it ends, as in the journal's anchors; what opens a desk belongs to the day it opens for.
    """
    days: dict[tuple[int, int], int] = {}
    kinds: dict[tuple[int, int], ActKind] = {}
    for session, entry, _ in lines:
        if isinstance(entry, ActBegan):
            kinds[session, entry.act] = entry.kind
            if entry.kind is ActKind.TAKE:
                days[session, entry.act] = day_ending_at(entry.at)
        elif isinstance(entry, TimeRead) and kinds.get((session, entry.act)) is not ActKind.TAKE:
            is_opening = kinds.get((session, entry.act)) is ActKind.OPEN
            days[session, entry.act] = trading_day_at(entry.at) if is_opening else day_ending_at(entry.at)
    return days
