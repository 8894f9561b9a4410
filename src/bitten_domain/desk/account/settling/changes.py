"""Changes: what a decision about an account writes, and what it asks to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.desk.account.happenings import AccountHappening
    from bitten_domain.desk.account.held_position import HeldPosition
    from bitten_domain.desk.account.risk_session import RiskSession
    from bitten_domain.desk.account.trading_account import TradingAccount
    from bitten_domain.desk.state import OpenTrade
    from bitten_domain.execution.protocol.intent import Attempt, Errand
    from bitten_domain.execution.protocol.reservation import Reservation
    from bitten_domain.execution.trade import Trade
    from bitten_domain.values import IntentId
    from bitten_domain.vocabulary import OrderState

__all__ = ["AccountChanges", "EndedTrade", "LevelsMoved", "NewErrand", "Notice"]


class Notice(NamedTuple):
    """Something the account's owner is told after the commit.

    Args:
        cause: names what it is about, the same for the same cause.
        topic: `fill`, `close`, `stop`, `refused` or `standing`.
        text: in a sentence.
    """

    cause: str
    topic: str
    text: str


class EndedTrade(NamedTuple):
    """A position that came to its end.

    Args:
        trade: the result.
        known: what the desk knew of it; None for an adopted one.
    """

    trade: Trade
    known: OpenTrade | None


class LevelsMoved(NamedTuple):
    """Levels that were moved at the broker.

    Args:
        ticket: the position.
        stop_before, stop_after, target_before, target_after: prices; None for none.
        reason: why, in a word.
    """

    ticket: int
    stop_before: Decimal | None
    stop_after: Decimal | None
    target_before: Decimal | None
    target_after: Decimal | None
    reason: str


class NewErrand(NamedTuple):
    """An attempt to be handed to the broker.

    Args:
        errand: an intent with its new attempt.
        due_at: not before, seconds since 1970 UTC.
    """

    errand: Errand
    due_at: int


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What is to be written, all of it or nothing.

    Args:
        at: when it was decided, seconds since 1970 UTC.
        account: its row afterwards.
        session: its trading day afterwards; None when it has none or it stays as it is.
        attempts: each attempt that moved, with the state it was in when it was read.
        positions: positions to be kept as they are here.
        trades: what ended.
        levels: what was moved.
        lowered: reservations to be lowered to this.
        released: intents whose reservation ends.
        errands: new attempts.
        finished: client order ids whose dispatch is done.
        happenings: for the account's journal, in order.
        notices: for its owner, in order.
    """

    at: int
    account: TradingAccount
    session: RiskSession | None = None
    attempts: tuple[tuple[Attempt, OrderState], ...] = ()
    positions: tuple[HeldPosition, ...] = ()
    trades: tuple[EndedTrade, ...] = ()
    levels: tuple[LevelsMoved, ...] = ()
    lowered: tuple[Reservation, ...] = ()
    released: tuple[IntentId, ...] = ()
    errands: tuple[NewErrand, ...] = ()
    finished: tuple[int, ...] = ()
    happenings: tuple[AccountHappening, ...] = ()
    notices: tuple[Notice, ...] = ()
