"""Resolve: a person's recorded decision about an order whose evidence contradicts itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.desk.account.happenings import AttemptMoved, ReservationReleased
from bitten_domain.errors import InvalidInput
from bitten_domain.execution.lifecycle import TERMINAL_STATES, WhoDecides
from bitten_domain.membership import Denial
from bitten_domain.membership.access import Action
from bitten_domain.ports.repositories.housekeeping import AuditEntry
from bitten_domain.record.account_payloads import account_payload_of
from bitten_domain.use_cases.access.standing import allowed
from bitten_domain.use_cases.trading.orders.account_records import locked
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_domain.desk.account import TradingAccount
    from bitten_domain.desk.account.happenings import AccountHappening
    from bitten_domain.execution.protocol import Errand
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["Resolve"]


@dataclass(frozen=True, slots=True)
class Resolve:
    """End a dispute the way a person has found it to be; the account stays frozen until it is thawed.

    Args:
        unit_of_work: the store.
        clock: time.
    """

    unit_of_work: UnitOfWork
    clock: Clock

    async def __call__(self, client_order_id: int, to: OrderState, actor: UserId) -> None:
        """Resolve; an order that stands there already stays as it is.

        Raises:
            InvalidInput: no such order, it is not disputed, the state ends nothing, or the actor is no ADMIN.
            Unavailable, OutcomeUnknown: as `UnitOfWork.run`; ask again.
        """
        if to not in TERMINAL_STATES:
            raise InvalidInput(f"{to.value} ends nothing", where="state", remedy="name the state it came to")
        now = int(self.clock.now().timestamp())
        await durably(self.unit_of_work, lambda store: _resolved(store, client_order_id, to, actor, now))


def _resolved(store: Repositories, order_id: int, to: OrderState, actor: UserId, now: int) -> None:
    if isinstance(allowed(store, actor, Action.RESOLVE_DISPUTE, now), Denial):
        raise InvalidInput(f"{actor} may not resolve a dispute", where="actor", remedy="ask an ADMIN")
    errand = store.intents.by_order(order_id)
    if errand is None:
        raise InvalidInput(f"there is no order {order_id}", where="order")
    account = locked(store, errand.intent.account)
    errand = store.intents.by_order(order_id) or errand
    if errand.attempt.state is to:
        return
    if errand.attempt.state is not OrderState.DISPUTED:
        raise InvalidInput(f"order {order_id} is {errand.attempt.state.value}, not disputed", where="order")
    attempt = errand.attempt.moved(to, now, WhoDecides.PERSON)
    store.intents.move(attempt, OrderState.DISPUTED)
    store.dispatches.finish(order_id)
    told: list[AccountHappening] = [AttemptMoved(attempt, OrderState.DISPUTED, f"resolved by {actor}")]
    told += _released(store, account, errand, now)
    store.journal.append(account.stream, [account_payload_of(one) for one in told])
    store.audit.add(AuditEntry(now, actor, "DISPUTE_RESOLVED", str(order_id), f'{{"state":"{to.value}"}}'))


def _released(store: Repositories, account: TradingAccount, errand: Errand, now: int) -> list[ReservationReleased]:
    intent_id = errand.intent.intent_id
    held = [one for one in store.reservations.held(account.account_id) if one.intent_id == intent_id]
    for one in held:
        store.reservations.release(one.intent_id, now)
    return [ReservationReleased(now, one) for one in held]
