"""Bars to test on: seeded random walks in the hours the market is open, and real ones where they are."""

from __future__ import annotations

import gzip
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.clocks.fx_week import is_open
from bitten_domain.market.frame import SCANNED, Frame, Track, frame_of
from bitten_domain.market.indicators import Bollinger
from bitten_domain.market.studies import FrameStudies, TrackStudies, studies_of
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Column = NDArray[np.float64] | float

# Sunday 2025-02-02 22:00 UTC, the market's opening.
FIRST_OPEN = 1_738_533_600
BAR = 900


class WalkMaker(Protocol):
    def __call__(
        self, seed: int, bars: int, *, symbol: str = "EURUSD", start: float = 1.1, holes: float = 0.0
    ) -> Bars: ...

    def __hash__(self) -> int: ...


def open_quarters(first: int, count: int) -> NDArray[np.int64]:
    """List the first ``count`` quarter hours from a moment on in which the market is open."""
    weeks = count // 480 + 2
    every = first + BAR * np.arange(weeks * 672, dtype=np.int64)
    return every[is_open(every)][:count]


def _rounded(values: NDArray[np.float64], step: float) -> NDArray[np.float64]:
    return np.round(values / step) * step


@lru_cache(maxsize=64)
def _walk(seed: int, bars: int, symbol: str, start: float, holes: float) -> Bars:
    draws = np.random.default_rng(seed)
    opened = open_quarters(FIRST_OPEN, bars)
    # Volatility comes in waves and drift changes sign, so that every strategy finds something.
    calm = 1.0 + 0.8 * np.sin(np.arange(bars) / 97.0) ** 2
    drift = 0.15 * np.sin(np.arange(bars) / 211.0 + seed)
    steps = (draws.standard_normal(bars) + drift) * calm * 4e-4 * start
    close = start + np.cumsum(steps) * 0.5
    close = np.maximum(close, start / 2.0)
    open_ = np.concatenate(([start], close[:-1])) + draws.standard_normal(bars) * 2e-5 * start
    reach = np.abs(draws.standard_normal((2, bars))) * 1.5e-4 * start * calm
    high, low = np.maximum(open_, close) + reach[0], np.minimum(open_, close) - reach[1]
    volume = np.floor(draws.gamma(2.0, 150.0, bars)) + 1.0
    tick = 0.001 if symbol.endswith("JPY") else 0.00001
    kept = np.flatnonzero(draws.random(bars) >= holes)
    open_, high, low, close = (_rounded(column, tick)[kept] for column in (open_, high, low, close))
    return Bars(symbol, Timeframe.M15, opened[kept], open_, high, low, close, volume[kept])


@pytest.fixture(scope="session")
def walk() -> WalkMaker:
    """Give random walks by seed and length; the same arguments give the same bars."""

    def make(seed: int, bars: int, *, symbol: str = "EURUSD", start: float = 1.1, holes: float = 0.0) -> Bars:
        return _walk(seed, bars, symbol, start, holes)

    return make


@pytest.fixture(scope="session")
def real_m15(shared_data: Path) -> Callable[[str], Bars]:
    """Give a pair's real M15 bars, read with NumPy alone."""

    @lru_cache(maxsize=4)
    def read(symbol: str) -> Bars:
        with gzip.open(shared_data / "m15" / f"{symbol}.csv.gz", "rt") as lines:
            text = np.loadtxt(lines, dtype="U19", delimiter=",", skiprows=1)
        opened = text[:, 0].astype("datetime64[s]").astype(np.int64)
        open_, high, low, close, volume = text[:, 1:6].astype(np.float64).T.copy()
        return Bars(symbol, Timeframe.M15, opened, open_, high, low, close, volume)

    return read


class Drawing(Protocol):
    def __call__(
        self,
        bars: Bars,
        *,
        every: Mapping[str, Column] | None = None,
        m15: Mapping[str, Column] | None = None,
        h1: Mapping[str, Column] | None = None,
        usual_range: float = 0.0100,
        known_late: int = 0,
    ) -> FrameStudies: ...


CALM: Mapping[str, float] = {
    "atr": 0.0010,
    "rsi": 50.0,
    "adx": 15.0,
    "ema_fast": 1.1000,
    "ema_slow": 1.1000,
    "ema_long": 1.1000,
    "macd": 0.0,
    "volume_ratio": 1.0,
    "upper": 1.1100,
    "middle": 1.1000,
    "lower": 1.0900,
}


def _drawn_track(bars: Bars, columns: Mapping[str, Column]) -> TrackStudies:
    full = {name: np.full(len(bars), value, dtype=np.float64) for name, value in columns.items()}
    bands = Bollinger(middle=full.pop("middle"), upper=full.pop("upper"), lower=full.pop("lower"))
    return TrackStudies(bars=bars, bands=bands, **full)


_STUDIED: dict[tuple[str, int, bytes], FrameStudies] = {}


def _studied_once(bars: Bars, known_late: int) -> FrameStudies:
    """Study bars drawn by hand; most scenes stand on the same ones."""
    columns = (bars.opened, bars.open, bars.high, bars.low, bars.close, bars.volume)
    key = (bars.symbol, known_late, b"".join(column.tobytes() for column in columns))
    if key not in _STUDIED:
        frame = frame_of(INSTRUMENTS[bars.symbol], bars)
        late = Track(bars, bars.closed + known_late)
        _STUDIED[key] = studies_of(Frame(frame.instrument, (late, *frame.tracks[1:])), long_average=True)
    return _STUDIED[key]


@pytest.fixture(scope="session")
def draw() -> Drawing:
    """Give studies whose indicator columns are set by hand, on bars set by hand.

    ``every``, ``m15`` and ``h1`` override the calm columns of the scanned timeframes; ``usual_range`` is the median
    daily range; ``known_late`` makes every M15 bar known so many seconds after its close.
    """

    def make(
        bars: Bars,
        *,
        every: Mapping[str, Column] | None = None,
        m15: Mapping[str, Column] | None = None,
        h1: Mapping[str, Column] | None = None,
        usual_range: float = 0.0100,
        known_late: int = 0,
    ) -> FrameStudies:
        studies = _studied_once(bars, known_late)
        frame = studies.frame
        own = {Timeframe.M15: m15 or {}, Timeframe.H1: h1 or {}}
        scanned = {
            timeframe: _drawn_track(frame.track(timeframe).bars, {**CALM, **(every or {}), **own.get(timeframe, {})})
            for timeframe in SCANNED
        }
        day = replace(studies.day, range_median=np.full(len(studies.day.bars), usual_range))
        return replace(studies, scanned=scanned, day=day)

    return make
