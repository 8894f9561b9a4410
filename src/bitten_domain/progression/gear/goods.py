"""Goods of the shop, paid for in points: looks, panels and learning, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bitten_domain.errors import InvalidInput
from bitten_domain.progression.naming import require_names

__all__ = ["Goods", "GoodsKind"]

_MOST_PRICE = 50_000


class GoodsKind(Enum):
    """What may be sold. A limit, a mode, a signal, a quota or a protection is none of it."""

    COSMETIC = "COSMETIC"
    ANALYTICS = "ANALYTICS"
    EDUCATION = "EDUCATION"


@dataclass(frozen=True, slots=True)
class Goods:
    """Something the shop sells, once to a person.

    Args:
        code: its short name: lower case letters, digits and hyphens.
        name: as it is shown.
        text: what one gets, a sentence.
        kind: of it.
        price: points, 1 to 50,000; the same for everybody at any time.

    Raises:
        InvalidInput: code, name or text is missing or too long, or the price is out of bounds.
    """

    code: str
    name: str
    text: str
    kind: GoodsKind
    price: int

    def __post_init__(self) -> None:
        require_names(self.code, self.name, self.text)
        if not 1 <= self.price <= _MOST_PRICE:
            raise InvalidInput(f"a price must be 1 to {_MOST_PRICE} points, got {self.price}", where=self.code)
