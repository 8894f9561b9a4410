"""Figures as text: one format for each kind of number, in the page and in its charts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.execution import DealReason
from bitten_domain.vocabulary import Session

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.analytics.day_bootstrap import Estimate

__all__ = [
    "count", "day", "estimate_r", "estimate_share", "factor", "held", "moment", "money", "percent", "points", "r",
    "share", "title_of",
]  # fmt: skip

_MINUS = "\N{MINUS SIGN}"
_NONE = "\N{EN DASH}"
_SESSIONS = frozenset(session.value for session in Session)
_REASONS = frozenset(reason.value for reason in DealReason)


def count(value: int) -> str:
    """Write a whole number, thousands parted by commas."""
    return f"{value:,}"


def r(value: float | None, decimals: int = 2) -> str:
    """Write a result in R, signed but for zero."""
    return _NONE if value is None or math.isnan(value) else _signed(value, decimals)


def share(value: float | None, decimals: int = 1) -> str:
    """Write a share in [0, 1] as percent; exactly nothing and everything without decimals."""
    if value is None:
        return _NONE
    return f"{100 * value:.0f} %" if value in (0.0, 1.0) else f"{100 * value:.{decimals}f} %"


def percent(value: float | None) -> str:
    """Write what is in percent already."""
    return _NONE if value is None else f"{value:.1f} %"


def points(value: float | None) -> str:
    """Write points of score or signals a day."""
    return _NONE if value is None else f"{value:.1f}"


def money(value: float | Decimal, currency: str = "") -> str:
    """Write an amount in whole cents, thousands parted by commas."""
    text = f"{value:,.2f}".replace("-", _MINUS)
    return f"{text} {currency}" if currency else text


def factor(value: float | None) -> str:
    """Write a ratio of sums; infinite is said so."""
    if value is None:
        return _NONE
    return "infinite" if math.isinf(value) else f"{value:.2f}"


def estimate_r(estimate: Estimate) -> str:
    """Write an interval in R."""
    if estimate.low is None or estimate.high is None:
        return "no interval"
    return f"{_signed(estimate.low, 2)} to {_signed(estimate.high, 2)}"


def estimate_share(estimate: Estimate) -> str:
    """Write an interval of a share, in percent."""
    if estimate.low is None or estimate.high is None:
        return "no interval"
    return f"{100 * estimate.low:.1f} to {100 * estimate.high:.1f} %"


def day(number: int | None) -> str:
    """Write a market day, days since 1970-01-01."""
    return _NONE if number is None else str(np.datetime64(number, "D"))


def moment(seconds: int | None) -> str:
    """Write a moment, seconds since 1970 UTC, to the minute."""
    return _NONE if seconds is None else str(np.datetime64(seconds, "s"))[:16].replace("T", " ")


def held(minutes: float | None) -> str:
    """Write a length of time."""
    if minutes is None:
        return _NONE
    whole = round(minutes)
    if whole < 60:
        return f"{whole} min"
    return f"{whole // 60} h {whole % 60:02d} min" if whole < 2880 else f"{whole / 1440:.1f} days"


def title_of(name: str) -> str:
    """Write a name of the program as words: ``london_breakout`` and ``NEW_YORK`` become London breakout, New York."""
    words = name.replace("_", " ")
    if name in _SESSIONS:
        return words.title()
    return words.capitalize() if name in _REASONS or name.islower() else name


def _signed(value: float, decimals: int) -> str:
    rounded = round(value, decimals) + 0.0
    return f"{rounded:{'+' if rounded else ''},.{decimals}f}".replace("-", _MINUS)
