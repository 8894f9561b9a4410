"""Positions, deals and trades, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_adapters.memory.transaction import Timeline
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.execution.lifecycle import PositionState

if TYPE_CHECKING:
    from bitten_adapters.memory.accounts import MemoryAccounts
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.desk.account import HeldPosition
    from bitten_domain.desk.state import OpenTrade
    from bitten_domain.execution import Deal
    from bitten_domain.ports.repositories.books import ClosedTrade, LevelsChange
    from bitten_domain.values import AccountId, Money

__all__ = ["MemoryDeals", "MemoryPositions", "MemoryTrades"]

_CLOSED = PositionState.CLOSED


def _without_row(known: OpenTrade | None) -> OpenTrade | None:
    # A row is a place in one scan; nothing that is read from a store belongs to one.
    return None if known is None else replace(known, row=-1)


class MemoryPositions:
    """Positions by account and ticket."""

    def __init__(self, transaction: Transaction, accounts: MemoryAccounts) -> None:
        self._transaction = transaction
        self._accounts = accounts
        self._positions: dict[tuple[AccountId, int], HeldPosition] = {}
        self._open: dict[AccountId, dict[int, HeldPosition]] = {}

    def put(self, held: HeldPosition) -> None:
        """Keep or replace a position."""
        transaction = self._transaction
        transaction.to_write()
        account, ticket = held.account, held.position.ticket
        self._accounts.require(account)
        stored = self._positions.get((account, ticket))
        is_closed = held.position.state is _CLOSED
        if stored is not None and stored.position.state is _CLOSED and not is_closed:
            raise BrokenInvariant(f"position {ticket} of account {account} is closed and stays so")
        if held.known is not None:
            held = replace(held, known=_without_row(held.known))
        transaction.put(self._positions, (account, ticket), held)
        opened = self._open.setdefault(account, {})
        if not is_closed:
            transaction.put(opened, ticket, held)
        elif ticket in opened:
            transaction.drop(opened, ticket)

    def get(self, account: AccountId, ticket: int) -> HeldPosition | None:
        """Read a position."""
        self._transaction.to_read()
        return self._positions.get((account, ticket))

    def open(self, account: AccountId) -> tuple[HeldPosition, ...]:
        """List what is not closed, by ticket."""
        self._transaction.to_read()
        return tuple(held for _, held in sorted(self._open.get(account, {}).items()))


class MemoryDeals:
    """Deals by account and ticket, with their sum kept up."""

    def __init__(self, transaction: Transaction, accounts: MemoryAccounts) -> None:
        self._transaction = transaction
        self._accounts = accounts
        self._deals: dict[tuple[AccountId, int], Deal] = {}
        self._of_position: dict[tuple[AccountId, int], tuple[Deal, ...]] = {}
        self._totals: dict[AccountId, Money] = {}

    def book(self, account: AccountId, deal: Deal) -> bool:
        """Book a deal once."""
        transaction = self._transaction
        transaction.to_write()
        self._accounts.require(account)
        stored = self._deals.get((account, deal.ticket))
        if stored is not None:
            if stored != deal:
                raise BrokenInvariant(f"account {account}: deal {deal.ticket} is booked with other figures")
            return False
        total = self._totals.get(account)
        transaction.put(self._totals, account, deal.net if total is None else total + deal.net)
        transaction.put(self._deals, (account, deal.ticket), deal)
        siblings = (*self._of_position.get((account, deal.position), ()), deal)
        in_order = tuple(sorted(siblings, key=lambda one: one.ticket))
        transaction.put(self._of_position, (account, deal.position), in_order)
        return True

    def of_position(self, account: AccountId, ticket: int) -> tuple[Deal, ...]:
        """List a position's deals, oldest first."""
        self._transaction.to_read()
        return self._of_position.get((account, ticket), ())

    def total(self, account: AccountId) -> Money | None:
        """Give the sum of all deals."""
        self._transaction.to_read()
        return self._totals.get(account)


class MemoryTrades:
    """Closed trades and changes of levels, by account."""

    def __init__(self, transaction: Transaction, accounts: MemoryAccounts) -> None:
        self._transaction = transaction
        self._accounts = accounts
        self._closed: dict[tuple[AccountId, int], ClosedTrade] = {}
        self._trades: dict[AccountId, Timeline[ClosedTrade]] = {}
        self._changes: dict[tuple[AccountId, int], Timeline[LevelsChange]] = {}

    def add(self, closed: ClosedTrade) -> None:
        """Keep a closed trade."""
        self._transaction.to_write()
        self._accounts.require(closed.account)
        key = (closed.account, closed.trade.position)
        if key in self._closed:
            raise Conflict(f"account {closed.account}: position {closed.trade.position} was closed before")
        closed = replace(closed, known=_without_row(closed.known))
        self._transaction.put(self._closed, key, closed)
        if closed.account not in self._trades:
            self._trades[closed.account] = Timeline(self._transaction)
        self._trades[closed.account].add(closed.trade.closed_at, closed)

    def recent(self, account: AccountId, limit: int, before: int | None = None) -> tuple[ClosedTrade, ...]:
        """List the newest trades first."""
        self._transaction.to_read()
        trades = self._trades.get(account)
        return () if trades is None else tuple(trades.newest(limit, before))

    def add_change(self, change: LevelsChange) -> None:
        """Keep a change of levels."""
        self._transaction.to_write()
        self._accounts.require(change.account)
        key = (change.account, change.ticket)
        if key not in self._changes:
            self._changes[key] = Timeline(self._transaction)
        self._changes[key].add(change.at, change)

    def changes(self, account: AccountId, ticket: int) -> tuple[LevelsChange, ...]:
        """List a position's changes, oldest first."""
        self._transaction.to_read()
        changes = self._changes.get((account, ticket))
        return () if changes is None else tuple(changes.oldest())
