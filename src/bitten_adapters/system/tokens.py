"""Tokens from the operating system."""

from __future__ import annotations

import secrets

__all__ = ["os_token"]

_BYTES = 32


def os_token() -> str:
    """Make a token of 256 random bits, as text that may stand in a link."""
    return secrets.token_urlsafe(_BYTES)
