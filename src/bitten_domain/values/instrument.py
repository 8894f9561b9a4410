"""Instruments: what can be traded, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INSTRUMENTS", "TEN_PAIRS", "Instrument", "PairGroup"]


class PairGroup(Enum):
    """How an instrument is held: core pairs trade by the common gate, extra pairs by a higher AUTO gate."""

    CORE = "core"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One currency pair's contract.

    Args:
        symbol: six letters, base then quote, such as ``EURUSD``.
        group: core or extra.
        pip: size of a pip in price, 0.0001 or 0.01.
        digits: decimals of a quoted price (a pip is ten points).
        normal_spread_pips: spread in a quiet hour, > 0.
        max_spread_pips: widest spread an order may be sent at.
        auto_gate: least score an AUTO fire needs on this pair; None when the mode's floor is enough.
        contract_size: units of the base currency in one lot.
        min_lots, max_lots, lot_step: volume bounds.
        stop_level_pips: nearest distance of stop or target from the quote the broker takes.

    `base` is the currency a BUY buys, `quote` the one price and profit are in, `tick` the smallest change of a quoted
    price, `pip_ticks` the ticks of one pip (ten for five- and three-digit quotes), `lot_pip` the worth of one pip on
    one lot in the quote currency; `normal_spread` and `max_spread` are the two spreads in price.

    Raises:
        BrokenInvariant: a bound is broken, or the pip is not a whole number of ticks.
    """

    symbol: str
    group: PairGroup
    pip: Decimal
    digits: int
    normal_spread_pips: Decimal
    max_spread_pips: Decimal
    auto_gate: Decimal | None = None
    contract_size: Decimal = Decimal(100_000)
    min_lots: Decimal = Decimal("0.01")
    max_lots: Decimal = Decimal(100)
    lot_step: Decimal = Decimal("0.01")
    stop_level_pips: Decimal = Decimal(0)
    base: str = field(init=False, repr=False, compare=False)
    quote: str = field(init=False, repr=False, compare=False)
    tick: Decimal = field(init=False, repr=False, compare=False)
    pip_ticks: int = field(init=False, repr=False, compare=False)
    lot_pip: Decimal = field(init=False, repr=False, compare=False)
    normal_spread: Decimal = field(init=False, repr=False, compare=False)
    max_spread: Decimal = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.symbol) != 6 or not self.symbol.isascii() or not self.symbol.isupper():
            raise BrokenInvariant(f"an instrument's symbol is six capital letters, got {self.symbol!r}")
        if self.pip <= 0 or self.lot_step <= 0 or not 0 < self.min_lots <= self.max_lots:
            raise BrokenInvariant(f"{self.symbol}: pip, lot step and volume bounds must be positive and ordered")
        pip_ticks = self.pip.scaleb(self.digits)
        if pip_ticks != int(pip_ticks):
            raise BrokenInvariant(f"{self.symbol}: a pip of {self.pip} is not a whole number of ticks")
        # Every price of every order asks for these, so they are worked out once.
        object.__setattr__(self, "base", self.symbol[:3])
        object.__setattr__(self, "quote", self.symbol[3:])
        object.__setattr__(self, "tick", Decimal(1).scaleb(-self.digits))
        object.__setattr__(self, "pip_ticks", int(pip_ticks))
        object.__setattr__(self, "lot_pip", self.pip * self.contract_size)
        object.__setattr__(self, "normal_spread", self.normal_spread_pips * self.pip)
        object.__setattr__(self, "max_spread", self.max_spread_pips * self.pip)

    def price(self, value: float | Decimal) -> Decimal:
        """Round a price to the tick, half to even; the only door from float64 arrays to orders."""
        exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
        return exact.quantize(self.tick, rounding=ROUND_HALF_EVEN)


def _pair(symbol: str, group: PairGroup, normal: str, widest: str) -> Instrument:
    yen = symbol.endswith("JPY")
    return Instrument(
        symbol=symbol,
        group=group,
        pip=Decimal("0.01") if yen else Decimal("0.0001"),
        digits=3 if yen else 5,
        normal_spread_pips=Decimal(normal),
        max_spread_pips=Decimal(widest),
        auto_gate=Decimal(87) if group is PairGroup.EXTRA else None,
    )


INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType(
    {
        pair.symbol: pair
        for pair in (
            _pair("EURUSD", PairGroup.CORE, "1.2", "2.0"),
            _pair("GBPUSD", PairGroup.CORE, "1.5", "3.0"),
            _pair("USDJPY", PairGroup.CORE, "1.5", "2.5"),
            _pair("USDCAD", PairGroup.CORE, "2.0", "2.5"),
            _pair("GBPJPY", PairGroup.CORE, "2.5", "4.0"),
            _pair("AUDUSD", PairGroup.EXTRA, "1.5", "3.0"),
            _pair("NZDUSD", PairGroup.EXTRA, "2.0", "3.5"),
            _pair("EURGBP", PairGroup.EXTRA, "1.5", "3.0"),
            _pair("USDCHF", PairGroup.EXTRA, "1.5", "3.0"),
            _pair("EURJPY", PairGroup.EXTRA, "2.0", "3.5"),
        )
    }
)
"""The ten pairs, by symbol, in their documented order (rules: instruments)."""

TEN_PAIRS: tuple[str, ...] = tuple(INSTRUMENTS)
"""Their symbols."""
