"""The self-optimising threshold: golden values, bounds, settling, and that it holds the count."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.tcs.threshold import (
    CEILING,
    FLOOR,
    ClosedSignals,
    Condition,
    ThresholdDecision,
    ThresholdRules,
    ThresholdState,
    due_at,
    evaluate,
)

RULES = ThresholdRules()
NOTHING = ClosedSignals(0, 0.0, 0.0)
HOUR = 3_600
SLOTS_A_DAY = 6


def moved(
    value: int, count: int, closed: ClosedSignals = NOTHING, hours_since: int = 24
) -> tuple[ThresholdState, ThresholdDecision]:
    """Evaluate once, so many hours after the last move."""
    state = ThresholdState(value, 0, 0, 0)
    return evaluate(state, hours_since * HOUR, count, closed, Condition.NORMAL, RULES)


@pytest.mark.parametrize(
    ("count", "value"),
    [(0, 72_000), (40, 72_077), (55, 73_231), (56, 74_000), (75, 74_000), (80, 74_692), (100, 75_615), (400, 76_000)],
)
def test_given_74_when_a_days_count_is_judged_then_the_golden_values_hold(count: int, value: int) -> None:
    assert moved(74_000, count)[0].value == value


@given(
    value=st.integers(FLOOR, CEILING),
    count=st.integers(0, 1_000),
    closed=st.integers(0, 2_000),
    mean=st.floats(-3.0, 3.0),
    deviation=st.floats(0.0, 1.0),
    hours=st.integers(0, 200),
)
def test_given_anything_when_evaluated_then_it_stays_in_bounds_and_the_audit_row_tells_it(
    value: int, count: int, closed: int, mean: float, deviation: float, hours: int
) -> None:
    outcomes = ClosedSignals(closed, mean * (closed + 20), deviation)
    state, decision = moved(value, count, outcomes, hours)

    assert FLOOR <= state.value <= CEILING
    assert abs(state.value - value) <= 2_500
    assert (decision.old, decision.new, decision.count, decision.closed) == (value, state.value, count, outcomes)
    assert (decision.new != decision.old) == (decision.reason in {"volume", "performance"})
    assert state.moved == (hours * HOUR if decision.new != decision.old else 0)
    assert state.evaluated == hours * HOUR


@pytest.mark.parametrize(("count", "bound", "back"), [(0, FLOOR, 400), (400, CEILING, 0)])
def test_given_a_month_at_a_bound_when_the_count_turns_then_it_leaves_at_once(
    count: int, bound: int, back: int
) -> None:
    state, clock = ThresholdState.at_start(0, 74_000), 24 * HOUR
    for _ in range(200):
        clock += 4 * HOUR
        state, _ = evaluate(state, clock, count, NOTHING, Condition.NORMAL, RULES)
    assert state.value == bound

    state, decision = evaluate(state, clock + 24 * HOUR, back, NOTHING, Condition.NORMAL, RULES)
    assert abs(decision.new - bound) == 2_000


@pytest.mark.parametrize(
    ("count", "hours", "moves"),
    [
        (50, 23, False),
        (50, 24, True),
        (85, 20, False),
        (85, 24, True),
        (32, 12, True),  # r = 0.49
        (33, 12, False),  # r = 0.51
        (105, 12, True),  # r = 1.62
        (104, 12, False),  # r = 1.6
        (0, 11, False),
    ],
)
def test_given_a_recent_move_when_not_urgent_then_it_settles_for_a_day(count: int, hours: int, moves: bool) -> None:
    _, decision = moved(74_000, count, hours_since=hours)

    assert (decision.new != decision.old) is moves
    if not moves:
        assert decision.reason == "last move not settled"


@pytest.mark.parametrize(
    ("mean", "deviation", "closed", "count", "move"),
    [
        (-0.10, 0.05, 400, 65, 200),  # twice the loss
        (-0.40, 0.05, 400, 70, 500),  # at most half a point
        (-0.40, 0.05, 400, 65, 0),  # half a point could lower the count by 18 %
        (0.30, 0.05, 400, 65, -300),
        (0.90, 0.05, 400, 60, -500),
        (-0.10, 0.15, 400, 65, 0),  # within its error
        (0.10, 0.15, 400, 65, 0),
        (-0.40, 0.05, 199, 70, 0),  # too few
        (-0.40, 0.00, 400, 70, 0),  # one day only
        (-0.40, 0.05, 400, 80, 0),  # the count comes first
    ],
)
def test_given_results_when_clear_of_their_error_then_performance_asks_for_a_move(
    mean: float, deviation: float, closed: int, count: int, move: int
) -> None:
    outcomes = ClosedSignals(closed, mean * (closed + 20), deviation)

    assert moved(74_000, count, outcomes)[1].performance_move == move


@given(count=st.integers(0, 150), mean=st.floats(-1.0, 1.0), slope=st.floats(0.0, 0.4))
def test_given_any_results_when_performance_moves_then_the_count_stays_within_tolerance(
    count: int, mean: float, slope: float
) -> None:
    _, decision = moved(74_000, count, ClosedSignals(400, mean * 420, 0.01))
    if decision.performance_move == 0:
        return

    after = count / 65 * math.exp(-slope * decision.performance_move / 1_000)
    assert decision.volume_move == 0
    assert 0.85 - 1e-9 <= after <= 1.15 + 1e-9


def test_given_a_small_ask_when_below_half_a_point_then_nothing_moves() -> None:
    state, decision = moved(74_000, 75)

    assert (state.value, decision.volume_move, decision.reason) == (74_000, 462, "move too small")


@pytest.mark.parametrize(("value", "count"), [(FLOOR, 0), (CEILING, 400), (CEILING - 499, 400), (FLOOR + 499, 0)])
def test_given_a_bound_when_it_asks_for_more_then_it_says_so(value: int, count: int) -> None:
    assert moved(value, count)[1].reason == "at bound"


def held(
    slope: float, right: float, start: int, days: int, seed: int | None
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Run it on a rate that is log-linear in T, 65 a day at ``right``; give T after each four hours.

    Counts are the expected ones, or Poisson draws by seed.
    """
    draws = None if seed is None else np.random.default_rng(seed)
    state = ThresholdState.at_start(0, start)
    slots: list[float] = []
    values: list[float] = []
    for slot in range(days * SLOTS_A_DAY):
        rate = 65.0 / SLOTS_A_DAY * math.exp(-slope * (state.value / 1_000 - right))
        slots.append(rate if draws is None else float(draws.poisson(rate)))
        clock = (slot + 1) * 4 * HOUR
        if clock >= due_at(state, RULES):
            count = round(sum(slots[-SLOTS_A_DAY:]))
            state, _ = evaluate(state, clock, count, NOTHING, Condition.NORMAL, RULES)
        values.append(state.value / 1_000)
    return np.array(values)


