"""Anchors: signed statements of where the whole journal stood, and their canonical texts.

What is signed is short and names no stream, so that it can be put anywhere, be it a message or a printed page: the root
stands for the heads. The whole anchor, one line of JSON, carries the heads as well, so that anybody can check the root.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bitten_domain.errors import InvalidInput
from bitten_domain.record.journal_row import StreamHead
from bitten_domain.record.merkle import root_of

__all__ = [
    "Anchor",
    "anchor_from",
    "anchor_name",
    "anchor_text",
    "head_leaf",
    "key_id_of",
    "moment_text",
    "root_over",
    "signing_bytes",
]

_TITLE = b"bitten journal anchor 1\n"
_KEYS = ["day", "at", "root", "heads", "key", "signature"]
_HASH_DIGITS = 64
_EPOCH = date(1970, 1, 1).toordinal()
_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


@dataclass(frozen=True, slots=True)
class Anchor:
    """A statement of where the whole journal stood.

    Args:
        day: trading day it closes, days since 1970-01-01.
        at: when it was made, seconds since 1970 UTC.
        root: Merkle root over the heads, 32 bytes.
        heads: what it is over, by name.
        key_id: which key signed it.
        signature: over the anchor's signing bytes.
        published_at: when it was put where the operator cannot edit it; None before.
    """

    day: int
    at: int
    root: bytes
    heads: tuple[StreamHead, ...]
    key_id: str
    signature: bytes
    published_at: int | None = None


def key_id_of(public_key: bytes) -> str:
    """Name a public key by the first half of its SHA-256, in hex."""
    return hashlib.sha256(public_key).hexdigest()[:32]


def head_leaf(head: StreamHead) -> bytes:
    """Write a stream's head as the text that the tree is over."""
    return _ENCODE([head.stream, head.rows, head.head.hex()]).encode("ascii")


def root_over(heads: tuple[StreamHead, ...]) -> bytes:
    """Hash heads, given by name, into one root of 32 bytes."""
    return root_of([head_leaf(head) for head in heads])


def signing_bytes(day: int, at: int, root: bytes, streams: int, key_id: str) -> bytes:
    """Write what is signed: a title that no other signed text has, and the statement in one line of JSON.

    Args:
        day: trading day, days since 1970-01-01.
        at: seconds since 1970 UTC.
        root: 32 bytes.
        streams: number of heads under the root.
        key_id: of the key that signs.
    """
    statement = {"day": day, "at": at, "root": root.hex(), "streams": streams, "key": key_id}
    return _TITLE + _ENCODE(statement).encode("ascii")


def anchor_text(anchor: Anchor) -> str:
    """Write a whole anchor as one line, the same on every machine; when it was published is not part of it."""
    heads = [[head.stream, head.rows, head.head.hex()] for head in anchor.heads]
    values = [anchor.day, anchor.at, anchor.root.hex(), heads, anchor.key_id, anchor.signature.hex()]
    return _ENCODE(dict(zip(_KEYS, values, strict=True)))


def anchor_from(text: str, where: str) -> Anchor:
    """Read an anchor's line; only the very text that `anchor_text` writes is one.

    Args:
        text: the line, without its end.
        where: file and line, for the error.

    Raises:
        InvalidInput: it is not an anchor.
    """
    try:
        anchor = _parsed(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        anchor = None
    if anchor is None or anchor_text(anchor) != text:
        raise InvalidInput(
            "this line is not an anchor as it was written",
            where=where,
            remedy="take a copy from where it was published",
        )
    return anchor


def _parsed(told: dict[str, object]) -> Anchor | None:
    day, at, root, heads, key_id, signature = (told[key] for key in _KEYS)
    if not (
        isinstance(day, int)
        and isinstance(at, int)
        and isinstance(root, str)
        and isinstance(heads, list)
        and isinstance(key_id, str)
        and isinstance(signature, str)
    ):
        return None
    return Anchor(
        day, at, _hash_from(root), tuple(_head_from(*head) for head in heads), key_id, bytes.fromhex(signature)
    )


def _head_from(stream: object, rows: object, head: object) -> StreamHead:
    if not (isinstance(stream, str) and isinstance(rows, int) and isinstance(head, str)):
        raise TypeError("a head is a name, a number of rows and a hash")
    return StreamHead(stream, rows, _hash_from(head))


def _hash_from(text: str) -> bytes:
    if len(text) != _HASH_DIGITS:
        raise ValueError("a hash has 32 bytes")
    return bytes.fromhex(text)


def moment_text(moment: int) -> str:
    """Write seconds since 1970 as a UTC time, or as a plain number where the calendar ends."""
    try:
        return datetime.fromtimestamp(moment, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return str(moment)


def anchor_name(day: int) -> str:
    """Name an anchor by its trading day."""
    try:
        return f"anchor of {date.fromordinal(_EPOCH + day).isoformat()}"
    except (ValueError, OverflowError):
        return f"anchor of day {day}"
