"""The FX week for single moments, cached by the hour.

The market opens, closes and rolls at 17:00 New York, which is a whole hour of UTC in summer and winter, so one answer
holds for all moments of an hour.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from bitten_domain.market.clocks.fx_week import is_open, trading_day

__all__ = ["is_open_at", "trading_day_at"]

_HOUR = 3_600


def is_open_at(at: int) -> bool:
    """Say whether the market is open at a moment, seconds since 1970 UTC."""
    return _hour(at // _HOUR)[0]


def trading_day_at(at: int) -> int:
    """Number the trading day of a moment: days since 1970-01-01 of the date it ends on."""
    return _hour(at // _HOUR)[1]


@lru_cache(maxsize=8192)
def _hour(hour: int) -> tuple[bool, int]:
    moments = np.array([hour * _HOUR], dtype=np.int64)
    return bool(is_open(moments)[0]), int(trading_day(moments)[0])
