"""Chance with a seed, for schedules and faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bitten_adapters.system.dice import SystemDice

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Chance"]

T = TypeVar("T")

_BATCH = 256


class Chance:
    """Draws that a seed repeats.

    Args:
        seed: any number.
    """

    def __init__(self, seed: int) -> None:
        self._dice = SystemDice(seed)
        self._drawn: list[float] = []

    def draw(self) -> float:
        """Draw a number in [0, 1)."""
        if not self._drawn:
            self._drawn = list(self._dice.draw(_BATCH))
        return self._drawn.pop()

    def between(self, low: float, high: float) -> float:
        """Draw a number in [low, high)."""
        return low + (high - low) * self.draw()

    def happens(self, share: float) -> bool:
        """Say whether something of this probability happens now."""
        return self.draw() < share

    def below(self, count: int) -> int:
        """Draw a whole number from 0 to count - 1."""
        return int(self.draw() * count)

    def pick(self, options: Sequence[T]) -> T:
        """Take one of several."""
        return options[self.below(len(options))]

    def bytes16(self) -> bytes:
        """Draw 16 bytes; seven of them vary, which is enough for salts that hide nothing."""
        return int(self.draw() * (1 << 53)).to_bytes(16, "big")
