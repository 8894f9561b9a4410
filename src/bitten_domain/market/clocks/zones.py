"""Local clocks of the market centres, vectorised.

zoneinfo answers for one moment at a time; scans need a whole column. The transitions of a zone are looked up once
per span of years and applied to arrays by binary search.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LONDON", "NEW_YORK", "SYDNEY", "TOKYO", "local_second", "local_seconds"]

LONDON = "Europe/London"
NEW_YORK = "America/New_York"
SYDNEY = "Australia/Sydney"
TOKYO = "Asia/Tokyo"

_DAY = 86_400


def _offset(zone: ZoneInfo, second: int) -> int:
    moment = datetime.fromtimestamp(second, tz=UTC).astimezone(zone)
    return int((moment.utcoffset() or timedelta()).total_seconds())


@lru_cache(maxsize=256)
def _transitions(zone_name: str, first_year: int, last_year: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    zone = ZoneInfo(zone_name)
    start = int(datetime(first_year, 1, 1, tzinfo=UTC).timestamp())
    stop = int(datetime(last_year + 1, 1, 1, tzinfo=UTC).timestamp())
    starts = [start]
    offsets = [_offset(zone, start)]
    for day in range(start, stop, _DAY):
        if _offset(zone, day + _DAY) == offsets[-1]:
            continue
        low, high = day, day + _DAY
        while high - low > 1:
            middle = (low + high) // 2
            if _offset(zone, middle) == offsets[-1]:
                low = middle
            else:
                high = middle
        starts.append(high)
        offsets.append(_offset(zone, high))
    return np.array(starts, dtype=np.int64), np.array(offsets, dtype=np.int64)


def local_seconds(zone_name: str, moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """Read moments off a zone's wall clock.

    Args:
        zone_name: an IANA zone.
        moments: shape (n,), seconds since 1970 UTC.

    Returns:
        Shape (n,): seconds since 1970-01-01 00:00 of the wall clock, so that ``// 86400`` is the local date and
        ``% 86400`` the local time of day.
    """
    if len(moments) == 0:
        return moments.copy()
    first = datetime.fromtimestamp(int(moments.min()), tz=UTC).year
    last = datetime.fromtimestamp(int(moments.max()), tz=UTC).year
    starts, offsets = _transitions(zone_name, first, last)
    at = np.searchsorted(starts, moments, side="right") - 1
    local: NDArray[np.int64] = moments + offsets[np.maximum(at, 0)]
    return local


@lru_cache(maxsize=4_096)
def _offsets_of_day(zone_name: str, day: int) -> tuple[int, int, int]:
    """Give the offset a UTC day begins with, the moment it changes (the day's end when it does not), the next one."""
    start, stop = day * _DAY, (day + 1) * _DAY
    year = datetime.fromtimestamp(start, tz=UTC).year
    starts, offsets = (column.tolist() for column in _transitions(zone_name, year, year))
    first = bisect_right(starts, start) - 1
    last = bisect_right(starts, stop - 1) - 1
    return offsets[first], stop if last == first else starts[last], offsets[last]


def local_second(zone_name: str, moment: int) -> int:
    """Read one moment off a zone's wall clock; see `local_seconds`, which costs more for a single moment."""
    before, change, after = _offsets_of_day(zone_name, moment // _DAY)
    return moment + (before if moment < change else after)
