"""Settle: book what a broker answered and did, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.desk.account.settling.settlement import settle
from bitten_domain.use_cases.trading.orders.account_records import (
    books_of,
    keep_changes,
    locked,
    newly_booked,
    rules_of_owner,
)
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.desk.account.settling.changes import AccountChanges
    from bitten_domain.desk.step import DeskRules
    from bitten_domain.execution import BrokerTerms
    from bitten_domain.ports.broker import BrokerSnapshot, Evidence
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId

__all__ = ["Settle"]


@dataclass(frozen=True, slots=True)
class Settle:
    """Settle attempts by evidence, and book deals from the broker's history.

    Args:
        unit_of_work: the store.
        clock: time.
        rules: the desk's policies.
        terms: the broker's contracts and costs.
    """

    unit_of_work: UnitOfWork
    clock: Clock
    rules: DeskRules
    terms: BrokerTerms

    async def __call__(
        self,
        account_id: AccountId,
        evidence: Mapping[int, Evidence],
        snapshot: BrokerSnapshot | None,
        since_deal: int,
    ) -> AccountChanges:
        """Settle; the same evidence again changes nothing.

        Args:
            account_id: where.
            evidence: what is proven, by client order id.
            snapshot: read after the evidence; None when there is none.
            since_deal: the deal after which the snapshot lists deals.

        Raises:
            Unavailable, OutcomeUnknown, Conflict: as `UnitOfWork.run`; reconciliation settles it later.
        """
        now = int(self.clock.now().timestamp())

        def work(store: Repositories) -> AccountChanges:
            account = locked(store, account_id)
            new = () if snapshot is None else newly_booked(store, account_id, snapshot.deals)
            changes = settle(
                books_of(store, account, new_deals=new, evidence=evidence),
                new,
                evidence,
                snapshot,
                since_deal=since_deal,
                rules=rules_of_owner(store.people.get(account.user_id), self.rules),
                terms=self.terms,
                now=now,
            )
            keep_changes(store, account, changes)
            return changes

        return await durably(self.unit_of_work, work)
