"""The paper broker's ledger: one line per change, written before the change is answered.

A line is a checksum, a space, and JSON. A crash can leave the last line torn; it was never answered for, so it is cut
off. Any other damage is an error: a ledger is never repaired by guessing.
"""

from __future__ import annotations

import os
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from bitten_domain.errors import Conflict, InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FileLedger", "Ledger", "MemoryLedger", "read_ledger"]

_CHECKSUM_DIGITS = 8


class Ledger(Protocol):
    """An append-only list of texts without line breaks.

    Promises: what `append` returned from is in `entries` after a restart; what it raised for is not, or the ledger
    takes no more.
    """

    def entries(self) -> tuple[str, ...]:
        """Read everything, oldest first."""
        ...

    def append(self, entry: str) -> None:
        """Keep one entry durably."""
        ...


class MemoryLedger:
    """A ledger that lives as long as this object, for tests and throw-away accounts."""

    def __init__(self) -> None:
        self._entries: list[str] = []

    def entries(self) -> tuple[str, ...]:
        """Read everything, oldest first."""
        return tuple(self._entries)

    def append(self, entry: str) -> None:
        """Keep one entry."""
        self._entries.append(entry)


class FileLedger:
    """A ledger in one file, synced at every entry; one process at a time.

    Args:
        path: the file; made when absent, its folder must exist.

    Raises:
        InvalidInput: a line other than a torn last one is damaged.
        Unavailable: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._broken = False
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            # A line that somebody is writing must not be taken for a torn one.
            with _alone(self._descriptor):
                content = path.read_bytes()
                self._entries, self._size = _parsed(path, content)
                if self._size != len(content):
                    os.ftruncate(self._descriptor, self._size)
                os.fsync(self._descriptor)
            _sync_folder(path.parent)
        except OSError as error:
            raise Unavailable(f"the paper ledger {path} cannot be opened: {error}") from error

    def entries(self) -> tuple[str, ...]:
        """Read everything, oldest first."""
        return tuple(self._entries)

    def append(self, entry: str) -> None:
        """Write and sync one entry.

        Raises:
            Conflict: another process has written to the file.
            Unavailable: the disk did not take it; nothing was kept.
        """
        if self._broken:
            raise Unavailable(f"the paper ledger {self._path} failed earlier and takes no more until a restart")
        payload = entry.encode()
        line = f"{zlib.crc32(payload):0{_CHECKSUM_DIGITS}x} ".encode() + payload + b"\n"
        try:
            # From the look at the file's size to the end nobody else may write.
            with _alone(self._descriptor):
                if os.fstat(self._descriptor).st_size != self._size:
                    raise Conflict(f"the paper ledger {self._path} was written to by somebody else")
                self._write(line)
        except OSError as error:
            raise Unavailable(f"the paper ledger {self._path} did not take an entry: {error}") from error
        self._size += len(line)
        self._entries.append(entry)

    def close(self) -> None:
        """Let go of the file; nothing can be appended after."""
        if not self._broken:
            self._broken = True
            os.close(self._descriptor)

    def _write(self, line: bytes) -> None:
        written = 0
        try:
            os.lseek(self._descriptor, self._size, os.SEEK_SET)
            while written < len(line):
                written += os.write(self._descriptor, line[written:])
            os.fsync(self._descriptor)
        except OSError:
            self._take_back()
            raise

    def _take_back(self) -> None:
        # After a failed sync it is unknown what is on the disk; only a cut that succeeds makes it known again.
        try:
            os.ftruncate(self._descriptor, self._size)
            os.fsync(self._descriptor)
        except OSError:
            self._broken = True


def read_ledger(path: Path) -> tuple[str, ...]:
    """Read a ledger's entries, oldest first, and leave the file as it is, whoever writes to it meanwhile.

    Raises:
        InvalidInput: there is none, or a line other than a torn last one is damaged.
        Unavailable: it cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise InvalidInput("there is no such ledger", where=str(path), remedy="restore it from a backup") from error
    except OSError as error:
        raise Unavailable(f"the paper ledger {path} cannot be read: {error.strerror}") from error
    entries, _ = _parsed(path, content)
    return tuple(entries)


def _parsed(path: Path, content: bytes) -> tuple[list[str], int]:
    entries: list[str] = []
    size = 0
    lines = content.split(b"\n")
    for number, line in enumerate(lines, start=1):
        if number == len(lines):
            break
        checksum, _, payload = line.partition(b" ")
        if checksum != f"{zlib.crc32(payload):0{_CHECKSUM_DIGITS}x}".encode():
            # A block that never reached the disk reads as zeros; in the last line that is a torn write too.
            if number == len(lines) - 1 and not lines[-1] and b"\0" in line:
                break
            raise InvalidInput(
                "a ledger line does not match its checksum",
                where=f"{path.name}:{number}",
                remedy="restore the ledger from a backup, or start a new account with another file",
            )
        entries.append(payload.decode())
        size += len(line) + 1
    return entries, size


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # no such locks on this system: there one process at a time is the operator's care
        yield
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _sync_folder(folder: Path) -> None:
    # A new file's name is durable once its folder is; where folders cannot be opened the system sees to it itself.
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
