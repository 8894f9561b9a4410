"""Tables of candidates, how long one may be held, and what a plan is worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.clocks.fx_week import is_open, open_seconds
from bitten_domain.market.frame import SCANNED
from bitten_domain.strategies import Candidates, Profile, Style, concatenate, strategies_of
from bitten_domain.strategies.holding import after_open_hours
from bitten_domain.strategies.plan_reward import plan_reward
from bitten_domain.vocabulary import PlanKind

HOUR = 3_600
# Friday 2025-06-06 12:00 UTC; the market closes at 21:00.
FRIDAY_NOON = 1_749_211_200


def table(rows: list[tuple[int, int, float, float, float]]) -> Candidates:
    at = np.array([row[0] for row in rows], dtype=np.int64)
    direction = np.array([row[1] for row in rows], dtype=np.int8)
    entry, stop, target = (np.array([row[k] for row in rows], dtype=np.float64) for k in (2, 3, 4))
    return Candidates(at, at, direction, entry, stop, target, at + HOUR)


@pytest.mark.parametrize(
    "row",
    [(0, 1, 1.1, 1.2, 1.3), (0, 1, 1.1, 1.1, 1.3), (0, 1, 1.1, 1.0, 1.05), (0, -1, 1.1, 1.0, 1.05)],
)
def test_given_a_level_on_the_wrong_side_when_tabled_then_it_is_a_broken_invariant(
    row: tuple[int, int, float, float, float],
) -> None:
    with pytest.raises(BrokenInvariant, match="stop lies behind"):
        table([row])


def test_given_an_unknown_level_when_tabled_then_it_is_a_broken_invariant() -> None:
    with pytest.raises(BrokenInvariant):
        table([(0, 1, 1.1, float("nan"), 1.3)])


def test_given_two_tables_when_joined_then_they_are_in_time_order_and_buys_come_first() -> None:
    buys = table([(10, 1, 1.1, 1.0, 1.2), (30, 1, 1.1, 1.0, 1.2)])
    sells = table([(10, -1, 1.1, 1.2, 1.0), (20, -1, 1.1, 1.2, 1.0)])
    joined = concatenate([sells, buys])

    assert list(zip(joined.at.tolist(), joined.direction.tolist(), strict=True)) == [
        (10, 1),
        (10, -1),
        (20, -1),
        (30, 1),
    ]
    assert len(concatenate([])) == len(Candidates.none()) == 0


def test_given_a_table_when_rows_are_chosen_then_all_columns_follow() -> None:
    every = table([(10, 1, 1.1, 1.0, 1.2), (20, -1, 1.1, 1.2, 1.0)])
    chosen = every.where(every.at > 10)

    assert (chosen.at.tolist(), chosen.stop.tolist(), chosen.flat_at.tolist()) == ([20], [1.2], [20 + HOUR])


@pytest.mark.parametrize(
    ("before_close", "hours", "weekend"), [(9, 9, False), (9, 10, True), (1, 1, False), (1, 2, True), (20, 24, True)]
)
def test_given_a_friday_when_held_past_the_close_then_the_weekend_is_added(
    before_close: int, hours: int, weekend: bool
) -> None:
    close = FRIDAY_NOON + 9 * HOUR
    at = np.array([close - before_close * HOUR], dtype=np.int64)

    assert after_open_hours(at, hours).tolist() == [int(at[0]) + (hours + 48 * weekend) * HOUR]


@given(step=st.integers(0, 4 * 52 * 7 * 96), hours=st.integers(1, 120))
def test_given_any_open_moment_when_hours_are_added_then_the_market_was_open_so_long(step: int, hours: int) -> None:
    at = np.array([1_700_000_100 + 900 * step], dtype=np.int64)
    if not is_open(at - 1)[0]:
        return
    end = after_open_hours(at, hours)
    spent = int(open_seconds(end)[0] - open_seconds(at)[0])

    # A weekend in which New York's clock changes is an hour longer or shorter than 48.
    assert abs(spent - hours * HOUR) in {0, HOUR}
    if abs(spent - hours * HOUR) == HOUR:
        assert int(end[0] - at[0]) > 48 * HOUR


@pytest.mark.parametrize(
    ("plan", "target_r", "worth"),
    [
        (PlanKind.FIXED, 2.0, 2.0),
        (PlanKind.PARTIAL, 3.0, 2.25),  # half at 1.5, half at 3
        (PlanKind.RUNNER, 5.0, 2.375),  # three quarters at 1.5, a quarter at 5
    ],
)
def test_given_a_plan_when_all_goes_right_then_its_parts_are_weighed(
    plan: PlanKind, target_r: float, worth: float
) -> None:
    assert plan_reward(plan, np.array([target_r])).tolist() == [worth]


@pytest.mark.parametrize("profile", Profile)
def test_given_a_profile_when_listed_then_each_strategy_says_how_it_is_read_and_managed(profile: Profile) -> None:
    listed = {s.name: (s.style, s.plan) for s in strategies_of(profile)}

    assert listed == {
        "london_breakout": (Style.BREAKOUT, PlanKind.FIXED),
        "mean_reversion": (Style.REVERSION, PlanKind.FIXED),
        "momentum_continuation": (Style.TREND, PlanKind.PARTIAL),
    }
    assert all(set(s.timeframes) <= set(SCANNED) for s in strategies_of(profile))
