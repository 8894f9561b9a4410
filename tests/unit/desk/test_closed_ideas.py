"""Results of closed signals: sums of 20 market days and their standard error."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.desk.closed_ideas import ClosedIdeas, closed_signals, with_result


def folded(results: list[tuple[int, float]]) -> ClosedIdeas:
    ideas = ClosedIdeas()
    for day, net_r in results:
        ideas = with_result(ideas, day, net_r)
    return ideas


def test_given_results_of_two_days_when_summed_then_count_total_and_error_are_those_by_hand() -> None:
    # Mean 1/4; day sums 1.5 of two and -0.5 of two, so the residuals are +1 and -1: sqrt(2 / 1 * 2) / 24.
    closed = closed_signals(folded([(1, 2.0), (1, -0.5), (2, -1.0), (2, 0.5)]))

    assert (closed.count, closed.total_r) == (4, 1.0)
    assert closed.deviation_r == pytest.approx(2.0 / 24.0)
    assert closed.shrunk_mean_r == pytest.approx(1.0 / 24.0)


@pytest.mark.parametrize("results", [[], [(5, 1.0), (5, -1.0)]])
def test_given_less_than_two_days_when_summed_then_there_is_no_error_to_tell(results: list[tuple[int, float]]) -> None:
    assert closed_signals(folded(results)).deviation_r == 0.0


def test_given_more_than_twenty_days_with_results_when_summed_then_the_oldest_are_gone() -> None:
    closed = closed_signals(folded([(day, float(day)) for day in range(25)]))

    assert (closed.count, closed.total_r) == (20, float(sum(range(5, 25))))


@given(
    st.lists(st.tuples(st.integers(0, 12), st.floats(-3, 5)), min_size=1, max_size=60).map(
        lambda rows: sorted(rows, key=lambda row: row[0])
    )
)
def test_given_any_results_when_summed_then_the_error_is_the_ratio_estimators(rows: list[tuple[int, float]]) -> None:
    days = np.array([day for day, _ in rows])
    results = np.array([net_r for _, net_r in rows])
    labels = np.unique(days)
    clusters = np.array([(results[days == label] - results.mean()).sum() for label in labels])
    expected = 0.0
    if len(labels) > 1:
        expected = math.sqrt(len(labels) / (len(labels) - 1) * float((clusters**2).sum())) / (len(rows) + 20)

    closed = closed_signals(folded(rows))

    assert closed.total_r == pytest.approx(float(results.sum()), abs=1e-9)
    assert closed.deviation_r == pytest.approx(expected, abs=1e-9)
