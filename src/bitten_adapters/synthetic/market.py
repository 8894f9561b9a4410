"""A synthetic market: ten pairs that move as FX does, made of a seed and nothing else.

It has what the rest of the system must cope with: sessions, clusters of volatility, fat tails, jumps at releases,
weekend gaps, spreads that widen, crosses that agree. It has no trend and no memory of direction, so no strategy has an
edge in it, by construction. Everything made here is labelled SYNTHETIC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from bitten_adapters.synthetic.currencies import COMMON_FACTORS, CURRENCIES
from bitten_adapters.synthetic.draws import normals, uniforms
from bitten_adapters.synthetic.releases import Release, releases_between
from bitten_domain.errors import InvalidInput
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.clocks.fx_week import is_open, trading_day
from bitten_domain.market.clocks.sessions import SessionFlags, session_flags
from bitten_domain.market.clocks.zones import NEW_YORK, local_seconds
from bitten_domain.values import INSTRUMENTS, Instrument
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["LABEL", "MOST_MARKET_DAYS", "SyntheticMarket", "synthetic_market"]

LABEL = "SYNTHETIC"
"""What every figure made from this market is shown with."""

MOST_MARKET_DAYS = 2_600
"""Ten years, about 1 GB of work space."""

_DAY = 86_400
_BAR = Timeframe.M15.seconds
_STEPS = 15
_STEPS_A_DAY = _STEPS * _DAY // _BAR

_STREAM_SHOCK, _STREAM_GAP, _STREAM_GAP_SIZE, _STREAM_SPREAD, _STREAM_VOLUME = range(5)

# GARCH(1, 1) per factor and bar, unit variance in the long run, half-life about 70 bars.
_NEWS_OF_BAR = 0.06
_MEMORY = 0.93
_LONG_RUN = 1.0 - _NEWS_OF_BAR - _MEMORY

_QUIET = 0.35
_GAP_OF_DAY = 0.35
_WIDE_GAP = 4.0
_AFTER_HIGH = (2.2, 1.6, 1.3, 1.15)
_AFTER_MEDIUM = (1.4, 1.2)


@dataclass(frozen=True, slots=True, eq=False)
class SyntheticMarket:
    """What a seed makes.

    Args:
        seed: it was made from.
        bars: M15 bid bars with measured spreads of the ten pairs, by symbol; the same times for all.
        releases: the made-up calendar of the same period, oldest first; complete for all impacts.
        start, stop: the period ``[start, stop)``, seconds since 1970 UTC.
        label: always `LABEL`.
    """

    seed: int
    bars: Mapping[str, Bars]
    releases: tuple[Release, ...]
    start: int
    stop: int
    label: str = LABEL


def synthetic_market(seed: int, start_day: date, market_days: int) -> SyntheticMarket:
    """Make the ten pairs and their calendar.

    Args:
        seed: >= 0; the same seed and start day give the same market on every machine, and more market days repeat
            the ones before.
        start_day: first trading day; a Saturday or Sunday means the Monday after.
        market_days: number of trading days, 1 to `MOST_MARKET_DAYS`.

    Raises:
        InvalidInput: an argument is out of its bounds.
    """
    if seed < 0:
        raise InvalidInput(f"a seed is 0 or more, got {seed}", where="seed")
    if not 1 <= market_days <= MOST_MARKET_DAYS:
        raise InvalidInput(f"market days are 1 to {MOST_MARKET_DAYS}, got {market_days}", where="market_days")
    opened = _bar_times(start_day, market_days)
    start, stop = int(opened[0]), int(opened[-1]) + _BAR
    releases = releases_between(seed, start_day, start, stop)
    flags = session_flags(opened)
    paths = _currency_paths(seed, opened, flags, releases)
    noise = uniforms(seed, _STREAM_SPREAD, len(opened), len(INSTRUMENTS))
    crowd = uniforms(seed, _STREAM_VOLUME, len(opened), len(INSTRUMENTS))
    bars = {
        instrument.symbol: _pair(instrument, opened, flags, paths, releases, noise[:, number], crowd[:, number])
        for number, instrument in enumerate(INSTRUMENTS.values())
    }
    return SyntheticMarket(seed, MappingProxyType(bars), releases, start, stop)


def _bar_times(start_day: date, market_days: int) -> NDArray[np.int64]:
    first = (start_day - date(1970, 1, 1)).days
    last = first + market_days * 7 // 5 + 9
    grid = np.arange((first - 2) * _DAY, last * _DAY, _BAR, dtype=np.int64)
    grid = grid[is_open(grid)]
    days = trading_day(grid)
    wanted = np.unique(days[days >= first])[:market_days]
    opened: NDArray[np.int64] = grid[(days >= first) & (days <= wanted[-1])]
    return opened


def _currency_paths(
    seed: int, opened: NDArray[np.int64], flags: SessionFlags, releases: tuple[Release, ...]
) -> dict[str, NDArray[np.float64]]:
    """Walk each currency's value; shape (n, 16): at the open of each bar and after each of its fifteen minutes."""
    n = len(opened)
    factors = len(CURRENCIES) + len(COMMON_FACTORS)
    shocks = normals(seed, _STREAM_SHOCK, n, _STEPS * factors).reshape(n, _STEPS, factors)
    spread_of_factor = _clustered(shocks)
    gap_rows = np.flatnonzero(np.diff(opened, prepend=opened[0] - _BAR) > _BAR)
    gaps = normals(seed, _STREAM_GAP, len(gap_rows), len(CURRENCIES))
    gaps = gaps * np.where(uniforms(seed, _STREAM_GAP_SIZE, len(gap_rows), len(CURRENCIES)) < 0.1, _WIDE_GAP, 1.0)
    centres = (flags.tokyo, flags.london, flags.new_york, flags.sydney)
    step_scale = 0.01 / np.sqrt(float(_STEPS_A_DAY))
    paths: dict[str, NDArray[np.float64]] = {}
    for number, currency in enumerate(CURRENCIES):
        activity = np.full(n, _QUIET)
        for weight, centre in zip(currency.activity, centres, strict=True):
            activity = activity + weight * centre
        activity = activity * _excitement(currency.code, opened, releases)
        moves = (currency.own * spread_of_factor[:, number])[:, None] * shocks[:, :, number]
        for common, share in enumerate(currency.common, start=len(CURRENCIES)):
            if share:
                moves = moves + (share * spread_of_factor[:, common])[:, None] * shocks[:, :, common]
        growth = np.ones((n, _STEPS + 1))
        growth[:, 1:] += (activity * step_scale)[:, None] * moves
        growth[gap_rows, 0] += gaps[:, number] * (0.01 * _GAP_OF_DAY * currency.own)
        for row, size in _jumps(currency.code, opened, releases):
            growth[row, 1] += size
        # A running product, not exp of a running sum: multiplication is the same on every processor.
        level = np.asarray(np.cumprod(growth.ravel()), dtype=np.float64).reshape(n, _STEPS + 1)
        paths[currency.code] = level * currency.value
    return paths


