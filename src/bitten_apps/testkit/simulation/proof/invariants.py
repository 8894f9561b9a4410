"""The invariants, checked after a story has come to rest. What the watch saw while it went on is added to them."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar

from bitten_domain.execution import PositionState
from bitten_domain.execution.lifecycle import TERMINAL_STATES
from bitten_domain.execution.protocol import CloseIntent, FireIntent
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bitten_apps.testkit.simulation.people import CloseAsked
    from bitten_domain.desk.account import HeldPosition
    from bitten_domain.execution import Deal
    from bitten_domain.execution.protocol import Errand
    from bitten_domain.ports.broker import BrokerSnapshot
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.trading.orders.fire import FireAnswer
    from bitten_domain.values import AccountId, IntentId

__all__ = ["INVARIANTS", "Settled", "broken_by"]

T = TypeVar("T")

_ENOUGH = 1_000_000
_FOREIGN = 1 << 52
_PROVEN_UNDONE = frozenset({OrderState.NOT_EXECUTED, OrderState.REJECTED})


class Settled(Protocol):
    """A world that has come to rest, whatever it went through."""

    @property
    def account_ids(self) -> Sequence[AccountId]:
        """Accounts that took part."""
        ...

    def look(self, work: Callable[[Repositories], T]) -> T:
        """Read the store."""
        ...

    def shown(self, account_id: AccountId) -> BrokerSnapshot:
        """Read the broker's own books, the whole history in them."""
        ...

    def handed(self, account_id: AccountId, order_id: int) -> int:
        """Count how often an order was handed to its broker."""
        ...

    def fires_answered(self, account_id: AccountId) -> Iterable[tuple[str, FireAnswer]]:
        """List the answers people got to their fires, with the fires' keys."""
        ...

    def closes_asked(self, account_id: AccountId) -> Iterable[CloseAsked]:
        """List the closes people asked for."""
        ...

    def released(self, account_id: AccountId, intent_id: IntentId) -> int:
        """Count how often an intent's reservation was released."""
        ...


class _Rest:
    """An account at rest: the broker's side and ours."""

    def __init__(self, world: Settled, account_id: AccountId) -> None:
        self.world, self.account_id = world, account_id
        look = world.look
        self.shown = world.shown(account_id)
        account = look(lambda store: store.accounts.get(account_id))
        assert account is not None  # noqa: S101 - the world was made with it
        self.account = account
        self.held: tuple[HeldPosition, ...] = look(lambda store: store.positions.open(account_id))
        self.rows: list[tuple[str, dict[str, object]]] = [
            json.loads(row.payload)
            for row in look(lambda store: store.journal.rows(account.stream, 0, _ENOUGH))
            if row.payload is not None
        ]
        order_ids = [int(str(body["order"])) for kind, body in self.rows if kind == "intent"]
        found = [look(lambda store, one=one: store.intents.by_order(one)) for one in order_ids]  # type: ignore[misc]
        self.errands: dict[int, Errand] = {
            errand.attempt.client_order_id: errand for errand in found if errand is not None
        }
        self.by_intent: dict[str, list[Errand]] = {}
        for errand in self.errands.values():
            self.by_intent.setdefault(errand.intent.intent_id, []).append(errand)

    def deals_of(self, order_id: int) -> list[Deal]:
        """List the broker's deals an order of ours caused."""
        errand = self.errands.get(order_id)
        opens = errand is not None and isinstance(errand.intent, FireIntent)
        return [deal for deal in self.shown.deals if deal.client_order_id == order_id and deal.reason.opens is opens]


def _executed_once(rest: _Rest) -> Iterator[str]:
    per_intent: Counter[str] = Counter()
    for order_id, errand in rest.errands.items():
        executions = len(rest.deals_of(order_id))
        per_intent[errand.intent.intent_id] += executions
        handed = rest.world.handed(rest.account_id, order_id)
        if handed > 1:
            yield f"order {order_id} was handed to the broker {handed} times"
    yield from (f"intent {intent} was executed {count} times" for intent, count in per_intent.items() if count > 1)
    for deal in rest.shown.deals:
        if deal.reason.opens and deal.client_order_id < _FOREIGN and deal.client_order_id not in rest.errands:
            yield f"the broker executed order {deal.client_order_id}, which nobody wrote down"


