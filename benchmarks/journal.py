"""How fast the journal is verified, beside the bare hashes of its chain."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from measures import Row, cpu_seconds

from bitten_adapters.files.journal.reader import FolderJournal
from bitten_adapters.files.journal.sink import FolderJournalSink
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_domain.record.anchor_check import stream_tasks
from bitten_domain.record.stream_check import check_stream
from bitten_domain.use_cases.platform.stored_journal import StoredJournal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.ports.journal_reader import JournalReader, JournalSummary
    from bitten_domain.record.journal_row import JournalRow
    from bitten_domain.record.stream_check import JournalPages

__all__ = ["journal"]

_STREAMS = ("account:1", "system")
_ROWS = 50_000
_LEAST = 50_000
_MOST_ROWS = 1 << 30


def journal(repeats: int = 3) -> list[Row]:
    """Measure the verification of 100,000 rows of 280 bytes in two streams: kept in memory, and exported."""
    stored = StoredJournal(_filled())
    summary = asyncio.run(stored.summary())
    rows = [row for name in _STREAMS for row in asyncio.run(stored.each(_all_rows, [name]))[0]]
    bare = len(rows) / cpu_seconds(lambda: _bare_chain(rows), repeats)
    held = len(rows) / cpu_seconds(lambda: _verified(stored, summary), repeats)
    with tempfile.TemporaryDirectory() as folder:
        path = _exported(Path(folder) / "journal", rows, summary)
        one = len(rows) / cpu_seconds(lambda: _verified(FolderJournal(path), summary), repeats)
        processes = os.cpu_count() or 1
        began = time.perf_counter()
        _verified(FolderJournal(path, processes, least_rows=0), summary)
        many = len(rows) / (time.perf_counter() - began)
    baseline = f"bare hashes {_rate(bare)}"
    bar = f">= {_rate(_LEAST)}"
    clock = f"the same, {processes} processes and their start, by the clock"
    return [
        Row("verifying a journal in memory", _rate(held), baseline, held / bare, bar, held >= _LEAST),
        Row("verifying an export", _rate(one), baseline, one / bare, bar, one >= _LEAST),
        Row(clock, _rate(many), baseline, many / bare, "", None),
    ]


def _rate(rows_a_second: float) -> str:
    return f"{rows_a_second / 1e3:.0f} k rows/s"


def _filled() -> MemoryUnitOfWork:
    unit_of_work = MemoryUnitOfWork(lambda: os.urandom(16))
    payloads = [f'["signal",{{"id":"EURUSD-BUY-{at}","detail":"{"0" * 240}"}}]'.encode() for at in range(_ROWS)]

    async def fill() -> None:
        for name in _STREAMS:
            await unit_of_work.run(lambda repositories, name=name: repositories.journal.append(name, payloads))

    asyncio.run(fill())
    return unit_of_work


def _all_rows(pages: JournalPages, stream: str) -> tuple[JournalRow, ...]:
    return pages.rows(stream, 0, _MOST_ROWS)


def _verified(reader: JournalReader, summary: JournalSummary) -> None:
    reports = asyncio.run(reader.each(check_stream, stream_tasks(summary.heads, ())))
    assert sum(report.agreed for report in reports) == _ROWS * len(_STREAMS)


def _exported(folder: Path, rows: Sequence[JournalRow], summary: JournalSummary) -> Path:
    sink = FolderJournalSink(folder)
    sink.add(rows)
    sink.finish(summary)
    return folder


def _bare_chain(rows: Sequence[JournalRow]) -> bytes:
    head = bytes(32)
    for row in rows:
        head = sha256(head + sha256(row.salt + row.payload).digest()).digest()
    return head
