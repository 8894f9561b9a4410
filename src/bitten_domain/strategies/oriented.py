"""One logic for both directions: a SELL is a BUY on mirrored prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bitten_domain.market.studies import TrackStudies

__all__ = ["Oriented", "oriented"]


@dataclass(frozen=True, slots=True, eq=False)
class Oriented:
    """Columns seen by a buyer (sign +1) or, negated, by a seller (sign -1); each shape (n,).

    For a seller "high" is the negated low, and RSI is counted from the other end.
    """

    sign: int
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    band: NDArray[np.float64]
    middle: NDArray[np.float64]
    rsi: NDArray[np.float64]
    ema_fast: NDArray[np.float64]
    ema_slow: NDArray[np.float64]
    ema_long: NDArray[np.float64] | None


def oriented(studies: TrackStudies, sign: int) -> Oriented:
    """Look at a track's studies in a trade's direction.

    Args:
        studies: the track.
        sign: +1 for a BUY, -1 for a SELL.
    """
    bars = studies.bars
    if sign > 0:
        return Oriented(
            sign, bars.high, bars.low, bars.close, studies.bands.lower, studies.bands.middle, studies.rsi,
            studies.ema_fast, studies.ema_slow, studies.ema_long,
        )  # fmt: skip
    return Oriented(
        sign, -bars.low, -bars.high, -bars.close, -studies.bands.upper, -studies.bands.middle, 100.0 - studies.rsi,
        -studies.ema_fast, -studies.ema_slow, None if studies.ema_long is None else -studies.ema_long,
    )  # fmt: skip
