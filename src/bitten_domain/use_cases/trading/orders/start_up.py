"""Start-up: every account is COLD until its books have been compared with the broker's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.desk.account import AccountStanding
from bitten_domain.desk.account.happenings import StandingMoved
from bitten_domain.errors import BittenError
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.use_cases.trading.orders.account_records import locked
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Collection

    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.use_cases.trading.orders.reconcile import Reconcile
    from bitten_domain.values import AccountId

__all__ = ["StartUp"]

_STARTED = "not compared since the start"


@dataclass(frozen=True, slots=True)
class StartUp:
    """Close the gate of every account this process has a broker for, then open each as its reconciliation passes.

    Args:
        unit_of_work: the store.
        clock: time.
        reconcile: compares one account.
    """

    unit_of_work: UnitOfWork
    clock: Clock
    reconcile: Reconcile

    async def __call__(self) -> dict[AccountId, AccountStanding]:
        """Start; one bad account does not hold the others up, it stays COLD.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: the store failed before any account was looked at.
        """
        brokers = self.reconcile.brokers
        now = int(self.clock.now().timestamp())
        account_ids = await durably(self.unit_of_work, lambda store: _cooled(store, brokers, now))
        standings: dict[AccountId, AccountStanding] = {}
        for account_id in account_ids:
            try:
                standings[account_id] = (await self.reconcile(account_id, in_full=True)).standing
            except BittenError:
                standings[account_id] = AccountStanding.COLD
        return standings


def _cooled(store: Repositories, brokers: Collection[AccountId], now: int) -> tuple[AccountId, ...]:
    account_ids = tuple(account.account_id for account in store.accounts.all() if account.account_id in brokers)
    for account_id in account_ids:
        account = locked(store, account_id)
        if account.standing is AccountStanding.FROZEN:
            continue
        store.accounts.put(replace(account, standing=AccountStanding.COLD, standing_reason=_STARTED))
        moved = StandingMoved(now, AccountStanding.COLD, _STARTED)
        store.journal.append(account.stream, [account_payload_of(moved)])
    return account_ids
