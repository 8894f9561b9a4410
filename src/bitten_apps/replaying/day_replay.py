"""A day replayed: the recording and its journal read, put in order, decided again, and compared."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bitten_apps.container import Container
from bitten_apps.replaying.comparison import differences, recorded_decisions
from bitten_apps.replaying.replayer import replayed
from bitten_apps.store import inputs_folder
from bitten_domain.errors import InvalidInput
from bitten_domain.record.inputs.entries import entry_from
from bitten_domain.record.inputs.script import script_of
from bitten_domain.record.stream_check import PAGE_ROWS
from bitten_domain.use_cases.platform.stored_journal import StoredJournal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bitten_apps.replaying.comparison import Difference
    from bitten_apps.replaying.replayer import Decided, Departure
    from bitten_domain.ports.input_log import InputRecording, RecordedSession
    from bitten_domain.ports.journal_reader import JournalReader
    from bitten_domain.record.inputs.entries import Entry
    from bitten_domain.record.journal_row import JournalRow
    from bitten_domain.record.stream_check import JournalPages
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

__all__ = ["DayReplayed", "Wanted", "date_of", "replay", "rows_of_journal"]

_DAY_ZERO = 719_163
"""Ordinal of 1970-01-01."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be replayed.

    Args:
        day: trading day, days since 1970; None for all.
        inputs: folder of the recording; None for that of the home folder.
        journal: an export of the recording's journal; None for the store.
    """

    day: int | None
    inputs: Path | None = None
    journal: Path | None = None


@dataclass(frozen=True, slots=True)
class DayReplayed:
    """What a replay came to, on the days that were asked for.

    Args:
        days: those with decisions or acts, days since 1970.
        recorded, replayed: decisions of those days.
        differences: between the two.
        earlier: number of differences on days before.
        departure: where the replay left the recording; None when it did not.
        torn: lines that a crash cut off, which are left out.
        killed: number of runs that were killed.
    """

    days: tuple[int, ...]
    recorded: tuple[Decided, ...]
    replayed: tuple[Decided, ...]
    differences: tuple[Difference, ...]
    earlier: int
    departure: Departure | None
    torn: tuple[str, ...]
    killed: int

    @property
    def is_same(self) -> bool:
        """Whether everything asked for was decided again as it was."""
        return not self.differences and (self.departure is None or self.departure.day > self.days[-1])


def replay(wanted: Wanted, changed: Callable[[BacktestPlan], BacktestPlan] | None = None) -> DayReplayed:
    """Replay from the beginning of the recording to the end of the day that is wanted.

    Args:
        wanted: which day, from where.
        changed: applied to each plan of the recording, for what would have been under other rules.

    Raises:
        InvalidInput: there is no such day, or recording or journal are missing or damaged; says which, and how to
            mend it.
        Unavailable: they cannot be read now.
    """
    # The journal first: what is recorded after it was read is known to be later.
    journal = rows_of_journal(wanted.journal)
    recording: InputRecording = Container.input_recording(wanted.inputs or inputs_folder(Container.settings()))
    sessions = recording.sessions()
    if not sessions:
        raise InvalidInput("nothing was recorded", where="inputs", remedy="a recording is made by `bitten run`")
    script = script_of([(session.name, _entries(session)) for session in sessions], journal)
    recorded = recorded_decisions(script, journal)
    days = sorted({each.day for each in recorded})
    if not days:
        raise InvalidInput("nothing was decided yet", where="recording", remedy="let `bitten run` trade a day first")
    if wanted.day is not None and wanted.day not in days:
        raise InvalidInput(
            f"no decision was recorded on {date_of(wanted.day)}",
            where="DAY",
            remedy=f"there are {len(days)} days, {date_of(days[0])} to {date_of(days[-1])}",
        )
    last = days[-1] if wanted.day is None else wanted.day
    again = replayed(script, recording, last, changed)
    found = differences(
        [each for each in recorded if each.day <= last], [each for each in again.decided if each.day <= last]
    )
    asked = {wanted.day} if wanted.day is not None else {*days, *(each.day for each in again.decided)}
    return DayReplayed(
        days=tuple(sorted(asked)),
        recorded=tuple(each for each in recorded if each.day in asked),
        replayed=tuple(each for each in again.decided if each.day in asked),
        differences=tuple(each for each in found if each.day in asked),
        earlier=sum(each.day not in asked for each in found),
        departure=again.departure,
        torn=tuple(session.torn for session in sessions if session.torn),
        killed=len(script.unfinished),
    )


def date_of(day: int) -> date:
    """Name a trading day by its date."""
    return date.fromordinal(day + _DAY_ZERO)


def rows_of_journal(export: Path | None) -> Mapping[str, Sequence[JournalRow]]:
    """Read every row of an exported journal, or of the store's, by stream.

    Raises:
        InvalidInput: there is none.
        Unavailable: it cannot be read now.
    """
    return asyncio.run(_rows(export))


async def _rows(export: Path | None) -> Mapping[str, Sequence[JournalRow]]:
    if export is not None:
        return await _rows_of(Container.exported_journal(export))
    store = Container.existing_store()
    try:
        return await _rows_of(StoredJournal(store))
    finally:
        store.close()


async def _rows_of(journal: JournalReader) -> Mapping[str, Sequence[JournalRow]]:
    summary = await journal.summary()
    streams = [(head.stream, head.rows) for head in summary.heads]
    rows = await journal.each(_read, streams)
    return {stream: each for (stream, _), each in zip(streams, rows, strict=True)}


def _read(pages: JournalPages, stream: tuple[str, int]) -> tuple[JournalRow, ...]:
    name, count = stream
    rows: list[JournalRow] = []
    while len(rows) < count:
        page = pages.rows(name, len(rows), min(PAGE_ROWS, count - len(rows)))
        if not page:
            break
        rows += page
    return tuple(rows)


def _entries(session: RecordedSession) -> list[Entry]:
    entries: list[Entry] = []
    for number, text in enumerate(session.entries):
        try:
            entries.append(entry_from(text))
        except ValueError as error:
            raise InvalidInput(
                f"the entry cannot be understood: {error}",
                where=f"{session.name}, entry {number}",
                remedy="restore the folder of inputs from a backup, or use the version it was recorded with",
            ) from error
    return entries
