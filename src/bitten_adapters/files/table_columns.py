"""Lines into columns: whole blocks at once where every line is alike, line by line where one is not."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_adapters.files.text_blocks import LINE_LIMIT
from bitten_adapters.files.text_column import TextColumn, column_of
from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Fields", "split_block"]

_NEWLINE = 10


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """A block's fields by column.

    Args:
        columns: the texts of each column, all of length n.
        line: shape (n,), line of the file each row stands on, from 1.
        misfits: lines whose number of fields differs, with that number.
        blank: lines with nothing on them.
        lines: lines of the block.
    """

    columns: tuple[TextColumn, ...]
    line: NDArray[np.int64]
    misfits: tuple[tuple[int, int], ...]
    blank: int
    lines: int


def split_block(block: bytes, delimiter: bytes, width: int, first_line: int, where: str) -> Fields:
    """Split whole lines into columns.

    Args:
        block: lines, each ended by a line feed.
        delimiter: one byte.
        width: fields wanted on each line; one empty field more at a line's end is let pass.
        first_line: number of the block's first line.
        where: name of the file, for errors.

    Raises:
        InvalidInput: a line is longer than `LINE_LIMIT`.
    """
    chars = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(chars == _NEWLINE)
    lengths = np.diff(ends, prepend=-1)
    if len(lengths) and int(lengths.max()) > LINE_LIMIT:
        at = first_line + int(np.argmax(lengths > LINE_LIMIT))
        raise InvalidInput(f"the line is longer than {LINE_LIMIT} bytes", where=f"{where}:{at}")
    n = len(ends)
    marks = np.flatnonzero((chars == _NEWLINE) | (chars == delimiter[0]))
    if len(marks) == n * width and b'"' not in block:
        stops = marks.reshape(n, width)
        if np.array_equal(stops[:, -1], ends):
            starts = np.concatenate(([0], marks[:-1] + 1)).reshape(n, width)
            lengths = stops - starts
            columns = tuple(
                TextColumn(block, np.ascontiguousarray(starts[:, i]), np.ascontiguousarray(lengths[:, i]))
                for i in range(width)
            )
            return Fields(columns, np.arange(first_line, first_line + n, dtype=np.int64), (), 0, n)
    return _line_by_line(block, delimiter, width, first_line)


def _line_by_line(block: bytes, delimiter: bytes, width: int, first_line: int) -> Fields:
    rows: list[list[bytes]] = []
    row_lines: list[int] = []
    misfits: list[tuple[int, int]] = []
    blank = 0
    lines = block.split(b"\n")
    lines.pop()
    for number, line in enumerate(lines, first_line):
        if not line.strip():
            blank += 1
            continue
        fields = _quoted(line, delimiter) if b'"' in line else line.split(delimiter)
        if len(fields) == width + 1 and not fields[-1].strip():
            fields.pop()
        if len(fields) == width:
            rows.append(fields)
            row_lines.append(number)
        else:
            misfits.append((number, len(fields)))
    columns = tuple(column_of([row[i] for row in rows]) for i in range(width))
    return Fields(columns, np.array(row_lines, dtype=np.int64), tuple(misfits), blank, len(lines))


def _quoted(line: bytes, delimiter: bytes) -> list[bytes]:
    text = line.decode("utf-8", "replace")
    return [field.encode() for field in next(csv.reader([text], delimiter=delimiter.decode()))]
