"""Strategies on random walks and real bars: no future, a finite past, and both directions alike."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_apps.testkit.strategy_contract import STRATEGY_CARDS, StrategyBench
from bitten_domain.market.frame import SCANNED, frame_of
from bitten_domain.market.studies import studies_of
from bitten_domain.strategies import Candidates, Profile, Strategy, strategies_of
from bitten_domain.values import INSTRUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.conftest import WalkMaker

    from bitten_domain.market.bars import Bars, Timeframe
    from bitten_domain.market.studies import FrameStudies

EURUSD = INSTRUMENTS["EURUSD"]
SHIPPED = pytest.mark.parametrize(
    "strategy", [pytest.param(s, id=f"{p.value}-{s.name}") for p in Profile for s in strategies_of(p)]
)


def found(strategy: Strategy, bars: Bars, timeframe: Timeframe) -> Candidates:
    studies = studies_of(frame_of(EURUSD, bars), long_average=strategy.reads_long_average)
    return strategy.propose(studies, timeframe)


@pytest.fixture(scope="module")
def studied(walk: WalkMaker) -> Callable[[int], FrameStudies]:
    """Give the studies of a walk by its seed."""

    @lru_cache(maxsize=8)
    def study(seed: int) -> FrameStudies:
        return studies_of(frame_of(EURUSD, walk(seed, 3_000, holes=0.01)), long_average=True)

    return study


def same_bits(a: Candidates, b: Candidates) -> bool:
    return all(
        getattr(a, name).tobytes() == getattr(b, name).tobytes()
        for name in ("at", "bar", "direction", "entry", "stop", "target", "flat_at")
    )


@SHIPPED
@settings(max_examples=5)
@given(seed=st.integers(0, 2), cut=st.integers(0, 3_000), timeframe=st.sampled_from(SCANNED))
def test_given_any_cut_when_the_future_is_gone_then_the_past_is_the_same_bit_for_bit(
    walk: WalkMaker,
    studied: Callable[[int], FrameStudies],
    strategy: Strategy,
    seed: int,
    cut: int,
    timeframe: Timeframe,
) -> None:
    if timeframe not in strategy.timeframes:
        timeframe = strategy.timeframes[0]
    bars = walk(seed, 3_000, holes=0.01)
    whole = strategy.propose(studied(seed), timeframe)
    part = bars.rows(slice(0, cut))
    known = whole.where(whole.at <= (int(part.closed[-1]) if cut else 0))

    assert same_bits(found(strategy, part, timeframe), known)


@SHIPPED
def test_given_a_walk_when_searched_then_both_directions_are_found(
    studied: Callable[[int], FrameStudies], strategy: Strategy
) -> None:
    sides = [
        side for seed in range(2) for side in strategy.propose(studied(seed), strategy.timeframes[0]).direction.tolist()
    ]

    assert set(sides) == {-1, 1}


@SHIPPED
def test_given_mirrored_prices_when_searched_then_buys_become_sells(walk: WalkMaker, strategy: Strategy) -> None:
    bars = walk(1, 3_000)
    around = 2.2
    mirrored = replace(
        bars, open=around - bars.open, high=around - bars.low, low=around - bars.high, close=around - bars.close
    )

    for timeframe in strategy.timeframes:
        plain, other = (found(strategy, b, timeframe) for b in (bars, mirrored))
        order = np.lexsort((other.direction, other.at))
        other = other.where(order)
        assert other.at.tolist() == plain.at.tolist()
        assert (-other.direction).tolist() == plain.direction.tolist()
        for name in ("entry", "stop", "target"):
            np.testing.assert_allclose(around - getattr(other, name), getattr(plain, name), atol=1e-9)
        assert other.flat_at.tolist() == plain.flat_at.tolist()


@pytest.mark.parametrize(
    ("strategy", "symbol"),
    list(zip(strategies_of(Profile.WIDE), ("GBPUSD", "USDJPY", "EURGBP"), strict=True)),
    ids=["breakout", "reversion", "momentum"],
)
def test_given_real_bars_when_the_contract_is_checked_then_a_shipped_strategy_keeps_it(
    real_m15: Callable[[str], Bars], strategy: Strategy, symbol: str
) -> None:
    for card in STRATEGY_CARDS[3:]:
        card.check(StrategyBench(strategy, INSTRUMENTS[symbol], real_m15(symbol), cuts=2))