def _clustered(shocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each bar and factor the standard deviation its past calls for; shape (n, factors)."""
    whole = shocks[:, 0, :].copy()
    for step in range(1, _STEPS):
        whole += shocks[:, step, :]
    feed = _NEWS_OF_BAR * (whole * whole) / float(_STEPS) + _MEMORY
    variance = np.ones_like(feed)
    for row in range(1, len(feed)):
        variance[row] = _LONG_RUN + feed[row - 1] * variance[row - 1]
    return np.sqrt(variance)


def _rows_of(opened: NDArray[np.int64], at: int) -> int:
    return int(np.searchsorted(opened, at, side="right")) - 1


def _excitement(code: str, opened: NDArray[np.int64], releases: tuple[Release, ...]) -> NDArray[np.float64]:
    factor = np.ones(len(opened))
    for release in releases:
        if release.series.currency != code or release.series.effective_impact is Impact.LOW:
            continue
        row = _rows_of(opened, release.at)
        after = _AFTER_HIGH if release.series.effective_impact is Impact.HIGH else _AFTER_MEDIUM
        for later, size in enumerate(after[: len(opened) - row]):
            factor[row + later] = max(float(factor[row + later]), size)
    return factor


def _jumps(code: str, opened: NDArray[np.int64], releases: tuple[Release, ...]) -> list[tuple[int, float]]:
    return [
        (_rows_of(opened, release.at), release.surprise * abs(release.series.jump) * 0.01)
        for release in releases
        if release.series.currency == code and release.series.jump
    ]


def _pair(
    instrument: Instrument,
    opened: NDArray[np.int64],
    flags: SessionFlags,
    paths: Mapping[str, NDArray[np.float64]],
    releases: tuple[Release, ...],
    noise: NDArray[np.float64],
    crowd: NDArray[np.float64],
) -> Bars:
    points = 10.0**instrument.digits
    path = np.rint(paths[instrument.base] / paths[instrument.quote] * points)
    high, low = path.max(axis=1), path.min(axis=1)
    range_pips = (high - low) / 10.0
    return Bars(
        symbol=instrument.symbol,
        timeframe=Timeframe.M15,
        opened=opened,
        open=path[:, 0] / points,
        high=high / points,
        low=low / points,
        close=path[:, -1] / points,
        volume=np.floor(1.0 + (40.0 + 90.0 * range_pips) * (0.6 + 0.8 * crowd)),
        spread_pips=_spreads(instrument, opened, flags, releases, noise),
    )


def _spreads(
    instrument: Instrument,
    opened: NDArray[np.int64],
    flags: SessionFlags,
    releases: tuple[Release, ...],
    noise: NDArray[np.float64],
) -> NDArray[np.float64]:
    factor = np.where(flags.london | flags.new_york, 0.75, 0.95)
    factor = np.where(flags.sydney & ~flags.tokyo & ~flags.london & ~flags.new_york, 1.6, factor)
    into_day = local_seconds(NEW_YORK, opened) % _DAY
    # The bars that touch 16:55 to 17:30 New York.
    factor = np.where((into_day >= 16.75 * 3_600) & (into_day < 17.5 * 3_600), 4.0, factor)
    gap_rows = np.flatnonzero(np.diff(opened, prepend=opened[0] - _BAR) > _BAR)
    for row in gap_rows.tolist():
        factor[row : row + 4] = np.maximum(factor[row : row + 4], 2.8)
    for release in releases:
        if release.series.effective_impact is Impact.HIGH and release.series.currency in {
            instrument.base,
            instrument.quote,
        }:
            row = _rows_of(opened, release.at)
            factor[row] = max(float(factor[row]), 3.0)
    tenths = np.rint(factor * float(instrument.normal_spread_pips) * (0.8 + 0.4 * noise) * 10.0)
    return np.maximum(tenths, 1.0) / 10.0
