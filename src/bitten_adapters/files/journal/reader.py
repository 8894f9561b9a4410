"""Read an exported journal: each stream is a file, and each file can be checked in a process of its own."""

from __future__ import annotations

import asyncio
import gzip
import json
import multiprocessing
import zlib
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from bitten_adapters.files.anchor_publisher import read_anchors
from bitten_adapters.files.journal.layout import ANCHORS, MOST_LINE, read_contents, stream_path
from bitten_adapters.files.journal.row_lines import row_from
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.ports.journal_reader import JournalSummary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bitten_domain.record.journal_row import JournalRow
    from bitten_domain.record.stream_check import JournalPages

__all__ = ["FolderJournal", "StreamFiles"]

_BLOCK = 1 << 18

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FolderJournal:
    """An exported journal.

    Args:
        folder: what the export made.
        processes: how many may read at once, >= 1.
        least_rows: rows from which further processes are worth their start.
    """

    folder: Path
    processes: int = 1
    least_rows: int = 200_000

    async def summary(self) -> JournalSummary:
        """Read contents and anchors.

        Raises:
            InvalidInput: the folder is no finished export, or they cannot be understood.
        """
        contents = read_contents(self.folder)
        anchors = read_anchors(self.folder / ANCHORS)
        return JournalSummary(
            contents.heads,
            tuple(replace(anchor, published_at=contents.published.get(anchor.day)) for anchor in anchors),
        )

    async def each(self, work: Callable[[JournalPages, S], T], pieces: Sequence[S]) -> tuple[T, ...]:
        """Do the work on every piece, in other processes where there is enough to do.

        Raises:
            Unavailable: a process was ended from outside.
        """
        heads = read_contents(self.folder).heads
        places = {head.stream: place for place, head in enumerate(heads)}
        one = partial(_one, work, self.folder, places)
        processes = min(self.processes, len(pieces))
        if processes < 2 or sum(head.rows for head in heads) < self.least_rows:
            return tuple(one(piece) for piece in pieces)
        # Spawned, not forked: the caller may have threads.
        context = multiprocessing.get_context("spawn")
        loop = asyncio.get_running_loop()
        try:
            with ProcessPoolExecutor(processes, context) as pool:
                return tuple(await asyncio.gather(*(loop.run_in_executor(pool, one, piece) for piece in pieces)))
        except BrokenProcessPool as error:
            raise Unavailable("a process that was reading the journal was ended; try again") from error


def _one(work: Callable[[JournalPages, S], T], folder: Path, places: dict[str, int], piece: S) -> T:
    return work(StreamFiles(folder, places), piece)


class StreamFiles:
    """Pages of the streams' files; reading on where the page before ended costs nothing extra.

    Args:
        folder: of the export.
        places: of the streams in its contents, from 0.
    """

    def __init__(self, folder: Path, places: dict[str, int]) -> None:
        self._folder = folder
        self._places = places
        self._open: tuple[str, int, Iterator[JournalRow]] | None = None

    def rows(self, stream: str, after: int, limit: int) -> tuple[JournalRow, ...]:
        """Read rows behind the first ``after`` ones, in the order of the file.

        Raises:
            InvalidInput: a line is no row, or the file cannot be unpacked.
        """
        if stream not in self._places:
            return ()
        if self._open is None or self._open[:2] != (stream, after):
            rows = _rows(stream_path(self._folder, self._places[stream]))
            self._open = (stream, after, islice(rows, after, None))
        rows = self._open[2]
        page: list[JournalRow] = []
        try:
            page.extend(islice(rows, limit))
        except InvalidInput:
            # The rows before the bad place are good for themselves; who asks for what follows them is told.
            self._open = None
            if not page:
                raise
        else:
            self._open = (stream, after + len(page), rows)
        return tuple(page)


def _rows(path: Path) -> Iterator[JournalRow]:
    if not path.exists():
        return
    try:
        with gzip.open(path, "rb") as packed:
            yield from _parsed(packed, path)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput(f"the file cannot be unpacked: {error}", where=str(path)) from error
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}") from error


def _parsed(file: gzip.GzipFile, path: Path) -> Iterator[JournalRow]:
    lines = _lines(file, path)
    try:
        stream = json.loads(next(lines, ""))
    except ValueError:
        stream = None
    if not isinstance(stream, str):
        raise InvalidInput("the file does not begin with a stream's name", where=str(path))
    for number, line in enumerate(lines, start=2):
        try:
            yield row_from(line, stream)
        except ValueError as error:
            raise InvalidInput(f"this line is not a row of a journal: {error}", where=f"{path}:{number}") from error


def _lines(file: gzip.GzipFile, path: Path) -> Iterator[str]:
    """Cut a file into lines, a block at a time."""
    rest = ""
    while block := file.read(_BLOCK):
        *lines, rest = (rest + block.decode("latin-1")).split("\n")
        yield from lines
        if len(rest) > MOST_LINE:
            raise InvalidInput("a line is longer than any row", where=str(path))
    if rest:
        raise InvalidInput("the last line has no end", where=str(path))
