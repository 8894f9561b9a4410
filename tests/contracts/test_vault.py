"""The contract of vaults on the AES-GCM one; vaults broken on purpose; a second opinion; its key files."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bitten_adapters.cryptography.blind_index import HmacBlindIndex, new_index_file, open_index_file
from bitten_adapters.cryptography.vault import (
    AesGcmVault,
    add_vault_key,
    drop_vault_key,
    new_vault_file,
    open_vault_file,
)
from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.vault_contract import VAULT_CARDS, VaultCard
from bitten_domain.errors import BittenError, InvalidInput, Unavailable
from bitten_domain.membership.privacy import Place, SealedText

if TYPE_CHECKING:
    from bitten_domain.ports.membership.vault import BlindIndex, Vault

HERE = Place("users", "email", "user-1")


class Bench:
    """A vault and an index with their keys in files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key_ids = [new_vault_file(folder / "vault").key_id]
        new_index_file(folder / "index")
        self._other = new_vault_file(folder / "other")
        self._other_index = new_index_file(folder / "other-index")
        self.restart()

    @property
    def vault(self) -> Vault:
        return self._vault

    @property
    def other(self) -> Vault:
        return self._other

    @property
    def index(self) -> BlindIndex:
        return self._index

    @property
    def other_index(self) -> BlindIndex:
        return self._other_index

    def restart(self) -> None:
        self._vault: Vault = open_vault_file(self._folder / "vault")
        self._index: BlindIndex = open_index_file(self._folder / "index")

    def rotate(self) -> None:
        self._vault = add_vault_key(self._folder / "vault")
        self._key_ids.append(self._vault.key_id)

    def forget_older_keys(self) -> None:
        for key_id in self._key_ids[:-1]:
            self._vault = drop_vault_key(self._folder / "vault", key_id)
        del self._key_ids[:-1]


@pytest.mark.parametrize("card", VAULT_CARDS, ids=lambda card: f"card{card.number}")
def test_given_a_vault_when_a_card_is_played_then_its_promise_holds(card: VaultCard, tmp_path: Path) -> None:
    card.check(Bench(tmp_path))


