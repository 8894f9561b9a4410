"""Follow: book what a broker did by itself, stops and targets above all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.use_cases.trading.orders.dispatch import snapshot_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.desk.account.settling.changes import AccountChanges
    from bitten_domain.ports.broker import Broker
    from bitten_domain.ports.unit_of_work import UnitOfWork
    from bitten_domain.use_cases.trading.orders.settle import Settle
    from bitten_domain.values import AccountId

__all__ = ["Follow"]


@dataclass(frozen=True, slots=True)
class Follow:
    """Read a broker's new deals and book them.

    Args:
        unit_of_work: the store.
        brokers: each account's broker.
        settle: books what there is.
    """

    unit_of_work: UnitOfWork
    brokers: Mapping[AccountId, Broker]
    settle: Settle

    async def __call__(self, account_id: AccountId) -> AccountChanges | None:
        """Follow an account; None when the broker did not say or nothing is new.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        since = await self.unit_of_work.read(lambda store: store.accounts.get(account_id))
        if since is None:
            return None
        snapshot = await snapshot_of(self.brokers[account_id], since.last_deal)
        if snapshot is None or not snapshot.deals:
            return None
        return await self.settle(account_id, {}, snapshot, since.last_deal)
