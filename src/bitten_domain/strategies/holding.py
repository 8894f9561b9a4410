"""How long a set-up may be held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.clocks.fx_week import is_open

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["after_open_hours"]

_HOUR = 3_600
_WEEKEND = 48 * _HOUR


def after_open_hours(at: NDArray[np.int64], hours: int) -> NDArray[np.int64]:
    """Add market-open hours to moments: a span that would end in or cross the weekend is longer by the weekend.

    Args:
        at: shape (n,), seconds since 1970 UTC, while the market is open or just closing.
        hours: 1 to 120.
    """
    end = at + hours * _HOUR
    if len(at) == 0:
        return end
    # The weekend lasts 48 hours by New York's clock, 47 or 49 where that clock changes; an hour either way in the
    # holding limit of a trade over such a weekend is accepted.
    crosses = np.zeros(len(at), dtype=np.bool_)
    for step in (*range(6, hours, 6), hours):
        crosses |= ~is_open(at + step * _HOUR - 1)
    result: NDArray[np.int64] = np.where(crosses, end + _WEEKEND, end)
    return result
