"""Merkle trees: one hash for many texts, and short proofs that a text is among them.

Source: RFC 6962, section 2.1 (hashes and audit paths); RFC 9162, section 2.1.3 (checking a path). Leaves and inner
nodes are hashed with different first bytes, so that neither can be passed off as the other.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["audit_path", "is_included", "leaf_hash", "node_hash", "root_of"]

_LEAF = b"\x00"
_NODE = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """Hash one text of the tree."""
    return hashlib.sha256(_LEAF + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees, 32 bytes each, into the tree above them."""
    return hashlib.sha256(_NODE + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Hash texts, in their order, into 32 bytes; of no text at all it is the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        level = _next_level(level)
    return level[0]


def audit_path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Prove one text: the hashes beside its way up to the root, from below.

    Args:
        leaves: all texts of the tree.
        index: place of the text, from 0.

    Raises:
        BrokenInvariant: there is no such text.
    """
    if not 0 <= index < len(leaves):
        raise BrokenInvariant(f"a tree of {len(leaves)} texts has none at {index}")
    path = []
    level = [leaf_hash(leaf) for leaf in leaves]
    while len(level) > 1:
        beside = index ^ 1
        # The last of an odd number moves up as it is, with nothing beside it.
        if beside < len(level):
            path.append(level[beside])
        level = _next_level(level)
        index //= 2
    return tuple(path)


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether a path proves a text at a place of a tree.

    Args:
        leaf: the text.
        index: its place, from 0.
        size: number of texts in the tree.
        path: hashes beside its way up, from below.
        root: of the tree.
    """
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf_hash(leaf)
    for beside in path:
        if last == 0:
            return False
        if place % 2 == 1 or place == last:
            found = node_hash(beside, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = node_hash(found, beside)
        place, last = place // 2, last // 2
    return last == 0 and found == root


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    joined = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*joined, level[-1]] if len(level) % 2 else joined
