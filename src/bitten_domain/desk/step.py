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
    from bitten_domain.desk.events import DeskEvent
    from bitten_domain.desk.state import DeskState
    from bitten_domain.risk.policy import RiskPolicy
    from bitten_domain.risk.workings import Rule

__all__ = ["DeskRules", "step"]

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
    """Take one event in.

    Args:
        state: before it; the same object comes back when nothing changed.
        event: what happened.
        rules: the policies.

    Returns:
        The state after it, and what was decided, in order.
    """
    match event:
        case AccountMarked():
            return _marked(state, event, rules), ()
        case CandidatesFound():
            return _found(state, event, rules)
        case FireAsked():
            return state, (_asked(event, rules),)
        case OrderFilled():
            return _filled(state, event), ()
        case TradeEnded():
            return _ended(state, event, rules), ()
        case IdeasEnded():
            ideas = state.ideas
            for day, net_r in event.results:
                ideas = with_result(ideas, day, net_r)
            return state._replace(ideas=ideas), ()
        case ThresholdDue():
            return _evaluated(state, event, rules)
        case ReleaseAsked():
            return state._replace(behaviour=ask_release(state.behaviour, event.at)), ()
        case _:
            assert_never(event)


def _marked(state: DeskState, event: AccountMarked, rules: DeskRules) -> DeskState:
    day, behaviour = state.day, state.behaviour
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
    if day is state.day and behaviour is state.behaviour:
        return state
    return state._replace(day=day, behaviour=behaviour)


def _found(state: DeskState, event: CandidatesFound, rules: DeskRules) -> tuple[DeskState, tuple[Decision, ...]]:
    book, emission = consider_rows(
        state.book,
        rules.gate,
        event.rows,
        event.first,
        event.stop,
        state.threshold.value,
        event.open_clock,
        event.day,
    )
    decisions: list[Decision] = [SignalEmitted(signal) for signal in emission.signals]
    if emission.suppressed:
        decisions.append(CandidatesSuppressed(event.rows.at[event.first], emission.suppressed))
    return (state if book is state.book else state._replace(book=book)), tuple(decisions)


def _asked(event: FireAsked, rules: DeskRules) -> Decision:
    answer = decide_fire(event.request, event.facts, rules.risk, rules.checks)
    if isinstance(answer, Refusal):
        return OrderRefused(event.facts.now, event.signal, answer)
    return OrderApproved(event.signal, answer)


def _filled(state: DeskState, event: OrderFilled) -> DeskState:
    fired = {signal: at for signal, at in state.fired.items() if at > event.at - _FORGET_AFTER}
    fired[event.trade.signal_id] = event.at
    return state._replace(
        day=replace(state.day, shots=state.day.shots + 1),
        trades={**state.trades, event.ticket: event.trade},
        fired=fired,
        last_fires={**state.last_fires, (event.symbol, event.direction): event.at},
    )


def _ended(state: DeskState, event: TradeEnded, rules: DeskRules) -> DeskState:
    trade = event.trade
    known = state.trades.get(trade.position)
    behaviour = state.behaviour
    if known is not None and trade.net_r is not None:
        behaviour = after_trade_closed(
            behaviour,
            rules.risk.behaviour,
            net_r=trade.net_r,
            risk_percent=known.risk_percent,
            at=trade.closed_at,
            trading_day=event.day,
        )
    trades = {ticket: other for ticket, other in state.trades.items() if ticket != trade.position}
    return state._replace(behaviour=behaviour, trades=trades)


def _evaluated(state: DeskState, event: ThresholdDue, rules: DeskRules) -> tuple[DeskState, tuple[Decision, ...]]:
    threshold, audit = evaluate(
        state.threshold,
        event.open_clock,
        count_passes(state.book, event.open_clock),
        closed_signals(state.ideas),
        event.condition,
        rules.threshold,
    )
    return state._replace(threshold=threshold), (ThresholdEvaluated(event.open_clock, audit),)
