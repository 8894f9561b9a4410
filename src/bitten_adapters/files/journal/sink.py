"""Export a journal into a folder of its own."""

from __future__ import annotations

import gzip
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bitten_adapters.files.journal.layout import ANCHORS, CONTENTS, Contents, contents_text, stream_path
from bitten_adapters.files.journal.row_lines import row_line
from bitten_domain.errors import BrokenInvariant, InvalidInput, Unavailable
from bitten_domain.record.anchor import anchor_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bitten_domain.ports.journal_reader import JournalSummary
    from bitten_domain.record.journal_row import JournalRow

__all__ = ["FolderJournalSink"]

_COMPRESSION = 1


class FolderJournalSink:
    """Write an export; the table of contents comes last, so that an unfinished one is seen as such.

    Args:
        folder: made when it is not there; it must be empty.

    Raises:
        InvalidInput: there is something in the folder.
        Unavailable: it cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._streams: list[str] = []
        self._file: gzip.GzipFile | None = None
        with _translated(folder):
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise InvalidInput(
                    "there is something in the folder already", where=str(folder), remedy="name a new folder"
                )
            stream_path(folder, 0).parent.mkdir()

    def add(self, rows: Sequence[JournalRow]) -> None:
        """Write rows of one stream.

        Raises:
            BrokenInvariant: their stream was ended by another already.
            Unavailable: the disk did not take them.
        """
        with _translated(self._folder):
            for row in rows:
                file = self._file_of(row.stream)
                file.write(row_line(row).encode("ascii") + b"\n")

    def finish(self, summary: JournalSummary) -> None:
        """Write anchors and contents.

        Raises:
            BrokenInvariant: the summary names other streams than came.
            Unavailable: the disk did not take them.
        """
        # A stream that is listed and has no rows any more is part of what the export shows.
        named = sorted(head.stream for head in summary.heads)
        if not set(self._streams) <= set(named):
            raise BrokenInvariant(f"streams {self._streams} came, {named} are listed")
        by_name = {head.stream: head for head in summary.heads}
        heads = [by_name[stream] for stream in self._streams]
        heads += [head for head in summary.heads if head.stream not in self._streams]
        published = {anchor.day: anchor.published_at for anchor in summary.anchors if anchor.published_at is not None}
        with _translated(self._folder):
            self._end_file()
            lines = "".join(anchor_text(anchor) + "\n" for anchor in summary.anchors)
            (self._folder / ANCHORS).write_text(lines, "ascii", newline="\n")
            contents = contents_text(Contents(tuple(heads), published))
            (self._folder / CONTENTS).write_text(contents, "utf-8", newline="\n")

    def _file_of(self, stream: str) -> gzip.GzipFile:
        if self._file is None or self._streams[-1] != stream:
            if stream in self._streams:
                raise BrokenInvariant(f"the rows of {stream} were ended already")
            self._end_file()
            # Without a time of its own the same journal gives the same file.
            path = stream_path(self._folder, len(self._streams))
            self._file = gzip.GzipFile(path, "wb", compresslevel=_COMPRESSION, mtime=0)
            self._file.write(json.dumps(stream).encode("ascii") + b"\n")
            self._streams.append(stream)
        return self._file

    def _end_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{folder}: the export cannot be written: {error.strerror}") from error
