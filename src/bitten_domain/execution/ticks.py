"""Ticks: prices as whole numbers of an instrument's smallest step.

Fills are decided on integers: a stop at 1.23456 is 123456 in EURUSD, a bid low of 123456 touches it, and no rounding
error of a float can make it otherwise. Columns are turned into ticks once per run; a price becomes Decimal again when
it enters a deal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars
    from bitten_domain.values.instrument import Instrument

__all__ = [
    "RecordedBars",
    "TickBar",
    "TickQuote",
    "TickRates",
    "bars_of",
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
    """Count the ticks of one pip (ten for five- and three-digit quotes)."""
    return instrument.pip_ticks


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
    return list(RecordedBars(tick_columns(bars, instrument, spread_pips)))


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


_tick_bar = partial(tuple.__new__, TickBar)
"""Make a bar of its five numbers; the named constructor runs Python code for each of some hundred thousand."""


class RecordedBars(Sequence[TickBar]):
    """The bars of a whole run, each made when it is asked for.

    Plain rows of numbers are all that is kept: the garbage collector does not walk them, time and again, as it would
    walk bars.

    Args:
        columns: what `tick_columns` gives.
    """

    __slots__ = ("rows",)

    def __init__(self, columns: tuple[NDArray[np.int64], ...]) -> None:
        self.rows = list(zip(*(column.tolist() for column in columns), strict=True))

    @overload
    def __getitem__(self, place: int) -> TickBar: ...

    @overload
    def __getitem__(self, place: slice) -> list[TickBar]: ...

    def __getitem__(self, place: int | slice) -> TickBar | list[TickBar]:
        rows = self.rows[place]
        return list(map(_tick_bar, rows)) if isinstance(rows, list) else _tick_bar(rows)

    def __len__(self) -> int:
        return len(self.rows)

    @staticmethod
    def together(parts: Iterable[RecordedBars], places: Iterable[int]) -> list[tuple[int, ...]]:
        """Line the rows of several records up by their places in all of them put together; see `bars_of`."""
        return list(map(list(chain.from_iterable(part.rows for part in parts)).__getitem__, places))


def bars_of(rows: Iterable[tuple[int, ...]]) -> Iterator[TickBar]:
    """Make bars of rows: open, high, low, close, spread."""
    return map(_tick_bar, rows)


class TickRates(Mapping[str, Decimal]):
    """Mid prices by symbol, worked out from the latest bars only when one is asked for, once a bar.

    Args:
        latest: last bar of each pair; the caller may replace its values, the view follows.
        instruments: contracts of every pair that may come to be in `latest`.
    """

    __slots__ = ("_half_ticks", "_known", "_latest")

    def __init__(self, latest: Mapping[str, TickBar], instruments: Mapping[str, Instrument]) -> None:
        self._latest = latest
        self._half_ticks = {symbol: instrument.tick / 2 for symbol, instrument in instruments.items()}
        self._known: dict[str, tuple[TickBar, Decimal]] = {}

    def __getitem__(self, symbol: str) -> Decimal:
        return self._mid(symbol, self._latest[symbol])

    def _mid(self, symbol: str, bar: TickBar) -> Decimal:
        known = self._known.get(symbol)
        if known is not None and known[0] is bar:
            return known[1]
        mid = (2 * bar[3] + bar[4]) * self._half_ticks[symbol]
        self._known[symbol] = bar, mid
        return mid

    @overload
    def get(self, key: str, /) -> Decimal | None:
        """Look a symbol up; None when it has no bar."""

    @overload
    def get(self, key: str, /, default: Decimal | T) -> Decimal | T:
        """Look a symbol up; the default when it has no bar."""

    def get(self, key: str, /, default: Decimal | T | None = None) -> Decimal | T | None:
        """Look a symbol up; a miss costs no exception, since a conversion asks for pairs that may not exist."""
        bar = self._latest.get(key)
        return default if bar is None else self._mid(key, bar)

    def __iter__(self) -> Iterator[str]:
        return iter(self._latest)

    def __len__(self) -> int:
        return len(self._latest)
