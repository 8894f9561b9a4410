"""Sessions: which centres are open, by their own wall clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.clocks.fx_week import is_open
from bitten_domain.market.clocks.zones import LONDON, NEW_YORK, SYDNEY, TOKYO, local_seconds
from bitten_domain.vocabulary import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SESSION_ORDER", "SessionFlags", "session_flags"]

_HOUR = 3_600
_DAY = 86_400
_HOURS = {TOKYO: (9, 18), LONDON: (8, 17), NEW_YORK: (8, 17), SYDNEY: (7, 16)}

SESSION_ORDER: tuple[Session, ...] = (
    Session.CLOSED,
    Session.SYDNEY,
    Session.TOKYO,
    Session.NEW_YORK,
    Session.LONDON,
    Session.OVERLAP,
)
"""Sessions by the code `SessionFlags.code` uses; a higher code names the moment."""


@dataclass(frozen=True, slots=True, eq=False)
class SessionFlags:
    """Which centres are open at each moment; every array has shape (n,).

    Args:
        tokyo, london, new_york, sydney: whether that centre is open.
        code: position in `SESSION_ORDER` of the session the moment is counted in.
    """

    tokyo: NDArray[np.bool_]
    london: NDArray[np.bool_]
    new_york: NDArray[np.bool_]
    sydney: NDArray[np.bool_]
    code: NDArray[np.int8]


def _centre_open(zone: str, moments: NDArray[np.int64], market: NDArray[np.bool_]) -> NDArray[np.bool_]:
    first, last = _HOURS[zone]
    into = local_seconds(zone, moments) % _DAY
    flags: NDArray[np.bool_] = market & (into >= first * _HOUR) & (into < last * _HOUR)
    return flags


def session_flags(moments: NDArray[np.int64]) -> SessionFlags:
    """Find the open centres at each moment (seconds since 1970 UTC); all are closed when the market is."""
    market = is_open(moments)
    tokyo = _centre_open(TOKYO, moments, market)
    london = _centre_open(LONDON, moments, market)
    new_york = _centre_open(NEW_YORK, moments, market)
    sydney = _centre_open(SYDNEY, moments, market)
    code = np.zeros(len(moments), dtype=np.int8)
    for number, flags in ((1, sydney), (2, tokyo), (3, new_york), (4, london), (5, london & new_york)):
        code[flags] = number
    return SessionFlags(tokyo, london, new_york, sydney, code)
