"""Pivots and round numbers on hand-drawn bars and against a naive search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.levels import PIVOT_WING, Pivots, pivots_of, round_levels

if TYPE_CHECKING:
    from tests.unit.conftest import WalkMaker

ROWS = st.lists(st.integers(-1, 320), min_size=1, max_size=6)


def naive_highs(high: list[float]) -> list[int]:
    return [
        at
        for at in range(PIVOT_WING, len(high) - PIVOT_WING)
        if all(high[at] > high[at - k] and high[at] >= high[at + k] for k in range(1, PIVOT_WING + 1))
    ]


@given(seed=st.integers(0, 30), n=st.integers(0, 300))
def test_given_any_bars_when_pivots_are_sought_then_a_naive_search_finds_the_same(
    walk: WalkMaker, seed: int, n: int
) -> None:
    bars = walk(seed, 300).rows(slice(0, n))
    highs, lows = pivots_of(bars)

    assert highs.position.tolist() == naive_highs(bars.high.tolist())
    assert lows.position.tolist() == naive_highs((-bars.low).tolist())
    assert highs.price.tolist() == bars.high[highs.position].tolist()
    assert lows.price.tolist() == bars.low[lows.position].tolist()


def test_given_two_equal_tops_within_a_wing_when_pivots_are_sought_then_the_first_counts() -> None:
    high = np.array([1.0] * 5 + [2.0, 1.5, 2.0] + [1.0] * 6)
    opened = 900 * np.arange(len(high), dtype=np.int64)
    highs, lows = pivots_of(Bars("EURUSD", Timeframe.M15, opened, high, high, high - 1.0, high, high))

    assert highs.position.tolist() == [5]
    assert len(lows.position) == 0


@given(seed=st.integers(0, 9), rows=ROWS)
def test_given_a_bar_when_newest_pivots_are_asked_then_only_confirmed_ones_are_given(
    walk: WalkMaker, seed: int, rows: list[int]
) -> None:
    highs, _ = pivots_of(walk(seed, 320))
    price, position = highs.newest(np.array(rows, dtype=np.int64), 4)

    for line, row in enumerate(rows):
        known = [int(at) for at in highs.position if at + PIVOT_WING <= row][::-1][:4]
        assert position[line].tolist() == known + [-1] * (4 - len(known))
        assert np.isnan(price[line]).sum() == 4 - len(known)


@given(seed=st.integers(0, 9), rows=ROWS, tolerance=st.floats(0.0, 0.004), span=st.integers(10, 200))
def test_given_a_level_when_touches_are_counted_then_a_naive_count_agrees(
    walk: WalkMaker, seed: int, rows: list[int], tolerance: float, span: int
) -> None:
    bars = walk(seed, 320)
    _, lows = pivots_of(bars)
    at = np.array(rows, dtype=np.int64)
    level = np.full(len(rows), float(np.median(bars.low)))

    expected = [
        sum(
            1
            for position, price in zip(lows.position.tolist(), lows.price.tolist(), strict=True)
            if row - span < position <= row - PIVOT_WING and abs(price - level[0]) <= tolerance
        )
        for row in rows
    ]
    assert lows.touches(at, level, np.full(len(rows), tolerance), span).tolist() == expected


def test_given_no_pivots_when_asked_then_there_are_none() -> None:
    none = Pivots(np.zeros(0, dtype=np.int64), np.zeros(0))
    rows = np.array([3, 50])

    price, position = none.newest(rows, 2)
    assert np.isnan(price).all()
    assert position.tolist() == [[-1, -1], [-1, -1]]
    assert none.touches(rows, np.ones(2), np.ones(2), 480).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("price", "step", "below", "above"),
    [(1.10230, 0.005, 1.100, 1.105), (147.512, 0.5, 147.5, 148.0), (0.6549, 0.005, 0.650, 0.655)],
)
def test_given_a_price_when_round_numbers_are_asked_then_they_lie_on_both_sides(
    price: float, step: float, below: float, above: float
) -> None:
    low, high = round_levels(np.array([price]), step)

    assert (low[0], high[0]) == pytest.approx((below, above))
