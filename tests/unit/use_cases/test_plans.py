"""Plans: the documented defaults, and input that no run can start from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bitten_domain.desk.trade_management import StopMoved
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import BrokerTerms, Cost, CostModel
from bitten_domain.market.bars import Timeframe
from bitten_domain.record.payloads import payload_of
from bitten_domain.risk.policy import CostPolicy, UserLimits
from bitten_domain.strategies import london_breakout
from bitten_domain.strategies.london_breakout import LondonBreakout
from bitten_domain.use_cases.trading.backtest import run_backtest, run_live
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import TEN_PAIRS, Money
from bitten_domain.vocabulary import FireMode, PlanKind, Rank, SystemMode, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.unit.conftest import WalkMaker

    from bitten_domain.market.bars import Bars
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan


def test_given_nothing_said_when_planned_then_the_defaults_are_the_documented_ones() -> None:
    plan = paper_plan()

    assert plan.scanner.pairs == TEN_PAIRS
    assert [each.name for each in plan.scanner.strategies] == [
        "london_breakout",
        "mean_reversion",
        "momentum_continuation",
    ]
    assert (plan.deposit, plan.rules.daily_loss_percent) == (Money(Decimal(10_000), "USD"), Decimal(4))
    person = plan.desk.person
    assert (plan.desk.fire_mode, person.rank, person.tier, person.mode) == (
        FireMode.SEMI,
        Rank.AUTHORIZED,
        Tier.COMMANDER,
        SystemMode.COMMANDER,
    )
    assert person.limits == UserLimits(Decimal(1), Decimal(4))
    costs = plan.rules.risk.costs
    assert (costs.entry_slippage_pips, costs.stop_slippage_pips, costs.commission_per_lot) == (
        Decimal("0.2"),
        Decimal("0.5"),
        Decimal(7),
    )


def test_given_auto_when_planned_then_a_mandate_fires_within_the_tiers_shots() -> None:
    plan = paper_plan(auto=True, tier=Tier.APEX, start=1_000)

    assert plan.desk.fire_mode is FireMode.AUTO
    assert plan.desk.mandate is not None
    assert (plan.desk.mandate.shots_a_day, plan.desk.mandate.pairs) == (50, frozenset(TEN_PAIRS))
    assert plan.desk.renews_mandate
    assert plan.desk.person.mode is SystemMode.TACTICAL


@pytest.mark.parametrize("tier", [Tier.NONE, Tier.PRESS_PASS, Tier.NIBBLER, Tier.FANG])
def test_given_a_tier_without_auto_when_planned_then_it_names_those_that_have_it(tier: Tier) -> None:
    with pytest.raises(InvalidInput, match=r"does not include AUTO \(choose COMMANDER or APEX\)"):
        paper_plan(auto=True, tier=tier)


@pytest.mark.parametrize(
    ("tier", "mode", "trigger", "risk", "daily"),
    [
        (Tier.NONE, SystemMode.BIT, FireMode.SINGLE, "0.5", "3"),
        (Tier.PRESS_PASS, SystemMode.BIT, FireMode.SEMI, "0.5", "3"),
        (Tier.NIBBLER, SystemMode.COMMANDER, FireMode.SEMI, "1", "4"),
    ],
)
def test_given_a_low_tier_when_planned_then_it_gets_the_most_it_may(
    tier: Tier, mode: SystemMode, trigger: FireMode, risk: str, daily: str
) -> None:
    plan = paper_plan(tier=tier)

    assert (plan.desk.person.mode, plan.desk.fire_mode) == (mode, trigger)
    assert plan.desk.person.limits.risk_percent == Decimal(risk)
    assert plan.rules.daily_loss_percent == Decimal(daily)


@pytest.mark.parametrize(
    ("costs", "sized"),
    [
        (CostModel(factor=Decimal("1.5")), ("0.3", "0.75", "10.5")),
        (CostModel().without(Cost.SLIPPAGE), ("0", "0", "7")),
        (CostModel().without(Cost.COMMISSION), ("0.2", "0.5", "0")),
        (CostModel().without(*Cost), ("0", "0", "0")),
    ],
)
def test_given_other_costs_when_planned_then_positions_are_sized_with_them(
    costs: CostModel, sized: tuple[str, str, str]
) -> None:
    policy = paper_plan(costs=costs).rules.risk.costs

    assert (policy.entry_slippage_pips, policy.stop_slippage_pips, policy.commission_per_lot) == tuple(
        Decimal(figure) for figure in sized
    )


def test_given_costs_of_a_broker_when_only_they_are_changed_then_positions_are_sized_with_the_new_ones() -> None:
    plan = replace(paper_plan(), terms=BrokerTerms(costs=CostModel(factor=Decimal(2))))

    assert plan.rules.risk.costs == CostPolicy(Decimal("0.4"), Decimal(1), Decimal(3), Decimal(14), "USD")


def test_given_the_documented_costs_when_put_beside_the_risk_policys_then_they_are_the_same() -> None:
    assert CostModel().sizing == CostPolicy()


@pytest.mark.parametrize("kind", [PlanKind.BREAK_EVEN, PlanKind.ATR_TRAIL])
def test_given_a_plan_that_moves_its_stop_when_run_then_the_moves_are_recorded(kind: PlanKind, walk: WalkMaker) -> None:
    strategy = replace(LondonBreakout(london_breakout.WIDE), plan=kind)

    run = run_backtest({"EURUSD": walk(4, 3_000)}, paper_plan([strategy]))

    moves = [each for each in run.happenings if isinstance(each, StopMoved)]
    assert len(moves) >= 2
    assert payload_of(moves[0]).startswith(b'["stop",{"at":')


@pytest.mark.parametrize("run", [run_backtest, run_live])
def test_given_bars_that_no_run_can_take_when_run_then_it_says_why(run: type[object], walk: WalkMaker) -> None:
    bars = walk(4, 100)

    for given, text in (
        ({}, "no bar of any pair"),
        ({"EURUSD": bars.rows(slice(0, 0))}, "no bar of any pair"),
        ({"XAUUSD": bars}, "no bar of any pair"),
        ({"EURUSD": replace(bars, timeframe=Timeframe.H1)}, "got H1 of EURUSD"),
        ({"GBPUSD": bars}, "got M15 of EURUSD"),
    ):
        with pytest.raises(InvalidInput, match=text):
            run(given, paper_plan())  # type: ignore[call-arg]


def test_given_one_pair_and_few_bars_when_run_then_nothing_is_found_and_nothing_breaks(walk: WalkMaker) -> None:
    run = run_backtest({"EURUSD": walk(4, 40)}, paper_plan())

    assert (run.bars, run.account.balance.amount, len(run.equity)) == (40, Decimal(10_000), 40)


@pytest.mark.parametrize("run", [run_backtest, run_live])
def test_given_two_of_the_ten_pairs_when_run_then_the_scan_knows_no_other(
    run: Callable[[Mapping[str, Bars], BacktestPlan], Backtest], walk: WalkMaker
) -> None:
    bars = {symbol: walk(4, 40, symbol=symbol) for symbol in ("GBPUSD", "EURUSD")}

    assert [instrument.symbol for instrument in run(bars, paper_plan()).rows.instruments] == ["EURUSD", "GBPUSD"]
