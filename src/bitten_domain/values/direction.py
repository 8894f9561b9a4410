"""Direction of a trade."""

from __future__ import annotations

from bitten_domain.values.identity_enum import IdentityEnum

__all__ = ["Direction"]


class Direction(IdentityEnum):
    """Which way a trade profits; `sign` is +1 for BUY, -1 for SELL."""

    BUY = "BUY"
    SELL = "SELL"

    def __init__(self, word: str) -> None:
        self.sign = 1 if word == "BUY" else -1

    @property
    def opposite(self) -> Direction:
        """The direction that closes a position of this one."""
        return Direction.SELL if self is Direction.BUY else Direction.BUY

    @classmethod
    def of_sign(cls, sign: int) -> Direction:
        """Map +1 to BUY and -1 to SELL; anything else raises `ValueError`."""
        if sign == 1:
            return cls.BUY
        if sign == -1:
            return cls.SELL
        raise ValueError(f"a direction's sign is +1 or -1, got {sign}")
