"""Merkle trees: the published vectors of Certificate Transparency, and RFC 6962 written down a second time."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant
from bitten_domain.record.merkle import audit_path, is_included, root_of

# The leaves and roots that the logs of RFC 6962 are tested with, published by their authors.
LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
PATHS = {
    0: (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    5: (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
}
TEXTS = st.lists(st.binary(max_size=8), min_size=1, max_size=20)


def defined_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: split at the largest power of two below the number of leaves."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + leaves[0] if leaves else b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + defined_root(leaves[:split]) + defined_root(leaves[split:])).digest()


@pytest.mark.parametrize("count", range(9))
def test_given_the_published_leaves_when_hashed_then_the_roots_are_the_published_ones(count: int) -> None:
    assert root_of(LEAVES[:count]).hex() == ROOTS[count]


@pytest.mark.parametrize("index", PATHS)
def test_given_the_published_leaves_when_proven_then_the_paths_are_the_published_ones(index: int) -> None:
    assert tuple(each.hex() for each in audit_path(LEAVES, index)) == PATHS[index]


@given(TEXTS)
def test_given_any_leaves_when_hashed_then_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert root_of(leaves) == defined_root(leaves)


@given(TEXTS, st.data())
def test_given_any_leaf_when_proven_then_its_path_holds_for_it_alone(leaves: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root = audit_path(leaves, index), root_of(leaves)
    other = data.draw(st.binary(max_size=8).filter(lambda leaf: leaf != leaves[index]))

    assert is_included(leaves[index], index, len(leaves), path, root)
    assert not is_included(other, index, len(leaves), path, root)
    assert not is_included(leaves[index], index, len(leaves), (*path, bytes(32)), root)
    assert not is_included(leaves[index], len(leaves), len(leaves), path, root)
    assert not is_included(leaves[index], index, 2 * len(leaves) + 1, path, root)
    assert not path or not is_included(leaves[index], index, len(leaves), path[:-1], root)


def test_given_two_leaves_when_their_node_is_shown_as_a_leaf_then_it_is_not_taken_for_the_tree() -> None:
    left, right = (hashlib.sha256(b"\0" + leaf).digest() for leaf in (b"a", b"b"))

    assert root_of([left + right]) != root_of([b"a", b"b"])


def test_given_a_place_outside_when_proven_then_the_caller_is_told() -> None:
    with pytest.raises(BrokenInvariant, match="has none at 2"):
        audit_path([b"a", b"b"], 2)
