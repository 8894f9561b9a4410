"""Ticks: prices as whole numbers of an instrument's smallest step.

Fills are decided on integers: a stop at 1.23456 is 123456 in EURUSD, a bid low of 123456 touches it, and no rounding
error of a float can make it otherwise. Columns are turned into ticks once per run; a price becomes Decimal again when
it enters a deal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

import numpy as np

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars
    from bitten_domain.values.instrument import Instrument

__all__ = [
    "TickBar",
    "TickQuote",
    "TickRates",
    "bars_of_columns",
    "pip_ticks",
    "tick_bars",
    "tick_columns",
    "ticks_of_pips",
    "to_price",
    "to_ticks",
]

T = TypeVar("T")

# A spread of 1.2 pips times a factor may come out as 12.000000000000002 ticks; that is 12, not 13.
_SLACK = 1e-6


class TickBar(NamedTuple):
    """One bid bar in ticks.

    Args:
        open, high, low, close: bid prices.
        spread: ask minus bid throughout the bar, >= 0.
    """

    open: int
    high: int
    low: int
    close: int
    spread: int


class TickQuote(NamedTuple):
    """A two-sided quote in ticks, bid <= ask."""

    bid: int
    ask: int


def pip_ticks(instrument: Instrument) -> int:
    """Count the ticks of one pip (ten for five- and three-digit quotes).

    Raises:
        BrokenInvariant: the pip is not a whole number of ticks.
    """
    ticks = instrument.pip.scaleb(instrument.digits)
    whole = int(ticks)
    if ticks != whole:
        raise BrokenInvariant(f"{instrument.symbol}: a pip of {instrument.pip} is not a whole number of ticks")
    return whole


def to_ticks(instrument: Instrument, price: Decimal) -> int:
    """Round a price to ticks, half to even."""
    return round(price.scaleb(instrument.digits))


def to_price(instrument: Instrument, ticks: int) -> Decimal:
    """Write ticks as a price with the instrument's digits."""
    return ticks * instrument.tick


def ticks_of_pips(instrument: Instrument, pips: Decimal) -> int:
    """Turn a cost in pips into ticks, rounded up: a cost is rounded against the trader."""
    exact = pips * pip_ticks(instrument)
    whole = int(exact)
    return whole + 1 if exact > whole else whole


def tick_bars(bars: Bars, instrument: Instrument, spread_pips: NDArray[np.float64]) -> list[TickBar]:
    """Turn columns into ticks, once per run.

    Args:
        bars: n bid bars.
        instrument: their pair.
        spread_pips: shape (n,), the spread to trade each bar at (`spread.spread_pips`), finite, >= 0.

    Returns:
        One `TickBar` per bar; bid prices to the nearest tick, spreads rounded up.
    """
    return bars_of_columns(tick_columns(bars, instrument, spread_pips))


def tick_columns(
    bars: Bars, instrument: Instrument, spread_pips: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give what `tick_bars` gives as columns, int64: open, high, low, close, spread."""
    scale = float(10**instrument.digits)
    opened, high, low, close = (
        np.rint(column * scale).astype(np.int64) for column in (bars.open, bars.high, bars.low, bars.close)
    )
    spread = np.ceil(spread_pips * pip_ticks(instrument) - _SLACK).astype(np.int64)
    return opened, high, low, close, spread


def bars_of_columns(columns: tuple[NDArray[np.int64], ...]) -> list[TickBar]:
    """Make bars of what `tick_columns` gives."""
    # A tuple's own constructor; the named one runs Python code for each of some hundred thousand bars.
    return list(map(partial(tuple.__new__, TickBar), zip(*(column.tolist() for column in columns), strict=True)))


class TickRates(Mapping[str, Decimal]):
    """Mid prices by symbol, worked out from the latest bars only when one is asked for.

    Args:
        latest: last bar of each pair; the caller may replace its values, the view follows.
        instruments: contracts of every pair that may come to be in `latest`.
    """

    __slots__ = ("_half_ticks", "_latest")

    def __init__(self, latest: Mapping[str, TickBar], instruments: Mapping[str, Instrument]) -> None:
        self._latest = latest
        self._half_ticks = {symbol: instrument.tick / 2 for symbol, instrument in instruments.items()}

    def __getitem__(self, symbol: str) -> Decimal:
        bar = self._latest[symbol]
        return (2 * bar[3] + bar[4]) * self._half_ticks[symbol]

    @overload
    def get(self, key: str, /) -> Decimal | None:
        """Look a symbol up; None when it has no bar."""

    @overload
    def get(self, key: str, /, default: Decimal | T) -> Decimal | T:
        """Look a symbol up; the default when it has no bar."""

    def get(self, key: str, /, default: Decimal | T | None = None) -> Decimal | T | None:
        """Look a symbol up; a miss costs no exception, since a conversion asks for pairs that may not exist."""
        bar = self._latest.get(key)
        return default if bar is None else (2 * bar[3] + bar[4]) * self._half_ticks[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._latest)

    def __len__(self) -> int:
        return len(self._latest)
