"""Accounts and their trading days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.desk.account import RiskSession, TradingAccount
    from bitten_domain.values import AccountId, UserId

__all__ = ["AccountRepository", "RiskSessionRepository"]


class AccountRepository(Protocol):
    """Trading accounts."""

    def add(self, account: TradingAccount) -> None:
        """Keep a new account and hold it; `Conflict` when its id is there or its epoch is another account's."""
        ...

    def next_epoch(self) -> int:
        """Give an epoch that no account ever had, and keep the giving to this transaction until it ends.

        The first one is never given: it is that of the account a machine's own desk trades.

        Raises:
            BrokenInvariant: the transaction only reads.
        """
        ...

    def lock(self, account_id: AccountId) -> TradingAccount | None:
        """Read an account and hold it until the transaction ends: whoever else locks it waits.

        Raises:
            BrokenInvariant: the transaction only reads.
        """
        ...

    def get(self, account_id: AccountId) -> TradingAccount | None:
        """Read an account without holding it."""
        ...

    def put(self, account: TradingAccount) -> None:
        """Replace an account that this transaction has locked.

        Raises:
            BrokenInvariant: it is not there, this transaction has not locked it, or its owner, broker, currency or
                opening would change.
            Conflict: its new epoch is another account's.
        """
        ...

    def all(self) -> tuple[TradingAccount, ...]:
        """List every account, by id."""
        ...

    def of(self, user_id: UserId) -> tuple[TradingAccount, ...]:
        """List a person's accounts, by id."""
        ...


class RiskSessionRepository(Protocol):
    """Trading days of accounts."""

    def latest(self, account: AccountId) -> RiskSession | None:
        """Read the newest day of an account; None before its first."""
        ...

    def of_days(self, account: AccountId, first: int, last: int) -> tuple[RiskSession, ...]:
        """List an account's days, both ends included, oldest first."""
        ...

    def put(self, session: RiskSession) -> None:
        """Keep a day, or replace the one of the same account and day."""
        ...
