"""The FX week: when the market is open, which trading day a moment belongs to, and open time as a clock.

The market is open from Sunday 17:00 to Friday 17:00 New York; the trading day rolls at 17:00 New York and bears the
date it ends on, so Sunday evening is Monday.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.clocks.zones import NEW_YORK, local_second, local_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "day_ending_at",
    "is_open",
    "is_open_at",
    "open_seconds",
    "trading_day",
    "trading_day_at",
    "trading_day_start",
]

_HOUR = 3_600
_DAY = 86_400
_WEEK = 7 * _DAY
_OPEN_WEEK = 5 * _DAY
# 1969-12-28 was a Sunday; its 17:00 is the origin of the week clock.
_FIRST_WEEK = -4 * _DAY + 17 * _HOUR


def _week_clock(moments: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    since = local_seconds(NEW_YORK, moments) - _FIRST_WEEK
    return since // _WEEK, since % _WEEK


def is_open(moments: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say for each moment (seconds since 1970 UTC) whether the market is open."""
    _, into = _week_clock(moments)
    flags: NDArray[np.bool_] = into < _OPEN_WEEK
    return flags


def trading_day(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the trading day of each moment: days since 1970-01-01 of the date the trading day ends on.

    A moment of the closed weekend belongs to the Monday that follows.
    """
    rolled = local_seconds(NEW_YORK, moments) + 7 * _HOUR
    day = rolled // _DAY
    weekday = (day + 3) % 7
    result: NDArray[np.int64] = day + np.where(weekday == 5, 2, np.where(weekday == 6, 1, 0))
    return result


def trading_day_start(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find when the trading day of each open moment began, seconds since 1970 UTC.

    Clocks change while the market is closed, so a trading day always has 24 hours.
    """
    rolled = local_seconds(NEW_YORK, moments) + 7 * _HOUR
    result: NDArray[np.int64] = moments - rolled % _DAY
    return result


def open_seconds(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Read the market-open clock: seconds the market has been open since its first week of 1970, at each moment.

    It stands still over the weekend; a difference of two readings is open time between them.
    """
    week, into = _week_clock(moments)
    result: NDArray[np.int64] = week * _OPEN_WEEK + np.minimum(into, _OPEN_WEEK)
    return result


def is_open_at(moment: int) -> bool:
    """Say whether the market is open at one moment, seconds since 1970 UTC."""
    return (local_second(NEW_YORK, moment) - _FIRST_WEEK) % _WEEK < _OPEN_WEEK


def trading_day_at(moment: int) -> int:
    """Number the trading day of one moment; see `trading_day`."""
    day = (local_second(NEW_YORK, moment) + 7 * _HOUR) // _DAY
    weekday = (day + 3) % 7
    return day + (2 if weekday == 5 else 1 if weekday == 6 else 0)


def day_ending_at(moment: int) -> int:
    """Number the trading day of the time just before a moment: what is so at 17:00 sharp belongs to the day it ends."""
    return trading_day_at(moment - 1)
