"""Every part is at work: what is shuffled, taken out or made free changes what a run comes to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.desk.decisions import OrderApproved, OrderRefused, SignalEmitted
from bitten_domain.desk.fire_checks import FIRE_CHECKS, rules_of
from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution import BrokerTerms, Cost, CostModel
from bitten_domain.market.frame import frame_of
from bitten_domain.market.studies import studies_of
from bitten_domain.tcs import scan
from bitten_domain.tcs.evidence import Evidence, evidence_of
from bitten_domain.tcs.parts import COMPONENTS, RULE_COMPONENT, Component
from bitten_domain.use_cases.trading.backtest import run_backtest
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import INSTRUMENTS, Money
from bitten_domain.vocabulary import RefusalCode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars
    from bitten_domain.tcs.scan import ScoredCandidates
    from bitten_domain.tcs.setting import Setting
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan
    from bitten_domain.values import SignalId


def outcome(run: Backtest) -> tuple[list[SignalId], Money]:
    """Say which signals were opened, and what the account came to."""
    opened = [each.signal.signal_id for each in run.happenings if isinstance(each, OrderApproved)]
    return opened, run.account.balance


def emitted(run: Backtest) -> list[SignalId]:
    return [each.signal.signal_id for each in run.happenings if isinstance(each, SignalEmitted)]


@pytest.mark.parametrize(
    "component",
    [component for component in COMPONENTS if component is not Component.SENTIMENT],
    ids=lambda component: component.value,
)
def test_given_a_component_when_its_evidence_is_shuffled_then_other_signals_are_emitted(
    few_bars: Mapping[str, Bars],
    synthetic_plan: BacktestPlan,
    few_run: Backtest,
    component: Component,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    columns = [column for column, row in enumerate(RULE_COMPONENT) if COMPONENTS[row] is component]
    chance = np.random.default_rng(1)

    def shuffled(setting: Setting, sentiment: NDArray[np.float64]) -> Evidence:
        found = evidence_of(setting, sentiment)
        points = found.points.copy()
        points[:, columns] = points[chance.permutation(len(points))][:, columns]
        return replace(found, points=points)

    monkeypatch.setattr(scan, "evidence_of", shuffled)

    run = run_backtest(few_bars, synthetic_plan)

    assert len(run.rows.at) == len(few_run.rows.at)
    assert set(emitted(run)) != set(emitted(few_run))


def test_given_a_sentiment_feed_or_none_when_scanned_then_scores_follow_it_or_call_it_unavailable(
    few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan, few_run: Backtest, first_trade: int
) -> None:
    """A run has no feed yet; the scan takes one."""
    number = COMPONENTS.index(Component.SENTIMENT)
    instruments, columns = synthetic_plan.terms.instruments, few_run.columns
    studies = {
        symbol: studies_of(frame_of(instruments[symbol], bars), long_average=False) for symbol, bars in few_bars.items()
    }
    spreads = {symbol: pair.spread for symbol, pair in columns.items()}

    def scanned(feed: Mapping[str, float] | None) -> ScoredCandidates:
        return synthetic_plan.scanner.scan(studies, spreads, None, first_trade, feed)

    none, up, down = scanned(None), scanned(dict.fromkeys(few_bars, 0.8)), scanned(dict.fromkeys(few_bars, -0.8))

    assert bool((none.caps[:, number] == 0).all())
    assert bool((few_run.rows.table.caps[:, number] == 0).all())
    assert np.array_equal(up.direction, down.direction)
    assert bool((up.score[up.direction > 0] > down.score[up.direction > 0]).all())
    assert bool((up.score[up.direction < 0] < down.score[up.direction < 0]).all())


def as_it_is(plan: BacktestPlan) -> BacktestPlan:
    return plan


def with_a_narrow_mandate(plan: BacktestPlan) -> BacktestPlan:
    """Fire one pair automatically."""
    auto = paper_plan(auto=True, news=plan.news, start=plan.start)
    assert auto.desk.mandate is not None
    return replace(auto, desk=replace(auto.desk, mandate=replace(auto.desk.mandate, pairs=frozenset({"GBPUSD"}))))


def with_auto(plan: BacktestPlan) -> BacktestPlan:
    return paper_plan(auto=True, news=plan.news, start=plan.start)


def with_a_distant_broker(plan: BacktestPlan) -> BacktestPlan:
    """Trade at a broker that takes no stop nearer than 15 pips."""
    instruments = {symbol: replace(each, stop_level_pips=Decimal(15)) for symbol, each in INSTRUMENTS.items()}
    return replace(plan, terms=replace(plan.terms, instruments=instruments))


def with_a_strict_spread(plan: BacktestPlan) -> BacktestPlan:
    """Take no quote wider than the usual one."""
    instruments = {
        symbol: replace(each, max_spread_pips=each.normal_spread_pips) for symbol, each in INSTRUMENTS.items()
    }
    return replace(plan, terms=replace(plan.terms, instruments=instruments))


# Where each check has something to say. A recorded run can set no emergency stop and asks for every signal once, at
# least an hour apart: checks 1 and 12 are proven fire by fire (test_fire_checks.py).
SCENES: dict[int, Callable[[BacktestPlan], BacktestPlan]] = {
    2: with_a_narrow_mandate,
    3: as_it_is,
    4: with_a_strict_spread,
    5: with_auto,
    6: as_it_is,
    7: as_it_is,
    8: with_a_distant_broker,
    10: as_it_is,
    11: as_it_is,
}


@pytest.mark.parametrize("number", SCENES)
def test_given_one_of_the_twelve_checks_when_left_out_then_the_run_comes_to_something_else(
    few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan, number: int
) -> None:
    plan = SCENES[number](synthetic_plan)
    rest = rules_of([check for check in FIRE_CHECKS if check.number != number])

    whole = run_backtest(few_bars, plan)
    without = run_backtest(few_bars, replace(plan, rules=replace(plan.rules, checks=rest)))

    assert whole.rows.at == without.rows.at
    assert outcome(without) != outcome(whole)


def test_given_the_size_check_when_left_out_then_an_order_that_cannot_be_sized_is_never_sent(
    few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan
) -> None:
    poor = replace(synthetic_plan, deposit=Money(Decimal(300), "USD"))
    rest = rules_of([check for check in FIRE_CHECKS if check.number != 9])

    run = run_backtest(few_bars, poor)

    refused = [each.refusal for each in run.happenings if isinstance(each, OrderRefused)]
    assert any(reason.code is RefusalCode.MIN_LOT_EXCEEDS_RISK for refusal in refused for reason in refusal.reasons)
    with pytest.raises(BrokenInvariant, match="a rule was left out"):
        run_backtest(few_bars, replace(poor, rules=replace(poor.rules, checks=rest)))


@pytest.mark.parametrize("number", [1, 12])
def test_given_a_check_that_a_recorded_run_never_meets_when_left_out_then_nothing_changes(
    few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan, few_run: Backtest, number: int
) -> None:
    rest = rules_of([check for check in FIRE_CHECKS if check.number != number])

    run = run_backtest(few_bars, replace(synthetic_plan, rules=replace(synthetic_plan.rules, checks=rest)))

    assert run.journal.digest == few_run.journal.digest


def test_given_all_checks_left_out_when_run_then_everything_that_can_be_sized_is_opened(
    few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan, few_run: Backtest
) -> None:
    run = run_backtest(few_bars, replace(synthetic_plan, rules=replace(synthetic_plan.rules, checks=())))

    def approved(each: Backtest) -> int:
        return sum(isinstance(happening, OrderApproved) for happening in each.happenings)

    assert approved(run) > 3 * approved(few_run)
    assert any(isinstance(happening, OrderRefused) for happening in few_run.happenings)


@pytest.mark.parametrize("cost", list(Cost), ids=lambda cost: cost.value)
def test_given_a_cost_when_made_free_then_the_account_ends_elsewhere(
    few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan, few_run: Backtest, cost: Cost
) -> None:
    plan = replace(synthetic_plan, terms=BrokerTerms(costs=CostModel().without(cost)))

    run = run_backtest(few_bars, plan)

    assert run.account.balance != few_run.account.balance
    assert bool(np.nanmean(run.results.net_r) > np.nanmean(few_run.results.net_r))


def test_given_dearer_costs_when_run_then_every_idea_comes_to_less(
    few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan, few_run: Backtest
) -> None:
    plan = replace(synthetic_plan, terms=BrokerTerms(costs=CostModel(factor=Decimal(2))))

    run = run_backtest(few_bars, plan)

    assert float(np.nanmean(run.results.net_r)) < float(np.nanmean(few_run.results.net_r))
