"""AES-GCM envelopes: the operator's keys seal persons' keys, and those seal what is personal.

Source: NIST SP 800-38D. Keys have 256 bits, nonces are 96 random bits, one for each seal; a key seals far fewer than
the 2^32 texts for which that is enough. What a seal is bound to, its place and the kind of its key, is associated data:
a seal that was moved to another row does not open.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bitten_adapters.cryptography.secret_file import read_secret, replace_secret, write_new_secret
from bitten_domain.errors import InvalidInput
from bitten_domain.membership.privacy import Place, SealedText

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = [
    "AesGcmVault",
    "FileKeyring",
    "add_vault_key",
    "drop_vault_key",
    "new_vault_file",
    "open_vault_file",
    "vault_of",
]

_KEY_BYTES = 32
_NONCE_BYTES = 12
_OPERATOR, _PERSON = "operator", "person"


class AesGcmVault:
    """Seal with keys that are held in memory.

    Args:
        keys: the operator's, 32 bytes each, oldest first; the last one seals.

    Raises:
        InvalidInput: there is none, or one has another length.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != _KEY_BYTES for key in keys):
            raise InvalidInput(
                f"a vault has at least one key, of {_KEY_BYTES} bytes each", remedy="make a key file, and name it"
            )
        self._keys = {_id_of(_OPERATOR, key): key for key in keys}
        self._key_id = _id_of(_OPERATOR, keys[-1])

    @property
    def key_id(self) -> str:
        """Name the operator's key that seals now."""
        return self._key_id

    def new_person_key(self, place: Place) -> SealedText:
        """Make a person's key and seal it, for the place it will lie at."""
        return _seal(_OPERATOR, self._keys[self._key_id], AESGCM.generate_key(8 * _KEY_BYTES), place)

    def reseal(self, sealed: SealedText, place: Place) -> SealedText:
        """Seal anew, by the newest of the operator's keys, what an older one of them sealed."""
        return self.seal(self.open(sealed, place), place)

    def seal(self, text: bytes, place: Place, person_key: tuple[SealedText, Place] | None = None) -> SealedText:
        """Seal a text by the operator's key or a person's."""
        if person_key is None:
            return _seal(_OPERATOR, self._keys[self._key_id], text, place)
        return _seal(_PERSON, self.open(*person_key), text, place)

    def open(self, sealed: SealedText, place: Place, person_key: tuple[SealedText, Place] | None = None) -> bytes:
        """Open a sealed text.

        Raises:
            InvalidInput: it was sealed by a key that is not there, at another place, or is damaged.
        """
        kind = _OPERATOR if person_key is None else _PERSON
        key = self._keys.get(sealed.key_id) if person_key is None else self.open(*person_key)
        where = f"{place.table}.{place.column}"
        if key is None or _id_of(kind, key) != sealed.key_id:
            raise InvalidInput(
                f"key {sealed.key_id} is not there", where=where, remedy="give the key file that holds it, if it exists"
            )
        try:
            return AESGCM(key).decrypt(sealed.nonce, sealed.ciphertext, _bound_to(kind, place))
        except (InvalidTag, ValueError) as error:
            raise InvalidInput(
                "the sealed text was changed, or lies where it was not sealed for",
                where=where,
                remedy="restore the row from a backup",
            ) from error


def _seal(kind: str, key: bytes, text: bytes, place: Place) -> SealedText:
    nonce = os.urandom(_NONCE_BYTES)
    return SealedText(_id_of(kind, key), nonce, AESGCM(key).encrypt(nonce, text, _bound_to(kind, place)))


def _bound_to(kind: str, place: Place) -> bytes:
    # JSON keeps the parts apart whatever they hold.
    return json.dumps([kind, place.table, place.column, place.row]).encode()


def _id_of(kind: str, key: bytes) -> str:
    # A name that says nothing about the key, and that two keys do not share.
    return f"{kind}-{hashlib.sha256(b'BITTEN key id' + kind.encode() + key).hexdigest()[:16]}"


