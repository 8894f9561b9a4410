"""A journal's row as a line of text that other tools can check: ``number commitment head salt payload``.

Hashes and salt are in hex. A payload of printable ASCII stands as it is behind ``=``, so that
``sha256(salt bytes + payload)`` can be done by hand; any other stands in hex behind ``~``. An erased row has ``-`` for
both.
"""

from __future__ import annotations

from bitten_domain.record.journal_row import JournalRow

__all__ = ["row_from", "row_line"]

_PRINTABLE = bytes(range(0x20, 0x7F))
_GONE = "-"
_PLAIN, _HEX = "=", "~"


def row_line(row: JournalRow) -> str:
    """Write a row's line, without its end; the stream is said by the file."""
    if row.payload is None:
        payload = _GONE
    elif _is_printable(row.payload):
        payload = _PLAIN + row.payload.decode("ascii")
    else:
        payload = _HEX + row.payload.hex()
    return f"{_before_payload(row)}{payload}"


def row_from(line: str, stream: str) -> JournalRow:
    """Read a row's line; each row has one line, and only that is read.

    Raises:
        ValueError: it is not what `row_line` writes.
    """
    number, commitment, head, salt, payload = line.split(" ", 4)
    row = JournalRow(
        stream,
        int(number),
        None if salt == _GONE else bytes.fromhex(salt),
        _payload(payload),
        bytes.fromhex(commitment),
        bytes.fromhex(head),
    )
    # Numbers and hex can be written in more ways than one.
    if not line.startswith(_before_payload(row)):
        raise ValueError("it is written in another way")
    return row


def _before_payload(row: JournalRow) -> str:
    salt = _GONE if row.salt is None else row.salt.hex()
    return f"{row.number} {row.commitment.hex()} {row.head.hex()} {salt} "


def _payload(text: str) -> bytes | None:
    if text == _GONE:
        return None
    if text.startswith(_PLAIN):
        payload = text[1:].encode("ascii")
        if _is_printable(payload):
            return payload
    elif text.startswith(_HEX):
        payload = bytes.fromhex(text[1:])
        if not _is_printable(payload) and payload.hex() == text[1:]:
            return payload
    raise ValueError("its payload is written in another way")


def _is_printable(payload: bytes) -> bool:
    return not payload.translate(None, _PRINTABLE)
