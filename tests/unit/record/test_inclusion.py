"""A signal is committed before its entry: shown by an anchor over its row, without any other row."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_adapters.cryptography.signer import is_signed_ed25519, signer_of
from bitten_apps.testkit.journal_bench import JournalBench
from bitten_domain.errors import BrokenInvariant
from bitten_domain.record.anchor_check import PinnedKey
from bitten_domain.record.inclusion import RowProof, first_anchor_over, prove_row

SIGNER = signer_of(bytes(range(32)))
KEY = PinnedKey(SIGNER.public_key, lambda message, signature: is_signed_ed25519(SIGNER.public_key, message, signature))
OTHER = PinnedKey(bytes(32), lambda message, signature: is_signed_ed25519(bytes(32), message, signature))
DAY = 20_454
AT = DAY * 86_400
SIGNAL = b'["signal",{"id":"EURUSD-BUY-1767225600"}]'
NAMES = ("account:1", "account:2", "system")


def journal(rows: int) -> JournalBench:
    """Make a journal of three streams, anchored after so many rows in each, with some more behind the anchor."""
    bench = JournalBench()
    for name in NAMES:
        for at in range(rows):
            bench.append(name, sha256(f"{name}{at}".encode()).digest()[:16], SIGNAL + bytes([at]))
    bench.anchor(SIGNER, DAY, AT)
    for name in NAMES:
        bench.append(name, bytes(16), b"behind")
    return bench


def proof_of(bench: JournalBench, stream: str, number: int) -> RowProof:
    anchor = first_anchor_over(tuple(bench.anchors), stream, number)
    assert anchor is not None
    proof = prove_row(bench, stream, number, anchor)
    assert proof is not None
    return proof


@given(st.integers(1, 6), st.sampled_from(NAMES), st.data())
def test_given_any_anchored_row_when_proven_then_the_proof_holds_and_no_changed_one_does(
    rows: int, stream: str, data: st.DataObject
) -> None:
    number = data.draw(st.integers(1, rows))
    proof = proof_of(journal(rows), stream, number)

    assert proof.holds(KEY)
    assert not proof.holds(OTHER)
    for changed in (
        replace(proof, payload=proof.payload + b"!"),
        replace(proof, salt=bytes(16)),
        replace(proof, salt=proof.salt + proof.payload[:1], payload=proof.payload[1:]),
        replace(proof, number=number + 1),
        replace(proof, number=0),
        replace(proof, stream="account:3"),
        replace(proof, before=bytes(31) + b"1"),
        replace(proof, after=(*proof.after, bytes(32))),
        replace(proof, place=(proof.place + 1) % 3),
        replace(proof, path=proof.path[:-1]),
        replace(proof, at=proof.at - 1),
        replace(proof, day=proof.day - 1),
        replace(proof, root=bytes(32)),
        replace(proof, signature=bytes(64)),
    ):
        assert not changed.holds(KEY)


def test_given_a_proof_when_read_then_it_shows_no_other_payload() -> None:
    proof = proof_of(journal(5), "system", 3)

    shown = b"".join((proof.before, *proof.after, *proof.path, proof.root, proof.signature))
    assert proof.payload == SIGNAL + b"\x02"
    assert b"signal" not in shown


@pytest.mark.parametrize(
    ("published_at", "entry", "is_before", "said"),
    [
        (AT, AT + 1, True, "system, row 1: in the anchor of 2026-01-01, published 2026-01-01T00:00:00Z, before"),
        (AT, AT, False, "is not proven by this anchor"),
        (AT + 9, AT + 5, False, "is not proven by this anchor"),
        (AT - 9, AT + 5, False, "is not proven by this anchor"),
        (None, AT + 5, False, "not published, so no time is proven"),
    ],
)
def test_given_a_signals_row_when_held_against_its_entry_then_the_statement_says_what_is_shown(
    published_at: int | None, entry: int, is_before: bool, said: str
) -> None:
    proof = replace(proof_of(journal(2), "system", 1), published_at=published_at)

    assert proof.is_before(entry, KEY) is is_before
    assert said in proof.statement(entry, KEY)
    assert "not proven" in replace(proof, payload=b"other").statement(entry, KEY)


def test_given_several_anchors_when_asked_then_the_first_published_one_over_the_row_is_given() -> None:
    bench = journal(2)
    bench.anchor(SIGNER, DAY + 1, AT + 86_400)
    first, second = bench.anchors
    unpublished = replace(first, published_at=None)

    assert first_anchor_over((first, second), "system", 2) == first
    assert first_anchor_over((first, second), "system", 3) == second
    assert first_anchor_over((unpublished, second), "system", 2) == second
    assert first_anchor_over((first, second), "system", 4) is None
    assert first_anchor_over((first, second), "account:9", 1) is None


def test_given_an_erased_row_when_proven_then_there_is_nothing_left_to_show() -> None:
    bench = journal(3)
    bench.erase("system", 2)

    assert prove_row(bench, "system", 2, bench.anchors[0]) is None
    assert proof_of(bench, "system", 1).holds(KEY)
    assert proof_of(bench, "system", 3).holds(KEY)


@pytest.mark.parametrize(("stream", "number"), [("system", 0), ("system", 4), ("account:9", 1)])
def test_given_a_row_the_anchor_does_not_reach_when_proven_then_the_caller_is_told(stream: str, number: int) -> None:
    bench = journal(3)

    with pytest.raises(BrokenInvariant, match="does not reach"):
        prove_row(bench, stream, number, bench.anchors[0])


def test_given_a_journal_without_its_rows_when_a_row_is_proven_then_the_caller_is_told() -> None:
    bench = journal(3)
    bench.streams["system"] = []

    with pytest.raises(BrokenInvariant, match="has no row"):
        prove_row(bench, "system", 2, bench.anchors[0])


def test_given_two_equal_payloads_when_committed_then_nothing_shows_that_they_are_equal_or_what_they_are() -> None:
    bench = JournalBench()
    for at in range(2):
        bench.append("system", sha256(bytes([at])).digest()[:16], b"BUY")
        bench.erase("system", at + 1)
    first, second = bench.streams["system"]

    assert first.commitment != second.commitment
    # Who guesses the payload cannot check the guess without the salt.
    assert sha256(b"BUY").digest() not in (first.commitment, second.commitment)
