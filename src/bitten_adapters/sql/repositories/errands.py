"""Reserved risk, and errands to brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy import text as sql

from bitten_adapters.sql.repositories.decoding import DIRECTIONS, amount_in
from bitten_adapters.sql.repositories.keys import MOST, ONE, ZERO, account_key, intent_key
from bitten_adapters.sql.statements import Statement, adding_once
from bitten_adapters.sql.tables.accounts import ACCOUNTS
from bitten_adapters.sql.tables.fires import DISPATCHES, FIRE_INTENTS, RESERVATIONS, UNCLAIMED
from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.protocol import Dispatch, Reservation
from bitten_domain.values import AccountId, IntentId, Money

if TYPE_CHECKING:
    from bitten_adapters.sql.statements import Row, Wire

__all__ = ["SqlDispatches", "SqlReservations"]

_R, _D = RESERVATIONS.c, DISPATCHES.c
_NAME = FIRE_INTENTS.c.public_id

_HELD = Statement(
    select(_NAME, _R.symbol, _R.direction, _R.risk, _R.margin, _R.currency, _R.group_name, _R.reserved_at)
    .join_from(RESERVATIONS, FIRE_INTENTS)
    .where(_R.account_id == account_key(), _R.released_at.is_(None))
    .order_by(_NAME)
)
_HOLD = adding_once(RESERVATIONS, intent_id=intent_key(), account_id=account_key())
_OF_INTENT = Statement(
    select(_R.risk, _R.margin, _R.currency, _R.released_at).where(_R.intent_id == intent_key()).with_for_update()
)
_LOWER = Statement(
    update(RESERVATIONS).where(_R.intent_id == intent_key(), _R.released_at.is_(None)),
    ("symbol", "direction", "risk", "margin", "group_name", "reserved_at"),
)
_RELEASE = Statement(
    update(RESERVATIONS).where(_R.intent_id == intent_key(), _R.released_at.is_(None)).returning(_R.risk, _R.currency),
    ("released_at",),
)

_DISPATCH = select(
    _D.client_order_id, ACCOUNTS.c.public_id, _D.opens, _D.due_at, _D.claimed_by, _D.lease_until, _D.fence
).join_from(DISPATCHES, ACCOUNTS)
_ADD = adding_once(DISPATCHES, account_id=account_key())
_GET = Statement(_DISPATCH.where(_D.client_order_id == bindparam("order"), sql("NOT dispatches.is_finished")))
_DUE = Statement(
    _DISPATCH.where(sql(UNCLAIMED), _D.due_at <= bindparam("now"))
    .order_by(_D.opens, _D.due_at, _D.id)
    .limit(MOST)
    .offset(ZERO)
)
_OPEN_ERRAND = and_(_D.client_order_id == bindparam("order"), sql("NOT dispatches.is_finished"))
_TAKEN = (
    _D.client_order_id,
    select(ACCOUNTS.c.public_id).where(ACCOUNTS.c.id == _D.account_id).scalar_subquery(),
    _D.opens,
    _D.due_at,
    _D.claimed_by,
    _D.lease_until,
    _D.fence,
)
_CLAIM = Statement(
    update(DISPATCHES).where(_OPEN_ERRAND, sql(UNCLAIMED)).values(fence=_D.fence + ONE).returning(*_TAKEN),
    ("claimed_by", "lease_until"),
)
_TAKE_OVER = Statement(
    update(DISPATCHES)
    .where(
        _OPEN_ERRAND,
        sql("claimed_by <> ''"),
        or_(_D.claimed_by == bindparam("own"), _D.lease_until <= bindparam("now")),
    )
    .values(fence=_D.fence + ONE)
    .returning(*_TAKEN),
    ("claimed_by", "lease_until"),
)
_FINISH = Statement(update(DISPATCHES).where(_D.client_order_id == bindparam("order")), ("is_finished",))


class SqlReservations:
    """Reserved risk."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def hold(self, reservation: Reservation) -> None:
        """Reserve, or lower what the intent already holds; it cannot be raised."""
        wire, currency = self._wire, reservation.risk.currency
        risk, margin = reservation.risk.amount, amount_in(reservation.margin, currency)
        added = wire.write(
            _HOLD,
            intent=reservation.intent_id,
            account=reservation.account,
            symbol=reservation.symbol,
            direction=reservation.direction.value,
            risk=risk,
            margin=margin,
            currency=currency,
            group_name=reservation.group,
            reserved_at=reservation.reserved_at,
            released_at=None,
        )
        if added:
            return
        before = wire.one(_OF_INTENT, intent=reservation.intent_id)
        if before is None or before[3] is not None:
            raise BrokenInvariant(f"intent {reservation.intent_id}: its reservation was released")
        if risk > before[0] or margin > before[1] or currency != before[2]:
            raise BrokenInvariant(f"intent {reservation.intent_id}: a reservation is never raised")
        wire.write(
            _LOWER,
            intent=reservation.intent_id,
            symbol=reservation.symbol,
            direction=reservation.direction.value,
            risk=risk,
            margin=margin,
            group_name=reservation.group,
            reserved_at=reservation.reserved_at,
        )

    def held(self, account: AccountId) -> tuple[Reservation, ...]:
        """List what is held, by intent."""
        return tuple(
            Reservation(
                IntentId(name),
                account,
                symbol,
                DIRECTIONS[direction],
                Money(risk, currency),
                Money(margin, currency),
                group,
                reserved_at,
            )
            for name, symbol, direction, risk, margin, currency, group, reserved_at in self._wire.all(
                _HELD, account=account
            )
        )

    def release(self, intent_id: IntentId, at: int) -> Money:
        """Release an intent's reservation; give the risk it still held."""
        self._wire.require_writing()
        row = self._wire.one(_RELEASE, intent=intent_id, released_at=at)
        if row is None:
            raise BrokenInvariant(f"intent {intent_id} holds no reservation")
        return Money(*row)


