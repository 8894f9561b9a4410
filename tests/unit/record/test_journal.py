"""The journal: every change to what was written shows in the digest."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.record.journal import GENESIS, Journal, chained

PAYLOADS = st.lists(st.binary(max_size=40), min_size=2, max_size=12)


def digest(payloads: list[bytes]) -> str:
    journal = Journal()
    for payload in payloads:
        journal.append(payload)
    assert journal.rows == len(payloads)
    return journal.digest


def test_given_nothing_written_when_asked_then_the_digest_is_the_beginnings() -> None:
    assert digest([]) == "0" * 64


def test_given_two_payloads_when_chained_then_the_head_is_the_hash_of_head_and_hash() -> None:
    first = hashlib.sha256(bytes(32) + hashlib.sha256(b"one").digest()).digest()
    second = hashlib.sha256(first + hashlib.sha256(b"two").digest()).hexdigest()

    assert digest([b"one", b"two"]) == second
    assert chained(GENESIS, b"one") == first


def test_given_a_boundary_moved_between_payloads_when_chained_then_it_shows() -> None:
    assert digest([b"ab", b"c"]) != digest([b"a", b"bc"]) != digest([b"abc"])


@given(PAYLOADS, st.data())
def test_given_any_payloads_when_one_is_edited_then_the_digest_differs(
    payloads: list[bytes], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(payloads) - 1))
    other = data.draw(st.binary(max_size=40).filter(lambda payload: payload != payloads[place]))

    assert digest([*payloads[:place], other, *payloads[place + 1 :]]) != digest(payloads)


@given(PAYLOADS, st.data())
def test_given_any_payloads_when_one_is_dropped_or_put_in_then_the_digest_differs(
    payloads: list[bytes], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(payloads) - 1))
    more = data.draw(st.binary(max_size=40))

    assert digest([*payloads[:place], *payloads[place + 1 :]]) != digest(payloads)
    assert digest([*payloads[:place], more, *payloads[place:]]) != digest(payloads)


@given(st.lists(st.binary(max_size=20), min_size=2, max_size=8, unique=True), st.data())
def test_given_different_payloads_when_put_in_another_order_then_the_digest_differs(
    payloads: list[bytes], data: st.DataObject
) -> None:
    other = data.draw(st.permutations(payloads).filter(lambda order: order != payloads))

    assert digest(other) != digest(payloads)
