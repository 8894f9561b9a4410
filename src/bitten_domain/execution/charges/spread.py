"""The spread of every moment, vectorised: the session multiples of the cost table on whole columns.

Called once per run for all bars of a pair; the path that runs per bar never asks a time zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.costs import Cost
from bitten_domain.market.clocks.sessions import SESSION_ORDER, session_flags
from bitten_domain.market.clocks.zones import NEW_YORK, local_seconds
from bitten_domain.vocabulary.session import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.execution.costs import CostModel
    from bitten_domain.values.instrument import Instrument

__all__ = ["spread_multiples", "spread_pips"]

_MINUTE = 60
_HOUR = 3_600
_DAY = 86_400
_WEEK = 7 * _DAY
_ROLL_STARTS = 16 * _HOUR + 55 * _MINUTE
_ROLL_ENDS = 17 * _HOUR + 30 * _MINUTE
# Seconds from Thursday 1970-01-01 00:00 back to the Sunday 17:00 before it.
_SUNDAY_OPEN_BEFORE_EPOCH = 3 * _DAY + 7 * _HOUR
_SYDNEY_ONLY = SESSION_ORDER.index(Session.SYDNEY)


def spread_multiples(costs: CostModel, moments: NDArray[np.int64], span_seconds: int = _MINUTE) -> NDArray[np.float64]:
    """Find by how much the session widens the normal spread; where several rules hold, the widest.

    Args:
        costs: the table.
        moments: shape (n,), seconds since 1970 UTC.
        span_seconds: how long each moment lasts from its minute on, 60 for a quote or the bar's length for a bar; a
            bar is as wide as its widest minute, because the minute a stop is hit in is not known.

    Returns:
        Shape (n,), float64, >= 1: Sydney alone (at the moment's start), the first hour of Sunday, and 16:55 to 17:30
        New York (at any time of the span).
    """
    multiples = np.ones(len(moments), dtype=np.float64)
    if len(moments) == 0:
        return multiples
    # The rules speak of minutes, so a moment stands for the minute it lies in.
    clock = local_seconds(NEW_YORK, moments - moments % _MINUTE)
    into_day = clock % _DAY
    into_week = (clock + _SUNDAY_OPEN_BEFORE_EPOCH) % _WEEK
    reaches_roll = (into_day < _ROLL_ENDS) & (into_day + span_seconds > _ROLL_STARTS)
    reaches_sunday = (into_week < _HOUR) | (into_week + span_seconds > _WEEK)
    sydney = session_flags(moments).code == _SYDNEY_ONLY
    for flags, multiple in (
        (sydney, costs.sydney_multiple),
        (reaches_sunday, costs.sunday_multiple),
        (reaches_roll, costs.roll_multiple),
    ):
        np.maximum(multiples, float(multiple), out=multiples, where=flags)
    return multiples


def spread_pips(
    costs: CostModel,
    instrument: Instrument,
    moments: NDArray[np.int64],
    measured: NDArray[np.float64] | None = None,
    high_events: NDArray[np.int64] | None = None,
    span_seconds: int = _MINUTE,
) -> NDArray[np.float64]:
    """Find the spread to trade at.

    Args:
        costs: the table, with its factor.
        instrument: the pair.
        moments: shape (n,), seconds since 1970 UTC.
        measured: shape (n,), pips, NaN where nothing was measured; a measured spread replaces the assumed one, its
            multiples included.
        high_events: shape (k,), any order, when HIGH releases of either currency are published, seconds since 1970
            UTC; the span that holds one is widened.
        span_seconds: how long each moment lasts; see `spread_multiples`.

    Returns:
        Shape (n,), float64 pips, >= 0, times the factor; zeros when the table charges no spread.

    Raises:
        BrokenInvariant: a measured spread is negative or infinite, or a length differs.
    """
    if Cost.SPREAD not in costs.charged:
        return np.zeros(len(moments), dtype=np.float64)
    multiples = spread_multiples(costs, moments, span_seconds)
    if high_events is not None and len(high_events):
        events = np.sort(high_events)
        starts = moments - moments % _MINUTE
        before = np.searchsorted(events, starts, side="left")
        until = np.searchsorted(events, starts + span_seconds, side="left")
        np.maximum(multiples, float(costs.high_event_multiple), out=multiples, where=until > before)
    spread = multiples * float(instrument.normal_spread_pips)
    if measured is not None:
        if len(measured) != len(moments):
            raise BrokenInvariant(f"{instrument.symbol}: measured spreads and moments differ in length")
        known = ~np.isnan(measured)
        if not bool(np.all(np.isfinite(measured[known]) & (measured[known] >= 0))):
            raise BrokenInvariant(f"{instrument.symbol}: a measured spread is finite and >= 0")
        spread = np.where(known, measured, spread)
    charged: NDArray[np.float64] = spread * float(costs.factor)
    return charged
