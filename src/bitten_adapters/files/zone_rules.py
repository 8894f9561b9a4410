"""Zone rules: which clock a file was written by, and how its times become UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np

from bitten_domain.errors import InvalidInput
from bitten_domain.market.clocks.fx_week import is_open
from bitten_domain.market.clocks.zones import NEW_YORK, local_seconds
from bitten_domain.market.data_quality import is_plausible_time

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EST", "UTC_RULE", "ZoneRule", "fitting_rules", "utc_seconds", "zone_rule"]

_HOUR = 3_600
# Any zone with UTC+2 in winter and UTC+3 in summer by the European dates.
_EU_BROKER = "Europe/Helsinki"


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """A clock.

    Args:
        name: as the user writes it.
        zone: IANA zone whose switch dates apply; None for a fixed offset.
        shift_seconds: how far this clock is ahead of that zone, or of UTC without one.
    """

    name: str
    zone: str | None
    shift_seconds: int


UTC_RULE = ZoneRule("UTC", None, 0)
EST = ZoneRule("EST", None, -5 * _HOUR)
_NAMED = {
    "UTC": UTC_RULE,
    "GMT": UTC_RULE,
    "Z": UTC_RULE,
    "EST": EST,
    "NY+7": ZoneRule("NY+7", NEW_YORK, 7 * _HOUR),
    "EU+2": ZoneRule("EU+2", _EU_BROKER, 0),
}
_ALIASES = {"UTC+2/+3 EU": "EU+2", "UTC+2/+3": "NY+7", "UTC+2/+3 US": "NY+7"}
# A wrong clock puts at least an hour in 120 outside the week.
_STRAY = 0.002
_CANDIDATES = ("NY+7", "EU+2", "UTC", "EST", "America/New_York", "Europe/London")


def zone_rule(text: str) -> ZoneRule:
    """Read a zone rule.

    Args:
        text: ``UTC``; ``UTC+2`` or ``+02:00`` (fixed); ``EST`` (UTC-5 all year); ``NY+7`` (New York + 7 h, switching
            on US dates: most brokers' servers); ``EU+2`` (UTC+2, +3 in summer by European dates); or an IANA zone.

    Raises:
        InvalidInput: no such rule.
    """
    wanted = text.strip()
    named = _NAMED.get(_ALIASES.get(wanted, wanted).upper())
    if named is not None:
        return named
    fixed = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?([0-5]\d))?", wanted, re.IGNORECASE)
    if fixed is not None and int(fixed[2]) <= 14:
        seconds = int(fixed[2]) * _HOUR + int(fixed[3] or 0) * 60
        return ZoneRule(wanted, None, -seconds if fixed[1] == "-" else seconds)
    try:
        ZoneInfo(wanted)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        close = get_close_matches(wanted, sorted(available_timezones()), n=2)
        hint = f"did you mean {' or '.join(close)}? " if close else ""
        raise InvalidInput(
            f"there is no zone rule {wanted!r}",
            where="zone",
            remedy=f"{hint}use UTC, UTC+2, EST, NY+7 (broker clock, US dates), EU+2 (broker clock, European dates) "
            "or an IANA zone such as Europe/London",
        ) from error
    return ZoneRule(wanted, wanted, 0)


def utc_seconds(rule: ZoneRule, local: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Turn times of a clock into UTC.

    Args:
        rule: the clock.
        local: shape (n,), seconds since 1970-01-01 00:00 on it.

    Returns:
        Seconds since 1970 UTC, and whether each time happened exactly once: a time skipped or repeated by a change
        of the clock is False. A time no bar can have (`is_plausible_time`) is only shifted, for cleaning to count.
    """
    wall = local - rule.shift_seconds
    if rule.zone is None or len(local) == 0:
        return wall, np.ones(len(local), dtype=np.bool_)
    plausible = is_plausible_time(wall)
    if not plausible.all():
        once = np.ones(len(local), dtype=np.bool_)
        wall[plausible], once[plausible] = utc_seconds(rule, local[plausible])
        return wall, once
    guess = wall - (local_seconds(rule.zone, wall) - wall)
    utc = wall - (local_seconds(rule.zone, guess) - guess)
    once = local_seconds(rule.zone, utc) == wall
    once &= local_seconds(rule.zone, utc + _HOUR) != wall
    once &= local_seconds(rule.zone, utc - _HOUR) != wall
    return utc, once


def fitting_rules(local: NDArray[np.int64]) -> tuple[str, ...]:
    """Name the common rules by which all but stray times of a column fall into the open FX week, best first.

    A guide for an error's remedy, not a decision: a short file fits several.
    """
    local = local[is_plausible_time(local)]
    if len(local) == 0:
        return ()
    outside = {name: float(np.mean(~is_open(utc_seconds(zone_rule(name), local)[0]))) for name in _CANDIDATES}
    return tuple(sorted((name for name in _CANDIDATES if outside[name] <= _STRAY), key=lambda name: outside[name]))
