"""Read recorded inputs from a folder."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from bitten_adapters.files.inputs.layout import PART, material_path, unframed
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.ports.input_log import RecordedSession

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FolderRecording"]

_RESTORE = "restore the folder of inputs from a backup"


class _Part(NamedTuple):
    session: int
    day: int
    path: Path


@dataclass(frozen=True, slots=True)
class FolderRecording:
    """What processes recorded in a folder; nothing in it is changed."""

    folder: Path

    def sessions(self) -> tuple[RecordedSession, ...]:
        """Read every session.

        Raises:
            InvalidInput: nothing was recorded, or a line other than a torn last one of a session is damaged.
            Unavailable: a file cannot be read.
        """
        if not self.folder.is_dir():
            raise InvalidInput(
                "nothing was recorded here", where=str(self.folder), remedy="a recording is made by `bitten run`"
            )
        return tuple(
            _read(session, [part.path for part in parts])
            for session, parts in groupby(self._parts(), key=lambda part: part.session)
        )

    def material(self, digest: str) -> str:
        """Read a long text.

        Raises:
            InvalidInput: it is not there, or not what its name says.
        """
        path = material_path(self.folder, digest)
        content = _content(path)
        if sha256(content).hexdigest() != digest:
            raise InvalidInput("the text is not what its name says", where=str(path), remedy=_RESTORE)
        return content.decode("utf-8")

    def _parts(self) -> list[_Part]:
        found: dict[tuple[int, int], _Part] = {}
        # A crash may leave a part both packed and not; the packed one, which sorts last, is whole.
        for path in sorted(self.folder.iterdir()):
            if match := PART.fullmatch(path.name):
                session, day = int(match["session"]), int(match["day"])
                found[session, day] = _Part(session, day, path)
        return [part for _, part in sorted(found.items())]


def _read(session: int, paths: list[Path]) -> RecordedSession:
    entries: list[str] = []
    torn = ""
    for path in paths:
        if torn:
            raise InvalidInput("a line is torn though others follow", where=torn, remedy=_RESTORE)
        *lines, rest = _content(path).split(b"\n")
        for place, line in enumerate(lines, start=1):
            try:
                number, entry = unframed(line)
            except ValueError as error:
                # A block that never reached the disk reads as zeros.
                if place == len(lines) and not rest and b"\0" in line:
                    rest = line
                    break
                raise InvalidInput(f"the line is damaged: {error}", where=f"{path}:{place}", remedy=_RESTORE) from error
            if number != len(entries):
                raise InvalidInput(
                    f"entries {len(entries)} to {number - 1} of session {session} are missing",
                    where=f"{path}:{place}",
                    remedy=_RESTORE,
                )
            entries.append(entry)
        torn = f"{path.name}:{len(lines) + 1}" if rest else ""
    return RecordedSession(f"session {session}", tuple(entries), torn)


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except FileNotFoundError as error:
        raise InvalidInput("a file of the recording is missing", where=str(path), remedy=_RESTORE) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput(f"the file cannot be unpacked: {error}", where=str(path), remedy=_RESTORE) from error
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror}") from error
