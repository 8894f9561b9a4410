"""Dice: the only source of chance."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Dice"]


class Dice(Protocol):
    """Draw numbers.

    Promises: each number is in [0, 1), uniform and independent; an implementation with a seed draws the same numbers
    again. Not for secrets.
    """

    def draw(self, count: int) -> tuple[float, ...]:
        """Draw `count` numbers, >= 0 of them."""
        ...
