"""Archives as ZIP files."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["zip_archive"]

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o600 << 16


def zip_archive(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a ZIP; the same files give the same bytes, since no time and no machine stands in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.external_attr, entry.compress_type, entry.create_system = _READABLE, zipfile.ZIP_DEFLATED, 3
            archive.writestr(entry, files[name])
    return content.getvalue()
