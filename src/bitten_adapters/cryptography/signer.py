"""Ed25519 signatures, with keys in PEM files that other tools read too.

Source: RFC 8032. The private key's file is made once, readable by its owner only, and never overwritten; its public
half is written beside it, to be given to whoever shall verify.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from bitten_domain.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Ed25519Signer", "is_signed_ed25519", "new_key_file", "open_key_file", "read_public_key", "signer_of"]

_OWNER_ONLY = 0o600
_EVERYBODY = 0o644
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Ed25519Signer:
    """Sign with a key that is held in memory.

    Args:
        key: the private key.
    """

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._public_key = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def public_key(self) -> bytes:
        """Read the public key, 32 bytes."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """Sign a message; 64 bytes."""
        return self._key.sign(message)


def signer_of(seed: bytes) -> Ed25519Signer:
    """Make the key that 32 bytes are the seed of, the same each time: for simulations, whose signatures repeat."""
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(seed))


def is_signed_ed25519(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the signature over the message is by the key; a malformed key has signed nothing."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_key_file(path: Path) -> Ed25519Signer:
    """Make a key and keep it in a new file, readable by its owner only; the public half goes beside it, with `.pub`.

    Raises:
        InvalidInput: there is something at the path already.
        Unavailable: the file cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    beside = path.with_name(path.name + ".pub")
    for taken in (path, beside):
        if taken.exists():
            raise InvalidInput(
                "there is a file already, and keys are never overwritten",
                where=str(taken),
                remedy="name another file, or use the key that is there",
            )
    try:
        _write_new(path, secret, _OWNER_ONLY)
        _write_new(beside, public, _EVERYBODY)
    except OSError as error:
        raise Unavailable(f"{path}: the key cannot be written: {error.strerror}") from error
    return Ed25519Signer(key)


def open_key_file(path: Path) -> Ed25519Signer:
    """Take the key of a file.

    Raises:
        InvalidInput: there is none, it is no Ed25519 key, or others than its owner can read it.
        Unavailable: it cannot be read.
    """
    content = _read(path)
    # Where files have no such modes (Windows), who may read is not ours to see.
    if os.name == "posix" and path.stat().st_mode & _OTHERS:
        raise InvalidInput("others than its owner can read the key", where=str(path), remedy=f"chmod 600 {path}")
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise InvalidInput("this is no private key in PEM", where=str(path), remedy="make one anew") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInput("the key is not an Ed25519 key", where=str(path), remedy="make one anew")
    return Ed25519Signer(key)


def read_public_key(path: Path) -> bytes:
    """Read a public key, 32 bytes, from its PEM file.

    Raises:
        InvalidInput: there is none, or it is no public Ed25519 key.
        Unavailable: it cannot be read.
    """
    remedy = "name the file that ends in .pub, which was made with the key"
    try:
        key = load_pem_public_key(_read(path))
    except ValueError as error:
        raise InvalidInput("this is no public key in PEM", where=str(path), remedy=remedy) from error
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidInput("the key is not an Ed25519 key", where=str(path), remedy=remedy)
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InvalidInput("there is no such key", where=str(path), remedy="name the key's file") from error
    except OSError as error:
        raise Unavailable(f"{path}: the key cannot be read: {error.strerror}") from error


def _write_new(path: Path, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
