"""Texts and moments of the store, as a terminal may show them."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["iso", "printable", "utc"]


def printable(text: str) -> str:
    """Show control characters instead of obeying them: what a store holds may have come from anywhere."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def utc(at: int) -> str:
    """Write a moment, seconds since 1970, as UTC to the minute."""
    return datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%d %H:%M")


def iso(at: int) -> str:
    """Write a moment, seconds since 1970, in ISO 8601."""
    return datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
