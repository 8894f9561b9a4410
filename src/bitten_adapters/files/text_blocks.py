"""Text files as blocks of whole lines, with bounded memory whatever the file holds.

A plain or gzipped file is read a few megabytes at a time. What cannot be a table of text ends in one InvalidInput:
binary content, a damaged or truncated archive, an archive that unpacks without end, a line without end.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import zlib
from typing import TYPE_CHECKING, BinaryIO, cast

from bitten_domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["LINE_LIMIT", "SIZE_LIMIT", "file_digest", "read_blocks", "read_text"]

LINE_LIMIT = 4_096
"""Longest line taken, in bytes."""

SIZE_LIMIT = 2 * 1024**3
"""Most that is unpacked from one file, in bytes."""

_BLOCK = 4 * 1024**2
_FIRST_BLOCK = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
# Bars pack 4:1 to 10:1; a file far beyond that is not bars.
_RATIO_LIMIT = 200
_RATIO_FREE = 16 * 1024**2


def file_digest(path: Path) -> str:
    """Compute the SHA-256 of a file as stored, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_text(path: Path, limit: int = 64 * 1024**2) -> str:
    """Read a whole text file of at most ``limit`` bytes unpacked; undecodable content is InvalidInput."""
    parts: list[bytes] = []
    size = 0
    for block in _plain_blocks(path):
        size += len(block)
        if size > limit:
            raise InvalidInput(f"the file is longer than {limit // 1024**2} MiB", where=path.name)
        parts.append(block)
    try:
        return b"".join(parts).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("the file is not UTF-8 text", where=path.name, remedy="save it as UTF-8") from error


def read_blocks(path: Path) -> Iterator[bytes]:
    """Yield the file's text in blocks of whole lines, UTF-8, every line ended by a line feed.

    A gzipped file is known by its first bytes, not by its name; UTF-16 with a byte-order mark is converted; carriage
    returns before line feeds are dropped.

    Raises:
        InvalidInput: the file is binary, damaged, has a line above `LINE_LIMIT` or unpacks to more than `SIZE_LIMIT`.
        Unavailable: the file cannot be read.
    """
    rest = b""
    line = 1
    for block in _plain_blocks(path):
        block = rest + block
        cut = block.rfind(b"\n") + 1
        rest = block[cut:]
        if len(rest) > LINE_LIMIT:
            line += block.count(b"\n")
            raise _endless_line(path, line)
        if cut:
            whole = block[:cut].replace(b"\r\n", b"\n")
            line += whole.count(b"\n")
            yield whole
    if rest:
        yield rest.rstrip(b"\r") + b"\n"


def _endless_line(path: Path, line: int) -> InvalidInput:
    return InvalidInput(
        f"the line is longer than {LINE_LIMIT} bytes",
        where=f"{path.name}:{line}",
        remedy="one bar per line, separated by comma, semicolon or tab",
    )


def _plain_blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP_MAGIC
            file.seek(0)
            if packed:
                yield from _decoded(path, _unpacked(path, file))
            else:
                yield from _decoded(path, _chunks(path, file))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput(
            f"the gzip archive is damaged or cut off ({error})", where=path.name, remedy="download or export it again"
        ) from error
    except FileNotFoundError as error:
        raise InvalidInput("there is no such file", where=path.name) from error
    except IsADirectoryError as error:
        raise InvalidInput("this is a folder, not a file", where=path.name) from error
    except OSError as error:
        raise Unavailable(f"{path.name}: cannot be read ({error.strerror or error})") from error


def _chunks(path: Path, file: BinaryIO) -> Iterator[bytes]:
    size = 0
    wanted = _FIRST_BLOCK
    while chunk := file.read(wanted):
        size += len(chunk)
        if size > SIZE_LIMIT:
            raise InvalidInput(
                f"the file holds more than {SIZE_LIMIT // 1024**3} GiB", where=path.name, remedy="split it by year"
            )
        yield chunk
        wanted = _BLOCK


def _unpacked(path: Path, file: BinaryIO) -> Iterator[bytes]:
    stored = path.stat().st_size
    size = 0
    with gzip.GzipFile(fileobj=file, mode="rb") as archive:
        for chunk in _chunks(path, cast("BinaryIO", archive)):
            size += len(chunk)
            if size > _RATIO_FREE and size > _RATIO_LIMIT * stored:
                raise InvalidInput(
                    f"the archive unpacks to more than {_RATIO_LIMIT} times its size",
                    where=path.name,
                    remedy="unpack it and look at what it holds",
                )
            yield chunk


def _decoded(path: Path, chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder: codecs.IncrementalDecoder | None = None
    first = True
    for chunk in chunks:
        if first:
            first = False
            if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                decoder = codecs.getincrementaldecoder("utf-16")("strict")
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
        if decoder is not None:
            try:
                chunk = decoder.decode(chunk).encode()
            except UnicodeDecodeError as error:
                raise InvalidInput("the file is not valid UTF-16 text", where=path.name) from error
        if b"\x00" in chunk:
            raise InvalidInput("the file is binary, not a table of text", where=path.name, remedy="export it as CSV")
        yield chunk
