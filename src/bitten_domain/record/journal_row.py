"""Rows of the journal, as they are kept."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["JournalRow", "StreamHead"]


class StreamHead(NamedTuple):
    """How far a stream has come.

    Args:
        stream: `system`, or `account:` and an account's id.
        rows: number of its rows.
        head: 32 bytes, chained over all of them.
    """

    stream: str
    rows: int
    head: bytes


class JournalRow(NamedTuple):
    """One payload in its stream.

    Args:
        stream: which.
        number: place in the stream, from 1 without gaps.
        salt: random bytes that hide the payload in its commitment; None once erased.
        payload: canonical bytes (`record.payloads`); None once erased.
        commitment: 32 bytes over salt and payload; it stays when they are erased.
        head: 32 bytes, the chain's head with this row.
    """

    stream: str
    number: int
    salt: bytes | None
    payload: bytes | None
    commitment: bytes
    head: bytes
