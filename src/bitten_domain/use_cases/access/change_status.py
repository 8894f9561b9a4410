"""Change a status: lock an account, ban somebody, let them in again; what the machine may fire is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action, with_status
from bitten_domain.use_cases.access.operating import operation, tell_and_note
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.membership.access import StatusReason
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["ChangeStatus"]

_ACTIONS = {
    AccountStatus.ACTIVE: Action.UNLOCK_PERSON,
    AccountStatus.LOCKED: Action.LOCK_PERSON,
    AccountStatus.BANNED: Action.BAN,
    # Denied by `with_status`, whoever asks.
    AccountStatus.DELETED: Action.BAN,
}


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    """Let an ADMIN lock, ban or unlock somebody.

    Nothing is opened for who is not active, from the commit on; what is open stays theirs to close, and stops stay in
    force. Mandates are taken back: whoever comes back grants them anew.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(
        self, actor: UserId, user_id: UserId, status: AccountStatus, reason: StatusReason, at: int
    ) -> Person | Denial:
        """Change it; one they have already changes nothing.

        Args:
            actor: who decides.
            user_id: whose status.
            status: the new one.
            reason: why.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: one of the two is not there.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> Person | Denial:
            asked = operation(store, actor, _ACTIONS[status], user_id, at)
            if isinstance(asked, Denial):
                return asked
            if asked.person.status is status:
                return asked.person
            made = with_status(asked.person, status, by=asked.by, admins=asked.admins)
            if isinstance(made, Denial):
                return made
            store.people.put(made)
            if status is not AccountStatus.ACTIVE:
                _revoke_mandates(store, user_id, at)
            detail = {"status": status.value, "before": asked.person.status.value, "reason": reason.value}
            tell_and_note(store, asked, "STATUS_CHANGED", detail, f"status:{user_id}:{status.value}:{at}", "status", at)
            return made

        return await durably(self.unit_of_work, work)


def _revoke_mandates(store: Repositories, user_id: UserId, at: int) -> None:
    for account in store.accounts.of(user_id):
        granted = store.mandates.standing(account.account_id)
        if granted is not None:
            store.mandates.revoke(granted.mandate_id, at)
