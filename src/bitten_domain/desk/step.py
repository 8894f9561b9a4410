"""The desk's step: one event in, the next state and the decisions out. Pure, synchronous, and the same everywhere.

A backtest folds it over a scan in memory; a live use case loads the state, takes a step, and stores state, journal and
outbox in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from bitten_domain.desk.closed_ideas import closed_signals, with_result
from bitten_domain.desk.decisions import (
    CandidatesSuppressed,
    OrderApproved,
    OrderRefused,
    SignalEmitted,
    ThresholdEvaluated,
)
from bitten_domain.desk.emission import consider_rows
from bitten_domain.desk.events import (
    AccountMarked,
    CandidatesFound,
    FireAsked,
    IdeasEnded,
    OrderFilled,
    ReleaseAsked,
    ThresholdDue,
    TradeEnded,
)
from bitten_domain.desk.fire_checks import FIRE_CHECKS, decide_fire, rules_of
from bitten_domain.desk.signal_book import count_passes
from bitten_domain.desk.state import DayState
from bitten_domain.risk.behaviour import after_trade_closed, ask_release, at_new_day, observe_equity
from bitten_domain.risk.decision import Refusal
from bitten_domain.tcs.gate import GateRules
from bitten_domain.tcs.threshold import ThresholdRules, evaluate

if TYPE_CHECKING:
    from bitten_domain.desk.decisions import Decision
    from bitten_domain.desk.events import AccountEvent, DeskEvent, SignalEvent
    from bitten_domain.desk.signal_desk import SignalDesk
    from bitten_domain.desk.state import AccountDesk, DeskState
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.workings import Rule

__all__ = ["DeskRules", "decide", "step", "step_account", "step_signals"]

_HUNDRED = Decimal(100)
_FORGET_AFTER = 86_400


@dataclass(frozen=True, slots=True)
class DeskRules:
    """The policies a desk works by.

    Args:
        risk: the risk policy.
        daily_loss_percent: loss of day-start equity at which opening ends for the day; the person's limit today.
        gate: emission caps and offsets.
        threshold: how the threshold moves.
        checks: rules of the twelve fire checks; fewer only to show what a check is worth, never to send.
    """

    risk: RiskPolicy
    daily_loss_percent: Decimal
    gate: GateRules = field(default_factory=GateRules)
    threshold: ThresholdRules = field(default_factory=ThresholdRules)
    checks: tuple[Rule, ...] = rules_of(FIRE_CHECKS)


def step(state: DeskState, event: DeskEvent, rules: DeskRules) -> tuple[DeskState, tuple[Decision, ...]]:
    """Take one event in, on a desk with one account.

    Args:
        state: before it; the same object comes back when nothing changed.
        event: what happened.
        rules: the policies.

    Returns:
        The state after it, and what was decided, in order.
    """
    match event:
        case CandidatesFound() | IdeasEnded() | ThresholdDue():
            signals, decisions = step_signals(state.signals, event, rules)
            return (state if signals is state.signals else state._replace(signals=signals)), decisions
        case FireAsked():
            return state, (decide(event, rules),)
        case AccountMarked() | OrderFilled() | TradeEnded() | ReleaseAsked():
            account = step_account(state.account, event, rules)
            return (state if account is state.account else state._replace(account=account)), ()
        case _:
            assert_never(event)


def step_signals(desk: SignalDesk, event: SignalEvent, rules: DeskRules) -> tuple[SignalDesk, tuple[Decision, ...]]:
    """Take in what concerns the emission of signals; arguments and result as `step`."""
    match event:
        case CandidatesFound():
            return _found(desk, event, rules)
        case IdeasEnded():
            ideas = desk.ideas
            for day, net_r in event.results:
                ideas = with_result(ideas, day, net_r)
            return desk._replace(ideas=ideas), ()
        case ThresholdDue():
            return _evaluated(desk, event, rules)
        case _:
            assert_never(event)


def step_account(desk: AccountDesk, event: AccountEvent, rules: DeskRules) -> AccountDesk:
    """Take in what happened to the account; the same object comes back when nothing changed."""
    match event:
        case AccountMarked():
            return _marked(desk, event, rules)
        case OrderFilled():
            return _filled(desk, event)
        case TradeEnded():
            return _ended(desk, event, rules)
        case ReleaseAsked():
            return desk._replace(behaviour=ask_release(desk.behaviour, event.at))
        case _:
            assert_never(event)


def decide(event: FireAsked, rules: DeskRules) -> OrderApproved | OrderRefused:
    """Decide on a fire: all it may know comes with it, so no desk is asked."""
    answer = decide_fire(event.request, event.facts, rules.risk, rules.checks)
    if isinstance(answer, Refusal):
        return OrderRefused(event.facts.now, event.signal, answer)
    return OrderApproved(event.signal, answer)


def _marked(desk: AccountDesk, event: AccountMarked, rules: DeskRules) -> AccountDesk:
    day, behaviour = desk.day, desk.behaviour
    if day.day != event.day:
        floor = event.equity * (1 - rules.daily_loss_percent / _HUNDRED)
        day = DayState(event.day, event.balance, event.equity, floor)
        behaviour = at_new_day(behaviour, event.day)
    behaviour = observe_equity(
        behaviour,
        rules.risk.behaviour,
        equity=event.equity,
        day_loss_reached=event.equity <= day.loss_floor,
        now=event.at,
        trading_day=event.day,
    )
    if day is desk.day and behaviour is desk.behaviour:
        return desk
    return desk._replace(day=day, behaviour=behaviour)


def _found(desk: SignalDesk, event: CandidatesFound, rules: DeskRules) -> tuple[SignalDesk, tuple[Decision, ...]]:
    book, emission = consider_rows(
        desk.book,
        rules.gate,
        event.rows,
        event.first,
        event.stop,
        desk.threshold.value,
        event.open_clock,
        event.day,
    )
    decisions: list[Decision] = [SignalEmitted(signal) for signal in emission.signals]
    if emission.suppressed:
        decisions.append(CandidatesSuppressed(event.rows.at[event.first], emission.suppressed))
    return (desk if book is desk.book else desk._replace(book=book)), tuple(decisions)


def _filled(desk: AccountDesk, event: OrderFilled) -> AccountDesk:
    fired = {signal: at for signal, at in desk.fired.items() if at > event.at - _FORGET_AFTER}
    fired[event.trade.signal_id] = event.at
    return desk._replace(
        day=replace(desk.day, shots=desk.day.shots + 1),
        trades={**desk.trades, event.ticket: event.trade},
        fired=fired,
        last_fires={**desk.last_fires, (event.symbol, event.direction): event.at},
    )


def _ended(desk: AccountDesk, event: TradeEnded, rules: DeskRules) -> AccountDesk:
    trade = event.trade
    known = desk.trades.get(trade.position)
    behaviour = desk.behaviour
    if known is not None and trade.net_r is not None:
        behaviour = after_trade_closed(
            behaviour,
            rules.risk.behaviour,
            net_r=trade.net_r,
            risk_percent=known.risk_percent,
            at=trade.closed_at,
            trading_day=event.day,
        )
    trades = {ticket: other for ticket, other in desk.trades.items() if ticket != trade.position}
    return desk._replace(behaviour=behaviour, trades=trades)


def _evaluated(desk: SignalDesk, event: ThresholdDue, rules: DeskRules) -> tuple[SignalDesk, tuple[Decision, ...]]:
    threshold, audit = evaluate(
        desk.threshold,
        event.open_clock,
        count_passes(desk.book, event.open_clock),
        closed_signals(desk.ideas),
        event.condition,
        rules.threshold,
    )
    return desk._replace(threshold=threshold), (ThresholdEvaluated(event.open_clock, audit),)
