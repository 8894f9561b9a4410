"""Cross-asset context: how the pairs move together, which currencies are strong, whether the regime changed.

Everything is read on an hourly grid of market-open hours. A pair that printed no bar in an hour keeps its last close
(its return is zero there), so that the grid needs no bar of any single pair. Windows are finite (see `windowed`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.fx_week import is_open
from bitten_domain.market.windowed import rolling_sum

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bitten_domain.market.frame import Frame

__all__ = ["CORRELATION_RETURNS", "CrossAssets", "HourCorrelations", "cross_assets", "grid_hours_needed"]

CORRELATION_RETURNS = 50
"""Hourly returns in a correlation."""

_HOUR = 3_600
_STRENGTH_HOURS = 24
_PEER_HOURS = 4
_REGIME_HOURS = 24
_STRONG = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class CrossAssets:
    """The market on its hourly grid: p pairs, g hours.

    Args:
        symbols: the pairs, in the order of the rows.
        hour: shape (g,), end of each hour, seconds since 1970 UTC.
        correlation: shape (p, p, g), correlation of the last 50 hourly returns, NaN before there are 50.
        strength: shape (p, g), strength of a pair's base over its quote currency in the last 24 hours as the *other*
            pairs show it, in standard deviations; NaN before 50 returns.
        peer_move: shape (p, g), mean move in the last 4 hours of the pairs correlated with it at 0.7 or more (signed
            by the correlation), in standard deviations; 0 where it has no such peer.
        mean_correlation: shape (g,), mean absolute correlation of all pairs.
        regime_change: shape (g,), its change in the last 24 hours.
        dollar: shape (g,), move of the dollar in the last 24 hours over its pairs, in standard deviations.
        risk_appetite: shape (g,), move of AUD and NZD against USD and of the yen crosses in the last 24 hours,
            likewise.
    """

    symbols: tuple[str, ...]
    hour: NDArray[np.int64]
    correlation: NDArray[np.float64]
    strength: NDArray[np.float64]
    peer_move: NDArray[np.float64]
    mean_correlation: NDArray[np.float64]
    regime_change: NDArray[np.float64]
    dollar: NDArray[np.float64]
    risk_appetite: NDArray[np.float64]

    def known(self, moments: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the newest complete hour at each moment; -1 where there is none."""
        found: NDArray[np.int64] = np.searchsorted(self.hour, moments, side="right").astype(np.int64) - 1
        return found

    def correlations_at(self, moment: int) -> HourCorrelations | None:
        """Look at all pairwise correlations known at a moment; None where there are none yet."""
        at = int(np.searchsorted(self.hour, moment, side="right")) - 1
        if at < 0 or bool(np.isnan(self.correlation[..., at]).all()):
            return None
        return HourCorrelations(_rows(self.symbols), self.correlation[..., at])


@lru_cache(maxsize=8)
def _rows(symbols: tuple[str, ...]) -> Mapping[str, int]:
    return {symbol: row for row, symbol in enumerate(symbols)}


class HourCorrelations(Mapping[tuple[str, str], float]):
    """Correlations of one hour by (symbol, symbol), read only where they are asked for; unknown ones are absent.

    Args:
        rows: position of each symbol in the matrix.
        matrix: shape (p, p).
    """

    __slots__ = ("_matrix", "_rows")

    def __init__(self, rows: Mapping[str, int], matrix: NDArray[np.float64]) -> None:
        self._rows, self._matrix = rows, matrix

    def __getitem__(self, key: tuple[str, str]) -> float:
        first, second = key
        value = float(self._matrix.item(self._rows[first], self._rows[second]))
        if value != value:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((first, second) for first in self._rows for second in self._rows if first != second)

    def __len__(self) -> int:
        return len(self._rows) * (len(self._rows) - 1)


def grid_hours_needed() -> int:
    """Count the grid hours that make the newest hour's columns complete."""
    return CORRELATION_RETURNS + _REGIME_HOURS + 2


