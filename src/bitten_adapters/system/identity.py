"""The machine's identifiers."""

from __future__ import annotations

import secrets
import time
import uuid

__all__ = ["SystemIdentity"]

_VERSION_7 = 0x7
_VARIANT = 0b10


class SystemIdentity:
    """Identifiers of 128 bits: 48 of milliseconds since 1970, 74 of chance (RFC 9562, version 7)."""

    def new_id(self) -> str:
        """Make one, as 36 lower-case characters."""
        milliseconds = time.time_ns() // 1_000_000
        bits = milliseconds << 80
        bits |= _VERSION_7 << 76 | secrets.randbits(12) << 64
        bits |= _VARIANT << 62 | secrets.randbits(62)
        return str(uuid.UUID(int=bits))