def _acknowledged_survives(rest: _Rest) -> Iterator[str]:
    for key, answer in rest.world.fires_answered(rest.account_id):
        if answer.client_order_id is None:
            continue
        errand = rest.errands.get(answer.client_order_id)
        if errand is None or errand.intent.intent_id != answer.intent_id:
            yield f"fire {key} was acknowledged as order {answer.client_order_id} and is gone"
    for order_id, errand in rest.errands.items():
        booked = rest.world.look(
            lambda store, errand=errand: (
                [  # type: ignore[misc]
                    deal.ticket
                    for deal in store.deals.of_position(rest.account_id, errand.intent.ticket)
                    if deal.client_order_id == errand.attempt.client_order_id
                ]
                if isinstance(errand.intent, CloseIntent)
                else []
            )
        )
        if isinstance(errand.intent, CloseIntent) and len(booked) != len(rest.deals_of(order_id)):
            yield f"close {order_id} has {len(rest.deals_of(order_id))} deals there and {len(booked)} here"


def _owned(rest: _Rest) -> Iterator[str]:
    held = {one.position.ticket: one for one in rest.held}
    for position in rest.shown.positions:
        ours = held.pop(position.ticket, None)
        errand = rest.errands.get(position.client_order_id)
        if ours is None:
            yield f"position {position.ticket} of order {position.client_order_id} has no owner"
        elif (ours.position.lots, ours.position.direction) != (position.lots, position.direction):
            yield f"position {position.ticket} is {position.lots} lots there and {ours.position.lots} here"
        elif errand is not None and ours.intent_id != errand.intent.intent_id:
            yield f"position {position.ticket} belongs to intent {errand.intent.intent_id}, not to {ours.intent_id}"
        elif errand is None and ours.position.state is not PositionState.ADOPTED:
            yield f"position {position.ticket} is nobody's and {ours.position.state.value}"
    yield from (f"position {ticket} is open here only" for ticket in held)


def _exact(rest: _Rest) -> Iterator[str]:
    look, account = rest.world.look, rest.account
    tickets = sorted({deal.position for deal in rest.shown.deals})
    booked = [
        deal
        for ticket in tickets
        for deal in look(lambda store, ticket=ticket: store.deals.of_position(rest.account_id, ticket))  # type: ignore[misc]
    ]
    ours = {deal.ticket: deal for deal in booked}
    theirs = {deal.ticket: deal for deal in rest.shown.deals}
    if ours != theirs:
        yield f"deals {sorted(ours.keys() ^ theirs.keys())} differ"
    total = look(lambda store: store.deals.total(rest.account_id))
    sums = account.opening.amount + (Decimal(0) if total is None else total.amount)
    if not account.balance.amount == sums == rest.shown.balance.amount:
        yield f"the balance is {account.balance.amount}, its deals come to {sums}, the broker says {rest.shown.balance}"


def _attempts_follow_proof(rest: _Rest) -> Iterator[str]:
    for intent, errands in rest.by_intent.items():
        ordered = sorted(errands, key=lambda errand: errand.attempt.number)
        for before, after in pairwise(ordered):
            if before.attempt.state not in _PROVEN_UNDONE or after.attempt.number != before.attempt.number + 1:
                yield f"intent {intent} has attempt {after.attempt.number} after {before.attempt.state.value}"
            if rest.deals_of(before.attempt.client_order_id):
                yield f"intent {intent} has attempt {after.attempt.number} although the one before was executed"


def _released_once(rest: _Rest) -> Iterator[str]:
    held = {one.intent_id for one in rest.world.look(lambda store: store.reservations.held(rest.account_id))}
    for intent, errands in rest.by_intent.items():
        errand = errands[-1]
        if not isinstance(errand.intent, FireIntent):
            continue
        ended = errand.attempt.state in TERMINAL_STATES
        count = rest.world.released(rest.account_id, errand.intent.intent_id)
        if count != int(ended) or (errand.intent.intent_id in held) is ended:
            yield f"the reservation of {intent} ({errand.attempt.state.value}) was released {count} times"


