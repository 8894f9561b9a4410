"""Trades, signals, groups and costs in figures, by hand and by the statistics module."""

from __future__ import annotations

import math
from decimal import Decimal
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bitten_domain.analytics.cost_line import cost_lines, cost_totals
from bitten_domain.analytics.grouping import group_counts, signal_groups, trade_groups
from bitten_domain.analytics.idea_columns import cost_share_names
from bitten_domain.analytics.performance import payoff, profit_factor, signal_performance, trade_performance
from bitten_domain.analytics.score_tests import score_tests
from bitten_domain.analytics.verdict import verdict_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bitten_domain.analytics.idea_columns import SignalColumns
    from bitten_domain.analytics.trade_columns import TradeColumns

    Signals = Callable[..., SignalColumns]
    Trades = Callable[..., TradeColumns]

RESULTS = st.lists(st.floats(-500, 500).map(lambda value: round(value, 2)), max_size=50)


def test_given_wins_and_losses_when_divided_then_factor_and_payoff_are_those_by_hand() -> None:
    results = np.array([30.0, -10.0, 0.0, 10.0, -10.0])

    assert profit_factor(results) == 2.0
    assert payoff(results) == 2.0


def test_given_wins_only_when_divided_then_the_factor_is_infinite_and_there_is_no_payoff() -> None:
    assert profit_factor(np.array([1.0, 2.0])) == math.inf
    assert payoff(np.array([1.0, 2.0])) is None


@pytest.mark.parametrize("results", [[], [0.0, 0.0]])
def test_given_nothing_won_or_lost_when_divided_then_there_is_no_factor(results: list[float]) -> None:
    assert profit_factor(np.array(results)) is None


@settings(max_examples=50)
@given(RESULTS)
def test_given_any_results_when_divided_then_the_factor_is_above_one_exactly_when_money_was_made(
    results: list[float],
) -> None:
    factor, total = profit_factor(np.array(results)), math.fsum(results)
    # The factor is rounded: sums next to nought may round to one.
    assume(abs(total) > 1e-3 * math.fsum(abs(each) for each in results))

    assert (factor is None) == (not any(results))
    assert factor is None or factor >= 0.0
    assert factor is None or (factor > 1.0) == (total > 0)


def test_given_forty_trades_when_summed_up_then_the_figures_are_those_by_hand(
    trades_of: Trades, draws: NDArray[np.float64]
) -> None:
    net = [200.0, -100.0, -100.0, 50.0] * 10

    performance = trade_performance(trades_of(net, [day % 20 for day in range(40)], spread=6.0, commission=4.0), draws)

    assert (performance.count, performance.wins, performance.losses) == (40, 20, 20)
    assert performance.win_rate.value == 0.5
    assert performance.expectancy.value == pytest.approx(mean(net) / 100)
    assert (performance.net_r, performance.net) == (5.0, 500.0)
    assert (performance.profit_factor, performance.payoff) == (1.25, 1.25)
    assert (performance.best_r, performance.worst_r) == (2.0, -1.0)
    assert performance.median_minutes == 60.0
    assert performance.cost_r == pytest.approx(0.10)


def test_given_no_trade_when_summed_up_then_nothing_is_said(trades_of: Trades, draws: NDArray[np.float64]) -> None:
    performance = trade_performance(trades_of([], []), draws)

    assert (performance.count, performance.net_r) == (0, 0.0)
    assert performance.expectancy.value is performance.profit_factor is performance.worst_r is None


def test_given_twenty_nine_trades_when_summed_up_then_only_counts_sums_and_extremes_are_told(
    trades_of: Trades, draws: NDArray[np.float64]
) -> None:
    trades = trades_of([200.0] + [-100.0] * 28, list(range(29)))

    performance = trade_performance(trades, draws)

    assert (performance.count, performance.net_r, performance.best_r) == (29, -26.0, 2.0)
    assert performance.win_rate.value is performance.profit_factor is performance.payoff is performance.cost_r is None
    assert [line.profit_factor for line in cost_lines(trades, draws)] == [None] * 4


def test_given_signals_that_are_still_open_when_summed_up_then_they_are_counted_and_left_out(
    signals_of: Signals, draws: NDArray[np.float64]
) -> None:
    signals = signals_of([1.5] * 15 + [-1.0] * 25 + [float("nan")] * 5, list(range(45)), gross_r=[0.25] * 45)

    performance = signal_performance(signals, draws)

    assert (performance.count, performance.ended) == (45, 40)
    assert performance.net.value == pytest.approx((15 * 1.5 - 25) / 40, abs=1e-4)
    assert performance.gross.value == 0.25
    assert performance.win_rate.value == pytest.approx(0.375)
    assert performance.target_rate == pytest.approx(0.375)


def test_given_a_cost_when_scaled_then_the_same_trades_lose_that_much_more(
    trades_of: Trades, draws: NDArray[np.float64]
) -> None:
    trades = trades_of(
        [-12.0] * 30, list(range(30)), spread=4.0, slippage=1.0, commission=5.0, swap_paid=2.0, swap_received=3.0
    )

    lines = {line.factor: line for line in cost_lines(trades, draws)}

    # 12 of cost a trade; the swap that came in is not scaled.
    assert [lines[Decimal(factor)].net for factor in ("0", "1", "1.5", "2")] == [0.0, -360.0, -540.0, -720.0]
    assert lines[Decimal(2)].expectancy.value == pytest.approx(-0.24)
    assert lines[Decimal(0)].win_rate == 0.0
    assert cost_totals(trades).total == 360.0
    assert cost_totals(trades).swap_received == 90.0


