"""The equity curve: its deepest fall, and return against its scatter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RATIO_METHOD", "AccountRecord", "account_record", "daily_returns", "drawdown_of", "sharpe", "sortino"]

_DAYS_A_YEAR = 260
_LEAST_DAYS = 20

RATIO_METHOD = (
    "daily returns of equity, floating results in it, at the end of each market day; risk-free rate 0; "
    "times the square root of 260 market days"
)
"""How `sharpe` and `sortino` are worked out, for a person to read."""


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What an account went through.

    Args:
        start, end: equity before the first and after the last moment, account currency.
        most: highest equity.
        drawdown_percent: deepest fall from a peak before it, percent of that peak, floating results in it, >= 0.
        drawdown_from, drawdown_to: moments of that peak and trough, seconds since 1970 UTC; equal without a fall.
        sharpe, sortino: by `RATIO_METHOD`; None below 20 market days, or where nothing scatters.
    """

    start: float
    end: float
    most: float
    drawdown_percent: float
    drawdown_from: int
    drawdown_to: int
    sharpe: float | None
    sortino: float | None


def account_record(
    at: NDArray[np.int64], day: NDArray[np.int64], equity: NDArray[np.float64], start: float
) -> AccountRecord:
    """Sum a curve up.

    Args:
        at: shape (m,), moments, seconds since 1970 UTC, rising.
        day: shape (m,), the market day of each.
        equity: shape (m,), equity after each, > 0, account currency.
        start: equity before the first of them.
    """
    if len(at) == 0:
        return AccountRecord(start, start, start, 0.0, 0, 0, None, None)
    curve = np.concatenate(([start], equity))
    falls = drawdown_of(curve)
    trough = int(np.argmax(falls))
    peak = int(np.argmax(curve[: trough + 1]))
    moments = np.concatenate((at[:1], at))
    returns = daily_returns(day, equity, start)
    return AccountRecord(
        start=round(start, 2),
        end=round(float(equity[-1]), 2),
        most=round(float(curve.max()), 2),
        drawdown_percent=round(100.0 * float(falls[trough]), 3),
        drawdown_from=int(moments[peak]),
        drawdown_to=int(moments[trough]),
        sharpe=sharpe(returns),
        sortino=sortino(returns),
    )


def drawdown_of(equity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure how far each point lies below the highest before it, as a share of that, in [0, 1]; equity > 0."""
    peaks = np.maximum.accumulate(equity)
    falls: NDArray[np.float64] = np.clip((peaks - equity) / peaks, 0.0, 1.0)
    return falls


def daily_returns(day: NDArray[np.int64], equity: NDArray[np.float64], start: float) -> NDArray[np.float64]:
    """Give the relative change of equity over each market day, shape (days,); arguments as `account_record`."""
    last = np.flatnonzero(np.append(day[1:] != day[:-1], True)) if len(day) else np.zeros(0, dtype=np.int64)
    closes = np.concatenate(([start], equity[last]))
    return closes[1:] / closes[:-1] - 1.0


def sharpe(returns: NDArray[np.float64]) -> float | None:
    """Give mean over standard deviation (n - 1) of daily returns, a year's; None below 20 days or without scatter."""
    if len(returns) < _LEAST_DAYS:
        return None
    return _ratio(returns, float(returns.std(ddof=1)))


def sortino(returns: NDArray[np.float64]) -> float | None:
    """Give mean over the root mean square of the losses (gains count as nought); None as in `sharpe`."""
    if len(returns) < _LEAST_DAYS:
        return None
    return _ratio(returns, math.sqrt(float(np.mean(np.minimum(returns, 0.0) ** 2))))


def _ratio(returns: NDArray[np.float64], scatter: float) -> float | None:
    return None if scatter == 0.0 else round(float(returns.mean()) / scatter * math.sqrt(_DAYS_A_YEAR), 3) + 0.0
