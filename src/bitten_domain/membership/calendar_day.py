"""Days of the calendar, UTC: what press passes and exports are counted by. Trading days are another thing."""

from __future__ import annotations

__all__ = ["DAY_SECONDS", "day_start", "utc_day"]

DAY_SECONDS = 86_400


def utc_day(moment: int) -> int:
    """Give the day of a moment (seconds since 1970 UTC) as days since 1970-01-01, UTC."""
    return moment // DAY_SECONDS


def day_start(day: int) -> int:
    """Give the moment a day begins at."""
    return day * DAY_SECONDS
