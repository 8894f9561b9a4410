"""Signals a day and the threshold's record by hand and against pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.analytics.supply import five_day_means, supply_of
from bitten_domain.analytics.threshold_record import threshold_record
from bitten_domain.tcs.threshold import ClosedSignals, Condition, ThresholdDecision


def test_given_six_days_when_counted_then_means_and_shares_are_those_by_hand() -> None:
    days = np.arange(100, 106, dtype=np.int64)
    signals = np.repeat(days, [65, 50, 80, 65, 65, 0])

    supply = supply_of(days, signals, 65, 0.15)

    assert supply.counts == (65, 50, 80, 65, 65, 0)
    assert supply.per_day == pytest.approx(325 / 6, abs=1e-3)
    assert (supply.fewest_in_a_day, supply.most_in_a_day) == (0, 80)
    # Band 55.25 to 74.75: three of six days; five-day means 65 and 52.
    assert supply.share_days_in_band == 0.5
    assert supply.share_5day_means_in_band == 0.5


def test_given_a_mean_on_the_edge_of_the_band_when_counted_then_it_is_inside() -> None:
    days = np.arange(5, dtype=np.int64)

    supply = supply_of(days, np.repeat(days, [23] * 5), 20, 0.15)

    assert supply.share_5day_means_in_band == 1.0


def test_given_no_day_when_counted_then_nothing_is_said() -> None:
    nothing = np.zeros(0, dtype=np.int64)

    supply = supply_of(nothing, nothing, 65, 0.15)

    assert (supply.per_day, supply.share_5day_means_in_band, supply.most_in_a_day) == (None, None, 0)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 120), max_size=40))
def test_given_any_counts_when_averaged_over_five_days_then_it_is_the_rolling_mean_of_pandas(counts: list[int]) -> None:
    expected = pd.Series(counts, dtype=float).rolling(5).mean().dropna().to_numpy()

    np.testing.assert_allclose(five_day_means(np.array(counts, dtype=np.int64)), expected, atol=1e-9)


def decision(old: int, new: int, reason: str) -> ThresholdDecision:
    return ThresholdDecision(old, new, 65, 0, 0, reason, Condition.NORMAL, ClosedSignals(0, 0.0, 0.0))


def test_given_four_decisions_when_summed_up_then_bounds_and_moves_are_counted() -> None:
    record = threshold_record(
        [
            decision(74_000, 74_000, "within tolerance"),
            decision(74_000, 78_000, "volume"),
            decision(78_000, 78_000, "at bound"),
            decision(78_000, 76_500, "volume"),
        ],
        70_000,
    )

    assert (record.start, record.end, record.least, record.most) == (74.0, 76.5, 74.0, 78.0)
    assert (record.decisions, record.moves, record.share_at_bounds) == (4, 2, 0.5)
    assert record.reasons == (("volume", 2), ("at bound", 1), ("within tolerance", 1))


def test_given_no_decision_when_summed_up_then_the_threshold_stands() -> None:
    record = threshold_record([], 71_250)

    assert (record.start, record.end, record.decisions, record.share_at_bounds) == (71.25, 71.25, 0, None)
