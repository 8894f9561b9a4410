"""The paper account a newcomer begins with."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.desk.account import TradingAccount
from bitten_domain.execution import BrokerTerms
from bitten_domain.values import Money

if TYPE_CHECKING:
    from bitten_domain.values import AccountId, UserId

__all__ = ["PaperTerms"]


@dataclass(frozen=True, slots=True)
class PaperTerms:
    """What a paper account begins with.

    Args:
        opening: its balance.
        leverage: units of notional one unit of margin carries, > 0.
        broker: the paper broker's name.
    """

    opening: Money = Money(Decimal("10000.00"), "USD")
    leverage: Decimal = field(default_factory=lambda: BrokerTerms().leverage)
    broker: str = "paper"

    def account(self, account_id: AccountId, user_id: UserId, *, epoch: int, at: int) -> TradingAccount:
        """Make a person's paper account; it is COLD until a desk has compared its books.

        Args:
            account_id: its identity.
            user_id: whose.
            epoch: of its own among all accounts there ever were.
            at: now, seconds since 1970 UTC.
        """
        return TradingAccount(
            account_id=account_id,
            user_id=user_id,
            broker=self.broker,
            is_live=False,
            is_netting=False,
            opening=self.opening,
            balance=self.opening,
            leverage=self.leverage,
            opened_at=at,
            epoch=epoch,
        )
