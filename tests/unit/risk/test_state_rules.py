"""Rules of stops, pauses, the day's cap, drawdown and levels: their borders, and what a person is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bitten_domain.risk import (
    EmergencyStop,
    FireRequest,
    OpenRisk,
    Quote,
    Reason,
    RiskFacts,
    RiskPolicy,
    Rule,
    StopKind,
    StopScope,
    work_out,
)
from bitten_domain.risk.policy import BehaviourPolicy
from bitten_domain.risk.rules import daily_limit, drawdown, emergency, levels, lockouts
from bitten_domain.values import INSTRUMENTS, Direction, UserId
from bitten_domain.vocabulary import RefusalCode

POLICY = RiskPolicy()
BUY, SELL = Direction.BUY, Direction.SELL
TODAY = 20_243
HOUR = 3_600
C = RefusalCode


def ask(rule: Rule, request: FireRequest, facts: RiskFacts, policy: RiskPolicy = POLICY) -> tuple[Reason, ...]:
    return rule(request, facts, policy, work_out(request, facts, policy))


def codes(reasons: tuple[Reason, ...]) -> list[RefusalCode]:
    return [reason.code for reason in reasons]


def behaving(facts: RiskFacts, **state: Any) -> RiskFacts:
    """Change what behaviour has earned so far."""
    return replace(facts, behaviour=replace(facts.behaviour, **state))


def worth(facts: RiskFacts, amount: str) -> RiskFacts:
    return replace(facts, account=replace(facts.account, balance=Decimal(amount), equity=Decimal(amount)))


def risking(facts: RiskFacts, *risks: str | None) -> RiskFacts:
    held = tuple(OpenRisk("GBPJPY", BUY, None if risk is None else Decimal(risk)) for risk in risks)
    return replace(facts, open_risks=held)


# Emergency stops.


@pytest.mark.parametrize(
    ("scope", "subject", "kind", "actual", "is_own"),
    [
        (StopScope.USER, "user-1", StopKind.PAUSE, "PAUSE of scope USER", True),
        (StopScope.USER, "user-1", StopKind.HALT, "HALT of scope USER", True),
        (StopScope.USER, "user-1", StopKind.LOCK, "LOCK of scope USER", False),
        (StopScope.BROKER, "paper", StopKind.PAUSE, "PAUSE of scope BROKER", False),
        (StopScope.GLOBAL, "", StopKind.HALT, "HALT of scope GLOBAL", False),
    ],
)
def test_given_a_stop_when_it_refuses_then_it_is_told_who_can_release_it(
    order: FireRequest, facts: RiskFacts, scope: StopScope, subject: str, kind: StopKind, actual: str, is_own: bool
) -> None:
    stop = EmergencyStop(scope, subject, kind, UserId("user-1"), facts.now)

    (reason,) = ask(emergency, order, replace(facts, stops=(stop,)))

    remedy = "release it once it is 60 minutes old" if is_own else "an ADMIN releases it"
    assert (reason.code, reason.actual, reason.remedy) == (C.EMERGENCY_STOP, actual, remedy)


# The day's cap: 4 % of 10 000 are 400.


def test_given_the_days_loss_at_its_cap_when_asked_then_the_sums_are_told(order: FireRequest, facts: RiskFacts) -> None:
    limit = "daily loss below 400.00 USD"

    assert ask(daily_limit, order, worth(facts, "9600.01")) == ()
    assert ask(daily_limit, order, worth(facts, "9600")) == (
        Reason(C.DAILY_LIMIT, limit, "400.00 USD lost or pending", "close or protect what is open"),
    )
    assert ask(daily_limit, order, behaving(facts, daily_limit_day=TODAY)) == (
        Reason(
            C.DAILY_LIMIT,
            limit,
            "0.00 USD lost or pending, the cap was reached today",
            "wait for the next trading day, 17:00 New York",
        ),
    )


def test_given_stops_that_reach_the_cap_when_nothing_is_lost_yet_then_the_day_is_over(
    order: FireRequest, facts: RiskFacts
) -> None:
    assert ask(daily_limit, order, risking(facts, "250", "149.99")) == ()
    (reason,) = ask(daily_limit, order, risking(facts, "250", "150"))
    assert reason.actual == "400.00 USD lost or pending"


def test_given_a_position_without_a_stop_when_asked_then_the_loss_of_equity_counts(
    order: FireRequest, facts: RiskFacts
) -> None:
    assert ask(daily_limit, order, risking(worth(facts, "9600.01"), None)) == ()
    assert codes(ask(daily_limit, order, risking(worth(facts, "9600"), None))) == [C.DAILY_LIMIT]


# Drawdown.


def test_given_a_fall_from_the_peak_when_it_refuses_then_depth_and_way_out_are_told(
    order: FireRequest, facts: RiskFacts
) -> None:
    # 2000 of 12 000 are 16.67 %.
    fallen = behaving(facts, peak_equity=Decimal(12_000))
    at_once = RiskPolicy(behaviour=BehaviourPolicy(release_delay_seconds=0))
    half_an_hour_more = RiskPolicy(behaviour=BehaviourPolicy(release_delay_seconds=24 * HOUR + 1_800))

    def told(known: RiskFacts, policy: RiskPolicy = POLICY) -> str:
        (reason,) = ask(drawdown, order, known, policy)
        assert reason[:3] == (C.DRAWDOWN_STOP, "less than 15 % below the equity peak", "16.67 % below 12000.00 USD")
        return reason.remedy

    assert told(fallen) == "ask for its release, which takes 24 h"
    assert told(fallen, half_an_hour_more) == "ask for its release, which takes 25 h"
    assert told(fallen, at_once) == "ask for its release, which comes at once"


@pytest.mark.parametrize(
    ("seconds_ago", "remedy"),
    [
        (0, "wait 24 h for its release"),
        (1, "wait 24 h for its release"),
        (HOUR, "wait 23 h for its release"),
        (23 * HOUR - 1, "wait 2 h for its release"),
        (23 * HOUR, "wait 1 h for its release"),
        (24 * HOUR - 1, "wait 1 h for its release"),
        (24 * HOUR, "the release is due"),
    ],
)
def test_given_a_release_that_was_asked_for_when_it_refuses_then_the_time_left_is_told(
    order: FireRequest, facts: RiskFacts, seconds_ago: int, remedy: str
) -> None:
    asked = behaving(facts, drawdown_stopped=True, release_asked_at=facts.now - seconds_ago)

    (reason,) = ask(drawdown, order, asked)

    assert (reason.actual, reason.remedy) == ("0.00 % below 10000.00 USD", remedy)


# Lockouts and pauses.


@pytest.mark.parametrize(("seconds", "wait"), [(1, 1), (60, 1), (61, 2), (3_600, 60)])
def test_given_a_pause_when_it_refuses_then_the_time_left_is_told_in_whole_minutes(
    order: FireRequest, facts: RiskFacts, seconds: int, wait: int
) -> None:
    until, left = facts.now + seconds, f"{seconds} s left"

    locked = ask(lockouts, order, behaving(facts, lockout_until=until, losing_streak=4))
    cooling = ask(lockouts, order, behaving(facts, cool_down_until=until))
    timed_out = ask(lockouts, order, behaving(facts, time_out_until=until))

    waits = f"wait {wait} min"
    assert locked == (Reason(C.TILT_LOCKOUT, "fewer than 4 losses in a row", "4 losses in a row", waits),)
    assert cooling == (Reason(C.COOL_DOWN, "300 s since the last loss", left, waits),)
    assert timed_out == (Reason(C.TIME_OUT, "no opening in your time-out", left, waits),)


def test_given_several_pauses_when_one_ends_this_second_then_only_the_others_refuse(
    order: FireRequest, facts: RiskFacts
) -> None:
    now, later = facts.now, facts.now + 60

    def refused(lockout: int, cool_down: int, time_out: int) -> list[RefusalCode]:
        state = behaving(facts, lockout_until=lockout, cool_down_until=cool_down, time_out_until=time_out)
        return codes(ask(lockouts, order, state))

    assert refused(now, now, now) == []
    assert refused(now, later, later) == [C.COOL_DOWN, C.TIME_OUT]
    assert refused(later, now, later) == [C.TILT_LOCKOUT, C.TIME_OUT]
    assert refused(later, later, now) == [C.TILT_LOCKOUT, C.COOL_DOWN]


def test_given_the_rest_of_the_day_locked_when_it_refuses_then_the_next_day_is_named(
    order: FireRequest, facts: RiskFacts
) -> None:
    (reason,) = ask(lockouts, order, behaving(facts, lockout_day=TODAY, lockout_until=facts.now + 60))

    assert (reason.code, reason.remedy) == (C.TILT_LOCKOUT, "wait for the next trading day")


def test_given_medic_when_slices_of_one_position_are_open_then_one_is_counted(
    order: FireRequest, facts: RiskFacts
) -> None:
    half_lost = worth(facts, "9800")
    slices = (OpenRisk("GBPJPY", BUY, Decimal(10), group="p"), OpenRisk("GBPJPY", BUY, Decimal(10), group="p"))

    assert ask(lockouts, order, half_lost) == ()
    (reason,) = ask(lockouts, order, replace(half_lost, open_risks=slices))
    assert (reason.code, reason.actual) == (C.MEDIC_ONE_POSITION, "1 open")


# Levels; the quote is 1.10000 to 1.10012.


def leveled(order: FireRequest, direction: Direction, stop: str, target: str | None) -> FireRequest:
    signal = replace(order.signal, direction=direction)
    return replace(order, signal=signal, stop=Decimal(stop), target=None if target is None else Decimal(target))


def least(facts: RiskFacts, pips: str) -> RiskFacts:
    return replace(facts, instrument=replace(INSTRUMENTS["EURUSD"], stop_level_pips=Decimal(pips)))


@pytest.mark.parametrize(
    ("direction", "stop", "target", "reason"),
    [
        (BUY, "1.10000", "1.10400", Reason(C.STOP_WRONG_SIDE, "stop below 1.10000", "1.10000", "move the stop")),
        (SELL, "1.10012", "1.09600", Reason(C.STOP_WRONG_SIDE, "stop above 1.10012", "1.10012", "move the stop")),
        (BUY, "1.09800", "1.10012", Reason(C.TARGET_WRONG_SIDE, "target above 1.10012", "1.10012", "move the target")),
        (SELL, "1.10200", "1.10000", Reason(C.TARGET_WRONG_SIDE, "target below 1.10000", "1.10000", "move the target")),
    ],
)
def test_given_a_level_on_the_quote_when_asked_then_side_and_quote_are_told(
    order: FireRequest, facts: RiskFacts, direction: Direction, stop: str, target: str, reason: Reason
) -> None:
    assert ask(levels, leveled(order, direction, stop, target), facts) == (reason,)
    # A level on the wrong side is not also too near.
    assert ask(levels, leveled(order, direction, stop, target), least(facts, "5")) == (reason,)


@pytest.mark.parametrize("odd", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_given_a_level_that_is_no_price_when_asked_then_it_is_refused(
    order: FireRequest, facts: RiskFacts, odd: str
) -> None:
    for direction, stop, target in ((BUY, "1.09800", "1.10400"), (SELL, "1.10200", "1.09600")):
        assert codes(ask(levels, leveled(order, direction, odd, target), facts)) == [C.STOP_MISSING]
        assert codes(ask(levels, leveled(order, direction, stop, odd), facts)) == [C.TARGET_WRONG_SIDE]


@pytest.mark.parametrize("stop", ["0", "-1.1"])
def test_given_a_stop_at_nought_or_below_when_asked_then_there_is_none(
    order: FireRequest, facts: RiskFacts, stop: str
) -> None:
    assert codes(ask(levels, replace(order, stop=Decimal(stop)), facts)) == [C.STOP_MISSING]


def test_given_a_broker_s_stop_level_when_asked_then_it_is_the_border_of_both_levels(
    order: FireRequest, facts: RiskFacts
) -> None:
    near_target = leveled(order, BUY, "1.09800", "1.10015")

    assert ask(levels, order, least(facts, "20")) == ()
    assert ask(levels, leveled(order, BUY, "1.09800", None), least(facts, "20.1")) == (
        Reason(C.STOP_TOO_CLOSE, "stop at least 20.1 pips from the quote", "20.0 pips", "move the stop away"),
    )
    # The target is measured from the bid, where it is filled.
    assert ask(levels, near_target, least(facts, "5")) == (
        Reason(C.STOP_TOO_CLOSE, "target at least 5 pips from the quote", "1.5 pips", "move the target away"),
    )
    assert codes(ask(levels, leveled(order, BUY, "1.10000", "1.10015"), least(facts, "5"))) == [
        C.STOP_WRONG_SIDE,
        C.STOP_TOO_CLOSE,
    ]


def test_given_no_quote_when_a_level_is_judged_then_the_entry_stands_in(order: FireRequest, facts: RiskFacts) -> None:
    blind = replace(facts, quote=None)

    (reason,) = ask(levels, leveled(order, BUY, "1.10000", "1.10400"), blind)

    assert (reason.code, reason.limit) == (C.STOP_WRONG_SIDE, "stop below 1.10000")
    assert ask(levels, leveled(order, BUY, "1.09999", "1.10001"), blind) == ()


def test_given_a_pair_below_one_when_asked_then_its_levels_are_prices_too(order: FireRequest, facts: RiskFacts) -> None:
    aussie = replace(facts, quote=Quote(Decimal("0.66000"), Decimal("0.66015"), facts.now - 1))

    assert ask(levels, leveled(order, BUY, "0.65800", "0.66400"), aussie) == ()
