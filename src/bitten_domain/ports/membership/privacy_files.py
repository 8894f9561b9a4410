"""Files that privacy needs beside the store: exports that wait, the list of those erased, and what was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bitten_domain.membership.privacy import ErasureEntry, SealedText

__all__ = ["Archive", "ErasureList", "ExportShelf", "Scrub", "TokenSource"]


class Archive(Protocol):
    """Pack files into one; the same files give the same bytes."""

    def __call__(self, files: Mapping[str, bytes]) -> bytes:
        """Pack files by their names, which may have folders in them."""
        ...


class ExportShelf(Protocol):
    """Where finished exports wait to be fetched, sealed."""

    def put(self, export_id: str, sealed: SealedText) -> None:
        """Lay an export down durably, in place of one of the same id.

        Raises:
            InvalidInput: the id is none a file can be named by.
            Unavailable: it cannot be written.
        """
        ...

    def read(self, export_id: str) -> SealedText | None:
        """Read an export; None when it is not there.

        Raises:
            Unavailable: it cannot be read.
        """
        ...

    def drop(self, export_ids: Iterable[str]) -> None:
        """Remove exports; those that are not there change nothing."""
        ...

    def drop_before(self, moment: int) -> int:
        """Remove what was laid down before a moment, seconds since 1970 UTC; how many there were."""
        ...


class ErasureList(Protocol):
    """Those who were erased, kept apart from the store and its backups, so that a restore brings nobody back."""

    def add(self, entries: Iterable[ErasureEntry]) -> int:
        """Keep entries durably, one for each person; how many were new.

        Raises:
            Unavailable: they cannot be written; none was taken.
        """
        ...

    def all(self) -> tuple[ErasureEntry, ...]:
        """List them, oldest first.

        Raises:
            InvalidInput: the list is damaged. It must be restored, or a restore of the store would bring people back.
            Unavailable: it cannot be read.
        """
        ...


class Scrub(Protocol):
    """Overwrite what was deleted.

    A database marks deleted rows as free and leaves their bytes where they are: in free space, and in its log.
    """

    async def __call__(self) -> None:
        """Make what was deleted before unreadable in the store's own files, as far as its database can.

        Raises:
            Unavailable: not now; what was deleted may still be readable there.
        """
        ...


class TokenSource(Protocol):
    """Make tokens nobody can guess: at least 256 bits, as text that may stand in a link."""

    def __call__(self) -> str:
        """Make one."""
        ...
