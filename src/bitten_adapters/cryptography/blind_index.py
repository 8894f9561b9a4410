"""Blind index: HMAC-SHA-256, so that a text is found again by those who have the key, and guessed by nobody else.

Source: RFC 2104. The key is another than the vault's and is never rotated: a changed key would give a second press pass
to everybody.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import TYPE_CHECKING

from bitten_adapters.cryptography.secret_file import read_secret, write_new_secret
from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HmacBlindIndex", "index_of", "new_index_file", "open_index_file"]

_KEY_BYTES = 32


class HmacBlindIndex:
    """Hash with a key that is held in memory.

    Args:
        key: at least 32 bytes.

    Raises:
        InvalidInput: it is shorter.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < _KEY_BYTES:
            raise InvalidInput(
                f"the index's key has fewer than {_KEY_BYTES} bytes", remedy="make a key file, and name it"
            )
        self._key = key

    def __call__(self, purpose: str, text: bytes) -> bytes:
        """Hash a text for a purpose; 32 bytes."""
        name = purpose.encode()
        # The length keeps purpose and text apart.
        return hmac.new(self._key, len(name).to_bytes(4, "big") + name + text, hashlib.sha256).digest()


def index_of(text: str, where: str) -> HmacBlindIndex:
    """Take a key that was handed over as text, at least 64 hex digits.

    Args:
        text: the key.
        where: it came from, for errors, which never show it.

    Raises:
        InvalidInput: it is no key.
    """
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) < _KEY_BYTES:
        # The chained error would carry the key into a log.
        raise InvalidInput("this is no key", where=where, remedy=f"give at least {2 * _KEY_BYTES} hex digits")
    return HmacBlindIndex(key)


def new_index_file(path: Path) -> HmacBlindIndex:
    """Make a key and keep it in a new file, readable by its owner only.

    Raises:
        InvalidInput: there is something at the path already.
        Unavailable: the file cannot be written.
    """
    key = os.urandom(_KEY_BYTES)
    write_new_secret(path, key.hex().encode() + b"\n")
    return HmacBlindIndex(key)


def open_index_file(path: Path) -> HmacBlindIndex:
    """Take the key of a file.

    Raises:
        InvalidInput: there is none, others can read it, or it holds no key.
        Unavailable: it cannot be read.
    """
    content = read_secret(path)
    try:
        key = bytes.fromhex(content.decode("ascii"))
    except ValueError as error:
        raise InvalidInput("the file holds no key", where=str(path), remedy="restore it from its backup") from error
    return HmacBlindIndex(key)