@pytest.mark.parametrize("slope", [0.05, 0.1, 0.2, 0.3, 0.35, 0.4])
@pytest.mark.parametrize("start", [70_000, 74_000, 78_000])
def test_given_a_rate_log_linear_in_t_when_five_days_have_passed_then_the_count_is_held(
    slope: float, start: int
) -> None:
    for right in np.arange(70.0, 78.01, 1.0):
        values = held(slope, float(right), start, days=14, seed=None)
        ratio = np.exp(-slope * (values - right))[6 * SLOTS_A_DAY :]
        # A count of 75, 15.4 % above, asks for less than the least move of half a point and is left alone.
        assert np.all((ratio >= 0.84) & (ratio <= 1.17))


@pytest.mark.parametrize("seed", range(3))
def test_given_poisson_noise_when_run_for_60_days_then_the_mean_count_is_held(seed: int) -> None:
    values = held(0.1, 74.0, 70_000, days=60, seed=seed)
    counts = 65.0 * np.exp(-0.1 * (values - 74.0))[6 * SLOTS_A_DAY :]

    assert 0.85 * 65 < counts.mean() < 1.15 * 65
    assert np.mean((counts > 0.75 * 65) & (counts < 1.25 * 65)) > 0.9


def test_given_a_start_when_a_whole_day_has_been_watched_then_the_first_evaluation_is_due() -> None:
    state = ThresholdState.at_start(8 * HOUR)

    due = [hours for hours in range(60) if hours * HOUR >= due_at(state, RULES)]
    assert due[0] == 32
    after = ThresholdState(state.value, state.started, 33 * HOUR, state.moved)
    assert [hours for hours in range(33, 41) if hours * HOUR >= due_at(after, RULES)] == [36, 37, 38, 39, 40]


@pytest.mark.parametrize(("value", "started_at"), [(60_000, FLOOR), (90_000, CEILING), (72_000, 72_000)])
def test_given_a_start_value_when_out_of_bounds_then_it_is_brought_in(value: int, started_at: int) -> None:
    assert ThresholdState.at_start(0, value).value == started_at


@pytest.mark.parametrize(("target", "tolerance"), [(0, 0.15), (101, 0.15), (65, 0.0), (65, 0.5)])
def test_given_rules_out_of_bounds_when_set_then_they_are_refused(target: int, tolerance: float) -> None:
    with pytest.raises(InvalidInput, match="threshold"):
        ThresholdRules(target=target, tolerance=tolerance)


def test_given_twenty_results_of_nothing_when_shrunk_then_the_mean_is_nearer_to_zero() -> None:
    assert ClosedSignals(80, 20.0, 0.1).shrunk_mean_r == 0.2
