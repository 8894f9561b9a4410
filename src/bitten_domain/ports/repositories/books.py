"""The books of an account: positions, deals, trades."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.desk.account import HeldPosition
    from bitten_domain.desk.state import OpenTrade
    from bitten_domain.execution import Deal, Trade
    from bitten_domain.values import AccountId, Money

__all__ = ["ClosedTrade", "DealRepository", "LevelsChange", "PositionRepository", "TradeRepository"]


class PositionRepository(Protocol):
    """Positions, open and closed; a ticket is one position of an account."""

    def put(self, held: HeldPosition) -> None:
        """Keep a new position, or replace the one of the same account and ticket.

        Raises:
            BrokenInvariant: the stored one is CLOSED and this one is not.
        """
        ...

    def get(self, account: AccountId, ticket: int) -> HeldPosition | None:
        """Read a position."""
        ...

    def open(self, account: AccountId) -> tuple[HeldPosition, ...]:
        """List what is not CLOSED, by ticket."""
        ...


class DealRepository(Protocol):
    """Deals, each booked once."""

    def book(self, account: AccountId, deal: Deal) -> bool:
        """Book a deal; False when it is booked already, which changes nothing.

        Raises:
            BrokenInvariant: a deal of that ticket is booked, and another one.
        """
        ...

    def of_position(self, account: AccountId, ticket: int) -> tuple[Deal, ...]:
        """List a position's deals, oldest first."""
        ...

    def total(self, account: AccountId) -> Money | None:
        """Add up profit, swap, commission and fees of all deals; None when there are none."""
        ...


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    """A trade that came to its end.

    Args:
        account: where.
        trade: the result.
        known: what the desk knew when it was fired; None for an adopted position.
        balance_after: of the account.
    """

    account: AccountId
    trade: Trade
    known: OpenTrade | None
    balance_after: Money


@dataclass(frozen=True, slots=True)
class LevelsChange:
    """A stop or target that was moved at the broker.

    Args:
        account, ticket: the position.
        at: seconds since 1970 UTC.
        stop_before, stop_after, target_before, target_after: prices; None for none.
        reason: why, in a word.
    """

    account: AccountId
    ticket: int
    at: int
    stop_before: Decimal | None
    stop_after: Decimal | None
    target_before: Decimal | None
    target_after: Decimal | None
    reason: str


class TradeRepository(Protocol):
    """Closed trades and the changes made while they were open."""

    def add(self, closed: ClosedTrade) -> None:
        """Keep a closed trade; an account's position is closed once."""
        ...

    def recent(self, account: AccountId, limit: int, before: int | None = None) -> tuple[ClosedTrade, ...]:
        """List the newest trades first, closed before a moment; None for no bound."""
        ...

    def add_change(self, change: LevelsChange) -> None:
        """Keep a change of levels."""
        ...

    def changes(self, account: AccountId, ticket: int) -> tuple[LevelsChange, ...]:
        """List a position's changes, oldest first."""
        ...
