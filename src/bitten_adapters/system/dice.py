"""The machine's dice."""

from __future__ import annotations

import random

__all__ = ["SystemDice"]


class SystemDice:
    """Dice seeded by the operating system, or by a number to draw the same again.

    Args:
        seed: None to draw differently each time.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._generator = random.Random(seed)  # noqa: S311 -- schedules, not secrets

    def draw(self, count: int) -> tuple[float, ...]:
        """Draw `count` numbers in [0, 1)."""
        return tuple(self._generator.random() for _ in range(count))
