"""The contract of signers: numbered cards that every implementation of `Signer`, with its `SignatureCheck`, passes.

Give each card a fresh bench and run its check; a broken promise raises `ContractBroken`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bitten_apps.testkit.contract_broken import ContractBroken

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.ports.signer import SignatureCheck, Signer

__all__ = ["SIGNER_CARDS", "SignerBench", "SignerCard"]

_MESSAGES = (b"", b"a", bytes(range(256)) * 40)


class SignerBench(Protocol):
    """A signer under test."""

    @property
    def signer(self) -> Signer:
        """The signer as it runs now."""
        ...

    @property
    def other(self) -> Signer:
        """A signer with another key."""
        ...

    @property
    def is_signed(self) -> SignatureCheck:
        """The check that belongs to them."""
        ...

    def restart(self) -> None:
        """End the signer and start it again with the same key."""
        ...


@dataclass(frozen=True, slots=True)
class SignerCard:
    """One promise and its check.

    Args:
        number: its place in the list, from 1.
        promise: what is promised, in a sentence.
        check: runs it on a fresh bench; raises `ContractBroken`.
    """

    number: int
    promise: str
    check: Callable[[SignerBench], None]


def _expect(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise ContractBroken(f"{what}: expected {expected}, found {found}")


def _signs(bench: SignerBench) -> None:
    for message in _MESSAGES:
        signature = bench.signer.sign(message)
        _expect(bench.is_signed(bench.signer.public_key, message, signature), True, f"{len(message)} bytes are signed")


def _keeps_its_key(bench: SignerBench) -> None:
    key, signature = bench.signer.public_key, bench.signer.sign(b"message")
    bench.restart()
    _expect(bench.signer.public_key, key, "the public key after a restart")
    _expect(bench.is_signed(key, b"message", signature), True, "a signature from before the restart")
    _expect(bench.is_signed(key, b"message", bench.signer.sign(b"message")), True, "a signature from after it")


def _is_not_another(bench: SignerBench) -> None:
    signature = bench.signer.sign(b"message")
    if bench.signer.public_key == bench.other.public_key:
        raise ContractBroken("two signers have two keys")
    _expect(bench.is_signed(bench.other.public_key, b"message", signature), False, "by the other's key")
    _expect(bench.is_signed(bench.signer.public_key, b"message", bench.other.sign(b"message")), False, "by the other")


def _tells_a_forgery(bench: SignerBench) -> None:
    key, signature = bench.signer.public_key, bench.signer.sign(b"message")
    _expect(bench.is_signed(key, b"massage", signature), False, "over another message")
    for bit in range(8 * len(signature)):
        forged = bytearray(signature)
        forged[bit // 8] ^= 1 << bit % 8
        _expect(bench.is_signed(key, b"message", bytes(forged)), False, f"with bit {bit} flipped")


def _takes_nonsense_for_no(bench: SignerBench) -> None:
    key, signature = bench.signer.public_key, bench.signer.sign(b"message")
    for public_key, text in ((b"", signature), (key[:-1], signature), (bytes(len(key) + 1), signature), (key, b"")):
        _expect(bench.is_signed(public_key, b"message", text), False, "a malformed key or signature")


SIGNER_CARDS: tuple[SignerCard, ...] = tuple(
    SignerCard(number, promise, check)
    for number, (promise, check) in enumerate(
        (
            ("what is signed is found to be signed", _signs),
            ("the key is the same after a restart", _keeps_its_key),
            ("another key's signature is not this one's", _is_not_another),
            ("a signature with any bit changed, or over another message, is none", _tells_a_forgery),
            ("malformed keys and signatures are no, not an error", _takes_nonsense_for_no),
        ),
        start=1,
    )
)
"""The cards, in order."""
