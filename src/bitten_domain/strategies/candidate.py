"""Candidates: set-ups a strategy found, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Candidates", "concatenate"]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Set-ups of one pair, by one strategy, in one timeframe; every array has shape (n,).

    Args:
        at: seconds since 1970 UTC at which the bar that completed the set-up closed, not decreasing.
        bar: position of that bar in its timeframe's track.
        direction: +1 BUY, -1 SELL.
        entry: bid price the set-up was completed at.
        stop: bid-side price at which it is wrong; below the entry of a BUY, above that of a SELL.
        target: price at which it is right; the last part's where the plan has several.
        flat_at: seconds since 1970 UTC after which the trade is closed whatever it is worth.
    """

    at: NDArray[np.int64]
    bar: NDArray[np.int64]
    direction: NDArray[np.int8]
    entry: NDArray[np.float64]
    stop: NDArray[np.float64]
    target: NDArray[np.float64]
    flat_at: NDArray[np.int64]

    def __post_init__(self) -> None:
        risk = (self.entry - self.stop) * self.direction
        reward = (self.target - self.entry) * self.direction
        if not (bool((risk > 0).all()) and bool((reward > 0).all())):
            raise BrokenInvariant("a candidate's stop lies behind its entry and its target ahead")

    def __len__(self) -> int:
        return len(self.at)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Candidates:
        """Select rows by mask or position."""
        return Candidates(**{column.name: getattr(self, column.name)[chosen] for column in fields(self)})

    @staticmethod
    def none() -> Candidates:
        """Give the empty table."""
        return _NONE


_WHOLE, _REAL = np.zeros(0, dtype=np.int64), np.zeros(0)
_NONE = Candidates(_WHOLE, _WHOLE, np.zeros(0, dtype=np.int8), _REAL, _REAL, _REAL, _WHOLE)


def concatenate(parts: Sequence[Candidates]) -> Candidates:
    """Join tables and order them by time, BUY before SELL at the same moment."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return Candidates.none()
    joined = Candidates(
        **{column.name: np.concatenate([getattr(part, column.name) for part in parts]) for column in fields(Candidates)}
    )
    return joined.where(np.lexsort((-joined.direction, joined.at)))
