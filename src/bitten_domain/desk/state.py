"""The desk's state: all that decisions remember."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.desk.closed_ideas import ClosedIdeas
from bitten_domain.desk.signal_book import SignalBook
from bitten_domain.desk.signal_desk import SignalDesk
from bitten_domain.risk.behaviour import BehaviourState
from bitten_domain.tcs.threshold import ThresholdState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.execution import TradePlan
    from bitten_domain.values import Direction, Money, SignalId

__all__ = [
    "AccountDesk",
    "DayState",
    "DeskState",
    "OpenTrade",
    "open_account_desk",
    "open_desk",
    "open_signal_desk",
]


@dataclass(frozen=True, slots=True)
class DayState:
    """A trading day as the limits see it.

    Args:
        day: days since 1970-01-01; -1 before the first.
        start_balance, start_equity: when it began, account currency.
        loss_floor: equity at which the day's loss is at its cap.
        shots: orders opened.
    """

    day: int
    start_balance: Decimal
    start_equity: Decimal
    loss_floor: Decimal
    shots: int = 0


@dataclass(frozen=True, slots=True)
class OpenTrade:
    """What the desk knows of a position it opened.

    Args:
        signal_id: what was fired.
        row: its candidate's position in the scan.
        plan: how it is led.
        risk_percent: what it risked of the sizing balance.
        score: hundredths of a point.
        strategy: name.
        cost_share: spread and slippage over the stop's distance at emission.
        filled_at: seconds since 1970 UTC.
    """

    signal_id: SignalId
    row: int
    plan: TradePlan
    risk_percent: Decimal
    score: int
    strategy: str
    cost_share: float
    filled_at: int


class AccountDesk(NamedTuple):
    """What a desk remembers of one account.

    Args:
        behaviour: pauses earned by results.
        day: the trading day's figures.
        trades: open trades by ticket.
        fired: when each recent signal was fired, seconds since 1970 UTC; one is forgotten a day after it died.
        last_fires: when each pair and side was last fired.
    """

    behaviour: BehaviourState
    day: DayState
    trades: Mapping[int, OpenTrade] = MappingProxyType({})
    fired: Mapping[SignalId, int] = MappingProxyType({})
    last_fires: Mapping[tuple[str, Direction], int] = MappingProxyType({})


class DeskState(NamedTuple):
    """Everything a desk with one account remembers between events.

    Args:
        signals: what belongs to no account.
        account: what belongs to the account.
    """

    signals: SignalDesk
    account: AccountDesk


def open_signal_desk(open_clock: int) -> SignalDesk:
    """Begin to emit signals.

    Args:
        open_clock: reading of the market-open clock at the start, seconds.
    """
    return SignalDesk(ThresholdState.at_start(open_clock), SignalBook(), ClosedIdeas())


def open_account_desk(balance: Money) -> AccountDesk:
    """Open a desk on a fresh account.

    Args:
        balance: the account's deposit.
    """
    amount = balance.amount
    return AccountDesk(BehaviourState(peak_equity=amount), DayState(-1, amount, amount, Decimal(0)))


def open_desk(balance: Money, open_clock: int) -> DeskState:
    """Open a desk with one account; arguments as for its two halves."""
    return DeskState(open_signal_desk(open_clock), open_account_desk(balance))
