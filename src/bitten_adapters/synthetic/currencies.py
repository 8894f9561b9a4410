"""What drives each currency of the synthetic market, as data.

A currency's value is the product of its own shocks and of its share in three common ones; a pair is the ratio of two
values, so crosses always agree with the pairs they are made of. The figures give the ten pairs the daily ranges and
the signs of correlation that major pairs usually have; they are fitted to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["COMMON_FACTORS", "CURRENCIES", "Currency"]

COMMON_FACTORS: tuple[str, ...] = ("risk appetite", "europe", "pacific")
"""Shocks that several currencies share, in the order of `Currency.common`."""


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency's value and what moves it.

    Args:
        code: three letters.
        value: worth in units of a common measure at the start, > 0.
        own: standard deviation of its own daily shock, in percent.
        common: percent it moves in a day by one standard deviation of each common factor.
        activity: how much its volatility rises while Tokyo, London, New York, Sydney are open; quiet hours have 0.35.
    """

    code: str
    value: float
    own: float
    common: tuple[float, float, float]
    activity: tuple[float, float, float, float]


CURRENCIES: tuple[Currency, ...] = (
    Currency("EUR", 1.09, 0.20, (0.03, 0.30, 0.0), (0.15, 0.75, 0.55, 0.05)),
    Currency("GBP", 1.27, 0.28, (0.08, 0.22, 0.0), (0.12, 0.85, 0.55, 0.05)),
    Currency("JPY", 1 / 150, 0.42, (-0.25, 0.0, 0.0), (0.55, 0.45, 0.50, 0.15)),
    Currency("CHF", 1.13, 0.20, (-0.12, 0.30, 0.0), (0.15, 0.75, 0.50, 0.05)),
    Currency("CAD", 0.73, 0.25, (0.10, 0.0, 0.12), (0.10, 0.35, 0.90, 0.05)),
    Currency("AUD", 0.66, 0.22, (0.22, 0.0, 0.32), (0.50, 0.40, 0.50, 0.30)),
    Currency("NZD", 0.61, 0.25, (0.18, 0.0, 0.32), (0.40, 0.40, 0.50, 0.40)),
    Currency("USD", 1.0, 0.33, (-0.15, 0.0, 0.0), (0.30, 0.55, 0.75, 0.10)),
)
"""The eight currencies of the ten pairs."""
