"""Policy: the documented table, its hard bounds, and limits a user chooses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.risk.policy import (
    TIER_LIMITS,
    BehaviourPolicy,
    CostPolicy,
    ExposurePolicy,
    FirePolicy,
    LimitChoice,
    Mandate,
    RiskPolicy,
    TierLimits,
    UserLimits,
    allowed_fire_modes,
    choose_limits,
    default_limits,
    limits_in_force,
    lower_of,
    max_positions_for,
)
from bitten_domain.values import AccountId
from bitten_domain.vocabulary import FireMode, Rank, SystemMode, Tier

DAY = 86_400
SINGLE, SEMI, AUTO = FireMode.SINGLE, FireMode.SEMI, FireMode.AUTO


def limits() -> st.SearchStrategy[UserLimits]:
    return st.builds(
        UserLimits,
        st.decimals("0.1", "2", places=2),
        st.decimals("0.5", "6", places=2),
        st.integers(1, 10),
    )


@pytest.mark.parametrize(
    ("tier", "accounts", "shots", "risk", "most_risk", "daily", "most_daily"),
    [
        (Tier.NONE, 0, 3, "0.5", "0.5", "3", "3"),
        (Tier.PRESS_PASS, 0, 6, "0.5", "0.5", "3", "3"),
        (Tier.NIBBLER, 1, 6, "1", "2", "4", "6"),
        (Tier.FANG, 1, 10, "1", "2", "4", "6"),
        (Tier.COMMANDER, 2, 20, "1", "2", "4", "6"),
        (Tier.APEX, 5, 50, "1", "2", "4", "6"),
    ],
)
def test_given_a_tier_when_its_limits_are_read_then_they_are_the_documented_ones(
    tier: Tier, accounts: int, shots: int, risk: str, most_risk: str, daily: str, most_daily: str
) -> None:
    row = TIER_LIMITS[tier]

    assert (row.live_accounts, row.shots_a_day) == (accounts, shots)
    assert (row.default_risk_percent, row.max_risk_percent) == (Decimal(risk), Decimal(most_risk))
    assert (row.default_daily_loss_percent, row.max_daily_loss_percent) == (Decimal(daily), Decimal(most_daily))


def test_given_any_two_paid_tiers_when_compared_then_no_one_buys_a_looser_risk_limit() -> None:
    paid = [TIER_LIMITS[tier] for tier in (Tier.NIBBLER, Tier.FANG, Tier.COMMANDER, Tier.APEX)]

    assert len({(row.max_risk_percent, row.max_daily_loss_percent) for row in paid}) == 1


@pytest.mark.parametrize(
    ("balance", "count"),
    [
        ("999.99", 1),
        ("1000", 2),
        ("1999.99", 2),
        ("2000", 3),
        ("4999.99", 3),
        ("5000", 5),
        ("9999.99", 5),
        ("10000", 10),
        ("1000000", 10),
        ("0", 1),
    ],
)
def test_given_a_balance_when_positions_are_counted_then_the_step_below_it_holds(balance: str, count: int) -> None:
    assert max_positions_for(RiskPolicy(), Decimal(balance)) == count


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: RiskPolicy(max_risk_percent=Decimal("2.01")), "max_risk_percent is 2.01, outside 0.1 to 2"),
        (lambda: RiskPolicy(max_total_risk_percent=Decimal("6.5")), "max_total_risk_percent is 6.5"),
        (lambda: RiskPolicy(max_daily_loss_percent=Decimal(7)), "max_daily_loss_percent is 7"),
        (lambda: RiskPolicy(max_positions=11), "max_positions is 11"),
        (lambda: RiskPolicy(position_steps=((Decimal(2000), 3), (Decimal(1000), 5))), "position_steps must rise"),
        (lambda: RiskPolicy(tiers={}), "tiers lacks NONE"),
        (lambda: UserLimits(risk_percent=Decimal("2.1")), "risk_percent is 2.1"),
        (lambda: UserLimits(daily_loss_percent=Decimal("NaN")), "daily_loss_percent is NaN"),
        (lambda: CostPolicy(stop_slippage_pips=Decimal(-1)), "stop_slippage_pips is -1"),
        (lambda: ExposurePolicy(cluster_units=Decimal(2)), "cluster_units is 2"),
        (lambda: BehaviourPolicy(cool_down_seconds=0), "cool_down_seconds is 0"),
        (lambda: BehaviourPolicy(tilt_lock_losses=3), "tilt steps must rise"),
        (
            lambda: BehaviourPolicy(drawdown_stop_percent=Decimal(5)),
            "drawdown_warn_percent is above drawdown_stop_percent",
        ),
        (lambda: FirePolicy(auto_floor=Decimal(80)), "auto_floor is 80"),
        (
            lambda: TierLimits(0, (SINGLE,), 3, Decimal(1), Decimal("0.5"), Decimal(3), Decimal(3)),
            "default_risk_percent is 1, above max_risk_percent 0.5",
        ),
        (
            lambda: Mandate(AccountId("a"), frozenset(), Decimal(85), 51, Decimal(1), 0, DAY),
            "shots_a_day is 51",
        ),
        (
            lambda: Mandate(AccountId("a"), frozenset(), Decimal(85), 5, Decimal(1), DAY, DAY),
            "a mandate ends after it begins",
        ),
    ],
)
def test_given_a_figure_outside_its_bounds_when_a_policy_is_built_then_it_is_refused_by_name(
    build: object, named: str
) -> None:
    assert callable(build)

    with pytest.raises(InvalidInput) as caught:
        build()

    assert named in str(caught.value)


def test_given_the_backtest_policy_when_compared_then_only_the_two_waits_differ() -> None:
    usual, backtest = RiskPolicy(), RiskPolicy.for_backtest()

    assert backtest.behaviour.release_delay_seconds == 0
    assert backtest.fire.auto_without_calendar
    assert (backtest.exposure, backtest.costs, backtest.tiers) == (usual.exposure, usual.costs, usual.tiers)
    assert backtest.max_total_risk_percent == usual.max_total_risk_percent


@pytest.mark.parametrize(
    ("rank", "tier", "mode", "allowed"),
    [
        (Rank.RECRUIT, Tier.APEX, SystemMode.BIT, set()),
        (Rank.AUTHORIZED, Tier.NONE, SystemMode.BIT, {SINGLE}),
        (Rank.AUTHORIZED, Tier.PRESS_PASS, SystemMode.BIT, {SINGLE, SEMI}),
        (Rank.AUTHORIZED, Tier.PRESS_PASS, SystemMode.COMMANDER, set()),
        (Rank.AUTHORIZED, Tier.NIBBLER, SystemMode.COMMANDER, {SINGLE, SEMI}),
        (Rank.AUTHORIZED, Tier.APEX, SystemMode.TACTICAL, set()),
        (Rank.ELITE, Tier.FANG, SystemMode.TACTICAL, set()),
        (Rank.ELITE, Tier.COMMANDER, SystemMode.TACTICAL, {SINGLE, SEMI, AUTO}),
        (Rank.ELITE, Tier.APEX, SystemMode.STEALTH, {SINGLE, SEMI, AUTO}),
        (Rank.ELITE, Tier.APEX, SystemMode.COMMANDER, {SINGLE, SEMI}),
        (Rank.ADMIN, Tier.NONE, SystemMode.BIT, {SINGLE}),
    ],
)
def test_given_rank_tier_and_mode_when_intersected_then_only_what_all_three_allow_is_left(
    rank: Rank, tier: Tier, mode: SystemMode, allowed: set[FireMode]
) -> None:
    assert allowed_fire_modes(rank, tier, mode) == allowed


def test_given_a_tier_when_nobody_chose_limits_then_its_defaults_hold() -> None:
    assert default_limits(TIER_LIMITS[Tier.NONE]) == UserLimits(Decimal("0.5"), Decimal(3), 10)
    assert default_limits(TIER_LIMITS[Tier.APEX]) == UserLimits(Decimal(1), Decimal(4), 10)


def test_given_limits_when_raised_then_the_raise_waits_a_day() -> None:
    choice = choose_limits(LimitChoice(UserLimits()), UserLimits(risk_percent=Decimal(2)), 1_000, DAY)

    assert limits_in_force(choice, 1_000 + DAY - 1).risk_percent == 1
    assert limits_in_force(choice, 1_000 + DAY).risk_percent == 2


def test_given_a_waiting_raise_when_lowered_then_the_lower_limit_holds_at_once_and_stays() -> None:
    raised = choose_limits(LimitChoice(UserLimits()), UserLimits(risk_percent=Decimal(2)), 0, DAY)

    lowered = choose_limits(raised, UserLimits(risk_percent=Decimal("0.5")), 100, DAY)

    assert limits_in_force(lowered, 100).risk_percent == Decimal("0.5")
    assert limits_in_force(lowered, 10 * DAY).risk_percent == Decimal("0.5")


@given(start=limits(), wanted=st.lists(st.tuples(limits(), st.integers(0, DAY - 1)), max_size=5))
def test_given_any_choices_when_made_within_a_day_then_no_limit_is_ever_above_the_start(
    start: UserLimits, wanted: list[tuple[UserLimits, int]]
) -> None:
    choice = LimitChoice(start)

    for limit, at in sorted(wanted, key=lambda one: one[1]):
        choice = choose_limits(choice, limit, at, DAY)
        in_force = limits_in_force(choice, at)

        assert lower_of(in_force, start) == in_force
        assert lower_of(in_force, limit) == in_force
