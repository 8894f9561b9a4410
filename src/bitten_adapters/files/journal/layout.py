"""Where things are in an exported journal, and its table of contents.

::

    journal.json                 the format's name, each stream's name, rows and head, and when each day's anchor was
                                 published by its keeper's word; written last
    anchors.jsonl                anchors, one a line, as they are published
    streams/000001.rows.gz       the first stream of journal.json, its name in the first line, then its rows
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.errors import InvalidInput
from bitten_domain.record.journal_row import StreamHead

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["ANCHORS", "CONTENTS", "MOST_LINE", "Contents", "contents_text", "read_contents", "stream_path"]

CONTENTS = "journal.json"
ANCHORS = "anchors.jsonl"

MOST_LINE = 1 << 22
"""Longest line that is read, bytes: four times what any payload may be, so that a hostile file cannot fill memory."""

_FORMAT = "bitten journal export 1"


class Contents(NamedTuple):
    """A table of contents.

    Args:
        heads: of each stream, in the order of their files.
        published: when each day's anchor was published, by day; seconds since 1970 UTC.
    """

    heads: tuple[StreamHead, ...]
    published: dict[int, int]


def stream_path(folder: Path, place: int) -> Path:
    """Name the file of a stream, by its place in the contents from 0."""
    return folder / "streams" / f"{place + 1:06d}.rows.gz"


def contents_text(contents: Contents) -> str:
    """Write the table of contents."""
    streams = [[head.stream, head.rows, head.head.hex()] for head in contents.heads]
    told = {"format": _FORMAT, "streams": streams, "published": sorted(contents.published.items())}
    return json.dumps(told, indent=1) + "\n"


def read_contents(folder: Path) -> Contents:
    """Read the table of contents.

    Raises:
        InvalidInput: there is none, so the export was never finished, or it cannot be understood.
    """
    path = folder / CONTENTS
    if not path.is_file():
        raise InvalidInput(
            "this is not an exported journal, or its export was not finished",
            where=str(folder),
            remedy="export again with bitten verify --export DIR",
        )
    try:
        told = json.loads(path.read_text("utf-8"))
        if told["format"] != _FORMAT:
            raise InvalidInput(f"the export is of another format: {told['format']}", where=str(path))
        return Contents(
            tuple(_head(*each) for each in told["streams"]), dict(_published(*each) for each in told["published"])
        )
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidInput("the table of contents cannot be understood", where=str(path)) from error


def _head(stream: object, rows: object, head: object) -> StreamHead:
    if not (isinstance(stream, str) and isinstance(rows, int) and rows >= 0 and isinstance(head, str)):
        raise TypeError("a stream has a name, a number of rows and a head")
    return StreamHead(stream, rows, bytes.fromhex(head))


def _published(day: object, at: object) -> tuple[int, int]:
    if not (isinstance(day, int) and isinstance(at, int)):
        raise TypeError("a publication has a day and a time")
    return day, at
