"""A desk at work, moment by moment: fires, results, pauses, days, by hand-made bars."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bitten_domain.desk.decisions import (
    CandidatesSuppressed,
    OrderApproved,
    OrderRefused,
    SignalEmitted,
    ThresholdEvaluated,
)
from bitten_domain.desk.run.desk_run import BrokerDeclined, DealBooked, DeskRun, Moment, TradeClosed
from bitten_domain.execution import BrokerTerms, Cost, CostModel, DealReason, DeclineCode, TickBar
from bitten_domain.market.news_view import Blackout, Freshness
from bitten_domain.risk.facts import NewsFacts
from bitten_domain.tcs.threshold import Condition
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import Direction, Money
from bitten_domain.vocabulary import RefusalCode, SuppressionCode

if TYPE_CHECKING:
    from tests.unit.desk.conftest import RowsMaker, SetUp

    from bitten_domain.desk.run.desk_run import Happening
    from bitten_domain.use_cases.trading.backtest import BacktestPlan

# Wednesday 2025-06-04 14:00 UTC; its trading day.
AT, DAY = 1_749_045_600, 20_243
FREE = CostModel().without(*Cost)
CLEAR = NewsFacts(Blackout.NONE, no_auto_anywhere=False, calendar=Freshness.FRESH)


class Desk:
    """A run on EURUSD that is told one bar after another."""

    def __init__(self, candidate_rows: RowsMaker, plan: BacktestPlan) -> None:
        self._rows = candidate_rows
        self.run = DeskRun(plan.rules, plan.desk, plan.terms, plan.deposit, 0, lambda _symbol, _at: CLEAR)
        self.at = AT

    def bar(
        self, low: int, high: int, close: int, *found: SetUp, spread: int = 0, day: int = DAY, step: int = 900
    ) -> list[Happening]:
        """Close a bar that opens in its middle; candidates are set to its moment."""
        self.at += step
        here = [replace(each, at=self.at) for each in found]
        bar = TickBar((low + high) // 2, high, low, close, spread)
        return self.run.take(
            Moment(
                self.at, day, self.at - AT, {"EURUSD": bar}, {"EURUSD": spread}, self._rows(*here), 0, len(here), [],
                lambda: Condition.NORMAL, dict, frozenset(),
            )
        )  # fmt: skip


@pytest.fixture
def desk(candidate_rows: RowsMaker) -> Desk:
    """Give a desk on which nothing costs anything, so that figures are round."""
    return Desk(candidate_rows, paper_plan(costs=FREE))


def kinds(happened: list[Happening]) -> list[type]:
    return [type(each) for each in happened]


def test_given_a_weak_set_up_when_kept_back_then_what_happened_names_its_moment(
    desk: Desk, set_up: type[SetUp]
) -> None:
    (kept_back,) = desk.bar(109_990, 110_010, 110_000, set_up(score=6_000))

    assert kept_back == CandidatesSuppressed(desk.at, {SuppressionCode.BELOW_THRESHOLD: 1})


def test_given_a_good_set_up_when_found_then_it_is_emitted_approved_and_filled_in_one_moment(
    desk: Desk, set_up: type[SetUp]
) -> None:
    happened = desk.bar(109_990, 110_010, 110_000, set_up())

    assert kinds(happened) == [SignalEmitted, OrderApproved, DealBooked]
    (position,) = desk.run.account.positions
    # 1 % of 10 000 over 20 pips and the usual spread of 1.2, which sizing never leaves out: 100 / 212.
    assert (position.lots.value, position.stop, position.target) == (
        Decimal("0.47"),
        Decimal("1.09800"),
        Decimal("1.10400"),
    )
    assert (desk.run.state.account.day.shots, list(desk.run.state.account.trades)) == (1, [position.ticket])


def test_given_a_signal_below_the_modes_floor_when_emitted_then_nobody_asks(desk: Desk, set_up: type[SetUp]) -> None:
    assert kinds(desk.bar(109_990, 110_010, 110_000, set_up(score=7_499))) == [SignalEmitted]
    assert kinds(desk.bar(109_990, 110_010, 110_000, set_up(score=7_500, symbol="EURUSD", sign=-1, stop=1.102,
                                                             target=1.096))) == [SignalEmitted, OrderApproved,
                                                                                 DealBooked]  # fmt: skip


def test_given_a_sell_when_fired_then_its_levels_stand_a_spread_above_the_chart(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    desk = Desk(candidate_rows, paper_plan())

    desk.bar(109_990, 110_010, 110_000, set_up(sign=-1, stop=1.102, target=1.096), spread=12)

    (position,) = desk.run.account.positions
    assert (position.direction, position.stop, position.target) == (
        Direction.SELL,
        Decimal("1.10212"),
        Decimal("1.09612"),
    )


def test_given_a_trade_when_its_stop_is_hit_then_result_balance_and_cool_down_follow(
    desk: Desk, set_up: type[SetUp]
) -> None:
    desk.bar(109_990, 110_010, 110_000, set_up())

    happened = desk.bar(109_700, 110_000, 109_750)

    assert kinds(happened) == [DealBooked, TradeClosed]
    closed = happened[1]
    assert isinstance(closed, TradeClosed)
    assert (closed.trade.reason, closed.trade.net_r, closed.balance) == (
        DealReason.STOP,
        Decimal(-1),
        Decimal("9906.00"),
    )
    assert desk.run.equity == Decimal("9906.00")
    assert desk.run.state.account.behaviour.losing_streak == 1
    assert desk.run.state.account.trades == {}


def test_given_a_loss_when_the_next_signal_comes_then_the_cool_down_is_over_in_a_quarter_of_an_hour(
    desk: Desk, set_up: type[SetUp]
) -> None:
    desk.bar(109_990, 110_010, 110_000, set_up())
    happened = desk.bar(109_700, 110_000, 109_750, set_up(sign=-1, entry=1.0975, stop=1.0995, target=1.0935))

    (refused,) = [each for each in happened if isinstance(each, OrderRefused)]
    assert [reason.code for reason in refused.refusal.reasons] == [RefusalCode.COOL_DOWN]


def lose(desk: Desk, set_up: type[SetUp], day: int = DAY) -> list[Happening]:
    """Buy at 1.1, lose 20 pips, two hours apart."""
    happened = desk.bar(109_990, 110_010, 110_000, set_up(), step=7_200, day=day)
    return happened + desk.bar(109_790, 110_000, 109_800, day=day)


def test_given_four_losses_in_a_row_when_asked_again_then_the_lock_out_refuses_for_an_hour(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    desk = Desk(candidate_rows, paper_plan(costs=FREE))
    for number in range(4):
        # Two a day, so that neither medic nor the daily limit speaks first.
        lose(desk, set_up, DAY + number // 2)
    locked = desk.run.state.account.behaviour.lockout_until

    early = desk.bar(109_990, 110_010, 110_000, set_up(sign=-1, stop=1.102, target=1.096), day=DAY + 2)
    later = desk.bar(109_990, 110_010, 110_000, set_up(), step=7_200, day=DAY + 2)

    assert locked == desk.at - 7_200 - 900 + 3_600
    codes = [r.code for each in early if isinstance(each, OrderRefused) for r in each.refusal.reasons]
    assert codes == [RefusalCode.TILT_LOCKOUT]
    assert OrderApproved in kinds(later)


def test_given_a_new_trading_day_when_its_first_bar_closes_then_the_days_figures_begin_anew(
    desk: Desk, set_up: type[SetUp]
) -> None:
    lose(desk, set_up)
    before = desk.run.state.account.day

    desk.bar(109_990, 110_010, 110_000, day=DAY + 1)

    assert (before.day, before.start_equity, before.shots) == (DAY, Decimal(10_000), 1)
    assert desk.run.state.account.day.day == DAY + 1
    assert (desk.run.state.account.day.start_balance, desk.run.state.account.day.start_equity) == (
        Decimal("9906.00"),
    ) * 2
    assert desk.run.state.account.day.loss_floor == Decimal("9509.76")
    assert desk.run.state.account.day.shots == 0


def test_given_a_fall_of_fifteen_percent_when_stopped_then_it_is_released_at_once_and_counted(
    desk: Desk, set_up: type[SetUp]
) -> None:
    desk.bar(109_990, 110_010, 110_000, set_up())
    # A gap of 330 pips on 0.47 lots: 1 551 of 10 000.
    desk.bar(106_680, 106_720, 106_700)

    behaviour = desk.run.state.account.behaviour
    assert desk.run.account.balance.amount == Decimal("8449.00")
    assert (behaviour.releases, behaviour.drawdown_stopped, behaviour.peak_equity) == (1, False, Decimal("8449.00"))
    assert behaviour.daily_limit_day == DAY


def test_given_a_daily_limit_when_asked_again_that_day_then_it_refuses_and_the_next_day_does_not(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    desk = Desk(candidate_rows, paper_plan(costs=FREE))
    desk.bar(109_990, 110_010, 110_000, set_up())
    desk.bar(108_980, 109_020, 109_000)  # 100 pips on 0.47 lots: 4.7 %

    same = desk.bar(109_990, 110_010, 110_000, set_up(), step=7_200)
    following = desk.bar(109_990, 110_010, 110_000, set_up(), step=7_200, day=DAY + 1)

    (refused,) = [each for each in same if isinstance(each, OrderRefused)]
    assert RefusalCode.DAILY_LIMIT in {reason.code for reason in refused.refusal.reasons}
    assert OrderApproved in kinds(following)


def test_given_a_staged_plan_when_its_first_stage_is_reached_then_half_goes_and_the_stop_follows(
    desk: Desk, set_up: type[SetUp]
) -> None:
    desk.bar(109_990, 110_010, 110_000, set_up(strategy=2, target=1.106))

    part = desk.bar(110_000, 110_320, 110_310)
    (position,) = desk.run.account.positions
    rest = desk.bar(109_990, 110_310, 110_000)

    (half,) = [each.deal for each in part if isinstance(each, DealBooked)]
    assert (half.reason, half.lots.value, half.price) == (DealReason.PLAN, Decimal("0.23"), Decimal("1.10300"))
    assert position.stop == Decimal("1.10000")
    (closed,) = [each for each in rest if isinstance(each, TradeClosed)]
    # 0.23 lots of 30 pips over 0.47 lots of 20.
    assert (closed.trade.net_r, closed.trade.reason) == (Decimal("0.7340"), DealReason.STOP)


def test_given_a_position_when_its_time_is_over_then_it_is_closed_at_the_close(desk: Desk, set_up: type[SetUp]) -> None:
    desk.bar(109_990, 110_010, 110_000, set_up(flat_after=1_800))
    held = desk.bar(109_990, 110_010, 110_005)
    ended = desk.bar(109_990, 110_060, 110_050)

    assert held == []
    assert kinds(ended) == [DealBooked, TradeClosed]
    assert isinstance(ended[1], TradeClosed)
    assert (ended[1].trade.reason, ended[1].trade.exit) == (DealReason.FLAT, Decimal("1.10050"))


def test_given_an_order_the_broker_does_not_take_when_sent_then_it_is_told_and_nothing_is_open(
    candidate_rows: RowsMaker, set_up: type[SetUp]
) -> None:
    plan = paper_plan(costs=FREE)
    # The desk reckons with checks left out; the broker's own margin rule still stands.
    plan = replace(plan, rules=replace(plan.rules, checks=()), terms=BrokerTerms(costs=FREE, leverage=Decimal(1)))
    desk = Desk(candidate_rows, plan)

    happened = desk.bar(109_990, 110_010, 110_000, set_up())

    (declined,) = [each for each in happened if isinstance(each, BrokerDeclined)]
    assert declined.declined.code is DeclineCode.NOT_ENOUGH_MONEY
    assert desk.run.account.positions == ()
    assert desk.run.account.balance == Money(Decimal(10_000), "USD").rounded()


def test_given_four_open_hours_after_a_whole_window_when_due_then_the_threshold_is_evaluated(desk: Desk) -> None:
    before = desk.bar(109_990, 110_010, 110_000, step=86_400 - 900)
    due = desk.bar(109_990, 110_010, 110_000)
    again = desk.bar(109_990, 110_010, 110_000, step=3 * 3_600)
    next_due = desk.bar(109_990, 110_010, 110_000, step=3_600)

    assert (before, again) == ([], [])
    assert kinds(due) == kinds(next_due) == [ThresholdEvaluated]
