"""Where things are in a folder of inputs, and what a line looks like.

::

    000001.session               the number is taken
    000001-020083.log            what the first process recorded on trading day 20083 (days since 1970), one entry a
                                 line
    000001-020082.log.gz         the day before, packed when it was over
    material/<sha256>.gz         long texts by their digest: calendars, bars of the warm-up, tables of swaps

A line is a checksum, the entry's number in its session from 0, and the entry.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CHECKSUM_DIGITS", "PART", "framed", "material_path", "part_name", "unframed"]

CHECKSUM_DIGITS = 8

PART = re.compile(r"(?P<session>\d{6})-(?P<day>\d{6})\.log(?P<packed>\.gz)?")
"""Name of a part."""


def part_name(session: int, day: int) -> str:
    """Name the part of a session on a trading day, days since 1970; names sort as they were written."""
    return f"{session:06d}-{day:06d}.log"


def material_path(folder: Path, digest: str) -> Path:
    """Name the file of a long text."""
    return folder / "material" / f"{digest}.gz"


def framed(number: int, entry: str) -> bytes:
    """Write an entry's line."""
    body = f"{number} {entry}".encode("ascii")
    return f"{zlib.crc32(body):0{CHECKSUM_DIGITS}x} ".encode("ascii") + body + b"\n"


def unframed(line: bytes) -> tuple[int, str]:
    """Read a line without its end: the entry's number and the entry.

    Raises:
        ValueError: it is not what `framed` writes.
    """
    checksum, _, body = line.partition(b" ")
    if checksum != f"{zlib.crc32(body):0{CHECKSUM_DIGITS}x}".encode("ascii"):
        raise ValueError("it does not match its checksum")
    number, _, entry = body.decode("ascii").partition(" ")
    return int(number), entry