class SqlDispatches:
    """Errands to brokers."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def add(self, dispatch: Dispatch) -> None:
        """Keep a new errand."""
        self._wire.add(
            _ADD,
            f"the errand of order {dispatch.client_order_id}",
            client_order_id=dispatch.client_order_id,
            account=dispatch.account,
            opens=dispatch.opens,
            due_at=dispatch.due_at,
            claimed_by=dispatch.claimed_by,
            lease_until=dispatch.lease_until,
            fence=dispatch.fence,
            is_finished=False,
        )

    def get(self, client_order_id: int) -> Dispatch | None:
        """Read an errand that is not finished."""
        row = self._wire.one(_GET, order=client_order_id)
        return None if row is None else _dispatch(row)

    def due(self, now: int, limit: int) -> tuple[Dispatch, ...]:
        """List what nobody has claimed and is due: closing first, then the oldest."""
        return tuple(map(_dispatch, self._wire.all(_DUE, now=now, most=limit)))

    def claim(self, client_order_id: int, owner: str, lease_until: int) -> Dispatch | None:
        """Claim an errand that nobody has claimed; None when somebody was faster or it is finished."""
        self._wire.require_writing()
        row = self._wire.one(_CLAIM, order=client_order_id, claimed_by=owner, lease_until=lease_until)
        return None if row is None else _dispatch(row)

    def take_over(self, client_order_id: int, owner: str, now: int, lease_until: int) -> Dispatch | None:
        """Take a claimed errand whose lease has run out, or is one's own, in order to clear it up; None otherwise."""
        self._wire.require_writing()
        row = self._wire.one(
            _TAKE_OVER, order=client_order_id, own=owner, now=now, claimed_by=owner, lease_until=lease_until
        )
        return None if row is None else _dispatch(row)

    def finish(self, client_order_id: int) -> None:
        """End an errand; a second time changes nothing."""
        self._wire.write(_FINISH, order=client_order_id, is_finished=True)


def _dispatch(row: Row) -> Dispatch:
    order, account, *rest = row
    return Dispatch(order, AccountId(account), *rest)
