"""Policy: the documented table, its hard bounds, and limits a user chooses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import InvalidInput
from bitten_domain.risk.policy import (
    MODE_POLICIES,
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
        (
            lambda: RiskPolicy(max_risk_percent=Decimal("2.01")),
            "RiskPolicy.max_risk_percent: max_risk_percent is 2.01, outside 0.1 to 2 (choose a value from 0.1 to 2)",
        ),
        (lambda: RiskPolicy(max_total_risk_percent=Decimal("6.5")), "max_total_risk_percent is 6.5"),
        (lambda: RiskPolicy(max_daily_loss_percent=Decimal(7)), "max_daily_loss_percent is 7"),
        (lambda: RiskPolicy(max_positions=11), "max_positions is 11"),
        (lambda: RiskPolicy(position_steps=((Decimal(2000), 3), (Decimal(1000), 5))), "position_steps must rise"),
        (
            lambda: RiskPolicy(position_steps=((Decimal(1000), 1), (Decimal(1000), 2))),
            "RiskPolicy.position_steps: position_steps must rise",
        ),
        (
            lambda: RiskPolicy(position_steps=((Decimal(1000), 3), (Decimal(2000), 2))),
            "RiskPolicy.position_steps: position_steps must rise",
        ),
        (
            lambda: RiskPolicy(position_steps=((Decimal(0), 1),)),
            "RiskPolicy.position_steps: position_steps must rise",
        ),
        (
            lambda: RiskPolicy(position_steps=((Decimal(1000), 5),), max_positions=4),
            "RiskPolicy.position_steps: position_steps must rise",
        ),
        (
            lambda: RiskPolicy(tiers={Tier.FANG: TIER_LIMITS[Tier.FANG]}),
            "RiskPolicy.tiers: tiers lacks NONE, PRESS_PASS, NIBBLER, COMMANDER, APEX",
        ),
        (lambda: UserLimits(risk_percent=Decimal("2.1")), "risk_percent is 2.1"),
        (lambda: UserLimits(daily_loss_percent=Decimal("NaN")), "daily_loss_percent is NaN"),
        (lambda: CostPolicy(stop_slippage_pips=Decimal(-1)), "stop_slippage_pips is -1"),
        (lambda: ExposurePolicy(cluster_units=Decimal(2)), "cluster_units is 2"),
        (lambda: BehaviourPolicy(cool_down_seconds=0), "cool_down_seconds is 0"),
        (
            lambda: BehaviourPolicy(tilt_lock_losses=3),
            "BehaviourPolicy: tilt steps must rise: warning, lockout, day's end",
        ),
        (lambda: BehaviourPolicy(tilt_day_losses=4), "BehaviourPolicy: tilt steps must rise"),
        (
            lambda: BehaviourPolicy(drawdown_stop_percent=Decimal(5)),
            "BehaviourPolicy: drawdown_warn_percent is above drawdown_stop_percent",
        ),
        (lambda: FirePolicy(auto_floor=Decimal(80)), "auto_floor is 80"),
        (
            lambda: TierLimits(0, (SINGLE,), 3, Decimal(1), Decimal("0.5"), Decimal(3), Decimal(3)),
            "TierLimits: default_risk_percent is 1, above max_risk_percent 0.5",
        ),
        (
            lambda: TierLimits(0, (SINGLE,), 3, Decimal("0.5"), Decimal("0.5"), Decimal(4), Decimal(3)),
            "TierLimits: default_daily_loss_percent is 4, above max_daily_loss_percent 3",
        ),
        (
            lambda: Mandate(AccountId("a"), frozenset(), Decimal(85), 51, Decimal(1), 0, DAY),
            "shots_a_day is 51",
        ),
        (
            lambda: Mandate(AccountId("a"), frozenset(), Decimal(85), 5, Decimal(1), DAY, DAY),
            "Mandate.ends_at: a mandate ends after it begins",
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


def test_given_figures_just_at_their_borders_when_a_policy_is_built_then_it_stands() -> None:
    steps = ((Decimal(100), 0), (Decimal(1_000), 3), (Decimal(2_000), 3))
    policy = RiskPolicy(position_steps=steps, max_positions=3)

    assert [max_positions_for(policy, Decimal(balance)) for balance in (99, 100, 2_000)] == [0, 3, 3]
    assert BehaviourPolicy(drawdown_stop_percent=Decimal(10)).drawdown_warn_percent == 10
    assert TierLimits(0, (SINGLE,), 3, Decimal(1), Decimal(1), Decimal(3), Decimal(3)).max_risk_percent == 1
    least, most = UserLimits(Decimal("0.1"), Decimal("0.5"), 1), UserLimits(Decimal(2), Decimal(6), 10)
    assert lower_of(least, most) == lower_of(most, least) == least
    assert UserLimits() == UserLimits(Decimal(1), Decimal(4), 10)
    assert Mandate(AccountId("a"), frozenset(), Decimal(0), 1, Decimal("0.1"), 0, 1).ends_at == 1


def test_given_the_rules_when_the_policy_is_read_then_its_figures_are_theirs() -> None:
    policy = RiskPolicy()
    costs, exposure, behaviour, fire = policy.costs, policy.exposure, policy.behaviour, policy.fire

    # Rules: costs, risk, fire; percentages in percent, times in seconds.
    ceilings = [policy.max_risk_percent, policy.max_total_risk_percent, policy.max_daily_loss_percent]
    assert ceilings == [2, 6, 6]
    assert [costs.entry_slippage_pips, costs.stop_slippage_pips] == [Decimal("0.2"), Decimal("0.5")]
    assert [costs.high_window_factor, costs.commission_per_lot, costs.commission_currency] == [3, 7, "USD"]
    assert [exposure.currency_units, exposure.cluster_units] == [2, Decimal("1.5")]
    assert exposure.cluster_correlation == Decimal("0.7")
    assert [exposure.per_pair, exposure.per_pair_netting] == [2, 1]
    margins = [exposure.manual_margin_percent, exposure.auto_margin_percent, exposure.least_margin_percent]
    assert margins == [300, 500, 200]
    assert [behaviour.loss_r, behaviour.win_r] == [Decimal("-0.1"), Decimal("0.1")]
    assert [behaviour.tilt_warn_losses, behaviour.tilt_lock_losses, behaviour.tilt_day_losses] == [3, 4, 6]
    assert [behaviour.tilt_lock_seconds, behaviour.tilt_clear_wins, behaviour.cool_down_seconds] == [60 * 60, 2, 5 * 60]
    assert [behaviour.large_risk_percent, behaviour.large_losses, behaviour.step_back_seconds] == [1, 2, DAY]
    assert [behaviour.medic_share, behaviour.medic_factor] == [Decimal("0.5"), Decimal("0.5")]
    assert [behaviour.drawdown_warn_percent, behaviour.drawdown_stop_percent] == [10, 15]
    assert [behaviour.release_delay_seconds, behaviour.raise_wait_seconds] == [DAY, DAY]
    assert [fire.quote_age_seconds, fire.entry_drift_r, fire.reward_kept] == [5, Decimal("0.25"), Decimal("0.8")]
    assert [fire.mode_floor(mode) for mode in (SINGLE, SEMI, AUTO)] == [0, 75, 85]
    assert [fire.sniper_floor, fire.medium_surcharge, fire.confirm_below] == [90, 5, 76]
    assert [fire.auto_coverage, fire.auto_cost_share] == [Decimal("0.85"), Decimal("0.15")]
    assert [fire.proposal_seconds, fire.same_side_seconds, fire.mandate_days] == [60, 60, 30]
    assert not fire.auto_without_calendar


def step_looser(value: Decimal | int, sign: int) -> Decimal | int:
    return value + sign if isinstance(value, int) else value + sign * Decimal("0.01")


# The way in which a figure is looser than its rule: +1 for more, -1 for less.
LOOSER: tuple[tuple[type, dict[str, int]], ...] = (
    (RiskPolicy, dict.fromkeys(("max_risk_percent", "max_total_risk_percent", "max_daily_loss_percent"), 1)),
    (RiskPolicy, {"max_positions": 1}),
    (ExposurePolicy, dict.fromkeys(("currency_units", "cluster_correlation", "cluster_units"), 1)),
    (ExposurePolicy, dict.fromkeys(("per_pair", "per_pair_netting"), 1)),
    (
        ExposurePolicy,
        dict.fromkeys(("manual_margin_percent", "auto_margin_percent", "least_margin_percent"), -1),
    ),
    (
        BehaviourPolicy,
        dict.fromkeys(
            ("tilt_warn_losses", "tilt_lock_losses", "tilt_day_losses", "large_risk_percent", "large_losses"), 1
        ),
    ),
    (
        BehaviourPolicy,
        dict.fromkeys(("medic_share", "medic_factor", "drawdown_warn_percent", "drawdown_stop_percent"), 1),
    ),
    (
        BehaviourPolicy,
        dict.fromkeys(
            ("loss_r", "tilt_lock_seconds", "cool_down_seconds", "step_back_seconds", "raise_wait_seconds"), -1
        ),
    ),
    (
        FirePolicy,
        dict.fromkeys(("quote_age_seconds", "entry_drift_r", "proposal_seconds", "auto_cost_share", "mandate_days"), 1),
    ),
    (
        FirePolicy,
        dict.fromkeys(("reward_kept", "semi_floor", "auto_floor", "sniper_floor", "medium_surcharge"), -1),
    ),
    (FirePolicy, dict.fromkeys(("confirm_below", "auto_coverage", "same_side_seconds"), -1)),
    (UserLimits, {"max_positions": 1}),
)


@pytest.mark.parametrize(
    ("kind", "name", "sign"), [(kind, name, sign) for kind, figures in LOOSER for name, sign in figures.items()]
)
def test_given_a_figure_one_step_looser_than_its_rule_when_a_policy_is_built_then_it_is_refused(
    kind: type, name: str, sign: int
) -> None:
    with pytest.raises(InvalidInput) as caught:
        kind(**{name: step_looser(getattr(kind(), name), sign)})

    assert caught.value.where == f"{kind.__name__}.{name}"


@pytest.mark.parametrize(
    ("mode", "confirms", "cap", "sniper", "quiet"),
    [
        (SystemMode.BIT, True, 1, False, False),
        (SystemMode.COMMANDER, False, None, False, False),
        (SystemMode.TACTICAL, False, None, True, False),
        (SystemMode.STEALTH, False, None, False, True),
    ],
)
def test_given_a_system_mode_when_read_then_it_is_the_documented_one(
    mode: SystemMode, confirms: bool, cap: int | None, sniper: bool, quiet: bool
) -> None:
    policy = MODE_POLICIES[mode]

    assert (policy.mode, policy.confirms_always, policy.open_cap) == (mode, confirms, cap)
    assert (policy.has_sniper, policy.low_footprint) == (sniper, quiet)


def test_given_no_wait_and_no_raise_when_chosen_then_nothing_waits() -> None:
    start = LimitChoice(UserLimits())
    lowered = choose_limits(start, UserLimits(Decimal("0.5")), 7, DAY)
    mixed = choose_limits(start, UserLimits(Decimal("0.5"), Decimal(5), 9), 7, DAY)

    assert lowered == LimitChoice(UserLimits(Decimal("0.5")), None, 0, 7)
    # What is lower holds at once, what is higher after the wait.
    assert mixed == LimitChoice(
        UserLimits(Decimal("0.5"), Decimal(4), 9), UserLimits(Decimal("0.5"), Decimal(5), 9), 7 + DAY, 7
    )
