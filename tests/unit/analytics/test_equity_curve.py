"""Drawdown, Sharpe and Sortino against hand arithmetic, pandas and the statistics module."""

from __future__ import annotations

import math
from statistics import mean, stdev

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.analytics.equity_curve import account_record, daily_returns, drawdown_of, sharpe, sortino

CURVES = st.lists(st.floats(1.0, 1e6), min_size=1, max_size=60)


def test_given_a_curve_when_summed_up_then_its_deepest_fall_is_a_quarter() -> None:
    at = np.array([10, 20, 30, 40], dtype=np.int64)

    record = account_record(at, np.zeros(4, dtype=np.int64), np.array([120.0, 90.0, 130.0, 117.0]), 100.0)

    assert record.drawdown_percent == 25.0
    assert (record.drawdown_from, record.drawdown_to) == (10, 20)
    assert (record.start, record.end, record.most) == (100.0, 117.0, 130.0)


def test_given_a_first_loss_when_summed_up_then_it_is_a_fall_from_the_deposit() -> None:
    record = account_record(np.array([10, 20]), np.array([0, 0]), np.array([80.0, 90.0]), 100.0)

    assert record.drawdown_percent == 20.0


def test_given_no_moment_when_summed_up_then_the_account_is_as_it_was() -> None:
    nothing = np.zeros(0, dtype=np.int64)

    record = account_record(nothing, nothing, np.zeros(0), 100.0)

    assert (record.start, record.end, record.drawdown_percent, record.sharpe) == (100.0, 100.0, 0.0, None)


@settings(max_examples=40)
@given(CURVES)
def test_given_any_curve_when_its_falls_are_measured_then_they_are_those_of_pandas_and_within_nought_and_one(
    curve: list[float],
) -> None:
    series = pd.Series(curve)

    falls = drawdown_of(np.array(curve))

    assert falls.min() >= 0.0
    assert falls.max() <= 1.0
    np.testing.assert_allclose(falls, (1.0 - series / series.cummax()).to_numpy(), atol=1e-12)


@settings(max_examples=25)
@given(CURVES, st.floats(0.01, 100.0))
def test_given_any_curve_when_scaled_then_its_falls_stay(curve: list[float], scale: float) -> None:
    np.testing.assert_allclose(drawdown_of(np.array(curve) * scale), drawdown_of(np.array(curve)), atol=1e-9)


def test_given_moments_of_three_days_when_their_returns_are_taken_then_only_the_last_of_each_day_counts() -> None:
    day = np.array([1, 1, 2, 5, 5], dtype=np.int64)
    equity = np.array([150.0, 110.0, 99.0, 20.0, 198.0])

    assert daily_returns(day, equity, 100.0).tolist() == pytest.approx([0.10, -0.10, 1.0])


def test_given_twenty_days_when_the_ratios_are_taken_then_they_are_those_of_the_textbook() -> None:
    returns = [0.01, -0.02, 0.015, 0.0, -0.005] * 4
    downside = math.sqrt(sum(min(each, 0.0) ** 2 for each in returns) / 20)

    assert sharpe(np.array(returns)) == pytest.approx(mean(returns) / stdev(returns) * math.sqrt(260), abs=5e-4)
    assert sortino(np.array(returns)) == pytest.approx(mean(returns) / downside * math.sqrt(260), abs=5e-4)


@pytest.mark.parametrize("returns", [[0.01] * 19, [0.0] * 30])
def test_given_too_few_days_or_no_scatter_when_the_ratios_are_taken_then_there_are_none(returns: list[float]) -> None:
    assert sharpe(np.array(returns)) is None
    assert sortino(np.array(returns)) is None