def _by_the_table(rest: _Rest) -> Iterator[str]:
    states: dict[object, object] = {}
    for kind, body in rest.rows:
        if kind == "intent":
            states[body["order"]] = OrderState.RESERVED.value
        elif kind == "attempt":
            if states.get(body["order"]) != body["was"]:
                yield f"order {body['order']} went on from {body['was']}, it stood at {states.get(body['order'])}"
            states[body["order"]] = body["state"]
    for order_id, errand in rest.errands.items():
        if states.get(order_id) != errand.attempt.state.value:
            yield f"order {order_id} is {errand.attempt.state.value}, its journal says {states.get(order_id)}"


def _closing_accepted(rest: _Rest) -> Iterator[str]:
    for asked in rest.world.closes_asked(rest.account_id):
        if not asked.answers and not asked.refusals:
            yield f"close {asked.command.key} of position {asked.command.ticket} was never accepted"
        yield from (
            f"close {asked.command.key} was refused for its {refusal}"
            for refusal in asked.refusals
            if refusal != "ticket"
        )


def _at_rest(rest: _Rest) -> Iterator[str]:
    for order_id, errand in rest.errands.items():
        if errand.attempt.state not in TERMINAL_STATES and errand.attempt.state is not OrderState.DISPUTED:
            yield f"order {order_id} is still {errand.attempt.state.value}"


def _stops_confirmed(rest: _Rest) -> Iterator[str]:
    shown = {position.ticket: position for position in rest.shown.positions}
    for held in rest.held:
        position, seen = held.position, shown.get(held.position.ticket)
        if held.intent_id is None or seen is None or position.stop_ticks is None:
            continue
        if seen.stop_ticks is None or position.sign * (seen.stop_ticks - position.stop_ticks) < 0:
            yield f"position {position.ticket} has stop {seen.stop} there, {position.stop} was promised"
        elif held.stop_confirmed_at is None:
            yield f"the stop of position {position.ticket} was never seen"


def _answers_stand(rest: _Rest) -> Iterator[str]:
    answers: dict[str, set[FireAnswer]] = {}
    for key, answer in rest.world.fires_answered(rest.account_id):
        answers.setdefault(key, set()).add(answer)
    yield from (f"fire {key} was answered in {len(found)} ways" for key, found in answers.items() if len(found) > 1)
    for close in rest.world.closes_asked(rest.account_id):
        if len(set(close.answers)) > 1:
            yield f"close {close.command.key} was answered in {len(set(close.answers))} ways"


INVARIANTS: dict[str, tuple[str, Callable[[_Rest], Iterator[str]]]] = {
    "I1": ("executions at the broker per intent <= 1, counted at the broker", _executed_once),
    "I2": ("an acknowledged fire survives, with its deals", _acknowledged_survives),
    "I3": ("every broker position has its owner", _owned),
    "I5": ("ledger deals = broker deals, balances exact", _exact),
    "I6": ("attempt n + 1 exists only after proof for n", _attempts_follow_proof),
    "I7": ("a reservation is released exactly once", _released_once),
    "I8": ("transitions are in the table, the journal tells them all", _by_the_table),
    "I9": ("the same input again is answered the same and changes nothing", _answers_stand),
    "I11": ("closing is accepted in every state", _closing_accepted),
    "I16": ("once faults end, every attempt comes to its end", _at_rest),
    "I18": ("every owned position has a stop the broker keeps", _stops_confirmed),
}
"""What is checked at rest, by id; I4, I8, I12 and I17 are watched while the story goes on."""


def broken_by(world: Settled) -> Iterator[tuple[str, str]]:
    """Give each broken invariant with what was found."""
    for account_id in world.account_ids:
        rest = _Rest(world, account_id)
        for invariant, (_, check) in INVARIANTS.items():
            for found in check(rest):
                yield invariant, f"account {account_id}: {found}"
