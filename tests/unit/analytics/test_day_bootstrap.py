"""Intervals by market day against a plain loop, hand arithmetic and bounds."""

from __future__ import annotations

from statistics import mean, quantiles
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.analytics.day_bootstrap import (
    LEAST_SAMPLES,
    Estimate,
    difference_by_day,
    mean_by_day,
    slope_by_day,
)
from bitten_domain.errors import BrokenInvariant

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS = np.repeat(np.arange(10, dtype=np.int64), 6)


def test_given_sixty_results_when_estimated_then_the_interval_is_that_of_a_plain_loop(
    draws: NDArray[np.float64],
) -> None:
    values = np.random.default_rng(3).normal(0.1, 1.0, 60)
    by_day = [values[day == DAYS].tolist() for day in range(10)]
    resampled = [mean([value for number in row[:10].tolist() for value in by_day[int(number * 10)]]) for row in draws]
    fortieths = quantiles(resampled, n=40, method="inclusive")

    estimate = mean_by_day(values, DAYS, draws)

    assert estimate.value == pytest.approx(mean(values.tolist()), abs=5e-5)
    assert estimate.low == pytest.approx(fortieths[0], abs=6e-5)
    assert estimate.high == pytest.approx(fortieths[-1], abs=6e-5)
    assert (estimate.count, estimate.days) == (60, 10)


@settings(max_examples=40)
@given(results=st.lists(st.floats(-2, 4), min_size=LEAST_SAMPLES, max_size=80), spread=st.integers(1, 20))
def test_given_any_results_when_estimated_then_the_interval_stays_within_the_worst_and_the_best(
    results: list[float], spread: int
) -> None:
    numbers = np.random.default_rng(1).random((50, 20))
    days = np.arange(len(results), dtype=np.int64) % spread

    estimate = mean_by_day(np.array(results), days, numbers)

    assert estimate.value is not None
    if estimate.low is None or estimate.high is None:
        assert estimate.days < 5
    else:
        assert min(results) - 1e-4 <= estimate.low <= estimate.high <= max(results) + 1e-4


def test_given_the_same_draws_when_estimated_twice_then_the_answer_is_the_same(draws: NDArray[np.float64]) -> None:
    values = np.sin(np.arange(60.0))

    assert mean_by_day(values, DAYS, draws) == mean_by_day(values, DAYS, draws)


def test_given_results_that_move_together_in_a_day_when_estimated_then_the_interval_is_wider_than_for_lone_ones(
    draws: NDArray[np.float64],
) -> None:
    together = np.repeat(np.where(np.arange(10) % 2 == 0, 1.0, -1.0), 6)
    mixed = np.tile([1.0, -1.0], 30)

    crowded, spread = mean_by_day(together, DAYS, draws), mean_by_day(mixed, DAYS, draws)

    assert crowded.low is not None
    assert spread.low is not None
    assert crowded.low < -0.3
    assert spread.low == 0.0


def test_given_twenty_nine_results_when_estimated_then_nothing_is_shown(draws: NDArray[np.float64]) -> None:
    assert mean_by_day(np.ones(29), np.arange(29, dtype=np.int64), draws) == Estimate(29, 29)


def test_given_four_days_when_estimated_then_there_is_a_figure_without_an_interval(
    draws: NDArray[np.float64],
) -> None:
    estimate = mean_by_day(np.ones(40), np.arange(40, dtype=np.int64) % 4, draws)

    assert estimate == Estimate(40, 4, 1.0)
    assert not estimate.is_told_from_zero


def test_given_fewer_drawn_numbers_than_days_when_estimated_then_it_is_refused() -> None:
    with pytest.raises(BrokenInvariant, match="10 market days"):
        mean_by_day(np.ones(60), DAYS, np.zeros((5, 9)))


def test_given_two_groups_of_fixed_results_when_compared_then_the_difference_is_exact(
    draws: NDArray[np.float64],
) -> None:
    first = np.arange(60) % 2 == 0
    values = np.where(first, 0.5, -0.25)

    estimate = difference_by_day(first, ~first, values, DAYS, draws)

    assert (estimate.value, estimate.low, estimate.high) == (0.75, 0.75, 0.75)
    assert estimate.count == 30
    assert estimate.is_told_from_zero


def test_given_a_group_of_twenty_nine_when_compared_then_nothing_is_shown(draws: NDArray[np.float64]) -> None:
    first = np.arange(60) < 29

    assert difference_by_day(first, ~first, np.ones(60), DAYS, draws).value is None


def test_given_a_straight_line_when_its_slope_is_estimated_then_it_is_exact(draws: NDArray[np.float64]) -> None:
    x = np.random.default_rng(5).normal(75.0, 4.0, 60)

    estimate = slope_by_day(x, 3.0 - 2.0 * x, DAYS, draws)

    assert (estimate.value, estimate.low, estimate.high) == (-2.0, -2.0, -2.0)


def test_given_scattered_points_when_their_slope_is_estimated_then_it_is_the_least_squares_one(
    draws: NDArray[np.float64],
) -> None:
    generator = np.random.default_rng(5)
    x, y = generator.normal(75.0, 4.0, 60), generator.normal(0.0, 1.0, 60)

    estimate = slope_by_day(x, y, DAYS, draws)

    assert estimate.value == pytest.approx(np.polyfit(x, y, 1)[0], abs=6e-5)


def test_given_one_score_only_when_its_slope_is_asked_for_then_there_is_none(draws: NDArray[np.float64]) -> None:
    assert slope_by_day(np.full(60, 80.0), np.ones(60), DAYS, draws).value is None
