"""The broker contract: numbered cards that every implementation of the `Broker` port passes.

Give each card a fresh bench (a flat account of 10 000 USD at a broker that trades EURUSD in steps of 0.01 lots from
0.01) and run its check; a broken promise raises `ContractBroken` with what was expected and found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_domain.errors import Conflict
from bitten_domain.execution.deal import DealReason
from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder, client_order_id
from bitten_domain.ports.broker import Answer, AnswerKind, Trace
from bitten_domain.values.direction import Direction
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bitten_domain.ports.broker import Broker, BrokerSnapshot

__all__ = ["BROKER_CARDS", "OPENED_AT", "BrokerBench", "BrokerCard", "ContractBroken"]

OPENED_AT = 1_704_204_000
"""Tuesday 2024-01-02 14:00 UTC, an open market; quotes of the cards follow from here."""

_BID = Decimal("1.10000")
_ASK = Decimal("1.10012")
_DEPOSIT = Money(Decimal(10_000), "USD")


class BrokerBench(Protocol):
    """A broker under test, with a market that can be moved."""

    @property
    def broker(self) -> Broker:
        """The broker as it runs now."""
        ...

    async def quote(self, bid: Decimal, ask: Decimal, at: int) -> None:
        """Make EURUSD quote this; `at` never goes back."""
        ...

    async def restart(self) -> None:
        """Kill the broker and start it again; `broker` is the new one."""
        ...


@dataclass(frozen=True, slots=True)
class BrokerCard:
    """One promise and its check.

    Args:
        number: its place in the list, from 1.
        promise: what is promised, in a sentence.
        check: runs it on a fresh bench; raises `ContractBroken`.
    """

    number: int
    promise: str
    check: Callable[[BrokerBench], Awaitable[None]]


def _expect(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise ContractBroken(f"{what}: expected {expected}, found {found}")


def _order(sequence: int, lots: str = "0.10", direction: Direction = Direction.BUY) -> MarketOrder:
    away = Decimal("0.00500") * direction.sign
    return MarketOrder(
        client_order_id(1, sequence), "EURUSD", direction, Lots(Decimal(lots)), _BID - away, _BID + 2 * away
    )


async def _opened(bench: BrokerBench, order: MarketOrder) -> Answer:
    await bench.quote(_BID, _ASK, OPENED_AT)
    return await bench.broker.place(order)


def _ticket(answer: Answer) -> int:
    if answer.ticket is None:
        raise ContractBroken(f"an executed order names its position, found {answer}")
    return answer.ticket


def _check_books(snapshot: BrokerSnapshot) -> None:
    booked = sum((deal.net.amount for deal in snapshot.deals), _DEPOSIT.amount)
    _expect(snapshot.balance.amount, booked, "balance = opening + sum of deals")
    tickets = [deal.ticket for deal in snapshot.deals]
    _expect(tickets, sorted(set(tickets)), "deals appear once, with rising tickets")


async def _executes(bench: BrokerBench) -> None:
    answer = await _opened(bench, _order(1))
    snapshot = await bench.broker.snapshot()
    _expect(answer.kind, AnswerKind.EXECUTED, "answer")
    _expect([p.ticket for p in snapshot.positions], [answer.ticket], "open positions")
    position = snapshot.positions[0]
    _expect(position.client_order_id, _order(1).client_order_id, "the position carries the client order id")
    _expect((position.stop, position.target), (_order(1).stop, _order(1).target), "levels went with the order")
    if position.entry < _ASK:
        raise ContractBroken(f"a long buys the ask {_ASK} or worse, found {position.entry}")
    _check_books(snapshot)


async def _same_order_again(bench: BrokerBench) -> None:
    first = await _opened(bench, _order(1))
    second = await bench.broker.place(_order(1))
    _expect(second, first, "the same id and body give the stored answer")
    _expect(len((await bench.broker.snapshot()).deals), 1, "executions")


async def _same_id_other_body(bench: BrokerBench) -> None:
    await _opened(bench, _order(1))
    try:
        await bench.broker.place(replace(_order(1), lots=Lots(Decimal("0.20"))))
    except Conflict:
        _expect(len((await bench.broker.snapshot()).deals), 1, "executions")
        return
    raise ContractBroken("the same id with another body raises Conflict")


async def _id_is_shared_by_all_verbs(bench: BrokerBench) -> None:
    answer = await _opened(bench, _order(1))
    try:
        await bench.broker.close(CloseOrder(_order(1).client_order_id, _ticket(answer)))
    except Conflict:
        _expect(len((await bench.broker.snapshot()).positions), 1, "open positions")
        return
    raise ContractBroken("a close with a placed order's id raises Conflict")


async def _survives_restart(bench: BrokerBench) -> None:
    first = await _opened(bench, _order(1))
    before = await bench.broker.snapshot()
    await bench.restart()
    after = await bench.broker.snapshot()
    _expect((after.balance, after.positions, after.deals), (before.balance, before.positions, before.deals), "books")
    _expect(await bench.broker.place(_order(1)), first, "the stored answer")
    _expect(len((await bench.broker.snapshot()).deals), 1, "executions")


async def _refusals_are_answers(bench: BrokerBench) -> None:
    await bench.quote(_BID, _ASK, OPENED_AT)
    wrong = (
        replace(_order(1), lots=Lots(Decimal("0.005"))),
        replace(_order(2), lots=Lots(Decimal("0.015"))),
        replace(_order(3), lots=Lots(Decimal(1000))),
        replace(_order(4), symbol="XXXYYY"),
        replace(_order(5), stop=_ASK + Decimal("0.01")),
        replace(_order(6), target=_BID - Decimal("0.01")),
        replace(_order(7), lots=Lots(Decimal(90))),
        replace(_order(8), not_after=OPENED_AT - 1),
    )
    for order in wrong:
        answer = await bench.broker.place(order)
        _expect(answer.kind, AnswerKind.NOT_EXECUTED, f"answer to {order}")
        if not answer.code:
            raise ContractBroken(f"a refusal has a code: {answer}")
        _expect(await bench.broker.place(order), answer, "a refusal is final for its id")
    _expect((await bench.broker.snapshot()).deals, (), "deals")


async def _closes_in_parts(bench: BrokerBench) -> None:
    ticket = _ticket(await _opened(bench, _order(1, "0.10")))
    await bench.quote(_BID + Decimal("0.00200"), _ASK + Decimal("0.00200"), OPENED_AT + 60)
    part = CloseOrder(client_order_id(1, 2), ticket, Lots(Decimal("0.04")), DealReason.PLAN)
    answer = await bench.broker.close(part)
    _expect(answer.kind, AnswerKind.EXECUTED, "answer to a part")
    _expect(await bench.broker.close(part), answer, "a close told twice is done once")
    _expect([p.lots for p in (await bench.broker.snapshot()).positions], [Lots(Decimal("0.06"))], "lots left")
    rest = await bench.broker.close(CloseOrder(client_order_id(1, 3), ticket))
    snapshot = await bench.broker.snapshot()
    _expect((rest.kind, snapshot.positions), (AnswerKind.EXECUTED, ()), "the rest is closed")
    _expect(sum((d.lots.value for d in snapshot.deals[1:]), Decimal(0)), Decimal("0.10"), "lots closed")
    orders = [deal.client_order_id for deal in snapshot.deals]
    _expect(orders, [client_order_id(1, number) for number in (1, 2, 3)], "a deal names the order that caused it")
    _expect(all(d.profit.amount > 0 for d in snapshot.deals[1:]), True, "20 pips in favour are a profit")
    _check_books(snapshot)


async def _refuses_wrong_closes(bench: BrokerBench) -> None:
    ticket = _ticket(await _opened(bench, _order(1, "0.02")))
    for sequence, order in enumerate(
        (
            CloseOrder(1, ticket + 1),
            CloseOrder(1, ticket, Lots(Decimal("0.03"))),
            CloseOrder(1, ticket, Lots(Decimal("0.015"))),
        ),
        start=2,
    ):
        answer = await bench.broker.close(replace(order, client_order_id=client_order_id(1, sequence)))
        _expect(answer.kind, AnswerKind.NOT_EXECUTED, f"answer to {order}")
    _expect([p.lots for p in (await bench.broker.snapshot()).positions], [Lots(Decimal("0.02"))], "lots left")


async def _stop_at_the_broker(bench: BrokerBench) -> None:
    await _opened(bench, _order(1))
    await bench.quote(Decimal("1.09490"), Decimal("1.09502"), OPENED_AT + 60)
    snapshot = await bench.broker.snapshot()
    _expect(snapshot.positions, (), "open positions after the stop was passed")
    _expect([d.reason for d in snapshot.deals], [DealReason.ENTRY, DealReason.STOP], "reasons")
    _check_books(snapshot)
    again = await bench.broker.snapshot(snapshot.deals[0].ticket)
    _expect(again.deals, snapshot.deals[1:], "deals since the first")


async def _short_stops_at_the_ask(bench: BrokerBench) -> None:
    await _opened(bench, _order(1, direction=Direction.SELL))
    await bench.quote(Decimal("1.10490"), Decimal("1.10499"), OPENED_AT + 60)
    _expect(len((await bench.broker.snapshot()).positions), 1, "positions while the ask is below the stop")
    await bench.quote(Decimal("1.10490"), Decimal("1.10500"), OPENED_AT + 120)
    _expect((await bench.broker.snapshot()).positions, (), "positions once the ask is at the stop")


async def _changes_levels(bench: BrokerBench) -> None:
    ticket = _ticket(await _opened(bench, _order(1)))
    tighter = LevelsOrder(client_order_id(1, 2), ticket, Decimal("1.09800"), Decimal("1.10900"))
    _expect((await bench.broker.modify(tighter)).kind, AnswerKind.EXECUTED, "answer")
    position = (await bench.broker.snapshot()).positions[0]
    _expect((position.stop, position.target), (tighter.stop, tighter.target), "levels")
    beyond = LevelsOrder(client_order_id(1, 3), ticket, _BID + Decimal("0.00001"), None)
    _expect((await bench.broker.modify(beyond)).kind, AnswerKind.NOT_EXECUTED, "a stop beyond the quote")
    await bench.restart()
    position = (await bench.broker.snapshot()).positions[0]
    _expect((position.stop, position.target), (tighter.stop, tighter.target), "levels after a restart")


async def _proves_presence_and_absence(bench: BrokerBench) -> None:
    answer = await _opened(bench, _order(1))
    found = await bench.broker.evidence_of(_order(1).client_order_id)
    _expect((found.trace, found.answer), (Trace.FOUND, answer), "evidence of an executed order")
    absent = await bench.broker.evidence_of(_order(2).client_order_id)
    _expect(absent.trace, Trace.ABSENT, "evidence of an order never sent")
    await bench.restart()
    await bench.quote(_BID, _ASK, OPENED_AT + 60)
    late = await bench.broker.place(_order(2))
    _expect(late.kind, AnswerKind.NOT_EXECUTED, "an order declared absent never executes")
    _expect(len((await bench.broker.snapshot()).deals), 1, "executions")


async def _hedges(bench: BrokerBench) -> None:
    await _opened(bench, _order(1))
    await bench.broker.place(_order(2, direction=Direction.SELL))
    snapshot = await bench.broker.snapshot()
    _expect([p.direction for p in snapshot.positions], [Direction.BUY, Direction.SELL], "positions side by side")
    _check_books(snapshot)


BROKER_CARDS: tuple[BrokerCard, ...] = tuple(
    BrokerCard(number, promise, check)
    for number, (promise, check) in enumerate(
        (
            ("an order is executed, carries its id and its levels, and fills at the ask or worse", _executes),
            ("the same id and body give the stored answer and one execution", _same_order_again),
            ("the same id with another body is a conflict and does nothing", _same_id_other_body),
            ("an id is unique over opening, closing and changing", _id_is_shared_by_all_verbs),
            ("answers, positions and deals survive a restart", _survives_restart),
            ("a refusal is a final answer with a code, and books nothing", _refusals_are_answers),
            ("a position is closed in parts, each once", _closes_in_parts),
            ("a close of an unknown ticket or an impossible volume is refused", _refuses_wrong_closes),
            ("the stop works at the broker, and its deal is in the history once", _stop_at_the_broker),
            ("a short's stop is hit by the ask", _short_stops_at_the_ask),
            ("stop and target are changed, kept over a restart, and refused beyond the quote", _changes_levels),
            ("presence and absence are proven, and an absent order stays absent", _proves_presence_and_absence),
            ("positions of one pair in both directions stand side by side", _hedges),
        ),
        start=1,
    )
)
"""The cards, in order."""
