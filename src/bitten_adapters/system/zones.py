"""Time zones this machine knows."""

from __future__ import annotations

from zoneinfo import available_timezones

__all__ = ["zone_names"]

# Names in the database that are no place's: what a machine has set, and what it has before anybody set it.
_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})


def zone_names() -> frozenset[str]:
    """Give the IANA names of all time zones."""
    return frozenset(available_timezones() - _NO_PLACES)