def vault_of(text: str, where: str) -> AesGcmVault:
    """Take keys that were handed over as text: 64 hex digits each, oldest first, with commas between them.

    Args:
        text: the keys.
        where: they came from, for errors, which never show them.

    Raises:
        InvalidInput: there is none, or one is no key.
    """
    try:
        keys = [bytes.fromhex(part) for part in text.split(",")]
    except ValueError:
        keys = []
    if not keys or any(len(key) != _KEY_BYTES for key in keys):
        # The chained error would carry the keys into a log.
        raise InvalidInput(
            "these are no keys", where=where, remedy=f"give {2 * _KEY_BYTES} hex digits for each, with commas between"
        )
    return AesGcmVault(keys)


def new_vault_file(path: Path) -> AesGcmVault:
    """Make a first key and keep it in a new file, readable by its owner only.

    Raises:
        InvalidInput: there is something at the path already.
        Unavailable: the file cannot be written.
    """
    keys = [AESGCM.generate_key(8 * _KEY_BYTES)]
    write_new_secret(path, _written(keys))
    return AesGcmVault(keys)


def open_vault_file(path: Path) -> AesGcmVault:
    """Take the keys of a file.

    Raises:
        InvalidInput: there is none, others can read it, or a line is no key.
        Unavailable: it cannot be read.
    """
    return AesGcmVault(_keys_of(path))


def add_vault_key(path: Path) -> AesGcmVault:
    """Make another key, which seals from now on; the older ones stay, so that what they sealed opens.

    Raises:
        InvalidInput: as `open_vault_file`.
        Unavailable: the file cannot be read or written; nothing changed.
    """
    keys = [*_keys_of(path), AESGCM.generate_key(8 * _KEY_BYTES)]
    replace_secret(path, _written(keys))
    return AesGcmVault(keys)


def drop_vault_key(path: Path, key_id: str) -> AesGcmVault:
    """Take an old key out, once everything it sealed was sealed anew: what is left of that opens never more.

    Raises:
        InvalidInput: as `open_vault_file`; or there is no such key, or it is the one that seals.
        Unavailable: as `add_vault_key`.
    """
    keys = _keys_of(path)
    left = [key for key in keys if _id_of(_OPERATOR, key) != key_id]
    if len(left) == len(keys):
        raise InvalidInput(f"there is no key {key_id}", where=str(path), remedy="name one of the file's")
    if keys[-1] not in left:
        raise InvalidInput("this key seals now", where=str(path), remedy="add a newer one first")
    replace_secret(path, _written(left))
    return AesGcmVault(left)


@dataclass(frozen=True, slots=True)
class FileKeyring:
    """The operator's keys in a file, which is there.

    Args:
        path: of the file.
    """

    path: Path

    def add(self) -> str:
        """Make another key, which seals from now on, and name it."""
        return add_vault_key(self.path).key_id

    def drop(self, key_id: str) -> None:
        """Take an old key out."""
        drop_vault_key(self.path, key_id)


def _written(keys: Sequence[bytes]) -> bytes:
    head = "# Keys of the vault, oldest first. Whoever has this file can read what is sealed.\n"
    return (head + "".join(f"{key.hex()}\n" for key in keys)).encode()


def _keys_of(path: Path) -> list[bytes]:
    content = read_secret(path)
    try:
        lines = content.decode("ascii").splitlines()
        keys = [bytes.fromhex(line) for line in lines if line.strip() and not line.startswith("#")]
    except ValueError as error:
        raise InvalidInput("a line is no key", where=str(path), remedy="restore the file from its backup") from error
    if not keys or any(len(key) != _KEY_BYTES for key in keys):
        raise InvalidInput(
            f"the file holds no keys of {_KEY_BYTES} bytes", where=str(path), remedy="restore it from its backup"
        )
    return keys