def cross_assets(frames: Mapping[str, Frame], start: int, stop: int) -> CrossAssets:
    """Read the market's hours that end in ``(start, stop]``.

    Args:
        frames: the pairs' frames; the order is kept.
        start, stop: seconds since 1970 UTC, whole hours.
    """
    symbols = tuple(frames)
    ends = np.arange(start + _HOUR, stop + 1, _HOUR, dtype=np.int64)
    hour = ends[is_open(ends - _HOUR)]
    pairs = [_returns(frames[symbol], hour) for symbol in symbols]
    returns = np.stack([column for column, _ in pairs]) if symbols else np.zeros((0, len(hour)))
    correlation, deviation = _correlations(returns, [first + CORRELATION_RETURNS for _, first in pairs])
    with np.errstate(invalid="ignore", divide="ignore"):
        day_move = rolling_sum(returns, _STRENGTH_HOURS) / (deviation * np.sqrt(float(_STRENGTH_HOURS)))
        short_move = rolling_sum(returns, _PEER_HOURS) / (deviation * np.sqrt(float(_PEER_HOURS)))
    mean = _mean_absolute(correlation)
    change = np.full(len(hour), np.nan)
    change[_REGIME_HOURS:] = mean[_REGIME_HOURS:] - mean[:-_REGIME_HOURS]
    return CrossAssets(
        symbols=symbols,
        hour=hour,
        correlation=correlation,
        strength=np.stack([_strength(symbols, row, day_move) for row in range(len(symbols))]),
        peer_move=_peer_moves(correlation, short_move),
        mean_correlation=mean,
        regime_change=change,
        dollar=_mean_move(
            [(row, 1.0 if s.startswith("USD") else -1.0) for row, s in enumerate(symbols) if "USD" in s], day_move
        ),
        risk_appetite=_mean_move(
            [(row, 1.0) for row, s in enumerate(symbols) if s in {"AUDUSD", "NZDUSD", "GBPJPY", "EURJPY"}], day_move
        ),
    )


def _returns(frame: Frame, hour: NDArray[np.int64]) -> tuple[NDArray[np.float64], int]:
    """Read a pair's hourly returns, nought where there is none, and the first hour it was quoted by."""
    track = frame.track(Timeframe.H1)
    at = track.last_known(hour)
    quoted = at >= 0
    close = np.full(len(hour), np.nan)
    close[quoted] = track.bars.close[at[quoted]]
    out = np.zeros(len(hour))
    out[1:] = close[1:] / close[:-1] - 1.0
    out[np.isnan(out)] = 0.0
    return out, int(np.argmax(quoted)) if quoted.any() else len(hour)


def _correlations(
    returns: NDArray[np.float64], whole_from: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Correlate all rows over the last 50 columns, and give each row's standard deviation.

    Args:
        returns: shape (p, n).
        whole_from: position from which on each row's window holds returns only; the first hour of a pair has none.
    """
    pairs, hours = returns.shape
    n = CORRELATION_RETURNS
    total = rolling_sum(returns, n)
    squares = rolling_sum(returns * returns, n)
    spread = np.maximum(squares - total * total / n, 0.0)
    early = np.arange(hours) < np.array(whole_from, dtype=np.int64)[:, None]
    correlation = np.full((pairs, pairs, hours), np.nan)
    for i in range(pairs):
        products = rolling_sum(returns[i] * returns[i + 1 :], n)
        covariance = products - total[i] * total[i + 1 :] / n
        scale = np.sqrt(spread[i] * spread[i + 1 :])
        with np.errstate(invalid="ignore", divide="ignore"):
            rho = np.where(scale > 0.0, np.clip(covariance / scale, -1.0, 1.0), 0.0)
        rho[early[i] | early[i + 1 :]] = np.nan
        correlation[i, i + 1 :] = rho
        correlation[i + 1 :, i] = rho
        correlation[i, i, ~early[i]] = 1.0
    deviation = np.sqrt(spread / n)
    deviation[early] = np.nan
    return correlation, deviation


def _mean_absolute(correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    pairs, _, hours = correlation.shape
    total = np.zeros(hours)
    count = 0
    for i in range(pairs):
        for j in range(i + 1, pairs):
            total = total + np.abs(correlation[i, j])
            count += 1
    return total / count if count else np.full(hours, np.nan)


def _mean_move(members: Sequence[tuple[int, float]], moves: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.zeros(moves.shape[-1])
    for row, weight in members:
        total = total + weight * np.where(np.isnan(moves[row]), 0.0, moves[row])
    return total / len(members) if members else total


def _strength(symbols: tuple[str, ...], own: int, moves: NDArray[np.float64]) -> NDArray[np.float64]:
    legs: list[NDArray[np.float64]] = []
    for currency in (symbols[own][:3], symbols[own][3:]):
        members = [
            (row, 1.0 if symbol[:3] == currency else -1.0)
            for row, symbol in enumerate(symbols)
            if row != own and currency in (symbol[:3], symbol[3:])
        ]
        legs.append(_mean_move(members, moves))
    known = ~np.isnan(moves[own])
    return np.where(known, legs[0] - legs[1], np.nan)


def _peer_moves(correlation: NDArray[np.float64], moves: NDArray[np.float64]) -> NDArray[np.float64]:
    pairs, _, hours = correlation.shape
    out = np.zeros((pairs, hours))
    for i in range(pairs):
        total, count = np.zeros(hours), np.zeros(hours)
        for j in range(pairs):
            if i == j:
                continue
            with np.errstate(invalid="ignore"):
                strong = np.abs(correlation[i, j]) >= _STRONG
            signed = np.sign(correlation[i, j]) * moves[j]
            total = total + np.where(strong & ~np.isnan(signed), signed, 0.0)
            count = count + strong
        out[i] = np.where(count > 0.0, total / np.maximum(count, 1.0), 0.0)
    return out
