"""A fire in the store: the three transactions between a signal and its settled fill, in the protocol's own order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples
from bitten_domain.desk.account import HeldPosition
from bitten_domain.execution import Deal, DealReason, Position, PositionState
from bitten_domain.ports.repositories.messages import Processed
from bitten_domain.values import INSTRUMENTS, AccountId, Direction, Lots
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["STATEMENTS", "fire", "set_up"]

STATEMENTS = "42 statements in 3 transactions"
"""What a fire is, for the table."""

_NOTHING = samples.usd("0.00")
_PAYLOAD = b'["approved",{"signal":"EURUSD-BUY-1704196800","lots":"0.1","stop":"1.09500","risk":"10.00"}]'


def set_up(accounts: int) -> Callable[[Repositories], None]:
    """Give the work that opens accounts, each with a day, a stream and nothing else."""

    def work(r: Repositories) -> None:
        samples.add_accounts(r, accounts)
        for number in range(1, accounts + 1):
            r.sessions.put(samples.session(19_724, of=number))
            r.journal.append(f"account:{samples.account_id(number)}", [_PAYLOAD])

    return work


async def fire(store: UnitOfWork, of: int, number: int) -> None:
    """Fire the nth time on an account, send it, and settle its fill."""
    account = samples.account_id(of)
    await store.run(_approve(account, of, number))
    await store.run(_claim(account, samples.order_id(number, of)))
    await store.run(_settle(account, of, number))


def _approve(account: AccountId, of: int, number: int) -> Callable[[Repositories], None]:
    intent, scope, key = samples.fire(number, of), f"fire:{account}", f"key-{number}"
    first = samples.attempt(intent, number)
    answer = Processed(scope, key, bytes(32), '{"state":"RESERVED"}', samples.NOON)

    def work(r: Repositories) -> None:
        assert r.processed.get(scope, key) is None
        locked = r.accounts.lock(account)
        assert locked is not None
        r.stops.in_force()
        r.sessions.latest(account)
        r.mandates.standing(account)
        r.positions.open(account)
        r.reservations.held(account)
        r.intents.has_fired(account, samples.signal(number, samples.NOON).signal_id)
        r.intents.last_fires(account, samples.NOON)
        r.accounts.put(locked.numbered()[0])
        r.intents.add(intent, first)
        r.reservations.hold(samples.reservation(intent))
        r.dispatches.add(samples.dispatch(number, of=of))
        r.journal.append(locked.stream, [_PAYLOAD, _PAYLOAD])
        r.processed.add(answer)

    return work


def _claim(account: AccountId, order: int) -> Callable[[Repositories], None]:
    def work(r: Repositories) -> None:
        assert r.dispatches.claim(order, "router-1", samples.NOON + 30) is not None
        r.stops.in_force()
        errand = r.intents.by_order(order)
        assert errand is not None
        r.intents.move(errand.attempt.moved(OrderState.SENDING, samples.NOON), OrderState.RESERVED)
        r.journal.append(f"account:{account}", [_PAYLOAD])

    return work


def _settle(account: AccountId, of: int, number: int) -> Callable[[Repositories], None]:
    order, intent = samples.order_id(number, of), samples.fire(number, of)
    sending = samples.attempt(intent, number, OrderState.SENDING)
    deal, position = _filled(order, number)
    # Closed at once, so that what is open stays the same from fire to fire.
    held = HeldPosition(account, position, intent.intent_id, samples.closed_trade(1, samples.NOON).known)
    message = samples.message(f"{account}-{number}")
    session = samples.session(19_724, of=of)

    def work(r: Repositories) -> None:
        locked = r.accounts.lock(account)
        assert locked is not None
        assert r.deals.book(account, deal)
        r.positions.put(held)
        r.reservations.release(intent.intent_id, samples.NOON + 1)
        r.accounts.put(replace(locked, balance=locked.balance + deal.net, last_deal=deal.ticket))
        r.sessions.put(session)
        r.intents.move(sending.moved(OrderState.FILLED, samples.NOON + 1), OrderState.SENDING)
        r.journal.append(locked.stream, [_PAYLOAD, _PAYLOAD])
        r.outbox.add(message)
        r.dispatches.finish(order)

    return work


def _filled(order: int, ticket: int) -> tuple[Deal, Position]:
    lots = Lots(Decimal("0.10"))
    deal = Deal(
        ticket, ticket, order, "EURUSD", Direction.BUY, DealReason.ENTRY, lots, Decimal("1.10012"), samples.NOON + 1,
        _NOTHING, _NOTHING, samples.usd("-0.35"), _NOTHING, samples.usd("0.60"), samples.usd("0.10"),
    )  # fmt: skip
    position = Position(
        ticket, order, INSTRUMENTS["EURUSD"], Direction.BUY, lots, lots, 110_012, 109_500, 111_000, 109_500,
        samples.NOON + 1, 19_724, samples.usd("51.90"), Decimal(1), _NOTHING, PositionState.CLOSED,
    )  # fmt: skip
    return deal, position
