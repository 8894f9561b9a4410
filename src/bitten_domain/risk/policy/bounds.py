"""Hard bounds: what a figure of a policy may be, whatever a configuration says."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["require_bounds"]


def require_bounds(record: object, bounds: Mapping[str, tuple[str, str]]) -> None:
    """Refuse a record with a figure outside its bounds.

    Args:
        record: any object with the named attributes, each an int or a Decimal.
        bounds: least and greatest allowed value per attribute, both included, written as decimals.

    Raises:
        InvalidInput: names the first attribute outside, its value and its bounds.
    """
    owner = type(record).__name__
    for name, (low, high) in bounds.items():
        value = getattr(record, name)
        number = Decimal(value)
        if not number.is_finite() or not Decimal(low) <= number <= Decimal(high):
            raise InvalidInput(
                f"{name} is {value}, outside {low} to {high}",
                where=f"{owner}.{name}",
                remedy=f"choose a value from {low} to {high}",
            )
