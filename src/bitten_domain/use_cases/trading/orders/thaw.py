"""Thaw: a person's recorded decision that a frozen account may be compared again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bitten_domain.desk.account import AccountStanding
from bitten_domain.desk.account.happenings import StandingMoved
from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.use_cases.access.standing import allowed
from bitten_domain.use_cases.trading.orders.account_records import locked
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId, UserId

__all__ = ["Thaw"]


@dataclass(frozen=True, slots=True)
class Thaw:
    """Let a frozen account be compared again; only the comparison makes it READY.

    Args:
        unit_of_work: the store.
        clock: time.
    """

    unit_of_work: UnitOfWork
    clock: Clock

    async def __call__(self, account_id: AccountId, actor: UserId) -> None:
        """Thaw; an account that is not frozen stays as it is.

        Raises:
            InvalidInput: no such account, or the actor is no ADMIN.
            Unavailable, OutcomeUnknown: as `UnitOfWork.run`; ask again.
        """
        now = int(self.clock.now().timestamp())
        await durably(self.unit_of_work, lambda store: _thawed(store, account_id, actor, now))


def _thawed(store: Repositories, account_id: AccountId, actor: UserId, now: int) -> None:
    account = locked(store, account_id)
    if isinstance(allowed(store, actor, Action.THAW_ACCOUNT, now), Denial):
        raise InvalidInput(f"{actor} may not thaw an account", where="actor", remedy="ask an ADMIN")
    if account.standing is not AccountStanding.FROZEN:
        return
    reason = f"thawed by {actor}, was: {account.standing_reason}"
    store.accounts.put(replace(account, standing=AccountStanding.COLD, standing_reason=reason))
    moved = StandingMoved(now, AccountStanding.COLD, reason)
    store.journal.append(account.stream, [account_payload_of(moved)])
    store.audit.add(AuditEntry(now, actor, "THAWED", account_id, "{}"))
