"""What is recorded of somebody's practice on paper, as plain values for missions to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.membership.education.records import TradeRef
    from bitten_domain.values import SignalId

__all__ = ["DiaryFact", "PracticeDay", "PracticeFacts", "PracticeTrade", "SkippedSignal"]


@dataclass(frozen=True, slots=True)
class PracticeTrade:
    """A closed trade.

    Args:
        trade: which one.
        is_paper: on a paper account; missions look at no other.
        symbol: the pair.
        strategy: name of the signal's strategy; empty for a trade by hand.
        opened_at, closed_at: seconds since 1970 UTC.
        risk_percent: what it risked when it was opened, percent of the sizing balance; None when not known.
        is_loss: it counts as a loss by the risk policy; by how much it won or lost is nobody's business here.
        cost_share: of the signal; None for a trade by hand.
        had_stop: it was opened with a stop.
        loosened: how often its stop was moved away from the price or taken off.
        ended_by_plan: its stop, target, plan, time or flat hour closed it, not a hand and not an emergency.
    """

    trade: TradeRef
    is_paper: bool
    symbol: str
    strategy: str
    opened_at: int
    closed_at: int
    risk_percent: Decimal | None
    is_loss: bool
    cost_share: Decimal | None
    had_stop: bool
    loosened: int
    ended_by_plan: bool


@dataclass(frozen=True, slots=True)
class SkippedSignal:
    """A signal somebody saw, put aside and never fired.

    Args:
        signal_id: which one.
        at: when it was put aside, seconds since 1970 UTC.
        in_blackout: it was put aside inside a news blackout of its pair.
        cost_share: of the signal.
    """

    signal_id: SignalId
    at: int
    in_blackout: bool
    cost_share: Decimal


@dataclass(frozen=True, slots=True)
class DiaryFact:
    """That something was written, and about what; never what.

    Args:
        entry_id: which entry.
        at: seconds since 1970 UTC.
        day: trading day.
        trade: the trade it is about; None for none.
    """

    entry_id: str
    at: int
    day: int
    trade: TradeRef | None


@dataclass(frozen=True, slots=True)
class PracticeDay:
    """A market day that is over.

    Args:
        day: trading day.
        opened: trades opened on paper.
        briefing_read: the day's briefing was read.
        limits_confirmed: the day's limits were confirmed.
        rules_broken: rules of adherence that were broken.
    """

    day: int
    opened: int
    briefing_read: bool
    limits_confirmed: bool
    rules_broken: int


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """All of it; each kind in any order.

    Args:
        as_of: up to when, seconds since 1970 UTC.
        trades, skipped, diary, days: what was recorded.
        openings: when anything was opened, on whatever account, closed since or not; seconds since 1970 UTC.
    """

    as_of: int
    trades: tuple[PracticeTrade, ...] = ()
    openings: tuple[int, ...] = ()
    skipped: tuple[SkippedSignal, ...] = ()
    diary: tuple[DiaryFact, ...] = ()
    days: tuple[PracticeDay, ...] = ()
