"""Deletion: asked, confirmed, a week to take it back, then carried out once no live position is open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.membership.denial import Denial, DenialCode, DenialReason
from bitten_domain.membership.person import Person
from bitten_domain.membership.privacy.records import DeletionRequest, ErasureEntry
from bitten_domain.values.identity_enum import IdentityEnum
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from bitten_domain.values import UserId

__all__ = [
    "CONFIRM_SECONDS",
    "UNDO_SECONDS",
    "DeletionState",
    "ask_deletion",
    "carried_out",
    "confirm_deletion",
    "deletion_state",
    "erased",
    "lapsed",
    "undo_deletion",
]

CONFIRM_SECONDS = 3_600
"""How long a deletion that was asked for waits for its confirmation."""

UNDO_SECONDS = 7 * 86_400
"""How long a confirmed one can be taken back."""


class DeletionState(IdentityEnum):
    """What a deletion is at a moment.

    ASKED: it waits for its confirmation. LAPSED: none came. CONFIRMED: it can be taken back. WAITING: live positions
    are open. DUE: to be carried out. WITHDRAWN and DONE: over.
    """

    ASKED = "ASKED"
    LAPSED = "LAPSED"
    CONFIRMED = "CONFIRMED"
    WAITING = "WAITING"
    DUE = "DUE"
    WITHDRAWN = "WITHDRAWN"
    DONE = "DONE"


def deletion_state(request: DeletionRequest, live_positions: int | None, now: int) -> DeletionState:
    """Name what a deletion is.

    Args:
        request: the wish.
        live_positions: open live positions and orders of the person that were not handed over; None when not known,
            which counts as some.
        now: seconds since 1970 UTC.
    """
    if request.done_at is not None:
        return DeletionState.DONE
    if request.withdrawn_at is not None:
        return DeletionState.WITHDRAWN
    if request.undo_until is None:
        return DeletionState.ASKED if now < request.asked_at + CONFIRM_SECONDS else DeletionState.LAPSED
    if now < request.undo_until:
        return DeletionState.CONFIRMED
    return DeletionState.DUE if live_positions == 0 else DeletionState.WAITING


def ask_deletion(
    open_request: DeletionRequest | None, *, request_id: str, user_id: UserId, now: int
) -> DeletionRequest:
    """Take the first step; one that is open already, and not lapsed, is given back as it is."""
    if open_request is not None and deletion_state(open_request, None, now) is not DeletionState.LAPSED:
        return open_request
    return DeletionRequest(request_id, user_id, now)


def lapsed(request: DeletionRequest, now: int) -> DeletionRequest:
    """Close one that was never confirmed; any other stays what it is."""
    is_lapsed = deletion_state(request, None, now) is DeletionState.LAPSED
    return replace(request, withdrawn_at=now) if is_lapsed else request


def confirm_deletion(request: DeletionRequest, now: int) -> DeletionRequest | Denial:
    """Take the second step; a second time changes nothing, so that the week does not begin anew."""
    if request.is_open and request.confirmed_at is not None:
        return request
    if deletion_state(request, None, now) is not DeletionState.ASKED:
        return _denied(
            DenialCode.NOT_ASKED, "a deletion asked for within the hour", "none", "ask again with /privacy delete"
        )
    return replace(request, confirmed_at=now, undo_until=now + UNDO_SECONDS)


def undo_deletion(request: DeletionRequest, now: int) -> DeletionRequest | Denial:
    """Take it back, as long as it is not carried out; a second time changes nothing.

    That is a week, and longer where it waits for live positions. Whoever keeps the answer holds the row.
    """
    if request.withdrawn_at is not None:
        return request
    if request.done_at is not None:
        return _denied(DenialCode.TOO_LATE, "a deletion that is not carried out", "it is", "begin anew with /start")
    return replace(request, withdrawn_at=now)


def carried_out(
    request: DeletionRequest, live_positions: int | None, now: int
) -> tuple[DeletionRequest, ErasureEntry] | Denial:
    """Carry it out, with its line for the list of those erased, once it is due.

    Args:
        request: the wish.
        live_positions: as `deletion_state`, counted in the same transaction.
        now: seconds since 1970 UTC.
    """
    state = deletion_state(request, live_positions, now)
    if state is DeletionState.WAITING:
        actual = "not known" if live_positions is None else f"{live_positions} open"
        return _denied(DenialCode.LIVE_POSITIONS, "no open live position", actual, "close them, or hand them over")
    if state is not DeletionState.DUE:
        return _denied(DenialCode.NOT_ASKED, "a deletion that is due", state.value, "wait until its week is over")
    return replace(request, done_at=now), ErasureEntry(request.user_id, now)


def erased(person: Person) -> Person:
    """Give what is left of a person: an id the books point to, that it was deleted, and since when it was there.

    Their Telegram id is free again: whoever comes with it is somebody new.
    """
    return Person(person.user_id, person.joined_at, status=AccountStatus.DELETED)


def _denied(code: DenialCode, limit: str, actual: str, remedy: str) -> Denial:
    return Denial((DenialReason(code, limit, actual, remedy),))
