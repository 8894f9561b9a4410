"""Trading accounts: where a person's orders go, and whether they may open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.order import client_order_id

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.values import AccountId, Money, UserId

__all__ = ["AccountStanding", "TradingAccount"]


class AccountStanding(Enum):
    """Whether an account may open positions; closing is possible in each of them.

    COLD: its books have not been compared with the broker's since the start. READY: they agree. FROZEN: they
    contradict each other, and a person has to decide.
    """

    COLD = "COLD"
    READY = "READY"
    FROZEN = "FROZEN"


@dataclass(frozen=True, slots=True)
class TradingAccount:
    """One account at one broker; the row that is locked while anything about it is decided.

    Args:
        account_id: its identity.
        user_id: whose.
        broker: its broker's name, as emergency stops use it.
        is_live: real money.
        is_netting: one position per pair; hedging accounts may hold several.
        opening: balance before the first deal.
        balance: opening plus every deal booked, to the cent.
        leverage: units of notional one unit of margin carries, > 0.
        standing: whether it may open.
        standing_reason: why it is not READY; empty otherwise.
        epoch: one of its own for each account and each restore of one, so that no order id comes twice; >= 1.
        next_sequence: number of the next attempt within the epoch, >= 1.
        last_deal: ticket of the newest deal booked; 0 before the first.
        opened_at: seconds since 1970 UTC.
    """

    account_id: AccountId
    user_id: UserId
    broker: str
    is_live: bool
    is_netting: bool
    opening: Money
    balance: Money
    leverage: Decimal
    opened_at: int
    standing: AccountStanding = AccountStanding.COLD
    standing_reason: str = ""
    epoch: int = 1
    next_sequence: int = 1
    last_deal: int = 0

    def __post_init__(self) -> None:
        if self.opening.currency != self.balance.currency:
            raise BrokenInvariant(f"account {self.account_id}: it opened in {self.opening.currency}")
        if self.leverage <= 0 or self.epoch < 1 or self.next_sequence < 1:
            raise BrokenInvariant(f"account {self.account_id}: leverage, epoch and sequence are positive")

    @property
    def currency(self) -> str:
        """Account currency."""
        return self.opening.currency

    @property
    def stream(self) -> str:
        """Name of its journal stream."""
        return f"account:{self.account_id}"

    def numbered(self) -> tuple[TradingAccount, int]:
        """Take the next client order id; the account that is stored afterwards never gives it again."""
        order_id = client_order_id(self.epoch, self.next_sequence)
        return replace(self, next_sequence=self.next_sequence + 1), order_id

    def restored(self, epoch: int) -> TradingAccount:
        """Begin a new epoch after a restore: COLD, and no order id of before comes again.

        Args:
            epoch: above that of every account there is or was, since order ids are unique among all accounts.

        Raises:
            BrokenInvariant: it is not above this account's.
        """
        if epoch <= self.epoch:
            raise BrokenInvariant(f"account {self.account_id}: a restore raises the epoch above {self.epoch}")
        return replace(
            self,
            epoch=epoch,
            next_sequence=1,
            standing=AccountStanding.COLD,
            standing_reason="restored from a backup",
        )
