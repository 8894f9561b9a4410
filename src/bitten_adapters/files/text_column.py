"""A column of texts as places in a block of bytes, so that whole columns are read without making a string of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["TextColumn", "column_of", "numbers"]

_ZERO = np.uint8(ord("0"))
_DOT = np.uint8(ord("."))
# With at most 15 digits the digits and the power of ten are both exact in float64.
_EXACT_DIGITS = 15
_POWERS_OF_TEN = np.array([float(10**n) for n in range(_EXACT_DIGITS + 1)])


@dataclass(frozen=True, slots=True, eq=False)
class TextColumn:
    """Texts of one column.

    Args:
        block: the bytes they stand in.
        start: shape (n,), int64, position of each text's first byte.
        length: shape (n,), int64, bytes of each text.
    """

    block: bytes
    start: NDArray[np.int64]
    length: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, i: int) -> bytes:
        first = int(self.start[i])
        return self.block[first : first + int(self.length[i])]

    def texts(self) -> list[bytes]:
        """List the texts."""
        stops = (self.start + self.length).tolist()
        return [self.block[first:stop] for first, stop in zip(self.start.tolist(), stops, strict=True)]

    def chars(self) -> NDArray[np.uint8]:
        """Lay the texts out as shape (longest text, n), padded with zero bytes at the end."""
        width = int(self.length.max()) if len(self) else 0
        source = np.frombuffer(self.block, dtype=np.uint8)
        laid = np.empty((width, len(self)), dtype=np.uint8)
        same = bool(np.all(self.length == width))
        for j in range(width):
            # A text shorter than the longest would run into its neighbour, or past the block's end.
            laid[j] = np.take(source, self.start + j, mode="clip")
            if not same:
                laid[j][self.length <= j] = 0
        return laid

    def joined(self, other: TextColumn) -> TextColumn:
        """Put each text of another column behind, after a space."""
        return column_of([a + b" " + b for a, b in zip(self.texts(), other.texts(), strict=True)])


def column_of(texts: Sequence[bytes]) -> TextColumn:
    """Make a column of single texts."""
    length = np.array([len(text) for text in texts], dtype=np.int64)
    return TextColumn(b"".join(texts), np.cumsum(length) - length, length)


def numbers(column: TextColumn, *, empty_is_unmeasured: bool = False) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read a column of numbers, correctly rounded.

    Args:
        column: shape (n,).
        empty_is_unmeasured: whether an empty text is a NaN that is fine.

    Returns:
        The numbers, NaN where the text is none, and whether each text was a plain number (``nan``, ``inf`` and
        Python's own spellings such as ``1_000`` are not).
    """
    values = _plain_decimals(column)
    if values is not None:
        return values, np.ones(len(column), dtype=np.bool_)
    texts = column.texts()
    values = np.array([_number(text) for text in texts], dtype=np.float64)
    plain = np.isfinite(values)
    if empty_is_unmeasured:
        plain |= np.array([not text.strip() for text in texts], dtype=np.bool_)
    return values, plain


def _plain_decimals(column: TextColumn) -> NDArray[np.float64] | None:
    """Read unsigned decimals such as ``1.07354`` by arithmetic on their bytes; None when a text is anything else.

    Digits and power of ten are exact, so their quotient is the correctly rounded value, the same that ``float`` gives.
    """
    if len(column) == 0 or int(column.length.max()) > _EXACT_DIGITS:
        return None
    value = np.zeros(len(column), dtype=np.int64)
    digits = np.zeros(len(column), dtype=np.int64)
    decimals = np.zeros(len(column), dtype=np.int64)
    after_dot = np.zeros(len(column), dtype=np.bool_)
    for row in column.chars():
        digit = row - _ZERO
        is_digit = digit < 10
        is_dot = row == _DOT
        if not bool((is_digit | is_dot | (row == 0)).all()) or bool((is_dot & after_dot).any()):
            return None
        value = np.where(is_digit, value * 10 + digit, value)
        digits += is_digit
        decimals += is_digit & after_dot
        after_dot |= is_dot
    if not bool(digits.all()):
        return None
    read: NDArray[np.float64] = value / _POWERS_OF_TEN[decimals]
    return read


def _number(text: bytes) -> float:
    if b"_" in text:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        return float("nan")
