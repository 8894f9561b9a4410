"""Cross-asset context against NumPy on the same returns, and that it is a function of a finite window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.clocks.fx_week import is_open
from bitten_domain.market.cross_assets import CORRELATION_RETURNS, CrossAssets, cross_assets, grid_hours_needed
from bitten_domain.market.frame import Frame, frame_of
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.unit.conftest import WalkMaker

SYMBOLS = ("EURUSD", "GBPUSD", "USDJPY", "EURGBP", "AUDUSD", "EURJPY")
BARS = 1_300
HOUR = 3_600


@pytest.fixture(scope="module")
def frames(walk: WalkMaker) -> dict[str, Frame]:
    # One common walk in all of them, so that some are strongly correlated.
    shared = walk(50, BARS)
    made = {}
    for number, symbol in enumerate(SYMBOLS):
        own = walk(number, BARS, start=1.1)
        weight = (0.9, 0.8, -0.7, 0.1, 0.6, 0.3)[number]
        move = 1.0 + weight * (shared.close / shared.close[0] - 1.0) + (1.0 - abs(weight)) * (own.close / 1.1 - 1.0)
        close = 1.25 * move
        made[symbol] = frame_of(
            INSTRUMENTS[symbol],
            Bars(symbol, Timeframe.M15, own.opened, close, close * 1.0001, close * 0.9999, close, own.volume),
        )
    return made


@pytest.fixture(scope="module")
def market(frames: dict[str, Frame]) -> CrossAssets:
    base = frames["EURUSD"].base
    return cross_assets(frames, int(base.opened[0]), int(base.closed[-1]) // HOUR * HOUR)


@pytest.fixture(scope="module")
def returns(frames: dict[str, Frame], market: CrossAssets) -> NDArray[np.float64]:
    rows = []
    for frame in frames.values():
        by_close = {
            int(closed): float(close)
            for closed, close in zip(frame.base.closed, frame.base.close, strict=True)
            if closed % HOUR == 0
        }
        closes = np.array([by_close[int(hour)] for hour in market.hour])
        rows.append(closes[1:] / closes[:-1] - 1.0)
    return np.array(rows)


def test_given_hours_when_gridded_then_only_open_ones_are_there(market: CrossAssets) -> None:
    assert bool(np.all(is_open(market.hour - HOUR)))
    assert len(market.hour) == BARS // 4


def test_given_fifty_returns_when_correlated_then_numpy_finds_the_same(
    market: CrossAssets, returns: NDArray[np.float64]
) -> None:
    for at in (CORRELATION_RETURNS, 120, 200, len(market.hour) - 1):
        expected = np.corrcoef(returns[:, at - CORRELATION_RETURNS : at])
        assert market.correlation[:, :, at] == pytest.approx(expected, abs=1e-9)


def test_given_fewer_than_fifty_returns_when_correlated_then_nothing_is_known(market: CrossAssets) -> None:
    assert np.isnan(market.correlation[:, :, CORRELATION_RETURNS - 1]).all()
    assert np.isnan(market.strength[:, CORRELATION_RETURNS - 1]).all()
    assert market.correlations_at(int(market.hour[10])) is None


def test_given_a_day_when_strength_is_read_then_the_own_pair_is_left_out(
    market: CrossAssets, returns: NDArray[np.float64]
) -> None:
    at = 150
    window = returns[:, at - CORRELATION_RETURNS : at]
    moves = dict(zip(SYMBOLS, returns[:, at - 24 : at].sum(axis=1) / (window.std(axis=1) * 24**0.5), strict=True))
    # EURUSD, without itself: the euro against pound and yen, the dollar against pound, yen and Australian dollar.
    euro = (moves["EURGBP"] + moves["EURJPY"]) / 2
    dollar = (-moves["GBPUSD"] + moves["USDJPY"] - moves["AUDUSD"]) / 3

    assert market.strength[0, at] == pytest.approx(euro - dollar, abs=1e-9)


def test_given_strong_peers_when_their_move_is_read_then_it_is_signed_by_the_correlation(
    market: CrossAssets, returns: NDArray[np.float64]
) -> None:
    spoken = 0
    for at in range(CORRELATION_RETURNS, len(market.hour)):
        window = returns[:, at - CORRELATION_RETURNS : at]
        rho: NDArray[np.float64] = np.asarray(np.corrcoef(window))
        moves = returns[:, at - 4 : at].sum(axis=1) / (window.std(axis=1) * 2.0)
        peers = [j for j in range(1, len(SYMBOLS)) if abs(rho[0, j]) >= 0.7]
        spoken += bool(peers)
        expected = float(np.mean([np.sign(rho[0, j]) * moves[j] for j in peers])) if peers else 0.0
        assert market.peer_move[0, at] == pytest.approx(expected, abs=1e-9)
    assert spoken > 20


def test_given_a_regime_when_it_is_read_then_it_is_the_change_of_the_mean_in_a_day(
    market: CrossAssets, returns: NDArray[np.float64]
) -> None:
    def mean_at(at: int) -> float:
        rho = np.abs(np.corrcoef(returns[:, at - CORRELATION_RETURNS : at]))
        return float(rho[np.triu_indices(len(SYMBOLS), 1)].mean())

    assert market.mean_correlation[180] == pytest.approx(mean_at(180), abs=1e-9)
    assert market.regime_change[180] == pytest.approx(mean_at(180) - mean_at(156), abs=1e-9)


def test_given_the_dollar_when_read_then_each_pair_counts_in_its_direction(
    market: CrossAssets, returns: NDArray[np.float64]
) -> None:
    at = 100
    deviation = returns[:, at - CORRELATION_RETURNS : at].std(axis=1) * 24**0.5
    eurusd, gbpusd, usdjpy, _, audusd, eurjpy = (returns[:, at - 24 : at].sum(axis=1) / deviation).tolist()

    assert market.dollar[at] == pytest.approx((usdjpy - eurusd - gbpusd - audusd) / 4, abs=1e-9)
    assert market.risk_appetite[at] == pytest.approx((audusd + eurjpy) / 2, abs=1e-9)


def test_given_a_short_grid_when_the_newest_hour_is_read_then_it_has_the_bits_of_the_full_history(
    frames: dict[str, Frame], market: CrossAssets
) -> None:
    for at in (grid_hours_needed(), 170, len(market.hour) - 1):
        stop = int(market.hour[at])
        start = int(market.hour[at - grid_hours_needed()])
        live = cross_assets(frames, start, stop)
        assert int(live.hour[-1]) == stop
        for name in ("correlation", "strength", "peer_move", "mean_correlation", "regime_change", "dollar"):
            found, expected = getattr(live, name)[..., -1], getattr(market, name)[..., at]
            assert np.ascontiguousarray(found).tobytes() == np.ascontiguousarray(expected).tobytes(), name
            assert not np.isnan(found).any()


def test_given_a_later_hour_when_it_is_added_then_earlier_ones_stay(
    frames: dict[str, Frame], market: CrossAssets
) -> None:
    earlier = cross_assets(frames, int(market.hour[0]) - HOUR, int(market.hour[200]))

    assert earlier.strength.tobytes() == np.ascontiguousarray(market.strength[:, :201]).tobytes()


def test_given_a_moment_within_an_hour_when_asked_then_only_whole_hours_are_known(market: CrossAssets) -> None:
    hour = int(market.hour[80])

    assert market.known(np.array([hour - 1, hour, hour + 1, int(market.hour[0]) - 1])).tolist() == [79, 80, 80, -1]
    found = market.correlations_at(hour + 5)
    assert found is not None
    assert found["EURUSD", "GBPUSD"] == found["GBPUSD", "EURUSD"] == market.correlation[0, 1, 80]


def test_given_a_pair_without_a_bar_in_an_hour_when_gridded_then_its_return_is_zero(frames: dict[str, Frame]) -> None:
    base = frames["GBPUSD"].base
    silent = (base.opened >= base.opened[400]) & (base.opened < base.opened[420])
    kept = Bars("GBPUSD", Timeframe.M15, *(getattr(base, name)[~silent] for name in
                ("opened", "open", "high", "low", "close", "volume")))  # fmt: skip
    holed = frames | {"GBPUSD": frame_of(INSTRUMENTS["GBPUSD"], kept)}
    market = cross_assets(holed, int(base.opened[0]), int(base.closed[-1]) // HOUR * HOUR)

    assert len(market.hour) == BARS // 4
    assert not np.isnan(market.correlation[:, :, CORRELATION_RETURNS:]).any()


def test_given_no_hours_when_gridded_then_all_is_empty(frames: dict[str, Frame]) -> None:
    nothing = cross_assets(frames, 0, 0)

    assert len(nothing.hour) == 0
    assert nothing.correlations_at(0) is None
