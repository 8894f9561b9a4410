"""A file that anchors are appended to, one line each: on a medium, or under an attribute, that only lets it grow.

The file is never cut or rewritten. A crash can leave a torn line; it was never answered for, so the same anchor is
written again behind it, and a reader passes over a line that is only the beginning of the next.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import Conflict, InvalidInput, Unavailable
from bitten_domain.record.anchor import anchor_from, anchor_name, anchor_text

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.record.anchor import Anchor

__all__ = ["FileAnchorPublisher", "read_anchors"]

_MODE = 0o644


class FileAnchorPublisher:
    """Publish to a file, synced at every anchor.

    Args:
        path: the file; made with the first anchor, its folder must exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    async def publish(self, anchor: Anchor) -> None:
        """Append one anchor unless it is there.

        Raises:
            Conflict: the file has another anchor for that day.
            InvalidInput: the file is damaged.
            Unavailable: the disk did not take it, or not surely.
        """
        self._publish(replace(anchor, published_at=None))

    async def published(self) -> tuple[Anchor, ...]:
        """Read the file, which need not be there yet."""
        return self._published()

    def _publish(self, anchor: Anchor) -> None:
        for there in self._published():
            if there == anchor:
                return
            if there.day == anchor.day:
                raise Conflict(f"{self._path}: another {anchor_name(anchor.day)} is published already")
        try:
            self._append(anchor_text(anchor).encode("ascii") + b"\n")
        except OSError as error:
            raise Unavailable(f"{self._path} did not take the {anchor_name(anchor.day)}: {error.strerror}") from error

    def _published(self) -> tuple[Anchor, ...]:
        return read_anchors(self._path) if self._path.exists() else ()

    def _append(self, line: bytes) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags, _MODE)
        try:
            size = os.fstat(descriptor).st_size
            if size and _last_byte(descriptor, size) != b"\n":
                line = b"\n" + line
            written = os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if written != len(line):
            raise Unavailable(f"{self._path} took only a part of a line; it will be written again")
        if size == 0:
            _sync_folder(self._path.parent)


def read_anchors(path: Path) -> tuple[Anchor, ...]:
    """Read the anchors of a file, each once, in order.

    Raises:
        InvalidInput: there is no such file, or a line is no anchor.
        Unavailable: it cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InvalidInput("there is no such file", where=str(path), remedy="name a file of anchors") from error
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}") from error
    # What follows the last line's end was torn off by a crash, or is being written.
    lines = content.decode("latin-1").split("\n")[:-1]
    found: dict[Anchor, None] = {}
    for number, line in enumerate(lines, start=1):
        behind = lines[number] if number < len(lines) else ""
        if behind.startswith(line.rstrip("\0")):
            continue
        found[anchor_from(line, f"{path}:{number}")] = None
    return tuple(found)


def _last_byte(descriptor: int, size: int) -> bytes:
    os.lseek(descriptor, size - 1, os.SEEK_SET)
    return os.read(descriptor, 1)


def _sync_folder(folder: Path) -> None:
    # A new file's name is durable once its folder is; where folders cannot be opened the system sees to it itself.
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
