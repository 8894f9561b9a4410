"""Conversion: what one unit of a currency is worth in another, from the pairs' mid prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.values import Instrument

__all__ = ["conversion_rate", "pip_value"]

_ZERO = Decimal(0)
_ONE = Decimal(1)
_BRIDGE = "USD"


def conversion_rate(currency: str, into: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    """Find the worth of one unit of a currency in another: directly, by the inverse pair, or through USD.

    Args:
        currency, into: three letters each.
        rates: mid prices by symbol, such as ``{"USDJPY": Decimal("150")}``; one that is not positive counts as absent.

    Returns:
        The rate, > 0, unrounded; None when the mapping does not tell.
    """
    if currency == into:
        return _ONE
    found = _one_step(currency, into, rates)
    if found is not None or currency == _BRIDGE or into == _BRIDGE:
        return found
    first = _one_step(currency, _BRIDGE, rates)
    second = _one_step(_BRIDGE, into, rates)
    return None if first is None or second is None else first * second


def _one_step(currency: str, into: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    direct = rates.get(currency + into)
    if direct is not None and direct > _ZERO:
        return direct
    inverse = rates.get(into + currency)
    return _ONE / inverse if inverse is not None and inverse > _ZERO else None


def pip_value(instrument: Instrument, account_currency: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    """Find the worth of one pip on one lot, in the account's currency, unrounded.

    Args:
        instrument: the pair's contract.
        account_currency: three letters.
        rates: mid prices by symbol.

    Returns:
        The worth, > 0; None when no rate converts the pair's quote currency.
    """
    rate = conversion_rate(instrument.quote, account_currency, rates)
    return None if rate is None else instrument.lot_pip * rate
