"""Windows of the week in which nothing opens: the closed weekend, the roll, the hours before the weekend.

All are read off New York's wall clock. `market.fx_week` answers for whole columns; one decision asks about one
moment, for which an array call would cost more than the twelve checks together. Every boundary is a whole quarter of
an hour, so the answers of a quarter are kept.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from bitten_domain.market.clocks.zones import NEW_YORK, local_second

__all__ = ["TradingWindows", "trading_windows"]

_QUARTER = 900
_HOUR = 3_600
_DAY = 86_400
_WEEK = 7 * _DAY
_OPEN_WEEK = 5 * _DAY
# 1969-12-28 was a Sunday; its 17:00 is the origin of the week clock.
_FIRST_WEEK = -4 * _DAY + 17 * _HOUR
_ROLL_BEFORE = 15 * 60
_ROLL_AFTER = 30 * 60
_BEFORE_WEEKEND = 2 * _HOUR


class TradingWindows(NamedTuple):
    """Where a moment lies in the trading week.

    Args:
        is_open: from Sunday 17:00 to Friday 17:00 New York.
        in_roll: from 16:45 to 17:30 New York of any day.
        before_weekend: from Friday 15:00 New York until the close.
        trading_day: days since 1970-01-01 of the date the trading day ends on.
    """

    is_open: bool
    in_roll: bool
    before_weekend: bool
    trading_day: int


def _read_quarter(quarter: int) -> TradingWindows:
    local = local_second(NEW_YORK, quarter * _QUARTER)
    into_week = (local - _FIRST_WEEK) % _WEEK
    into_day = into_week % _DAY
    day = (local + 7 * _HOUR) // _DAY
    weekday = (day + 3) % 7
    is_open = into_week < _OPEN_WEEK
    in_roll = into_day < _ROLL_AFTER or into_day >= _DAY - _ROLL_BEFORE
    before_weekend = _OPEN_WEEK - _BEFORE_WEEKEND <= into_week < _OPEN_WEEK
    return TradingWindows(is_open, in_roll, before_weekend, day + (2 if weekday == 5 else 1 if weekday == 6 else 0))


_windows_of_quarter = lru_cache(maxsize=4_096)(_read_quarter)


def trading_windows(now: int) -> TradingWindows:
    """Read the trading week at a moment (seconds since 1970 UTC)."""
    return _windows_of_quarter(now // _QUARTER)
