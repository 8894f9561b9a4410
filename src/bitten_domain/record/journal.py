"""The journal: payloads in order, each chained to all before it by SHA-256."""

from __future__ import annotations

from hashlib import sha256

__all__ = ["GENESIS", "SALT_BYTES", "Journal", "chained", "commitment_of", "extended"]

GENESIS = bytes(32)
"""Head of a stream before its first payload."""

SALT_BYTES = 16
"""Length of a stored row's salt. It is fixed, or a byte could wander from a payload into its salt unseen."""


def commitment_of(salt: bytes, payload: bytes) -> bytes:
    """Commit to a payload without showing it: 32 bytes that nobody can guess it from who does not know the salt."""
    return sha256(salt + payload).digest()


def extended(head: bytes, commitment: bytes) -> bytes:
    """Extend a stream's head (32 bytes) by a row's commitment (32 bytes)."""
    return sha256(head + commitment).digest()


def chained(head: bytes, payload: bytes) -> bytes:
    """Extend a stream's head by a payload that needs no salt.

    Args:
        head: 32 bytes, of the stream so far.
        payload: any bytes.

    Returns:
        32 bytes that depend on the payload, on all before it, and on their order.
    """
    return sha256(head + sha256(payload).digest()).digest()


class Journal:
    """One stream that only grows.

    It keeps the head and the count; where the payloads themselves go is for a store to say.
    """

    def __init__(self) -> None:
        self._head = GENESIS
        self._rows = 0

    def append(self, payload: bytes) -> None:
        """Add a payload at the end."""
        self._head = chained(self._head, payload)
        self._rows += 1

    @property
    def rows(self) -> int:
        """Number of payloads so far."""
        return self._rows

    @property
    def digest(self) -> str:
        """The head, in hex: equal digests mean equal payloads in equal order."""
        return self._head.hex()
