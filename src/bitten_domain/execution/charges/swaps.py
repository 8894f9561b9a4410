"""Swaps: what a position pays or receives for each night it is held.

A swap is charged at the roll, 17:00 New York. Spot settles two business days on, so the roll of one weekday, the
broker's triple day, carries the weekend: three nights at once.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ASSUMED_SWAP_PIPS", "WEDNESDAY", "SwapRate", "SwapTable"]

ASSUMED_SWAP_PIPS = Decimal("-0.6")
"""What a night brings either side where no table says otherwise; an assumption, and labelled so in reports."""

WEDNESDAY = 2
"""Weekdays count from Monday, 0."""

_SATURDAY = 5
_TRIPLE = 3


@dataclass(frozen=True, slots=True)
class SwapRate:
    """A pair's swap from a day on.

    Args:
        symbol: the pair.
        first_day: trading day it holds from, days since 1970-01-01.
        long_pips, short_pips: what one night brings each side; negative is paid. Bounded to +/- 100.

    Raises:
        InvalidInput: a rate is not finite or outside the bound.
    """

    symbol: str
    first_day: int
    long_pips: Decimal
    short_pips: Decimal

    def __post_init__(self) -> None:
        for side, pips in (("long_pips", self.long_pips), ("short_pips", self.short_pips)):
            if not pips.is_finite() or abs(pips) > 100:
                raise InvalidInput(f"{self.symbol}: a swap is within 100 pips a night, got {pips}", where=side)


@dataclass(frozen=True, slots=True)
class SwapTable:
    """Dated swap rates by pair.

    Args:
        rates: each pair's rates by ascending first day.
        assumed_pips: brought to both sides a night where `rates` is silent, <= 0.
        triple_weekday: weekday whose roll counts three nights, 0 (Monday) to 4.
    """

    rates: tuple[SwapRate, ...] = ()
    assumed_pips: Decimal = ASSUMED_SWAP_PIPS
    triple_weekday: int = WEDNESDAY
    _starts: dict[str, list[int]] = field(init=False, repr=False, compare=False)
    _by_symbol: dict[str, list[SwapRate]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.assumed_pips.is_finite() or self.assumed_pips > 0:
            raise InvalidInput(f"the assumed swap is a charge, <= 0, got {self.assumed_pips}", where="assumed_pips")
        if not 0 <= self.triple_weekday < _SATURDAY:
            raise InvalidInput(f"the triple day is 0 to 4, got {self.triple_weekday}", where="triple_weekday")
        by_symbol: dict[str, list[SwapRate]] = {}
        for rate in self.rates:
            earlier = by_symbol.setdefault(rate.symbol, [])
            if earlier and earlier[-1].first_day >= rate.first_day:
                raise InvalidInput(
                    f"{rate.symbol}: swap rates must be in ascending order of their days",
                    remedy="sort the rates by day and keep one per pair and day",
                )
            earlier.append(rate)
        object.__setattr__(self, "_by_symbol", by_symbol)
        object.__setattr__(self, "_starts", {symbol: [r.first_day for r in rows] for symbol, rows in by_symbol.items()})

    @classmethod
    def of(cls, rates: Iterable[SwapRate]) -> SwapTable:
        """Build a table from rates in any order.

        Raises:
            InvalidInput: two rates of one pair start on the same day.
        """
        return cls(rates=tuple(sorted(rates, key=lambda rate: (rate.symbol, rate.first_day))))

    def is_assumed(self, symbol: str, day: int) -> bool:
        """Say whether a pair's swap of a trading day is the assumption."""
        return self._rate(symbol, day) is None

    def pips_between(self, symbol: str, sign: int, first_day: int, day: int) -> Decimal:
        """Sum the rolls that end the trading days ``first_day .. day - 1``, in pips, signed.

        Args:
            symbol: the pair.
            sign: +1 for a long, -1 for a short.
            first_day, day: trading days, days since 1970-01-01; no roll when they are the same.
        """
        total = Decimal(0)
        for ending in range(first_day, day):
            # 1970-01-01 was a Thursday, weekday 3.
            weekday = (ending + 3) % 7
            if weekday >= _SATURDAY:
                continue
            rate = self._rate(symbol, ending)
            night = self.assumed_pips if rate is None else rate.long_pips if sign > 0 else rate.short_pips
            total += night * _TRIPLE if weekday == self.triple_weekday else night
        return total

    def _rate(self, symbol: str, day: int) -> SwapRate | None:
        starts = self._starts.get(symbol)
        if starts is None:
            return None
        at = bisect_right(starts, day) - 1
        return self._by_symbol[symbol][at] if at >= 0 else None
