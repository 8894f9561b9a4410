"""Signer: what vouches that a text is the operator's."""

from __future__ import annotations

from typing import Protocol

__all__ = ["SignatureCheck", "Signer"]


class Signer(Protocol):
    """Sign with one key.

    Promises, each checked by the contract suite:

    - The key is the same for the life of the object and after a restart with the same key; two keys differ.
    - Every signature is by that key, as a `SignatureCheck` finds; not over another text, nor by another key.
    - The private key does not leave it. There is no key by default.
    - `Unavailable`: nothing was signed, try later.

    A key is named by `record.anchor.key_id_of` of its public key.
    """

    @property
    def public_key(self) -> bytes:
        """Read the public key, as the algorithm writes it."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        ...


class SignatureCheck(Protocol):
    """Tell a signature from a forgery.

    Promises: whatever is not a signature of that key over that message, a malformed key among it, is False, not an
    exception.
    """

    def __call__(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Say whether the signature over the message is by the key."""
        ...
