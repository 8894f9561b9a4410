"""Lots: the volume of an order in standard contracts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from bitten_domain.errors import BrokenInvariant

__all__ = ["Lots"]


@dataclass(frozen=True, slots=True, order=True)
class Lots:
    """A volume in lots, >= 0; one lot is the instrument's contract size (100 000 units for the ten pairs).

    ``Lots + Lots`` and ``Lots - Lots`` give Lots (a negative result raises `BrokenInvariant`).
    """

    value: Decimal

    def __post_init__(self) -> None:
        if not self.value.is_finite() or self.value < 0:
            raise BrokenInvariant(f"lots must be finite and >= 0, got {self.value}")

    def __add__(self, other: Lots) -> Lots:
        return Lots(self.value + other.value)

    def __sub__(self, other: Lots) -> Lots:
        return Lots(self.value - other.value)

    def floored(self, step: Decimal) -> Lots:
        """Round down to whole steps; never up.

        Args:
            step: smallest volume change the instrument trades in, > 0.
        """
        return Lots((self.value / step).to_integral_value(rounding=ROUND_FLOOR) * step)

    def is_whole(self, step: Decimal) -> bool:
        """Say whether the volume is a whole number of steps."""
        return self.value % step == 0

    def __str__(self) -> str:
        return f"{self.value.normalize():f}"
