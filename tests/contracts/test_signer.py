"""The contract of signers on the Ed25519 one, the vectors of RFC 8032, another program's opinion, and its key files."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.cryptography.signer import (
    Ed25519Signer,
    is_signed_ed25519,
    new_key_file,
    open_key_file,
    read_public_key,
    signer_of,
)
from bitten_apps.testkit.signer_contract import SIGNER_CARDS, SignerCard
from bitten_domain.errors import InvalidInput, Unavailable
from bitten_domain.record.anchor import key_id_of

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.ports.signer import SignatureCheck, Signer

# RFC 8032, section 7.1: tests 1 and 2. Seed, public key, message, signature.
VECTORS = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
            "387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
)


class Bench:
    """A signer with its key in a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._other = new_key_file(folder / "other")
        self._signer = new_key_file(folder / "key")

    @property
    def signer(self) -> Signer:
        return self._signer

    @property
    def other(self) -> Signer:
        return self._other

    @property
    def is_signed(self) -> SignatureCheck:
        return is_signed_ed25519

    def restart(self) -> None:
        self._signer = open_key_file(self._folder / "key")


@pytest.mark.parametrize("card", SIGNER_CARDS, ids=lambda card: f"card{card.number}")
def test_given_a_signer_when_a_card_is_played_then_its_promise_holds(card: SignerCard, tmp_path: Path) -> None:
    card.check(Bench(tmp_path))


@pytest.mark.parametrize("vector", VECTORS, ids=["test1", "test2"])
def test_given_the_vectors_of_the_rfc_when_signed_then_keys_and_signatures_are_theirs(
    vector: tuple[str, str, str, str],
) -> None:
    seed, public_key, message, signature = (bytes.fromhex(text) for text in vector)
    signer: Ed25519Signer = signer_of(seed)

    assert signer.public_key == public_key
    assert signer.sign(message) == signature


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl program")
def test_given_a_signature_when_another_program_checks_it_with_the_public_file_then_it_agrees(tmp_path: Path) -> None:
    signer = new_key_file(tmp_path / "key")
    (tmp_path / "message").write_bytes(b"message")
    (tmp_path / "signature").write_bytes(signer.sign(b"message"))

    asked = ("-verify", "-rawin", "-pubin", "-inkey", "key.pub", "-in", "message", "-sigfile", "signature")
    done = subprocess.run(
        ["openssl", "pkeyutl", *asked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.strip()) == (0, "Signature Verified Successfully"), done.stderr


def test_given_a_new_key_when_kept_then_its_owner_alone_can_read_it_and_the_public_half_lies_beside(
    tmp_path: Path,
) -> None:
    signer = new_key_file(tmp_path / "key")

    assert os.name != "posix" or stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert read_public_key(tmp_path / "key.pub") == signer.public_key
    assert len(key_id_of(signer.public_key)) == 32


@pytest.mark.parametrize("taken", ["key", "key.pub"])
def test_given_a_file_in_the_way_when_a_key_is_made_then_it_stays_as_it_is(taken: str, tmp_path: Path) -> None:
    (tmp_path / taken).write_text("precious")

    with pytest.raises(InvalidInput, match="never overwritten"):
        new_key_file(tmp_path / "key")

    assert (tmp_path / taken).read_text() == "precious"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes of files are a POSIX thing")
def test_given_a_key_that_others_can_read_when_opened_then_it_is_refused_with_the_remedy(tmp_path: Path) -> None:
    new_key_file(tmp_path / "key")
    (tmp_path / "key").chmod(0o640)

    with pytest.raises(InvalidInput, match="chmod 600"):
        open_key_file(tmp_path / "key")


def test_given_no_key_a_broken_one_or_the_wrong_half_when_opened_then_it_is_refused(tmp_path: Path) -> None:
    new_key_file(tmp_path / "key")
    (tmp_path / "broken").write_text("-----BEGIN")
    (tmp_path / "broken").chmod(0o600)
    (tmp_path / "key.pub").chmod(0o600)

    for name in ("absent", "broken", "key.pub"):
        with pytest.raises(InvalidInput):
            open_key_file(tmp_path / name)
    for name in ("absent", "broken", "key"):
        with pytest.raises(InvalidInput):
            read_public_key(tmp_path / name)
    with pytest.raises(Unavailable):
        read_public_key(tmp_path)
