"""Adherence: what counts as a broken rule, and what never does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bitten_apps.testkit.unit_of_work.samples import closed_trade, held
from bitten_domain.desk.account.adherence import StopMove, breaches_of, is_paused, late_stop_risk
from bitten_domain.execution import DealReason, Trade
from bitten_domain.risk.behaviour import BehaviourState
from bitten_domain.values import Direction, Money
from bitten_domain.vocabulary import Breach

LONG = closed_trade(1, 1_700_000_000).trade._replace(direction=Direction.BUY, initial_stop=Decimal("1.0900"))
CALM = BehaviourState(peak_equity=Decimal(10_000))


def judge(
    trade: Trade,
    *moves: tuple[str | None, ...],
    is_own: bool = True,
    was_paused: bool = False,
    percent: str = "1.0",
) -> frozenset[Breach]:
    return breaches_of(
        trade,
        [
            StopMove(*(None if price is None else Decimal(price) for price in move[:2]), *move[2:])  # type: ignore[arg-type]
            for move in moves
        ],
        is_own=is_own,
        balance_before=Decimal(10_000),
        most_risk_percent=Decimal(percent),
        was_paused=was_paused,
    )


@pytest.mark.parametrize("reason", list(DealReason))
def test_given_a_trade_of_the_desk_when_closed_for_any_reason_then_no_rule_is_broken(reason: DealReason) -> None:
    assert judge(LONG._replace(reason=reason)) == frozenset()


@pytest.mark.parametrize(
    ("direction", "before", "after", "broken"),
    [
        (Direction.BUY, "1.0900", "1.0950", set()),
        (Direction.BUY, "1.0900", "1.0890", {Breach.STOP_LOOSENED}),
        (Direction.SELL, "1.0900", "1.0890", set()),
        (Direction.SELL, "1.0900", "1.0950", {Breach.STOP_LOOSENED}),
        (Direction.BUY, "1.0900", None, {Breach.STOP_REMOVED}),
        (Direction.BUY, None, "1.0900", set()),
    ],
)
def test_given_a_stop_that_was_moved_when_judged_then_only_loosening_breaks_a_rule(
    direction: Direction, before: str | None, after: str | None, broken: set[Breach]
) -> None:
    assert judge(LONG._replace(direction=direction), (before, after)) == broken


def test_given_a_stop_the_broker_dropped_when_judged_then_nobody_broke_a_rule() -> None:
    assert judge(LONG, ("1.0900", None, "DROPPED"), ("1.0900", "1.0900", "RESEND")) == frozenset()
    assert judge(LONG, ("1.0900", "1.0800", "DROPPED")) == frozenset()
    assert judge(LONG, ("1.0900", None, "DROPPED"), ("1.0900", None, "BROKER")) == {Breach.STOP_REMOVED}


@pytest.mark.parametrize(("percent", "broken"), [("1.00", set()), ("0.99", {Breach.RISK_EXCEEDED})])
def test_given_a_trade_by_hand_that_got_its_stop_later_when_that_costs_too_much_then_a_rule_is_broken(
    percent: str, broken: set[Breach]
) -> None:
    # Ten thousand units from 1.10000 to 1.09000 are 100 USD, one percent of 10,000; the second stop is no worse.
    position = replace(held(1).position, initial_stop_ticks=None, initial_risk=None, stop_ticks=None)
    moves = [StopMove(None, Decimal("1.09")), StopMove(Decimal("1.09"), Decimal("1.095"))]
    naked = LONG._replace(initial_stop=None, initial_risk=None, net_r=None)

    risk = late_stop_risk(position, moves)

    assert risk == 100
    assert late_stop_risk(position, []) is None
    assert late_stop_risk(held(1).position, moves) is None
    assert late_stop_risk(position, [StopMove(None, Decimal("1.2"))]) == 0
    assert (
        breaches_of(
            naked,
            moves,
            is_own=False,
            balance_before=Decimal(10_000),
            most_risk_percent=Decimal(percent),
            was_paused=False,
            late_risk=risk,
        )
        == broken
    )


def test_given_a_position_that_never_had_a_stop_when_judged_then_that_is_the_broken_rule() -> None:
    naked = LONG._replace(initial_stop=None, initial_risk=None, net_r=None)

    assert judge(naked, is_own=False) == {Breach.NO_STOP}
    assert judge(naked, (None, "1.0900"), is_own=False) == frozenset()


@pytest.mark.parametrize(("risk", "broken"), [("100.00", set()), ("100.01", {Breach.RISK_EXCEEDED})])
def test_given_a_trade_made_by_hand_when_it_risked_more_than_allowed_then_that_is_seen(
    risk: str, broken: set[Breach]
) -> None:
    # One percent of 10,000 is 100.
    assert judge(LONG._replace(initial_risk=Money(Decimal(risk), "USD")), is_own=False) == broken
    assert judge(LONG._replace(initial_risk=Money(Decimal(risk), "USD")), is_own=True) == frozenset()


def test_given_a_pause_when_a_trade_was_opened_around_the_desk_then_it_was_ignored_and_the_desks_own_never_are() -> (
    None
):
    assert judge(LONG._replace(initial_risk=Money(Decimal(1), "USD")), is_own=False, was_paused=True) == {
        Breach.PAUSE_IGNORED
    }
    assert judge(LONG, is_own=True, was_paused=True) == frozenset()


@pytest.mark.parametrize(
    ("behaviour", "paused"),
    [
        (CALM, False),
        (replace(CALM, lockout_until=101), True),
        (replace(CALM, lockout_until=100), False),
        (replace(CALM, cool_down_until=101), True),
        (replace(CALM, time_out_until=101), True),
        (replace(CALM, lockout_day=7), True),
        (replace(CALM, lockout_day=6), False),
        (replace(CALM, daily_limit_day=7), True),
        (replace(CALM, drawdown_stopped=True), True),
    ],
)
def test_given_a_state_when_asked_at_a_moment_then_pauses_are_told(behaviour: BehaviourState, paused: bool) -> None:
    assert is_paused(behaviour, day=7, at=100) is paused
