"""Prices: bare decimals on the instrument's tick, and the pips between them.

A price is only ever compared with prices of its own instrument, so it carries no unit of its own; the one
door from float64 arrays to a price is `Instrument.price`, which rounds to the tick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.values.instrument import Instrument

__all__ = ["pips_between"]


def pips_between(instrument: Instrument, low: Decimal, high: Decimal) -> Decimal:
    """Measure ``high - low`` in pips, signed and unrounded."""
    return (high - low) / instrument.pip