@settings(max_examples=25)
@given(net=st.lists(st.floats(-300, 300), min_size=1, max_size=30), cost=st.floats(0, 50))
def test_given_any_trades_when_costs_rise_then_no_line_is_better_than_the_one_before(
    trades_of: Trades, draws: NDArray[np.float64], net: list[float], cost: float
) -> None:
    lines = cost_lines(trades_of(net, list(range(len(net))), spread=cost), draws)

    assert [line.net for line in lines] == sorted((line.net for line in lines), reverse=True)


def test_given_two_pairs_when_grouped_then_each_has_its_mean_in_the_documented_order(
    signals_of: Signals, draws: NDArray[np.float64]
) -> None:
    signals = signals_of(
        [1.0] * 40 + [-0.5] * 29, [day % 10 for day in range(69)], pairs=["USDJPY"] * 40 + ["EURUSD"] * 29
    )

    table = {each.by: each for each in signal_groups(signals, draws)}["pair"]

    assert [(line.name, line.count) for line in table.lines] == [("EURUSD", 29), ("USDJPY", 40)]
    assert [line.net.value for line in table.lines] == [None, 1.0]
    assert [line.win_rate for line in table.lines] == [None, 1.0]
    assert [line.profit_factor for line in table.lines] == [None, math.inf]
    assert [line.net_r for line in table.lines] == [-14.5, 40.0]


def test_given_signals_when_grouped_then_every_trait_holds_all_of_them(
    signals_of: Signals, draws: NDArray[np.float64]
) -> None:
    tables = signal_groups(signals_of([0.1] * 50, list(range(50)), scores=[70.0 + n / 3 for n in range(50)]), draws)

    assert [table.by for table in tables] == [
        "band", "score", "strategy", "pair", "session", "cost share", "timeframe",
    ]  # fmt: skip
    assert {sum(line.count for line in table.lines) for table in tables} == {50}


def test_given_trades_when_grouped_then_how_they_ended_is_a_trait(
    trades_of: Trades, draws: NDArray[np.float64]
) -> None:
    tables = {each.by: each for each in trade_groups(trades_of([-100.0] * 30, list(range(30))), draws)}

    assert [(line.name, line.net.value) for line in tables["exit"].lines] == [("STOP", -1.0)]


def test_given_cost_shares_when_named_then_a_class_holds_its_upper_edge() -> None:
    names = cost_share_names(np.array([0.01, 0.06, 0.0601, 0.15, 0.2501])).tolist()

    assert names == ["up to 0.06", "up to 0.06", "0.06 to 0.10", "0.10 to 0.15", "above 0.25"]


def test_given_labels_when_counted_then_the_ten_pairs_come_in_their_order() -> None:
    assert group_counts(np.array(["USDJPY", "ZARJPY", "EURUSD", "USDJPY"])) == (
        ("EURUSD", 1), ("USDJPY", 2), ("ZARJPY", 1),
    )  # fmt: skip


def test_given_bands_of_equal_worth_when_compared_then_no_difference_is_found(
    signals_of: Signals, draws: NDArray[np.float64]
) -> None:
    results = np.random.default_rng(2).normal(0.0, 1.0, 200).tolist()
    signals = signals_of(results, [n % 40 for n in range(200)], bands=["STANDARD", "SHARPSHOOTER"] * 100)

    assert score_tests(signals, draws).statement == (
        "No difference between score bands found (2 comparisons by market day)."
    )


def test_given_a_band_that_is_worth_more_when_compared_then_it_is_named(
    signals_of: Signals, draws: NDArray[np.float64]
) -> None:
    signals = signals_of(
        [-0.5, 0.5] * 60, [n % 40 for n in range(120)], bands=["STANDARD", "SHARPSHOOTER"] * 60, scores=[74, 84] * 60
    )

    tests = score_tests(signals, draws)

    assert "SHARPSHOOTER against STANDARD, gross: +1.00 R" in tests.statement
    assert tests.gross_slope.value == 1.0


def test_given_one_band_when_compared_then_it_says_that_there_is_too_little(
    signals_of: Signals, draws: NDArray[np.float64]
) -> None:
    assert "Not enough" in score_tests(signals_of([0.1] * 50, list(range(50))), draws).statement


@pytest.mark.parametrize(
    ("shift", "expected"),
    [(-0.5, "No edge: after costs"), (0.0, "No edge found: after costs"), (0.5, "not a forecast")],
)
def test_given_results_when_judged_then_the_verdict_claims_no_more_than_the_interval(
    signals_of: Signals, draws: NDArray[np.float64], shift: float, expected: str
) -> None:
    results = np.tile([1.0, -1.0], 50) + shift

    verdict = verdict_of(
        signal_performance(signals_of(results.tolist(), [n // 3 for n in range(100)]), draws), is_synthetic=False
    )

    assert expected in verdict
    assert "100 signals on 34 market days" in verdict


def test_given_a_made_up_market_when_judged_then_it_is_said(signals_of: Signals, draws: NDArray[np.float64]) -> None:
    verdict = verdict_of(signal_performance(signals_of([0.1] * 10, list(range(10))), draws), is_synthetic=True)

    assert verdict.startswith("Not enough data: 10 signals")
    assert "made up" in verdict
