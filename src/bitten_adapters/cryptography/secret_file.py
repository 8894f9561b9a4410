"""Files that hold secrets: readable by their owner only, written whole or not at all."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_secret", "replace_secret", "write_new_secret"]

_OWNER_ONLY = 0o600
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_secret(path: Path) -> bytes:
    """Read a file that only its owner may read.

    Raises:
        InvalidInput: there is none, or others can read it.
        Unavailable: it cannot be read.
    """
    try:
        content = path.read_bytes()
        mode = path.stat().st_mode
    except FileNotFoundError as error:
        raise InvalidInput("there is no such key file", where=str(path), remedy="make one, or name another") from error
    except OSError as error:
        raise Unavailable(f"{path}: the keys cannot be read: {error.strerror}") from error
    # Where files have no such modes (Windows), who may read is not ours to see.
    if os.name == "posix" and mode & _OTHERS:
        raise InvalidInput("others than its owner can read the keys", where=str(path), remedy=f"chmod 600 {path}")
    return content


def write_new_secret(path: Path, content: bytes) -> None:
    """Write a new file; one that is there is never overwritten.

    Raises:
        InvalidInput: there is something at the path already.
        Unavailable: it cannot be written.
    """
    try:
        _write(path, content)
    except FileExistsError as error:
        raise InvalidInput(
            "there is a file already, and keys are never overwritten",
            where=str(path),
            remedy="name another file, or use the keys that are there",
        ) from error
    except OSError as error:
        raise Unavailable(f"{path}: the keys cannot be written: {error.strerror}") from error


def replace_secret(path: Path, content: bytes) -> None:
    """Replace a file in one step: whoever reads it finds the old content or the new.

    Raises:
        Unavailable: it cannot be written; the old content is there.
    """
    beside = path.with_name(path.name + ".new")
    try:
        beside.unlink(missing_ok=True)
        _write(beside, content)
        beside.replace(path)
    except OSError as error:
        raise Unavailable(f"{path}: the keys cannot be written: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, _OWNER_ONLY), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
