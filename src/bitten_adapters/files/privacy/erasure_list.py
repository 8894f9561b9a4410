"""The list of those who were erased, in a file of lines of JSON: to be kept apart from the store's backups."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.membership.privacy import ErasureEntry
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["FileErasureList"]

_BINARY = getattr(os, "O_BINARY", 0)


class FileErasureList:
    """A file that is replaced whole, so that a reader finds the list from before or the one from after.

    Two processes that add at once may lose one's entries to the other's. They are in the store's own list, from which
    this one is filled up at every turn.

    Args:
        path: of the file; made with the first entry.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, entries: Iterable[ErasureEntry]) -> int:
        """Keep entries durably, one for each person."""
        listed = {entry.user_id: entry for entry in self.all()}
        new = {entry.user_id: entry for entry in entries if entry.user_id not in listed}
        if not new:
            return 0
        lines = [json.dumps([entry.user_id, entry.erased_at]) + "\n" for entry in (*listed.values(), *new.values())]
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        with _translated(self._path):
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write("".join(lines).encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        return len(new)

    def all(self) -> tuple[ErasureEntry, ...]:
        """List them, oldest first."""
        with _translated(self._path):
            try:
                lines = self._path.read_bytes().splitlines()
            except FileNotFoundError:
                return ()
        try:
            entries = [ErasureEntry(UserId(str(user)), int(at)) for user, at in map(json.loads, lines)]
        except (ValueError, TypeError) as error:
            raise InvalidInput(
                "the list of those erased is damaged", where=str(self._path), remedy="restore it from its backup"
            ) from error
        return tuple(sorted(entries, key=lambda entry: entry.erased_at))


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{path}: the list of those erased cannot be kept: {error.strerror}") from error
