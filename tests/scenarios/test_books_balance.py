"""The books of a whole run: every order, deal and trade is accounted for, and every number adds up."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_domain.desk.decisions import (
    CandidatesSuppressed,
    OrderApproved,
    OrderRefused,
    SignalEmitted,
    ThresholdEvaluated,
)
from bitten_domain.desk.run.desk_run import BrokerDeclined, DealBooked, TradeClosed
from bitten_domain.execution import DealReason, mark_to_market, to_ticks
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.record.journal import Journal
from bitten_domain.record.payloads import payload_of
from bitten_domain.use_cases.trading.backtest import run_backtest
from bitten_domain.values import INSTRUMENTS, Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_adapters.synthetic.market import SyntheticMarket
    from bitten_domain.desk.run.desk_run import DeskRun, Happening, Moment
    from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan


def deals_of(run: Backtest) -> list[DealBooked]:
    return [each for each in run.happenings if isinstance(each, DealBooked)]


def test_given_a_run_when_added_up_then_the_balance_is_the_deposit_and_every_deal(synthetic_run: Backtest) -> None:
    deals = [each.deal for each in deals_of(synthetic_run)]

    assert len(deals) > 20
    moved = sum(
        (deal.profit.amount + deal.swap.amount + deal.commission.amount + deal.fee.amount for deal in deals), Decimal(0)
    )
    assert synthetic_run.account.balance.amount == Decimal(10_000) + moved
    assert [deal.ticket for deal in deals] == sorted({deal.ticket for deal in deals})


def test_given_a_run_when_orders_are_followed_then_each_approved_one_was_filled_or_declined(
    synthetic_run: Backtest,
) -> None:
    waiting: list[OrderApproved] = []
    for happening in synthetic_run.happenings:
        if isinstance(happening, OrderApproved):
            assert not waiting
            waiting.append(happening)
        elif isinstance(happening, BrokerDeclined):
            assert waiting.pop().signal is happening.signal
        elif isinstance(happening, DealBooked) and happening.deal.reason is DealReason.ENTRY:
            order = waiting.pop().order
            deal = happening.deal
            assert (deal.symbol, deal.direction, deal.lots) == (order.symbol, order.direction, order.lots)

    assert not waiting


def test_given_a_run_when_positions_are_followed_then_each_closes_once_with_its_whole_volume(
    synthetic_run: Backtest,
) -> None:
    opened: dict[int, Decimal] = {}
    ended = Counter(each.trade.position for each in synthetic_run.happenings if isinstance(each, TradeClosed))
    for each in deals_of(synthetic_run):
        deal = each.deal
        if deal.reason is DealReason.ENTRY:
            assert deal.position not in opened
            opened[deal.position] = deal.lots.value
        else:
            opened[deal.position] -= deal.lots.value
            assert opened[deal.position] >= 0
    still = {position.ticket: position.lots.value for position in synthetic_run.account.positions}

    assert {ticket: lots for ticket, lots in opened.items() if lots} == still
    assert ended == Counter(ticket for ticket, lots in opened.items() if not lots)
    assert set(synthetic_run.state.account.trades) == set(still)


def test_given_a_run_when_trades_are_read_then_none_was_ever_without_a_stop(synthetic_run: Backtest) -> None:
    trades = [each.trade for each in synthetic_run.happenings if isinstance(each, TradeClosed)]

    assert trades
    for trade in trades:
        assert trade.initial_stop is not None
        assert trade.direction.sign * (trade.entry - trade.initial_stop) > 0
    assert all(position.stop_ticks is not None for position in synthetic_run.account.positions)


def test_given_a_run_when_orders_are_read_then_a_sells_levels_stand_a_spread_above_the_charts(
    synthetic_run: Backtest,
) -> None:
    sells = 0
    for each in synthetic_run.happenings:
        if not isinstance(each, OrderApproved):
            continue
        signal, instrument = each.signal, INSTRUMENTS[each.signal.symbol]
        pair = synthetic_run.columns[signal.symbol]
        row = int(np.searchsorted(pair.prices.closed, signal.at))
        lift = to_ticks(instrument, each.order.stop) - to_ticks(instrument, signal.stop)
        if signal.direction is Direction.SELL:
            assert lift == pair.quote_spread[row] > 0
            sells += 1
        else:
            assert lift == 0
    assert sells > 5


def test_given_a_run_when_watched_then_equity_is_the_account_marked_to_market_and_days_roll(
    market: SyntheticMarket, synthetic_plan: BacktestPlan, synthetic_run: Backtest
) -> None:
    marks: list[tuple[int, Decimal, Decimal]] = []
    starts: dict[int, set[tuple[Decimal, Decimal]]] = {}

    def watch(moment: Moment, happened: Sequence[Happening], run: DeskRun) -> None:
        latest = {
            symbol: pair.ticks[int(np.searchsorted(pair.prices.closed, moment.at, side="right")) - 1]
            for symbol, pair in synthetic_run.columns.items()
        }
        rates = {symbol: (2 * bar.close + bar.spread) * INSTRUMENTS[symbol].tick / 2 for symbol, bar in latest.items()}
        marks.append((moment.at, run.equity, mark_to_market(run.account, latest, rates)))
        day = run.state.account.day
        starts.setdefault(day.day, set()).add((day.start_balance, day.start_equity))
        assert day.day == trading_day(np.array([moment.at - 1], dtype=np.int64))[0] == moment.day
        assert day.loss_floor == day.start_equity * Decimal("0.96")

    again = run_backtest(market.bars, synthetic_plan, watch)

    assert again.journal.digest == synthetic_run.journal.digest
    assert [equity for _, equity, _ in marks] == [valued for _, _, valued in marks]
    assert len(starts) == len(np.unique(trading_day(synthetic_run.equity_at - 1)))
    assert all(len(figures) == 1 for figures in starts.values())
    assert [float(equity) for _, equity, _ in marks] == synthetic_run.equity.tolist()


def test_given_a_run_when_signals_and_refusals_are_counted_then_every_candidate_is_one_of_them(
    synthetic_run: Backtest,
) -> None:
    signals = sum(isinstance(each, SignalEmitted) for each in synthetic_run.happenings)
    kept_back = Counter[str]()
    for each in synthetic_run.happenings:
        if isinstance(each, CandidatesSuppressed):
            kept_back.update({code.value: count for code, count in each.counts.items()})

    assert signals + kept_back.total() == len(synthetic_run.rows.at)
    assert {"REPEAT", "COST_SHARE", "BELOW_THRESHOLD"} <= kept_back.keys()


def test_given_a_run_when_fires_are_counted_then_only_signals_at_the_modes_floor_were_asked(
    synthetic_run: Backtest,
) -> None:
    emitted = {each.signal.signal_id for each in synthetic_run.happenings if isinstance(each, SignalEmitted)}
    high = {
        each.signal.signal_id
        for each in synthetic_run.happenings
        if isinstance(each, SignalEmitted) and each.signal.score >= 7_500
    }
    asked = [
        each.signal.signal_id for each in synthetic_run.happenings if isinstance(each, OrderApproved | OrderRefused)
    ]

    assert len(asked) == len(set(asked)) == len(high)
    assert set(asked) == high < emitted


def test_given_a_run_when_ideas_end_then_the_desk_was_told_each_result_once_and_not_before_its_time(
    synthetic_run: Backtest,
) -> None:
    end = int(synthetic_run.equity_at[-1])
    rows = [each.signal.row for each in synthetic_run.happenings if isinstance(each, SignalEmitted)]
    closed_at, net_r = synthetic_run.results.closed_at[rows], synthetic_run.results.net_r[rows]
    told = (closed_at > 0) & (closed_at <= end) & ~np.isnan(net_r)
    days = synthetic_run.state.signals.ideas.days

    assert bool(np.all(closed_at[closed_at > 0] > np.array(synthetic_run.rows.at)[rows][closed_at > 0]))
    assert sum(count for _, count, _ in days) == int(told.sum()) > 100
    assert sum(total for _, _, total in days) == pytest.approx(float(net_r[told].sum()))


def test_given_a_run_when_its_threshold_moved_then_the_audit_rows_chain(synthetic_run: Backtest) -> None:
    audits = [each.audit for each in synthetic_run.happenings if isinstance(each, ThresholdEvaluated)]

    assert audits[0].old == 70_000
    assert [audit.new for audit in audits[:-1]] == [audit.old for audit in audits[1:]]
    assert audits[-1].new == synthetic_run.state.signals.threshold.value
    assert all(70_000 <= audit.new <= 78_000 for audit in audits)


def test_given_a_run_when_its_payloads_are_read_then_they_are_canonical_and_make_the_digest(
    synthetic_run: Backtest,
) -> None:
    journal = Journal()
    keys: dict[str, list[str]] = {}
    for happening in synthetic_run.happenings:
        payload = payload_of(happening)
        journal.append(payload)
        kind, body = json.loads(payload)
        assert json.dumps([kind, body], separators=(",", ":")).encode("ascii") == payload
        if kind != "suppressed":
            assert keys.setdefault(kind, list(body)) == list(body)

    assert (journal.digest, journal.rows) == (synthetic_run.journal.digest, synthetic_run.journal.rows)
    assert {"signal", "threshold", "approved", "refused", "deal", "trade"} <= keys.keys()
