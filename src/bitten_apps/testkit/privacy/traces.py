"""Traces: a search for somebody in bytes, whatever form their data has there."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bitten_apps.testkit.privacy.planted import Planted

__all__ = ["files_under", "needles", "traces"]


def needles(planted: Planted, *, is_binary_store: bool = False) -> Mapping[str, bytes]:
    """List what to look for, by name.

    Args:
        planted: whom.
        is_binary_store: look for the Telegram id as SQLite stores a number as well: its bytes, the highest first.
    """
    found: dict[str, bytes] = {"telegram_id": str(planted.telegram_id).encode()}
    if is_binary_store:
        found["telegram_id as a number"] = planted.telegram_id.to_bytes(5, "big")
    for name in ("callsign", "zone", "email", "pseudonym", "diary", "said", "told"):
        text = str(getattr(planted, name)).encode()
        found[name] = text
        found[f"{name} in hex"] = text.hex().encode()
        # The middle of a text is left where its beginning was overwritten.
        found[f"end of {name}"] = text[len(text) // 2 :]
    return found


def traces(content: bytes, wanted: Mapping[str, bytes]) -> list[str]:
    """Name what is found in bytes, in any case of letters."""
    lowered = content.lower()
    return [name for name, needle in wanted.items() if needle.lower() in lowered]


def files_under(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give every file of a folder by its name there; what is packed is given as it is, and unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        yield name, content
        if path.suffix == ".gz":
            yield f"{name} unpacked", gzip.decompress(content)
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for entry in archive.namelist():
                    yield f"{name}/{entry}", archive.read(entry)
