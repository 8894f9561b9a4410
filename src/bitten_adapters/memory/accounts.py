"""Accounts and their trading days, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, Conflict

if TYPE_CHECKING:
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.desk.account import RiskSession, TradingAccount
    from bitten_domain.values import AccountId, UserId

__all__ = ["MemoryAccounts", "MemoryRiskSessions"]


class MemoryAccounts:
    """Trading accounts by id."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._accounts: dict[AccountId, TradingAccount] = {}
        # An epoch that was left is never given again: order ids of it are out there.
        self._epochs: dict[int, AccountId] = {}

    def add(self, account: TradingAccount) -> None:
        """Keep a new account; it counts as locked."""
        self._transaction.to_write()
        if account.account_id in self._accounts:
            raise Conflict(f"account {account.account_id} is there already")
        self._transaction.locked.add(account.account_id)
        self._store(account)

    def next_epoch(self) -> int:
        """Give an epoch that no account ever had; nobody else runs a transaction meanwhile."""
        self._transaction.to_write()
        return max(self._epochs, default=1) + 1

    def lock(self, account_id: AccountId) -> TradingAccount | None:
        """Read an account and note that it is held; nobody else runs a transaction meanwhile."""
        self._transaction.to_write()
        self._transaction.locked.add(account_id)
        return self._accounts.get(account_id)

    def get(self, account_id: AccountId) -> TradingAccount | None:
        """Read an account."""
        self._transaction.to_read()
        return self._accounts.get(account_id)

    def put(self, account: TradingAccount) -> None:
        """Replace a locked account."""
        self._transaction.to_write()
        stored = self._accounts.get(account.account_id)
        if stored is None or account.account_id not in self._transaction.locked:
            raise BrokenInvariant(f"account {account.account_id} is not locked by this transaction")
        if (account.user_id, account.broker, account.opening) != (stored.user_id, stored.broker, stored.opening):
            raise BrokenInvariant(f"account {account.account_id}: owner, broker and opening stay what they are")
        self._store(account)

    def _store(self, account: TradingAccount) -> None:
        if self._epochs.get(account.epoch) != account.account_id:
            if account.epoch in self._epochs:
                raise Conflict(f"epoch {account.epoch} is account {self._epochs[account.epoch]}'s")
            self._transaction.put(self._epochs, account.epoch, account.account_id)
        self._transaction.put(self._accounts, account.account_id, account)

    def require(self, account_id: AccountId) -> None:
        """Make sure that something may be kept for an account.

        Raises:
            BrokenInvariant: it is not there.
        """
        if account_id not in self._accounts:
            raise BrokenInvariant(f"account {account_id} is not there; nothing can be kept for it")

    def all(self) -> tuple[TradingAccount, ...]:
        """List every account, by id."""
        self._transaction.to_read()
        return tuple(account for _, account in sorted(self._accounts.items()))

    def of(self, user_id: UserId) -> tuple[TradingAccount, ...]:
        """List a person's accounts, by id."""
        return tuple(account for account in self.all() if account.user_id == user_id)


class MemoryRiskSessions:
    """Trading days by account and day."""

    def __init__(self, transaction: Transaction, accounts: MemoryAccounts) -> None:
        self._transaction = transaction
        self._accounts = accounts
        self._sessions: dict[tuple[AccountId, int], RiskSession] = {}
        self._latest: dict[AccountId, int] = {}

    def latest(self, account: AccountId) -> RiskSession | None:
        """Read the newest day."""
        self._transaction.to_read()
        day = self._latest.get(account)
        return None if day is None else self._sessions[account, day]

    def of_days(self, account: AccountId, first: int, last: int) -> tuple[RiskSession, ...]:
        """List an account's days, oldest first."""
        self._transaction.to_read()
        days = sorted(day for owner, day in self._sessions if owner == account and first <= day <= last)
        return tuple(self._sessions[account, day] for day in days)

    def put(self, session: RiskSession) -> None:
        """Keep or replace a day."""
        self._transaction.to_write()
        account, day = session.account, session.day.day
        self._accounts.require(account)
        self._transaction.put(self._sessions, (account, day), session)
        latest = self._latest.get(account)
        if latest is None or day > latest:
            self._transaction.put(self._latest, account, day)
