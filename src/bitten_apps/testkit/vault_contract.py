"""The contract of vaults: numbered cards that every implementation of `Vault`, with its `BlindIndex`, passes.

Give each card a fresh bench and run its check; a broken promise raises `ContractBroken`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_domain.errors import InvalidInput
from bitten_domain.membership.privacy import Place, SealedText

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.ports.membership.vault import BlindIndex, Vault

__all__ = ["VAULT_CARDS", "VaultBench", "VaultCard"]

_TEXTS = (b"", b"a", b"ann@example.org", bytes(range(256)) * 40)
_HERE = Place("users", "email", "user-1")
_KEY_HERE = Place("person_keys", "sealed", "user-1")
_ELSEWHERE = (
    Place("user", "semail", "user-1"),
    Place("users", "email", "user-2"),
    Place("users", "phone", "user-1"),
    Place("people", "email", "user-1"),
)


class VaultBench(Protocol):
    """A vault and an index under test."""

    @property
    def vault(self) -> Vault:
        """The vault as it runs now."""
        ...

    @property
    def other(self) -> Vault:
        """A vault with another key."""
        ...

    @property
    def index(self) -> BlindIndex:
        """The index as it runs now."""
        ...

    @property
    def other_index(self) -> BlindIndex:
        """An index with another key."""
        ...

    def restart(self) -> None:
        """End vault and index and start them again with the same keys."""
        ...

    def rotate(self) -> None:
        """Give the vault a newer key beside those it has."""
        ...

    def forget_older_keys(self) -> None:
        """Leave the vault its newest key only."""
        ...


@dataclass(frozen=True, slots=True)
class VaultCard:
    """One promise and its check.

    Args:
        number: its place in the list, from 1.
        promise: what is promised, in a sentence.
        check: runs it on a fresh bench; raises `ContractBroken`.
    """

    number: int
    promise: str
    check: Callable[[VaultBench], None]


def _expect(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise ContractBroken(f"{what}: expected {expected!r}, found {found!r}")


def _stays_shut(act: Callable[[], bytes | SealedText], what: str, says: str = "") -> None:
    try:
        found = act()
    except InvalidInput as error:
        if says not in str(error):
            raise ContractBroken(f"{what}: the error does not say {says!r}: {error}") from error
        return
    raise ContractBroken(f"{what}: expected InvalidInput, found {found!r}")


def _opens(bench: VaultBench) -> None:
    for text in _TEXTS:
        sealed = bench.vault.seal(text, _HERE)
        bench.restart()
        _expect(bench.vault.open(sealed, _HERE), text, f"{len(text)} bytes, opened after a restart")


def _hides(bench: VaultBench) -> None:
    text = b"ann@example.org"
    first, second = bench.vault.seal(text, _HERE), bench.vault.seal(text, _HERE)
    if first.ciphertext == second.ciphertext or first.nonce == second.nonce:
        raise ContractBroken("two seals of one text are alike")
    if any(text in part for part in (first.ciphertext, first.nonce, first.key_id.encode())):
        raise ContractBroken("a seal shows the text")


def _keeps_its_place(bench: VaultBench) -> None:
    sealed = bench.vault.seal(b"text", _HERE)
    for place in _ELSEWHERE:
        _stays_shut(lambda place=place: bench.vault.open(sealed, place), f"at {place}")  # type: ignore[misc]


def _knows_its_keys(bench: VaultBench) -> None:
    sealed = bench.vault.seal(b"text", _HERE)
    _expect(sealed.key_id, bench.vault.key_id, "the key that seals")
    if bench.other.key_id == bench.vault.key_id:
        raise ContractBroken("two vaults have one key")
    _stays_shut(lambda: bench.other.open(sealed, _HERE), "by another vault", sealed.key_id)
    # Another vault's seal under this one's name is no better.
    forged = replace(bench.other.seal(b"text", _HERE), key_id=bench.vault.key_id)
    _stays_shut(lambda: bench.vault.open(forged, _HERE), "another key's seal under this key's name")


def _notices_changes(bench: VaultBench) -> None:
    sealed = bench.vault.seal(b"text", _HERE)
    for bit in range(8 * len(sealed.ciphertext)):
        changed = replace(sealed, ciphertext=_flipped(sealed.ciphertext, bit))
        _stays_shut(lambda changed=changed: bench.vault.open(changed, _HERE), f"with bit {bit} flipped")  # type: ignore[misc]
    for bit in range(8 * len(sealed.nonce)):
        changed = replace(sealed, nonce=_flipped(sealed.nonce, bit))
        _stays_shut(lambda changed=changed: bench.vault.open(changed, _HERE), f"with nonce bit {bit} flipped")  # type: ignore[misc]
    for text in (b"", sealed.ciphertext[:-1], sealed.ciphertext + b"\0"):
        changed = replace(sealed, ciphertext=text)
        _stays_shut(lambda changed=changed: bench.vault.open(changed, _HERE), "cut or lengthened")  # type: ignore[misc]
    _stays_shut(lambda: bench.vault.open(replace(sealed, nonce=b""), _HERE), "without a nonce")


def _flipped(text: bytes, bit: int) -> bytes:
    made = bytearray(text)
    made[bit // 8] ^= 1 << bit % 8
    return bytes(made)


def _rotates(bench: VaultBench) -> None:
    old = bench.vault.seal(b"text", _HERE)
    bench.rotate()
    bench.restart()
    new = bench.vault.seal(b"text", _HERE)
    if new.key_id == old.key_id:
        raise ContractBroken("a new seal is by the old key")
    _expect(bench.vault.open(old, _HERE), b"text", "an older seal, opened")
    again = bench.vault.reseal(old, _HERE)
    _expect(again.key_id, bench.vault.key_id, "the key of what was sealed anew")
    _stays_shut(lambda: bench.vault.reseal(old, _ELSEWHERE[0]), "sealed anew for another place")
    bench.forget_older_keys()
    _expect(bench.vault.open(again, _HERE), b"text", "what was sealed anew, without the old key")
    _stays_shut(lambda: bench.vault.open(old, _HERE), "what the old key sealed, without it", old.key_id)


def _gives_persons_keys(bench: VaultBench) -> None:
    key = bench.vault.new_person_key(_KEY_HERE), _KEY_HERE
    other = bench.vault.new_person_key(_KEY_HERE), _KEY_HERE
    sealed = bench.vault.seal(b"text", _HERE, key)
    bench.rotate()
    anew = bench.vault.reseal(key[0], _KEY_HERE), _KEY_HERE
    bench.forget_older_keys()
    bench.restart()
    _expect(bench.vault.open(sealed, _HERE, anew), b"text", "a person's text, after the operator's key changed")
    _stays_shut(lambda: bench.vault.open(sealed, _HERE), "a person's text without their key", sealed.key_id)
    _stays_shut(lambda: bench.vault.open(sealed, _HERE, key), "a person's text with a key that does not open")
    lost = bench.vault.new_person_key(_KEY_HERE), _KEY_HERE
    _stays_shut(lambda: bench.vault.open(sealed, _HERE, lost), "a person's text with another's key", sealed.key_id)
    _stays_shut(lambda: bench.vault.open(sealed, _ELSEWHERE[1], anew), "a person's text at another's row")
    if other[0] == key[0]:
        raise ContractBroken("two persons have one key")


def _finds_again(bench: VaultBench) -> None:
    texts = {text: bench.index("email", text) for text in _TEXTS}
    bench.restart()
    for text, found in texts.items():
        _expect(len(found), 32, "bytes of a hash")
        _expect(bench.index("email", text), found, "the same text, after a restart")
        if bench.index("telegram_id", text) == found or bench.other_index("email", text) == found:
            raise ContractBroken("another purpose or key gives the same hash")
    if len(set(texts.values())) != len(texts):
        raise ContractBroken("two texts have one hash")
    if bench.index("ab", b"c") == bench.index("a", b"bc"):
        raise ContractBroken("where the purpose ends makes no difference")


VAULT_CARDS: tuple[VaultCard, ...] = tuple(
    VaultCard(number, promise, check)
    for number, (promise, check) in enumerate(
        (
            ("what was sealed opens to the same bytes, after a restart too", _opens),
            ("two seals of one text differ, and neither shows it", _hides),
            ("a seal opens at its own place only", _keeps_its_place),
            ("a seal opens with its own key only, and the error names the key", _knows_its_keys),
            ("a seal with any bit changed does not open", _notices_changes),
            ("new seals are by the newest key, older ones open while their key is there", _rotates),
            ("without a person's key nothing it sealed opens", _gives_persons_keys),
            ("a blind index finds the same text again and nothing else", _finds_again),
        ),
        start=1,
    )
)
"""The cards, in order."""
