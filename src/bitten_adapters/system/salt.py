"""Salts of the operating system."""

from __future__ import annotations

import secrets

from bitten_domain.record.journal import SALT_BYTES

__all__ = ["os_salt"]


def os_salt() -> bytes:
    """Make the random bytes that hide one journal row's payload."""
    return secrets.token_bytes(SALT_BYTES)
