"""Behaviour: the documented tables as folds over results."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.risk import (
    BehaviourState,
    Caution,
    Outcome,
    after_trade_closed,
    ask_release,
    at_new_day,
    cautions,
    drawdown_percent,
    observe_equity,
    outcome_of,
    start_time_out,
)
from bitten_domain.risk.behaviour import has_fallen
from bitten_domain.risk.policy import BehaviourPolicy

POLICY = BehaviourPolicy()
FRESH = BehaviourState(peak_equity=Decimal(10_000))
DAY = 86_400
TODAY = 20_000


def fold(results: str, *, risk: str = "1", start: BehaviourState = FRESH, gap: int = 60) -> BehaviourState:
    """Fold letters in, one a minute from second 0: L a loss, W a win, N neither."""
    state = start
    for number, letter in enumerate(results):
        state = after_trade_closed(
            state,
            POLICY,
            net_r={"L": Decimal("-1.02"), "W": Decimal("1.4"), "N": Decimal("0.05")}[letter],
            risk_percent=Decimal(risk),
            at=number * gap,
            trading_day=TODAY,
        )
    return state


def watch(state: BehaviourState, equity: str, *, now: int = 0, policy: BehaviourPolicy = POLICY) -> BehaviourState:
    return observe_equity(state, policy, equity=Decimal(equity), day_loss_reached=False, now=now, trading_day=TODAY)


@pytest.mark.parametrize(
    ("net_r", "outcome"),
    [
        ("-1", Outcome.LOSS),
        ("-0.1", Outcome.LOSS),
        ("-0.0999", Outcome.NEITHER),
        ("0", Outcome.NEITHER),
        ("0.0999", Outcome.NEITHER),
        ("0.1", Outcome.WIN),
        ("3", Outcome.WIN),
    ],
)
def test_given_a_result_when_named_then_a_tenth_of_r_is_the_border(net_r: str, outcome: Outcome) -> None:
    assert outcome_of(Decimal(net_r), POLICY) is outcome


@pytest.mark.parametrize(
    ("results", "streak", "tilted", "lockout_until", "lockout_day"),
    [
        ("LL", 2, False, 0, -1),
        ("LLL", 3, True, 0, -1),
        ("LLNL", 3, True, 0, -1),
        ("LLLL", 4, True, 180 + 3_600, -1),
        ("LLLLL", 5, True, 240 + 3_600, -1),
        ("LLLLLL", 6, True, 300 + 3_600, TODAY),
        ("LLWL", 1, False, 0, -1),
        ("LLLW", 0, True, 0, -1),
        ("LLLWL", 1, True, 0, -1),
        ("LLLWLW", 0, False, 0, -1),
        ("LLLLWW", 0, False, 0, -1),
        ("LLLLLLWW", 0, False, 0, -1),
        ("WWLLL", 3, True, 0, -1),
    ],
)
def test_given_a_run_of_results_when_folded_then_the_tilt_is_the_documented_one(
    results: str, streak: int, tilted: bool, lockout_until: int, lockout_day: int
) -> None:
    state = fold(results)

    assert (state.losing_streak, state.tilted) == (streak, tilted)
    assert (state.lockout_until, state.lockout_day) == (lockout_until, lockout_day)


def test_given_any_loss_when_folded_then_five_minutes_cool_down_begin() -> None:
    assert fold("L").cool_down_until == 300
    assert fold("LN").cool_down_until == 300
    assert fold("W").cool_down_until == 0


def test_given_two_losses_above_one_percent_when_folded_then_risk_steps_back_for_a_day() -> None:
    assert fold("L", risk="1.5").step_back_until == 0
    assert fold("LWL", risk="1.5").step_back_until == 120 + DAY
    assert fold("LLLL", risk="1").step_back_until == 0


def test_given_a_step_back_when_it_began_then_the_next_takes_two_more_losses() -> None:
    state = fold("LL", risk="1.5")

    assert state.large_losses == 0
    assert fold("L", risk="1.5", start=state).step_back_until == state.step_back_until


def test_given_a_new_day_when_it_turns_then_the_day_s_locks_end_and_the_streak_stays() -> None:
    locked = fold("LLLLLL")
    limited = observe_equity(locked, POLICY, equity=Decimal(9_600), day_loss_reached=True, now=400, trading_day=TODAY)

    same, turned = at_new_day(limited, TODAY), at_new_day(limited, TODAY + 1)

    assert same is limited
    assert (limited.daily_limit_day, limited.lockout_day) == (TODAY, TODAY)
    assert (turned.daily_limit_day, turned.lockout_day, turned.losing_streak) == (-1, -1, 6)


def test_given_the_daily_limit_when_equity_comes_back_then_it_still_holds() -> None:
    limited = observe_equity(FRESH, POLICY, equity=Decimal(9_600), day_loss_reached=True, now=0, trading_day=TODAY)

    assert watch(limited, "9900").daily_limit_day == TODAY


def test_given_equity_when_it_falls_then_drawdown_is_measured_from_the_peak() -> None:
    state = watch(FRESH, "12000")

    assert drawdown_percent(state, Decimal(10_800)) == 10
    assert drawdown_percent(state, Decimal(13_000)) == 0
    assert drawdown_percent(BehaviourState(Decimal(0)), Decimal(5)) == 100


def test_given_fifteen_percent_when_fallen_then_the_stop_holds_after_a_recovery() -> None:
    assert not watch(FRESH, "8500.01").drawdown_stopped
    stopped = watch(FRESH, "8500")

    assert stopped.drawdown_stopped
    assert watch(stopped, "9900").drawdown_stopped


def test_given_a_drawdown_stop_when_its_release_is_asked_then_it_takes_a_day_and_sets_the_peak() -> None:
    stopped = watch(FRESH, "8500")
    asked = ask_release(ask_release(stopped, 100), 50_000)

    early, due = watch(asked, "8600", now=100 + DAY - 1), watch(asked, "8600", now=100 + DAY)

    assert early.drawdown_stopped
    assert due == BehaviourState(peak_equity=Decimal(8_600), releases=1)


def test_given_a_backtest_s_policy_when_a_release_is_asked_then_it_is_immediate_and_counted() -> None:
    stopped = watch(FRESH, "8500")

    released = watch(ask_release(stopped, 7), "8500", now=7, policy=BehaviourPolicy(release_delay_seconds=0))

    assert (released.drawdown_stopped, released.releases) == (False, 1)


def test_given_no_drawdown_stop_when_a_release_is_asked_then_nothing_happens() -> None:
    assert ask_release(FRESH, 5) is FRESH


def test_given_nothing_new_when_equity_is_observed_then_the_same_state_comes_back() -> None:
    assert watch(FRESH, "9900") is FRESH


def test_given_a_time_out_when_asked_again_then_it_can_only_grow() -> None:
    state = start_time_out(start_time_out(FRESH, 5_000), 4_000)

    assert state.time_out_until == 5_000


def test_given_warnings_when_listed_then_the_strongest_comes_first() -> None:
    state = fold("LLL", risk="1.5")

    found = cautions(state, POLICY, equity=Decimal(9_000), is_medic=True, now=200)

    assert found == (Caution.MEDIC, Caution.DRAWDOWN, Caution.TILT, Caution.STEP_BACK)
    assert cautions(FRESH, POLICY, equity=Decimal(10_000), is_medic=False, now=0) == ()


@given(results=st.text("LWN", max_size=30))
def test_given_any_history_when_one_more_loss_comes_then_no_pause_gets_shorter(results: str) -> None:
    before = fold(results, risk="1.5")
    after = fold("L", risk="1.5", start=before)

    assert after.losing_streak == before.losing_streak + 1
    assert after.lockout_until >= before.lockout_until
    assert after.cool_down_until >= 300
    assert after.tilted >= before.tilted


@given(equities=st.lists(st.integers(1, 20_000), min_size=1, max_size=30))
def test_given_any_equity_when_watched_then_the_stop_tells_whether_it_ever_fell_fifteen_percent(
    equities: list[int],
) -> None:
    state, peak, fell = FRESH, 10_000, False
    for equity in equities:
        state = watch(state, str(equity))
        peak = max(peak, equity)
        fell = fell or (peak - equity) * 100 >= 15 * peak

    assert state.drawdown_stopped is fell


def test_given_a_tilt_that_two_wins_cleared_when_the_next_begins_then_it_takes_two_wins_again() -> None:
    again = fold("LLLWWLLLW")

    assert (again.tilted, again.tilt_wins) == (True, 1)
    assert not fold("LLLWWLLLWW").tilted


def test_given_a_policy_that_asks_for_three_wins_when_two_come_then_the_tilt_stays() -> None:
    policy = BehaviourPolicy(tilt_clear_wins=3)
    state = fold("LLL")
    held = []
    for number in range(3):
        state = after_trade_closed(
            state, policy, net_r=Decimal(1), risk_percent=Decimal(1), at=600 + number, trading_day=TODAY
        )
        held.append(state.tilted)

    assert held == [True, True, False]


@pytest.mark.parametrize(
    ("limit_day", "lockout_day", "left"),
    [(TODAY, TODAY - 1, (TODAY, -1)), (TODAY - 1, TODAY, (-1, TODAY)), (-1, TODAY - 1, (-1, -1)),
     (TODAY - 1, -1, (-1, -1)), (TODAY, TODAY, (TODAY, TODAY))],
)  # fmt: skip
def test_given_a_lock_of_yesterday_and_one_of_today_when_the_day_begins_then_today_s_stays(
    limit_day: int, lockout_day: int, left: tuple[int, int]
) -> None:
    state = at_new_day(BehaviourState(Decimal(1), daily_limit_day=limit_day, lockout_day=lockout_day), TODAY)

    assert (state.daily_limit_day, state.lockout_day) == left


def test_given_equity_just_at_its_peak_when_observed_then_the_same_state_comes_back() -> None:
    assert watch(FRESH, "10000") is FRESH


def test_given_a_peak_of_one_or_of_nought_when_the_fall_is_measured_then_only_nought_counts_as_all() -> None:
    one, none = BehaviourState(Decimal(1)), BehaviourState(Decimal(0))

    assert [drawdown_percent(one, Decimal("0.5")), drawdown_percent(none, Decimal(5))] == [50, 100]
    assert not has_fallen(one, Decimal("0.86"), Decimal(15))
    assert has_fallen(one, Decimal("0.85"), Decimal(15))
    assert has_fallen(none, Decimal(5), Decimal(15))


def test_given_somebody_new_when_they_begin_then_nothing_is_locked_or_counted() -> None:
    assert BehaviourState(Decimal(1)) == BehaviourState(
        Decimal(1), 0, False, 0, 0, -1, 0, 0, 0, -1, False, None, 0, 0
    )  # fmt: skip