class Wrapped:
    """A vault that passes everything on; its heirs break one promise each."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    @property
    def key_id(self) -> str:
        return self.vault.key_id

    def new_person_key(self, place: Place) -> SealedText:
        return self.vault.new_person_key(place)

    def reseal(self, sealed: SealedText, place: Place) -> SealedText:
        return self.vault.reseal(sealed, place)

    def seal(self, text: bytes, place: Place, person_key: tuple[SealedText, Place] | None = None) -> SealedText:
        return self.vault.seal(text, place, person_key)

    def open(self, sealed: SealedText, place: Place, person_key: tuple[SealedText, Place] | None = None) -> bytes:
        return self.vault.open(sealed, place, person_key)


class SealsNothing(Wrapped):
    """Keeps the text as it is."""

    def seal(self, text: bytes, place: Place, person_key: tuple[SealedText, Place] | None = None) -> SealedText:
        return SealedText(self.key_id, b"", text)

    def open(self, sealed: SealedText, place: Place, person_key: tuple[SealedText, Place] | None = None) -> bytes:
        return sealed.ciphertext


class ForgetsItsPlace(Wrapped):
    """Binds every seal to the same place."""

    def seal(self, text: bytes, place: Place, person_key: tuple[SealedText, Place] | None = None) -> SealedText:
        return self.vault.seal(text, HERE, person_key)

    def open(self, sealed: SealedText, place: Place, person_key: tuple[SealedText, Place] | None = None) -> bytes:
        return self.vault.open(sealed, HERE, person_key)


class ForgetsPersons(Wrapped):
    """Seals by the operator's key whoever's the text is."""

    def seal(self, text: bytes, place: Place, person_key: tuple[SealedText, Place] | None = None) -> SealedText:
        return self.vault.seal(text, place)

    def open(self, sealed: SealedText, place: Place, person_key: tuple[SealedText, Place] | None = None) -> bytes:
        return self.vault.open(sealed, place)


class NeverRotates(Wrapped):
    """Calls sealing anew what gives back the same."""

    def reseal(self, sealed: SealedText, place: Place) -> SealedText:
        return sealed


class SaysNoReason(Wrapped):
    """Does not say which key is lacking."""

    def open(self, sealed: SealedText, place: Place, person_key: tuple[SealedText, Place] | None = None) -> bytes:
        try:
            return self.vault.open(sealed, place, person_key)
        except InvalidInput as error:
            raise InvalidInput("no") from error


class Unsigned(Wrapped):
    """Encrypts without a tag: what is changed opens to something else."""

    def seal(self, text: bytes, place: Place, person_key: tuple[SealedText, Place] | None = None) -> SealedText:
        nonce = os.urandom(16)
        return SealedText(self.key_id, nonce, self._stream(text, nonce))

    def open(self, sealed: SealedText, place: Place, person_key: tuple[SealedText, Place] | None = None) -> bytes:
        if len(sealed.nonce) != 16:
            raise InvalidInput("no nonce")
        return self._stream(sealed.ciphertext, sealed.nonce)

    def _stream(self, text: bytes, nonce: bytes) -> bytes:
        cipher = Cipher(algorithms.AES256(hashlib.sha256(self.key_id.encode()).digest()), modes.CTR(nonce))
        return cipher.encryptor().update(text)


@pytest.mark.parametrize(
    ("broken", "numbers"),
    [
        (SealsNothing, {2, 3, 4, 5, 6, 7}),
        (ForgetsItsPlace, {3, 7}),
        (ForgetsPersons, {7}),
        (NeverRotates, {6, 7}),
        (SaysNoReason, {4, 6, 7}),
        (Unsigned, {3, 4, 5, 6, 7}),
    ],
)
def test_given_a_vault_broken_on_purpose_when_the_cards_are_played_then_those_of_its_promise_fail(
    broken: type[Wrapped], numbers: set[int], tmp_path: Path
) -> None:
    class BrokenBench(Bench):
        @property
        def vault(self) -> Vault:
            return broken(self._vault)

        @property
        def other(self) -> Vault:
            return broken(self._other)

    failed = set()
    for card in VAULT_CARDS:
        folder = tmp_path / str(card.number)
        folder.mkdir()
        try:
            card.check(BrokenBench(folder))
        except (ContractBroken, BittenError):
            failed.add(card.number)

    assert failed == numbers


@pytest.mark.parametrize(
    "broken",
    [
        lambda purpose, text: hashlib.sha256(purpose.encode() + b"\0" + text).digest(),
        lambda purpose, text: HmacBlindIndex(bytes(32))("", purpose.encode() + text),
        lambda purpose, text: HmacBlindIndex(bytes(32))("", text),
        lambda purpose, text: os.urandom(32),
    ],
    ids=["no key", "purpose runs into text", "no purpose", "chance"],
)
def test_given_an_index_broken_on_purpose_when_its_card_is_played_then_it_fails(
    broken: BlindIndex, tmp_path: Path
) -> None:
    class BrokenBench(Bench):
        @property
        def index(self) -> BlindIndex:
            return broken

        @property
        def other_index(self) -> BlindIndex:
            return broken if broken("a", b"b") == hashlib.sha256(b"a\0b").digest() else self._other_index

    with pytest.raises(ContractBroken):
        VAULT_CARDS[-1].check(BrokenBench(tmp_path))


def test_given_a_seal_when_the_textbooks_cipher_opens_it_then_it_is_the_text() -> None:
    # AES-GCM put together from its parts, with the tag checked by the cipher itself.
    key = bytes(range(32))
    sealed = AesGcmVault([key]).seal(b"ann@example.org", HERE)
    text, tag = sealed.ciphertext[:-16], sealed.ciphertext[-16:]
    decryptor = Cipher(algorithms.AES256(key), modes.GCM(sealed.nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(b'["operator", "users", "email", "user-1"]')

    assert decryptor.update(text) + decryptor.finalize() == b"ann@example.org"
    assert len(sealed.nonce) == 12


def test_given_a_text_when_hashed_then_it_is_the_rfcs_hmac_of_purpose_and_text() -> None:
    # RFC 2104, written out for a key shorter than a block of 64 bytes.
    key = bytes(range(32))
    inner, outer = (bytes(byte ^ pad for byte in key + bytes(32)) for pad in (0x36, 0x5C))
    expected = hashlib.sha256(outer + hashlib.sha256(inner + b"\0\0\0\5email" + b"ann@example.org").digest()).digest()

    assert HmacBlindIndex(key)("email", b"ann@example.org") == expected


def test_given_a_persons_key_that_was_destroyed_when_everything_else_is_there_then_the_text_stays_shut() -> None:
    vault = AesGcmVault([bytes(range(32))])
    key = vault.new_person_key(Place("person_keys", "sealed", "user-1"))
    sealed = vault.seal(b"text", HERE, (key, Place("person_keys", "sealed", "user-1")))

    with pytest.raises(InvalidInput, match=sealed.key_id):
        vault.open(sealed, HERE)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are a POSIX thing")
@pytest.mark.parametrize("name", ["vault", "index"])
def test_given_a_key_file_when_made_then_its_owner_alone_can_read_it_and_others_make_it_refused(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    make, take = (new_vault_file, open_vault_file) if name == "vault" else (new_index_file, open_index_file)
    make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)

    with pytest.raises(InvalidInput, match="chmod 600"):
        take(path)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are a POSIX thing")
def test_given_a_key_added_when_the_file_is_replaced_then_its_owner_alone_can_still_read_it(tmp_path: Path) -> None:
    new_vault_file(tmp_path / "vault")
    (tmp_path / "vault.new").write_text("left behind by a crash")
    add_vault_key(tmp_path / "vault")

    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["vault"]


def test_given_a_file_in_the_way_when_keys_are_made_then_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("precious")
    for make in (new_vault_file, new_index_file):
        with pytest.raises(InvalidInput, match="never overwritten"):
            make(tmp_path / "keys")

    assert (tmp_path / "keys").read_text() == "precious"


@pytest.mark.parametrize("content", ["", "# only a comment\n", "no hexadecimal\n", "00ff\n", "ä\n"])
def test_given_a_file_without_keys_when_opened_then_it_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(content, encoding="utf-8")
    (tmp_path / "keys").chmod(0o600)

    with pytest.raises(InvalidInput):
        open_vault_file(tmp_path / "keys")
    with pytest.raises(InvalidInput):
        open_index_file(tmp_path / "keys")


def test_given_no_file_or_a_folder_when_opened_then_it_is_said() -> None:
    with pytest.raises(InvalidInput, match="no such key file"):
        open_vault_file(Path("absent"))
    with pytest.raises(Unavailable):
        open_vault_file(Path())


def test_given_keys_when_the_sealing_one_or_none_is_dropped_then_it_is_refused(tmp_path: Path) -> None:
    vault = new_vault_file(tmp_path / "vault")
    for key_id in (vault.key_id, "operator-0000"):
        with pytest.raises(InvalidInput):
            drop_vault_key(tmp_path / "vault", key_id)

    assert open_vault_file(tmp_path / "vault").key_id == vault.key_id


@pytest.mark.parametrize("keys", [[], [b"short"], [bytes(32), bytes(31)]])
def test_given_keys_of_a_wrong_length_when_a_vault_is_made_then_there_is_none(keys: list[bytes]) -> None:
    with pytest.raises(InvalidInput):
        AesGcmVault(keys)


def test_given_a_short_key_when_an_index_is_made_then_there_is_none() -> None:
    with pytest.raises(InvalidInput):
        HmacBlindIndex(bytes(31))


def test_given_a_seal_under_a_wrong_name_when_opened_then_it_is_not_there() -> None:
    vault = AesGcmVault([bytes(32)])

    with pytest.raises(InvalidInput, match="operator-nobody"):
        vault.open(replace(vault.seal(b"text", HERE), key_id="operator-nobody"), HERE)
