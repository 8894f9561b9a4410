"""Wishes to be deleted and to have one's data, and the list of those who were erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from bitten_adapters.sql.repositories.keys import user_key
from bitten_adapters.sql.statements import Statement, adding_once
from bitten_adapters.sql.tables.members.privacy import DELETION_REQUESTS, ERASURES, EXPORT_REQUESTS
from bitten_adapters.sql.tables.people import USERS
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership.privacy import DeletionRequest, ErasureEntry, ExportRequest
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row, Wire

__all__ = ["SqlDeletions", "SqlErasures", "SqlExports"]

_U, _D, _X, _E = USERS.c, DELETION_REQUESTS.c, EXPORT_REQUESTS.c, ERASURES.c

_WISH = select(
    _D.public_id, _U.public_id.label("person"), _D.asked_at, _D.confirmed_at, _D.undo_until, _D.withdrawn_at, _D.done_at
).join_from(DELETION_REQUESTS, USERS)
_IS_OPEN = (_D.withdrawn_at.is_(None), _D.done_at.is_(None))
_ADD_WISH = adding_once(DELETION_REQUESTS, user_id=user_key())
_HOLD_WISH = Statement(_WISH.where(_D.public_id == bindparam("wish")).with_for_update(of=DELETION_REQUESTS))
_PUT_WISH = Statement(
    update(DELETION_REQUESTS).where(_D.public_id == bindparam("wish")),
    ("asked_at", "confirmed_at", "undo_until", "withdrawn_at", "done_at"),
)
_WISHES = Statement(_WISH.where(_D.user_id == user_key()).order_by(_D.asked_at, _D.id))
_OPEN_WISHES = Statement(_WISH.where(*_IS_OPEN).order_by(_D.asked_at, _D.id))

_EXPORT = select(
    _X.public_id, _U.public_id.label("person"), _X.asked_at, _X.token_hash, _X.ready_at, _X.link_until, _X.fetched_at
).join_from(EXPORT_REQUESTS, USERS)
_ADD_EXPORT = adding_once(EXPORT_REQUESTS, user_id=user_key())
_HOLD_EXPORT = Statement(_EXPORT.where(_X.public_id == bindparam("wish")).with_for_update(of=EXPORT_REQUESTS))
_PUT_EXPORT = Statement(
    update(EXPORT_REQUESTS).where(_X.public_id == bindparam("wish")),
    ("asked_at", "ready_at", "link_until", "fetched_at"),
)
_BY_TOKEN = Statement(_EXPORT.where(_X.token_hash == bindparam("of_token")))
_EXPORTS = Statement(_EXPORT.where(_X.user_id == user_key()).order_by(_X.asked_at, _X.id))
_FORGET_EXPORTS = Statement(delete(EXPORT_REQUESTS).where(_X.user_id == user_key()))
_DROP_EXPORTS = Statement(delete(EXPORT_REQUESTS).where(_X.asked_at < bindparam("before")))

_ADD_ERASURE = adding_once(ERASURES)
_ERASURES = Statement(select(_E.user_public_id, _E.erased_at).order_by(_E.erased_at, _E.id))


class SqlDeletions:
    """Wishes to be deleted."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, request: DeletionRequest) -> None:
        """Keep a new wish; `Conflict` while the person has one that is open."""
        self._wire.add(
            _ADD_WISH,
            f"deletion {request.request_id}, or one of {request.user_id} that is open,",
            public_id=request.request_id,
            user=request.user_id,
            asked_at=request.asked_at,
            confirmed_at=request.confirmed_at,
            undo_until=request.undo_until,
            withdrawn_at=request.withdrawn_at,
            done_at=request.done_at,
        )

    def put(self, request: DeletionRequest) -> None:
        """Replace a wish that is there."""
        self._wire.require_writing()
        row = self._wire.one(_HOLD_WISH, wish=request.request_id)
        stored = None if row is None else _wish(row)
        if stored is None or stored.user_id != request.user_id:
            raise BrokenInvariant(f"{request.user_id} has no deletion {request.request_id}")
        if not stored.is_open and stored != request:
            raise BrokenInvariant(f"deletion {request.request_id} is over")
        self._wire.write(
            _PUT_WISH,
            wish=request.request_id,
            asked_at=request.asked_at,
            confirmed_at=request.confirmed_at,
            undo_until=request.undo_until,
            withdrawn_at=request.withdrawn_at,
            done_at=request.done_at,
        )

    def of(self, user_id: UserId) -> tuple[DeletionRequest, ...]:
        """List a person's wishes, oldest first."""
        return tuple(map(_wish, self._wire.all(_WISHES, user=user_id)))

    def open(self) -> tuple[DeletionRequest, ...]:
        """List the open ones, oldest first."""
        return tuple(map(_wish, self._wire.all(_OPEN_WISHES)))


class SqlExports:
    """Wishes to have one's data."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, request: ExportRequest) -> None:
        """Keep a new wish."""
        self._wire.add(
            _ADD_EXPORT,
            f"export {request.export_id}, or its token,",
            public_id=request.export_id,
            user=request.user_id,
            asked_at=request.asked_at,
            token_hash=request.token_hash,
            ready_at=request.ready_at,
            link_until=request.link_until,
            fetched_at=request.fetched_at,
        )

    def by_token(self, token_hash: bytes) -> ExportRequest | None:
        """Find the export a token belongs to."""
        row = self._wire.one(_BY_TOKEN, of_token=token_hash)
        return None if row is None else _export(row)

    def put(self, request: ExportRequest) -> None:
        """Replace a wish that is there."""
        self._wire.require_writing()
        row = self._wire.one(_HOLD_EXPORT, wish=request.export_id)
        stored = None if row is None else _export(row)
        if stored is None or (stored.user_id, stored.token_hash) != (request.user_id, request.token_hash):
            raise BrokenInvariant(f"{request.user_id} has no export {request.export_id} with this token")
        if stored.fetched_at is not None and stored.fetched_at != request.fetched_at:
            raise Conflict(f"export {request.export_id} was fetched already")
        self._wire.write(
            _PUT_EXPORT,
            wish=request.export_id,
            asked_at=request.asked_at,
            ready_at=request.ready_at,
            link_until=request.link_until,
            fetched_at=request.fetched_at,
        )

    def of(self, user_id: UserId) -> tuple[ExportRequest, ...]:
        """List a person's exports, oldest first."""
        return tuple(map(_export, self._wire.all(_EXPORTS, user=user_id)))

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many there were."""
        return self._wire.write(_FORGET_EXPORTS, user=user_id)

    def drop_before(self, before: int) -> int:
        """Erase those asked for before a moment; how many there were."""
        return self._wire.write(_DROP_EXPORTS, before=before)


class SqlErasures:
    """The list of those who were erased."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, entry: ErasureEntry) -> bool:
        """Keep an entry; False when that person is on the list."""
        return bool(self._wire.write(_ADD_ERASURE, user_public_id=entry.user_id, erased_at=entry.erased_at))

    def all(self) -> tuple[ErasureEntry, ...]:
        """List them, oldest first."""
        return tuple(ErasureEntry(UserId(user), at) for user, at in self._wire.all(_ERASURES))


def _wish(row: Row) -> DeletionRequest:
    name, user, *moments = row
    return DeletionRequest(name, UserId(user), *moments)


def _export(row: Row) -> ExportRequest:
    name, user, asked_at, token_hash, *moments = row
    return ExportRequest(name, UserId(user), asked_at, bytes(token_hash), *moments)
