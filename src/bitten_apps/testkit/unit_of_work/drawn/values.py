"""Plain values to draw: within the bounds of the domain, and of what databases hold.

Booked amounts are whole cents and prices have at most eight decimals, as the columns of a database do. Amounts that are
worked out and never paid (risk, margin, swaps that accrue, rates, mean prices) have as many digits as the arithmetic
gives. Texts are anything but NUL and lone surrogates, which no database's text holds.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

from bitten_domain.values import INSTRUMENTS, Direction, Lots, Money

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = [
    "DAY_SECONDS",
    "LARGEST",
    "cents",
    "counts",
    "currencies",
    "days",
    "directions",
    "exact",
    "floats",
    "json_texts",
    "lots",
    "moments",
    "names",
    "optional",
    "order_ids",
    "prices",
    "symbols",
    "texts",
    "tickets",
    "worked_out",
]

T = TypeVar("T")

DAY_SECONDS = 86_400
"""Seconds of a day."""

LARGEST = (1 << 63) - 1
"""Largest number of 64 bits with a sign."""

moments = st.integers(0, 4_102_444_800)
"""Seconds from 1970 to 2100."""

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
"""Texts of any script, the empty one among them."""

names = texts.filter(bool)
"""Texts that are not empty."""

json_texts = st.dictionaries(texts, texts | st.integers() | st.none(), max_size=3).map(
    lambda value: "{ " + ",\n\t".join(f"{json.dumps(key)}:  {json.dumps(item)}" for key, item in value.items()) + " }"
)
"""JSON whose white space, escapes and order must not be touched."""

floats = st.floats(allow_nan=False, allow_infinity=False)
"""Measured numbers."""

counts = st.integers(0, 1_000)
"""Small whole numbers."""

days = st.integers(-1, 40_000)
"""Days since 1970-01-01, and -1 for none."""

order_ids = st.integers(1, (1 << 53) - 1)
"""Client order ids."""

tickets = st.integers(1, LARGEST)
"""A broker's numbers."""

symbols = st.sampled_from(sorted(INSTRUMENTS))
"""Pairs."""

directions = st.sampled_from(Direction)
"""Both sides."""

currencies = st.sampled_from(["USD", "EUR", "JPY"])
"""Account currencies."""

prices = st.integers(0, 8).flatmap(lambda places: st.decimals("1", "99999999", places=places))
"""Prices of up to eight decimals."""

lots = st.integers(1, 10**9).map(lambda number: Lots(Decimal(number).scaleb(-4)))
"""Volumes of up to four decimals, > 0."""


def exact(least: str, most: str) -> SearchStrategy[Decimal]:
    """Draw a decimal of up to 28 digits between two bounds."""
    placed = st.integers(0, 24).flatmap(lambda places: st.decimals(least, most, places=places))
    return placed | st.decimals(least, most, allow_nan=False, allow_infinity=False).map(lambda value: +value)


def optional(values: SearchStrategy[T]) -> SearchStrategy[T | None]:
    """Draw a value or None."""
    return st.none() | values


def cents(currency: str, least: int = -(10**15), most: int = 10**15) -> SearchStrategy[Money]:
    """Draw a booked amount, the bounds in cents."""
    return st.integers(least, most).map(lambda number: Money(Decimal(number).scaleb(-2), currency))


def worked_out(currency: str, least: str = "0", most: str = "9999999") -> SearchStrategy[Money]:
    """Draw an amount that is never paid, unrounded."""
    return exact(least, most).map(lambda amount: Money(amount, currency))
