"""Delete: asked for, confirmed, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.privacy import (
    DeletionState,
    ask_deletion,
    confirm_deletion,
    deletion_state,
    lapsed,
    undo_deletion,
)
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bitten_domain.membership.privacy import DeletionRequest
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["AskDeletion", "ConfirmDeletion", "UndoDeletion", "open_deletion", "require_present"]


def require_present(store: Repositories, user_id: UserId) -> None:
    """Hold a person who was not erased; whoever erases them waits, or has gone before.

    Raises:
        InvalidInput: there is no such person, or they were erased.
    """
    person = store.people.lock(user_id)
    if person is None or person.status is AccountStatus.DELETED:
        raise InvalidInput(f"there is no person {user_id}", where="user", remedy="begin anew with /start")


def open_deletion(store: Repositories, user_id: UserId) -> DeletionRequest | None:
    """Read a person's deletion that is neither carried out nor taken back."""
    return next((request for request in store.deletions.of(user_id) if request.is_open), None)


def _noted(store: Repositories, request: DeletionRequest, action: str, at: int) -> None:
    store.audit.add(AuditEntry(at, request.user_id, action, request.user_id, "{}"))


@dataclass(frozen=True, slots=True)
class AskDeletion:
    """Take the first of the two steps.

    Args:
        unit_of_work: the store.
        identity: names the wish.
    """

    unit_of_work: UnitOfWork
    identity: Identity

    async def __call__(self, user_id: UserId, at: int) -> DeletionRequest:
        """Ask; one that is open already is given back as it is.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        request_id = self.identity.new_id()

        def work(store: Repositories) -> DeletionRequest:
            require_present(store, user_id)
            before = open_deletion(store, user_id)
            asked = ask_deletion(before, request_id=request_id, user_id=user_id, now=at)
            if asked is before:
                return asked
            if before is not None:
                store.deletions.put(lapsed(before, at))
            store.deletions.add(asked)
            _noted(store, asked, "DELETION_ASKED", at)
            return asked

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class ConfirmDeletion:
    """Take the second step. Opening ends at once: nobody wants new positions on what they are leaving.

    Args:
        unit_of_work: the store.
        pause: stops opening for somebody, as their own PAUSE would; closing goes on. It is set first, so that a crash
            in between leaves a pause that can be released, and never a deletion beside accounts that open.
    """

    unit_of_work: UnitOfWork
    pause: Callable[[UserId], Awaitable[object]]

    async def __call__(self, user_id: UserId, at: int) -> DeletionRequest | Denial:
        """Confirm; a second time changes nothing.

        Raises:
            InvalidInput: there is no such person.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """
        known = await self.unit_of_work.read(lambda store: open_deletion(store, user_id))
        if known is not None and deletion_state(known, None, at) is DeletionState.ASKED:
            await self.pause(user_id)

        def work(store: Repositories) -> DeletionRequest | Denial:
            require_present(store, user_id)
            asked = open_deletion(store, user_id)
            if asked is None:
                return _none("a deletion that was asked for", "ask for it first")
            confirmed = confirm_deletion(asked, at)
            if not isinstance(confirmed, Denial) and confirmed is not asked:
                store.deletions.put(confirmed)
                _noted(store, confirmed, "DELETION_CONFIRMED", at)
            return confirmed

        return await durably(self.unit_of_work, work)


@dataclass(frozen=True, slots=True)
class UndoDeletion:
    """Take a deletion back, as long as it is not carried out. The pause stays until its person releases it.

    Args:
        unit_of_work: the store.
    """

    unit_of_work: UnitOfWork

    async def __call__(self, user_id: UserId, at: int) -> DeletionRequest | Denial:
        """Take it back; a second time changes nothing.

        Raises:
            InvalidInput: there is no such person any more.
            Unavailable, OutcomeUnknown, Conflict: the store failed; try again.
        """

        def work(store: Repositories) -> DeletionRequest | Denial:
            require_present(store, user_id)
            asked = store.deletions.of(user_id)
            if not asked:
                return _none("a deletion that was asked for", "there is nothing to take back")
            newest = next((one for one in asked if one.is_open), asked[-1])
            undone = undo_deletion(newest, at)
            if not isinstance(undone, Denial) and undone is not newest:
                store.deletions.put(undone)
                _noted(store, undone, "DELETION_UNDONE", at)
            return undone

        return await durably(self.unit_of_work, work)


def _none(limit: str, remedy: str) -> Denial:
    return Denial((DenialReason(DenialCode.NOT_ASKED, limit, "none", remedy),))
