"""Options that several commands share, and what their words mean."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

__all__ = [
    "Period",
    "add_data_options",
    "add_strategy_options",
    "as_count",
    "as_date",
    "as_money",
    "as_pairs",
    "as_seed",
    "period_of",
]

WARM_UP_DAYS = 35
"""Calendar days of bars before a run's first day: 25 market days, which the longest indicator asks for."""

_DAY = 86_400
_NOON = 43_200
_SATURDAY = 5


def as_date(text: str) -> date:
    """Read a date of 1980 to 2099 written YYYY-MM-DD."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write it as YYYY-MM-DD") from None
    if not 1980 <= day.year <= 2099:
        raise argparse.ArgumentTypeError(f"{text} is not a day of 1980 to 2099")
    return day


def as_money(text: str) -> Decimal:
    """Read an amount of money; its bounds are the settings'."""
    try:
        amount = Decimal(text.replace(",", "").replace("_", ""))
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount; write it like 10000") from None
    if not amount.is_finite() or not 100 <= amount <= 10_000_000 or amount != round(amount, 2):
        raise argparse.ArgumentTypeError(f"{text} is not within 100 and 10,000,000 USD, in cents")
    return amount


def as_pairs(text: str) -> str:
    """Read pairs separated by commas, in any case, with or without a slash; validated later, with what there is."""
    return text.upper().replace("/", "")


def as_seed(text: str) -> int:
    """Read a seed, 0 to 2**32 - 1."""
    return _whole(text, 0, 2**32 - 1)


def as_count(text: str, least: int, most: int) -> int:
    """Read a whole number within bounds."""
    return _whole(text, least, most)


def _whole(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:12]) <= most):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number within {least} and {most}")
    return int(text)


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Add where bars and news come from and how their files are read."""
    data = parser.add_argument_group("data")
    data.add_argument("--data", type=Path, metavar="DIR", help="folder of CSV, csv.gz or Parquet files, or a store")
    data.add_argument("--pairs", type=as_pairs, nargs="+", metavar="PAIR", help="only these pairs (default: all ten)")
    data.add_argument("--news", type=Path, metavar="FILE", help="calendar of releases, CSV or JSON")
    data.add_argument("--news-zone", metavar="ZONE", help="clock of the calendar; found out when left out")
    data.add_argument("--zone", help="clock of the bar files: UTC, UTC+2, EST, NY+7, EU+2 or an IANA zone")
    data.add_argument("--layout", help="generic, metatrader, histdata or dukascopy; found out when left out")
    data.add_argument("--date-order", choices=("dmy", "mdy"), help="which number of 05/04/2024 is the day")
    data.add_argument("--spread-unit", choices=("points", "pips"), help="unit of a column headed 'spread'")


def add_strategy_options(parser: argparse.ArgumentParser) -> None:
    """Add which strategies run, with which parameters."""
    chosen = parser.add_argument_group("strategies")
    chosen.add_argument("--profile", choices=("wide", "classic"), help="parameter set (default wide)")
    chosen.add_argument(
        "--strategy",
        action="append",
        metavar="NAME",
        help="only this one, built in or of an installed package; repeat it for several",
    )


@dataclass(frozen=True, slots=True)
class Period:
    """The part of the data a run is about, seconds since 1970 UTC; None leaves a side open.

    Args:
        load_from: first bar wanted, for the indicators to warm up.
        start: trading begins.
        stop: the first moment after it.
    """

    load_from: int | None
    start: int | None
    stop: int | None


def period_of(first: date | None, last: date | None) -> Period:
    """Turn trading days, both in it, into moments; a weekend stands for the next or the last trading day.

    Raises:
        InvalidInput: the last day lies before the first.
    """
    from bitten_domain.errors import InvalidInput

    if first is not None and last is not None and last < first:
        raise InvalidInput(f"{last} lies before {first}", where="--to", remedy="choose a day after --from")
    start = None if first is None else _begin(_weekday(first, forward=True))
    load_from = None if start is None else start - WARM_UP_DAYS * _DAY
    stop = None if last is None else _begin(_weekday(last, forward=False)) + _DAY
    return Period(load_from, start, stop)


def _weekday(day: date, *, forward: bool) -> date:
    step = timedelta(days=1 if forward else -1)
    while day.weekday() >= _SATURDAY:
        day += step
    return day


def _begin(day: date) -> int:
    import numpy as np

    from bitten_domain.market.clocks.fx_week import trading_day_start

    noon = (day - date(1970, 1, 1)).days * _DAY + _NOON
    return int(trading_day_start(np.array([noon], dtype=np.int64))[0])
