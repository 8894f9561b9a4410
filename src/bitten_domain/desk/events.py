"""What the desk is told, one frozen value each; moments are seconds since 1970 UTC."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from bitten_domain.desk.emission import CandidateRows
    from bitten_domain.desk.signal import Signal
    from bitten_domain.desk.state import OpenTrade
    from bitten_domain.execution import Trade
    from bitten_domain.risk.facts import RiskFacts
    from bitten_domain.risk.request import FireRequest
    from bitten_domain.tcs.threshold import Condition
    from bitten_domain.values import Direction

__all__ = [
    "AccountEvent",
    "AccountMarked",
    "CandidatesFound",
    "DeskEvent",
    "FireAsked",
    "IdeasEnded",
    "OrderFilled",
    "ReleaseAsked",
    "SignalEvent",
    "ThresholdDue",
    "TradeEnded",
]


class AccountMarked(NamedTuple):
    """The account was valued.

    Args:
        at, day: the moment and its trading day.
        balance, equity: account currency.
    """

    at: int
    day: int
    balance: Decimal
    equity: Decimal


class ThresholdDue(NamedTuple):
    """Four market-open hours passed.

    Args:
        open_clock: now on the market-open clock.
        condition: the market's volatility, for the audit row.
    """

    open_clock: int
    condition: Condition


class CandidatesFound(NamedTuple):
    """A scan found set-ups at one moment.

    Args:
        rows: the scan.
        first, stop: its rows of this moment.
        open_clock, day: the moment.
    """

    rows: CandidateRows
    first: int
    stop: int
    open_clock: int
    day: int


class FireAsked(NamedTuple):
    """Somebody, or a mandate, wants to fire.

    Args:
        signal: which.
        request: how.
        facts: all the checks may know.
    """

    signal: Signal
    request: FireRequest
    facts: RiskFacts


class OrderFilled(NamedTuple):
    """An approved order was filled.

    Args:
        at: when.
        ticket: the position.
        trade: what is known of it.
        symbol, direction: what was opened.
    """

    at: int
    ticket: int
    trade: OpenTrade
    symbol: str
    direction: Direction


class TradeEnded(NamedTuple):
    """A position was closed by its last deal.

    Args:
        day: the trading day.
        trade: the result.
    """

    day: int
    trade: Trade


class IdeasEnded(NamedTuple):
    """Emitted signals, fired or not, came to their end under the fill model.

    Args:
        results: trading day and net R of each, in the order they ended.
    """

    results: Sequence[tuple[int, float]]


class ReleaseAsked(NamedTuple):
    """The user asks to be released from a drawdown stop."""

    at: int


SignalEvent: TypeAlias = ThresholdDue | CandidatesFound | IdeasEnded
"""What concerns the emission of signals, and no account."""

AccountEvent: TypeAlias = AccountMarked | OrderFilled | TradeEnded | ReleaseAsked
"""What happened to an account."""

DeskEvent: TypeAlias = SignalEvent | AccountEvent | FireAsked
