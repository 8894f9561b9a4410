"""Record inputs in files of a folder."""

from __future__ import annotations

import gzip
import os
from contextlib import contextmanager, suppress
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

from bitten_adapters.files.inputs.layout import PART, framed, material_path, part_name
from bitten_domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FolderInputLog"]


class FolderInputLog:
    """The recording of one process: a new session in the folder, whatever the sessions before came to.

    Args:
        folder: made when it is not there.
        day: trading day it begins on, days since 1970.

    Raises:
        Unavailable: the folder or the file cannot be made.
    """

    def __init__(self, folder: Path, day: int) -> None:
        self._folder = folder
        self._lock = Lock()
        self._number = 0
        self._day = day
        self._is_synced = True
        self._descriptor: int | None = None
        with _translated(folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            material_path(folder, "").parent.mkdir(mode=0o700, exist_ok=True)
            self._session, self._path, self._descriptor = _claimed(folder, day)
            self._size = 0
            _sync_folder(folder)

    def keep(self, material: str) -> str:
        """Keep a long text."""
        content = material.encode("utf-8")
        digest = sha256(content).hexdigest()
        path = material_path(self._folder, digest)
        with _translated(self._folder):
            if not path.exists():
                _write_whole(path, gzip.compress(content, 6, mtime=0))
        return digest

    def append(self, entry: str) -> None:
        """Write a line.

        Raises:
            Unavailable: the disk did not take it, or an earlier failure left the file in doubt.
        """
        with self._lock, _translated(self._path):
            descriptor = self._open()
            line = framed(self._number, entry)
            try:
                written = 0
                while written < len(line):
                    written += os.write(descriptor, line[written:])
            except OSError:
                self._take_back(descriptor)
                raise
            self._size += len(line)
            self._number += 1
            self._is_synced = False

    def sync(self) -> None:
        """Make what was written durable.

        Raises:
            Unavailable: the disk did not take it.
        """
        with self._lock, _translated(self._path):
            if not self._is_synced:
                os.fsync(self._open())
                self._is_synced = True

    def turn(self, day: int) -> None:
        """Go on in a new part, and pack the one that is over."""
        if day <= self._day:
            return
        self.sync()
        with self._lock, _translated(self._folder):
            over, descriptor = self._path, self._open()
            path = self._folder / part_name(self._session, day)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
            os.close(descriptor)
            self._path, self._day, self._size = path, day, 0
            _sync_folder(self._folder)
            _pack(over)

    def close(self) -> None:
        """Let go of the file, and pack it."""
        with suppress(Unavailable):
            self.sync()
        with self._lock:
            descriptor, self._descriptor = self._descriptor, None
            if descriptor is not None:
                os.close(descriptor)
                # What could not be packed is read as it is.
                with suppress(OSError):
                    _pack(self._path)

    def _open(self) -> int:
        if self._descriptor is None:
            raise Unavailable(f"the recording {self._path} is closed, or failed earlier")
        return self._descriptor

    def _take_back(self, descriptor: int) -> None:
        try:
            os.ftruncate(descriptor, self._size)
            os.lseek(descriptor, self._size, os.SEEK_SET)
        except OSError:
            os.close(descriptor)
            self._descriptor = None


_BINARY = getattr(os, "O_BINARY", 0)


def _claimed(folder: Path, day: int) -> tuple[int, Path, int]:
    """Take the next number of a session, which two processes may want at once."""
    taken = [int(match["session"]) for path in folder.iterdir() if (match := PART.fullmatch(path.name))]
    session = max(taken, default=0) + 1
    while True:
        path = folder / part_name(session, day)
        # A marker of its own: two processes of different days would make files of different names.
        try:
            os.close(os.open(folder / f"{session:06d}.session", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            session += 1
            continue
        return session, path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)


def _pack(path: Path) -> None:
    _write_whole(path.with_name(path.name + ".gz"), gzip.compress(path.read_bytes(), 6, mtime=0))
    path.unlink()


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
    try:
        written = 0
        while written < len(content):
            written += os.write(descriptor, content[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    beside.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    # Where folders cannot be opened the system sees to it itself.
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"inputs cannot be recorded in {path}: {error.strerror}") from error
