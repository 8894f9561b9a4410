"""Order-flow proxy and sentiment, by hand arithmetic and naive loops."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.errors import InvalidInput
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.order_flow import FlowReading, depth_imbalance, flow_at, order_flow
from bitten_domain.market.sentiment import SentimentReading, sentiment_of, surprise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def bars_of(close: Sequence[float], volume: Sequence[float], spread: Sequence[float] | None = None) -> Bars:
    price, ticks = np.array(close, dtype=float), np.array(volume, dtype=float)
    return Bars(
        "EURUSD",
        Timeframe.M15,
        np.arange(len(price), dtype=np.int64) * 900,
        price,
        price,
        price,
        price,
        ticks,
        None if spread is None else np.array(spread, dtype=float),
    )


def test_given_closes_by_hand_when_read_then_delta_follows_the_tick_rule() -> None:
    # changes: none, up, unchanged (still up), down -> signs 0, +1, +1, -1 on volumes 5, 10, 20, 40
    flow = order_flow(bars_of([1.0, 1.1, 1.1, 1.0], [5, 10, 20, 40]), window=3, span=4)

    assert np.isnan(flow.delta[:2]).all()
    assert flow.delta[2:].tolist() == [0 + 10 + 20, 10 + 20 - 40]
    assert flow.imbalance[2:].tolist() == [30 / 35, -10 / 70]


def test_given_a_busy_bar_when_compared_then_its_z_score_is_the_textbooks() -> None:
    volume = [100.0, 120.0, 80.0, 110.0, 300.0]

    flow = order_flow(bars_of([1.0] * 5, volume, [1.0, 1.2, 0.8, 1.0, 2.0]), window=2, span=5)

    expected = (300.0 - statistics.fmean(volume)) / statistics.pstdev(volume)
    assert flow.tick_rate_z[-1] == pytest.approx(expected)
    assert flow.spread_z[-1] == pytest.approx((2.0 - 1.2) / statistics.pstdev([1.0, 1.2, 0.8, 1.0, 2.0]))
    assert np.isnan(flow.tick_rate_z[:-1]).all()


def test_given_no_variation_or_no_spread_when_compared_then_there_is_no_score() -> None:
    flow = order_flow(bars_of([1.0] * 4, [7.0] * 4), window=2, span=3)

    assert np.isnan(flow.tick_rate_z).all()
    assert np.isnan(flow.spread_z).all()


def test_given_any_walk_when_read_then_imbalance_lies_between_minus_one_and_one(walk: Callable[..., Bars]) -> None:
    flow = order_flow(walk(3, 400))

    known = flow.imbalance[~np.isnan(flow.imbalance)]
    assert len(known) == 400 - 19
    assert float(np.abs(known).max()) <= 1.0


def test_given_a_book_when_compared_then_the_sides_are_weighed() -> None:
    assert depth_imbalance(3.0, 1.0) == 0.5
    assert depth_imbalance(0.0, 0.0) is None


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (SentimentReading(), None),
        (SentimentReading(long_share=0.8), -0.6),
        (SentimentReading(base_surprise=1.5), 0.5),
        (SentimentReading(base_surprise=1.0, quote_surprise=2.5), -0.5),
        (SentimentReading(base_surprise=9.0), 1.0),
        (SentimentReading(long_share=0.25, quote_surprise=3.0), (0.5 - 1.0) / 2),
    ],
)
def test_given_feeds_when_put_together_then_each_has_an_equal_voice(
    reading: SentimentReading, expected: float | None
) -> None:
    found = sentiment_of(reading)

    assert found is expected is None or (found is not None and math.isclose(found, expected or 0.0))


def test_given_a_release_when_measured_then_it_is_in_standard_deviations() -> None:
    assert surprise(3.0, 2.0, 0.5) == 2.0
    assert surprise(3.0, 2.0, 0.0) is None


def test_given_an_impossible_share_when_read_then_it_says_what_to_mend() -> None:
    with pytest.raises(InvalidInput, match=r"long_share: the share of longs is 1\.2 \(give 0 to 1\)"):
        SentimentReading(long_share=1.2)


def test_given_a_moment_when_read_then_later_bars_play_no_part(walk: Callable[..., Bars]) -> None:
    bars = walk(5, 300)
    at = int(bars.closed[220])

    assert flow_at(bars, at) == flow_at(bars.rows(slice(0, 221)), at)
    assert flow_at(bars, int(bars.opened[0])) == FlowReading(None, None, None)
