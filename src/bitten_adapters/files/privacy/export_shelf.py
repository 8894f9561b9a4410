"""Exports that wait, one sealed file each, in a folder for its owner's eyes only."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.membership.privacy import SealedText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["FolderExportShelf"]

_NAME = re.compile(r"[0-9A-Za-z-]{1,64}")
_SUFFIX = ".sealed"
_BINARY = getattr(os, "O_BINARY", 0)


class FolderExportShelf:
    """A folder of sealed files, named by their exports.

    Args:
        folder: made when something is laid down.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, export_id: str, sealed: SealedText) -> None:
        """Lay an export down durably."""
        path = self._path(export_id)
        head = json.dumps([sealed.key_id, sealed.nonce.hex()]).encode()
        beside = path.with_name(f"{path.name}.{os.getpid()}.new")
        with _translated(self._folder):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(head + b"\n" + sealed.ciphertext)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)

    def read(self, export_id: str) -> SealedText | None:
        """Read an export; None when it is not there."""
        path = self._path(export_id)
        with _translated(self._folder):
            try:
                head, _, ciphertext = path.read_bytes().partition(b"\n")
            except FileNotFoundError:
                return None
        try:
            key_id, nonce = json.loads(head)
            return SealedText(key_id, bytes.fromhex(nonce), ciphertext)
        except (ValueError, TypeError) as error:
            raise InvalidInput("this is no sealed export", where=str(path), remedy="ask for a new export") from error

    def drop(self, export_ids: Iterable[str]) -> None:
        """Remove exports."""
        with _translated(self._folder):
            for export_id in export_ids:
                self._path(export_id).unlink(missing_ok=True)

    def drop_before(self, moment: int) -> int:
        """Remove what was laid down before a moment, and what a crash left half laid down."""
        count = 0
        with _translated(self._folder):
            if not self._folder.is_dir():
                return 0
            for path in self._folder.iterdir():
                if (path.name.endswith(_SUFFIX) or path.suffix == ".new") and path.stat().st_mtime < moment:
                    path.unlink(missing_ok=True)
                    count += 1
        return count

    def _path(self, export_id: str) -> Path:
        if not _NAME.fullmatch(export_id):
            raise InvalidInput("no export has such an id", where="export", remedy="ask for a new export")
        return self._folder / f"{export_id}{_SUFFIX}"


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"exports cannot be kept in {folder}: {error.strerror}") from error
