"""Bars: columns of one pair in one timeframe."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Bars", "Timeframe"]


class Timeframe(Enum):
    """Bar lengths; the value is in seconds. D1 is a trading day, 17:00 to 17:00 New York."""

    M1 = 60
    M5 = 300
    M15 = 900
    M30 = 1800
    H1 = 3600
    H4 = 14400
    D1 = 86400

    @property
    def seconds(self) -> int:
        """Length of a bar in seconds."""
        return self.value


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Bid bars of one pair in one timeframe, oldest first.

    Args:
        symbol: the pair, such as ``EURUSD``.
        timeframe: length of each bar.
        opened: shape (n,), int64, opening time in seconds since 1970-01-01 UTC, strictly increasing.
        open, high, low, close: shape (n,), float64, bid prices, > 0, low <= open, close <= high.
        volume: shape (n,), float64, tick volume (the number of quotes), >= 0.
        spread_pips: shape (n,), float64, measured spread in pips, NaN where it was not measured; None when the
            source measures none at all.

    A missing bar means that nothing was quoted or that the feed had a hole; it is never filled in here.
    """

    symbol: str
    timeframe: Timeframe
    opened: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]
    spread_pips: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        n = len(self.opened)
        same = n == len(self.open) == len(self.high) == len(self.low) == len(self.close) == len(self.volume)
        if not same or (self.spread_pips is not None and len(self.spread_pips) != n):
            raise BrokenInvariant(f"{self.symbol}: bar columns differ in length")
        if n > 1 and not (self.opened[1:] > self.opened[:-1]).all():
            raise BrokenInvariant(f"{self.symbol}: bar times must increase strictly")

    def __len__(self) -> int:
        return len(self.opened)

    @property
    def closed(self) -> NDArray[np.int64]:
        """Closing time of each bar, seconds since 1970 UTC; the moment from which it may be known."""
        return self.opened + self.timeframe.seconds

    def between(self, start: int, stop: int) -> Bars:
        """Select the bars that open in ``[start, stop)``, seconds since 1970 UTC; columns are views."""
        first, last = (int(i) for i in np.searchsorted(self.opened, [start, stop]))
        return self.rows(slice(first, last))

    def rows(self, which: slice) -> Bars:
        """Select bars by position; columns are views."""
        return Bars(
            self.symbol,
            self.timeframe,
            self.opened[which],
            self.open[which],
            self.high[which],
            self.low[which],
            self.close[which],
            self.volume[which],
            None if self.spread_pips is None else self.spread_pips[which],
        )
