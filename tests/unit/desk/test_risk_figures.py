"""Risk figures a desk decides by: what is held, what it loses at its stops, and where a day begins."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bitten_domain.desk.decisions import OrderApproved, OrderRefused
from bitten_domain.desk.firing import holdings_of
from bitten_domain.desk.run.desk_run import DeskRun, Moment
from bitten_domain.execution import BrokerTerms, Cost, CostModel, TickBar
from bitten_domain.market.news_view import Blackout, Freshness
from bitten_domain.risk import FireRequest, OpenRisk, RiskFacts
from bitten_domain.risk.facts import NewsFacts
from bitten_domain.risk.policy import RiskPolicy
from bitten_domain.risk.sizing import allowance_of
from bitten_domain.risk.workings import work_out
from bitten_domain.tcs.threshold import Condition
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import Direction
from bitten_domain.vocabulary import FireMode, RefusalCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.unit.desk.conftest import RowsMaker, SetUp

    from bitten_domain.desk.run.desk_run import Happening
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

# Wednesday 2025-06-04 14:00 UTC; its trading day.
AT, DAY = 1_749_045_600, 20_243
FREE = CostModel().without(*Cost)
CLEAR = NewsFacts(Blackout.NONE, no_auto_anywhere=False, calendar=Freshness.FRESH)
TEN_THOUSAND = Decimal(10_000)


class Desk:
    """A run that is told the closes of its pairs, a quarter of an hour apart; every bar is its close."""

    def __init__(self, candidate_rows: RowsMaker, plan: BacktestPlan) -> None:
        self._rows = candidate_rows
        self.plan, self.at = plan, AT
        self.run = DeskRun(plan.rules, plan.desk, plan.terms, plan.deposit, 0, lambda _symbol, _at: CLEAR)

    def close(
        self,
        closes: Mapping[str, int],
        *found: SetUp,
        day: int = DAY,
        correlations: Mapping[tuple[str, str], float] | None = None,
    ) -> list[Happening]:
        """Close one bar of each pair, in ticks, on a quote without a spread."""
        self.at += 900
        here = [replace(each, at=self.at) for each in found]
        bars = {symbol: TickBar(close, close, close, close, 0) for symbol, close in closes.items()}
        return self.run.take(
            Moment(
                self.at, day, self.at - AT, bars, dict.fromkeys(bars, 0), self._rows(*here), 0, len(here), [],
                lambda: Condition.NORMAL, lambda: correlations or {}, frozenset(),
            )
        )  # fmt: skip


def approved(happened: list[Happening]) -> list[str]:
    return [each.signal.symbol for each in happened if isinstance(each, OrderApproved)]


def refused(happened: list[Happening]) -> list[tuple[str, RefusalCode]]:
    return [
        (each.signal.symbol, code) for each in happened if isinstance(each, OrderRefused) for code in each.refusal.codes
    ]


BOTH = {"EURUSD": 110_000, "GBPUSD": 127_000}


def roomy() -> BacktestPlan:
    """Give a plan without costs whose margin is never what stands in the way."""
    return replace(paper_plan(costs=FREE), terms=BrokerTerms(costs=FREE, leverage=Decimal(200)))


def test_given_two_pairs_that_move_together_when_found_in_one_moment_then_the_second_knows_of_the_first(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    euro = set_up(score=8_400)
    pound = set_up(symbol="GBPUSD", score=8_200, entry=1.27, stop=1.268, target=1.274)
    linked = {("EURUSD", "GBPUSD"): 0.9}

    alone = Desk(candidate_rows, roomy()).close(BOTH, pound, correlations=linked)
    both = Desk(candidate_rows, roomy()).close(BOTH, euro, pound, correlations=linked)

    assert (approved(alone), refused(alone)) == (["GBPUSD"], [])
    # Each risks about one unit; a cluster may carry one and a half.
    assert (approved(both), refused(both)) == (["EURUSD"], [("GBPUSD", RefusalCode.CLUSTER_RISK)])


def test_given_room_for_one_position_when_two_are_found_in_one_moment_then_the_second_is_one_too_many(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    plan = roomy()
    limits = replace(plan.desk.person.limits, max_positions=1)
    plan = replace(plan, desk=replace(plan.desk, person=replace(plan.desk.person, limits=limits)))
    pound = set_up(symbol="GBPUSD", score=8_200, sign=-1, entry=1.27, stop=1.272, target=1.266)

    apart = {("EURUSD", "GBPUSD"): 0.0}
    happened = Desk(candidate_rows, plan).close(BOTH, set_up(score=8_400), pound, correlations=apart)

    assert (approved(happened), refused(happened)) == (["EURUSD"], [("GBPUSD", RefusalCode.TOO_MANY_POSITIONS)])


@pytest.mark.parametrize(("equity", "least"), [("9500", "9500"), ("10500", "10000")])
def test_given_open_positions_when_an_order_is_sized_then_by_the_smaller_of_balance_and_equity(
    clean_request: FireRequest, clean_facts: RiskFacts, equity: str, least: str
) -> None:
    # The day began with the same open loss, so that the medic does not speak.
    account = replace(clean_facts.account, equity=Decimal(equity), day_start_equity=Decimal(equity))
    workings = work_out(clean_request, replace(clean_facts, account=account), RiskPolicy())

    assert workings.allowance.sizing_balance == Decimal(least)
    assert workings.allowance.budget == workings.allowance.unit == Decimal(least) / 100
    # 20 pips, 1.2 of spread and 0.7 of slippage at 10 USD and 7 USD of commission: 226 a lot, in whole hundredths.
    assert workings.sizing is not None
    assert workings.sizing.lots == {"9500": Decimal("0.42"), "10000": Decimal("0.44")}[least]


def test_given_a_position_when_its_risk_is_priced_then_the_stops_slippage_is_in_it(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    desk = Desk(candidate_rows, paper_plan())
    desk.close({"EURUSD": 110_000}, set_up())
    (position,) = desk.run.account.positions

    held = holdings_of(desk.plan.desk, desk.run.state.account, desk.run.account, desk.run.equity, desk.plan.terms, {})

    assert (position.lots.value, position.entry) == (Decimal("0.44"), Decimal("1.10002"))
    assert position.swap.amount == 0
    # 20.2 pips from the fill to the stop and 0.5 beyond it at 4.40 USD a pip; the commission is off the balance.
    assert held.risks == (OpenRisk("EURUSD", Direction.BUY, Decimal("91.08")),)
    assert held.account.balance == TEN_THOUSAND - Decimal("3.08")


@pytest.mark.parametrize(
    ("start", "balance", "equity", "risks", "at_stops"),
    [
        # 100 of the 150 to the stop are lost on paper: the stop adds 50, not 150.
        ("10000", "10000", "9900", ("150",), "150"),
        # 200 booked and 100 on paper; the stops take 150 and 50 off the balance.
        ("10000", "9800", "9700", ("150", "50"), "400"),
        # The day began with 100 lost on paper, which the stop takes for good with 50 more.
        ("9900", "10000", "9880", ("150",), "50"),
        # Past a stop in profit by a gap: what is lost on paper is lost.
        ("10000", "10000", "9900", ("0",), "100"),
        # A gain on paper is gone at the stop.
        ("10000", "10000", "10080", ("150",), "150"),
    ],
)
def test_given_a_loss_on_paper_when_the_days_loss_at_the_stops_is_reckoned_then_it_counts_once(
    clean_facts: RiskFacts, start: str, balance: str, equity: str, risks: tuple[str, ...], at_stops: str
) -> None:
    account = replace(
        clean_facts.account, day_start_equity=Decimal(start), balance=Decimal(balance), equity=Decimal(equity)
    )
    held = tuple(OpenRisk("EURUSD", Direction.BUY, Decimal(risk)) for risk in risks)

    allowance = allowance_of(replace(clean_facts, account=account, open_risks=held), RiskPolicy(), FireMode.SINGLE)

    assert allowance.day_loss == Decimal(start) - Decimal(equity)
    assert allowance.day_loss_at_stops == Decimal(at_stops)


@pytest.mark.parametrize(
    ("opens", "equity", "limit_day"),
    [
        (109_900, "9953.00", None),  # 10 pips on 0.47 lots, still held
        (109_000, "9530.00", DAY + 1),  # 100 pips: the stop is left behind, and more than 4 % of 9 976.50
    ],
)
def test_given_a_position_held_over_the_roll_when_the_first_bar_loses_then_it_is_the_new_days_loss(
    candidate_rows: RowsMaker, set_up: type[SetUp], opens: int, equity: str, limit_day: int | None
) -> None:
    desk = Desk(candidate_rows, paper_plan(costs=FREE))
    desk.close({"EURUSD": 110_000}, set_up())
    desk.close({"EURUSD": 109_950})

    desk.close({"EURUSD": opens}, day=DAY + 1)

    day = desk.run.state.account.day
    # The day before left 5 pips of loss on paper: 23.50.
    assert (day.day, day.start_balance, day.start_equity) == (DAY + 1, TEN_THOUSAND, Decimal("9976.50"))
    assert day.loss_floor == Decimal("9577.44")
    assert desk.run.equity == Decimal(equity)
    assert (desk.run.state.account.behaviour.daily_limit_day == DAY + 1) == (limit_day == DAY + 1)
