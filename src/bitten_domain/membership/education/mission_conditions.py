"""What missions ask: named pure functions over recorded practice, with their parameters and what they need.

A condition names the evidence it finds, oldest first; a mission is fulfilled when it finds enough. No condition asks
for a profit, a size or a number of trades a day, and only paper trades count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bitten_domain.membership.education.practice import PracticeFacts, PracticeTrade
    from bitten_domain.membership.education.records import TradeRef

    Parameters = Mapping[str, Decimal]
    Finder = Callable[[PracticeFacts, Parameters], tuple[str, ...]]

__all__ = ["CONDITIONS", "Condition", "Need", "ParameterBounds"]

_MINUTE = 60


class Need(Enum):
    """What a person must do, or what must happen to them, before a condition can hold."""

    TRADE = "TRADE"
    LOSS = "LOSS"


@dataclass(frozen=True, slots=True)
class ParameterBounds:
    """What a parameter may be, both ends included."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Condition:
    """A named condition.

    Args:
        find: gives the evidence, oldest first, without repeats.
        needs: what must happen first.
        parameters: their names and bounds; all must be given.
    """

    find: Finder
    needs: frozenset[Need] = frozenset()
    parameters: Mapping[str, ParameterBounds] = field(default_factory=lambda: MappingProxyType({}))


def _name(trade: TradeRef) -> str:
    return f"{trade.account}/{trade.ticket}"


def _on_paper(facts: PracticeFacts) -> list[PracticeTrade]:
    trades = [trade for trade in facts.trades if trade.is_paper and trade.closed_at <= facts.as_of]
    return sorted(trades, key=lambda trade: (trade.closed_at, trade.trade.account, trade.trade.ticket))


def _names(trades: Iterable[PracticeTrade]) -> tuple[str, ...]:
    return tuple(_name(trade.trade) for trade in trades)


def _stop_kept(facts: PracticeFacts, _: Parameters) -> tuple[str, ...]:
    return _names(trade for trade in _on_paper(facts) if trade.had_stop and trade.loosened == 0)


def _within_risk(facts: PracticeFacts, parameters: Parameters) -> tuple[str, ...]:
    most = parameters["most_percent"]
    return _names(
        trade
        for trade in _on_paper(facts)
        if trade.had_stop and trade.risk_percent is not None and trade.risk_percent <= most
    )


def _plan_kept(facts: PracticeFacts, _: Parameters) -> tuple[str, ...]:
    return _names(trade for trade in _on_paper(facts) if trade.ended_by_plan and trade.loosened == 0)


def _cheap(facts: PracticeFacts, parameters: Parameters) -> tuple[str, ...]:
    most = parameters["most_cost_share"]
    return _names(trade for trade in _on_paper(facts) if trade.cost_share is not None and trade.cost_share <= most)


def _each_strategy(facts: PracticeFacts, _: Parameters) -> tuple[str, ...]:
    first: dict[str, PracticeTrade] = {}
    for trade in _on_paper(facts):
        if trade.strategy:
            first.setdefault(trade.strategy, trade)
    return _names(first.values())


def _written_after_loss(facts: PracticeFacts, parameters: Parameters) -> tuple[str, ...]:
    seconds = int(parameters["within_minutes"] * _MINUTE)
    losses = {trade.trade: trade for trade in _on_paper(facts) if trade.is_loss}
    written = {
        entry.trade
        for entry in facts.diary
        if entry.trade in losses and 0 <= entry.at - losses[entry.trade].closed_at <= seconds
    }
    return _names(trade for ref, trade in losses.items() if ref in written)


def _written_on_days(facts: PracticeFacts, _: Parameters) -> tuple[str, ...]:
    return _sorted_days(entry.day for entry in facts.diary)


def _looked_back(facts: PracticeFacts, parameters: Parameters) -> tuple[str, ...]:
    seconds = int(parameters["after_minutes"] * _MINUTE)
    closed = {trade.trade: trade for trade in _on_paper(facts)}
    written = {
        entry.trade
        for entry in facts.diary
        if entry.trade in closed and entry.at - closed[entry.trade].closed_at >= seconds
    }
    return _names(trade for ref, trade in closed.items() if ref in written)


def _paused_after_losses(facts: PracticeFacts, parameters: Parameters) -> tuple[str, ...]:
    seconds = int(parameters["minutes"] * _MINUTE)
    asked = int(parameters["losses"])
    trades = _on_paper(facts)
    found: list[PracticeTrade] = []
    streak = 0
    for trade in trades:
        streak = streak + 1 if trade.is_loss else 0
        if streak < asked:
            continue
        end = trade.closed_at + seconds
        if end <= facts.as_of and not any(trade.closed_at <= at < end for at in facts.openings):
            found.append(trade)
            streak = 0
    return _names(found)


def _skipped_in_blackout(facts: PracticeFacts, _: Parameters) -> tuple[str, ...]:
    signals = sorted(facts.skipped, key=lambda signal: (signal.at, signal.signal_id))
    return tuple(dict.fromkeys(signal.signal_id for signal in signals if signal.in_blackout))


def _skipped_for_cost(facts: PracticeFacts, parameters: Parameters) -> tuple[str, ...]:
    least = parameters["least_cost_share"]
    signals = sorted(facts.skipped, key=lambda signal: (signal.at, signal.signal_id))
    return tuple(dict.fromkeys(signal.signal_id for signal in signals if signal.cost_share >= least))


def _prepared_days(facts: PracticeFacts, _: Parameters) -> tuple[str, ...]:
    return _sorted_days(
        day.day for day in facts.days if day.briefing_read and day.limits_confirmed and not day.rules_broken
    )


def _quiet_days(facts: PracticeFacts, _: Parameters) -> tuple[str, ...]:
    return _sorted_days(day.day for day in facts.days if day.briefing_read and day.opened == 0)


def _sorted_days(days: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(day) for day in sorted(set(days)))


def _bounds(low: str, high: str) -> ParameterBounds:
    return ParameterBounds(Decimal(low), Decimal(high))


_TRADE = frozenset({Need.TRADE})
_LOSS = frozenset({Need.TRADE, Need.LOSS})

CONDITIONS: Mapping[str, Condition] = MappingProxyType(
    {
        "stop_kept": Condition(_stop_kept, _TRADE),
        "within_risk": Condition(_within_risk, _TRADE, {"most_percent": _bounds("0.1", "2")}),
        "plan_kept": Condition(_plan_kept, _TRADE),
        "cheap": Condition(_cheap, _TRADE, {"most_cost_share": _bounds("0.01", "0.30")}),
        "each_strategy": Condition(_each_strategy, _TRADE),
        "written_after_loss": Condition(_written_after_loss, _LOSS, {"within_minutes": _bounds("10", "1440")}),
        "written_on_days": Condition(_written_on_days),
        "looked_back": Condition(_looked_back, _TRADE, {"after_minutes": _bounds("60", "10080")}),
        "paused_after_losses": Condition(
            _paused_after_losses, _LOSS, {"losses": _bounds("1", "3"), "minutes": _bounds("5", "1440")}
        ),
        "skipped_in_blackout": Condition(_skipped_in_blackout),
        "skipped_for_cost": Condition(_skipped_for_cost, parameters={"least_cost_share": _bounds("0.10", "0.30")}),
        "prepared_days": Condition(_prepared_days),
        "quiet_days": Condition(_quiet_days),
    }
)
"""Every condition a mission can name."""
