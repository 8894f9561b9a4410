"""A broker behind a bad line, over the real paper broker, whose ledger is the truth everything is counted against."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from bitten_adapters.paper.broker import PaperBroker
from bitten_adapters.paper.ledger import MemoryLedger
from bitten_apps.testkit.simulation.faulty.faults import Fault
from bitten_apps.testkit.simulation.virtual_time import ProcessDied, pause
from bitten_domain.errors import Unavailable
from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
from bitten_domain.ports.broker import Answer, AnswerKind, Evidence, Trace
from bitten_domain.values import Lots

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from bitten_apps.testkit.simulation.chance import Chance
    from bitten_apps.testkit.simulation.faulty.faults import FaultPlan
    from bitten_apps.testkit.simulation.virtual_time import VirtualTime
    from bitten_domain.execution import BrokerTerms
    from bitten_domain.ports.broker import BrokerSnapshot
    from bitten_domain.values import Direction, Money

__all__ = ["NETWORK", "FaultyBroker"]

NETWORK = "network"
"""The process that messages under way belong to: they arrive though their sender is dead."""

_Order: TypeAlias = MarketOrder | CloseOrder | LevelsOrder

_TIMEOUT = 5.0
_FOREIGN = 1 << 52


class FaultyBroker:
    """One account's broker.

    Args:
        terms: contracts, costs and leverage.
        deposit: what the account opens with.
        time: virtual time.
        chance: draws how long things take.
        plan: decides what fails.
        on_order: told of each order a sender hands over, before anything can happen to it.
    """

    def __init__(
        self,
        terms: BrokerTerms,
        deposit: Money,
        time: VirtualTime,
        chance: Chance,
        plan: FaultPlan,
        on_order: Callable[[int], None],
    ) -> None:
        self._terms, self._deposit = terms, deposit
        self._time, self._chance, self._plan, self._on_order = time, chance, plan, on_order
        self._ledger = MemoryLedger()
        self.paper = PaperBroker(self._ledger, terms, deposit)
        self.handed: Counter[int] = Counter()
        self.foreign = 0
        self._working: set[int] = set()
        self._old: BrokerSnapshot | None = None

    async def place(self, order: MarketOrder) -> Answer:
        """Open a position, perhaps."""
        if self._plan.strikes(Fault.PARTLY_FILLED):
            half = Lots(order.lots.value / 2).floored(self._terms.instruments[order.symbol].lot_step)
            if half.value > 0:
                order = replace(order, lots=half)
        answer = await self._handed(order)
        if answer.ticket is not None and self._plan.strikes(Fault.STOP_DROPPED):
            await self.delete_stop(answer.ticket)
        return answer

    async def close(self, order: CloseOrder) -> Answer:
        """Close a position, perhaps."""
        return await self._handed(order)

    async def modify(self, order: LevelsOrder) -> Answer:
        """Replace levels, perhaps."""
        if self._plan.strikes(Fault.LEVELS_REFUSED):
            self._note(order)
            await self._travel()
            return Answer(order.client_order_id, AnswerKind.NOT_EXECUTED, code="INVALID_LEVELS", detail="too close")
        return await self._handed(order)

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        """Read the account, or something like it."""
        await self._travel()
        plan = self._plan
        if plan.strikes(Fault.SNAPSHOT_FAILS):
            raise Unavailable("the account cannot be read")
        if plan.strikes(Fault.SNAPSHOT_STALE) and self._old is not None:
            old = self._old
            return replace(old, deals=tuple(deal for deal in old.deals if deal.ticket > since_deal))
        shown = await self.paper.snapshot(since_deal)
        if since_deal == 0:
            self._old = shown
        deals = shown.deals
        if deals and plan.strikes(Fault.HISTORY_LAGS):
            deals = deals[:-1]
        if len(deals) > 1 and plan.strikes(Fault.HISTORY_HOLE):
            hole = self._chance.below(len(deals) - 1)
            deals = (*deals[:hole], *deals[hole + 1 :])
        return shown if deals is shown.deals else replace(shown, deals=deals)

    async def evidence_of(self, client_order_id: int) -> Evidence:
        """Prove what became of an order, or fail to."""
        await self._travel()
        if self._plan.strikes(Fault.EVIDENCE_FAILS):
            raise Unavailable("the order cannot be looked up")
        if self._plan.strikes(Fault.EVIDENCE_VAGUE):
            return Evidence(Trace.INCONCLUSIVE)
        if client_order_id in self._working:
            return Evidence(Trace.FOUND, Answer(client_order_id, AnswerKind.WORKING))
        return await self.paper.evidence_of(client_order_id)

    def restart(self) -> None:
        """Kill the broker and start it again from its ledger; messages under way stay under way."""
        self.paper = PaperBroker(self._ledger, self._terms, self._deposit)

    async def trade_by_hand(self, symbol: str, direction: Direction, lots: Lots, stop: Decimal | None) -> None:
        """Open a position nobody here asked for."""
        self.foreign += 1
        order = MarketOrder(_FOREIGN + self.foreign, symbol, direction, lots, stop)
        try:
            await self.paper.place(order)
        except Unavailable:
            return

    async def delete_stop(self, ticket: int) -> None:
        """Lose a position's stop."""
        position = next((one for one in (await self.paper.snapshot()).positions if one.ticket == ticket), None)
        if position is None:
            return
        self.foreign += 1
        try:
            await self.paper.modify(LevelsOrder(_FOREIGN + self.foreign, ticket, None, position.target))
        except Unavailable:
            return

    async def _handed(self, order: _Order) -> Answer:
        self._note(order)
        plan, order_id = self._plan, order.client_order_id
        unknown = Answer(order_id, AnswerKind.UNKNOWN, detail="no answer in time")
        if plan.strikes(Fault.DIES_BEFORE_SENDING):
            raise ProcessDied
        await self._travel()
        if plan.strikes(Fault.ORDER_REFUSED_UNSENT):
            raise Unavailable("the broker does not answer")
        if plan.strikes(Fault.ORDER_LOST):
            await pause(_TIMEOUT)
            return unknown
        if plan.strikes(Fault.REQUOTED):
            return Answer(order_id, AnswerKind.NOT_EXECUTED, code="REQUOTE", detail="the price has changed")
        if plan.strikes(Fault.ORDER_LATE):
            self._time.spawn(NETWORK, self._arrives(order), self._chance.between(1, 40))
            await pause(_TIMEOUT)
            return unknown
        if isinstance(order, MarketOrder) and plan.strikes(Fault.WORKING):
            self._working.add(order_id)
            self._time.spawn(NETWORK, self._arrives(order), self._chance.between(1, 15))
            return Answer(order_id, AnswerKind.WORKING)
        if plan.strikes(Fault.ORDER_TWICE):
            self._time.spawn(NETWORK, self._arrives(order), self._chance.between(0, 5))
        answer = await self._executed(order)
        if plan.strikes(Fault.DIES_AFTER_SENDING):
            raise ProcessDied
        if plan.strikes(Fault.ANSWER_LOST):
            await pause(_TIMEOUT)
            return unknown
        await self._travel()
        return answer

    async def _executed(self, order: _Order) -> Answer:
        if isinstance(order, MarketOrder):
            return await self.paper.place(order)
        if isinstance(order, CloseOrder):
            return await self.paper.close(order)
        return await self.paper.modify(order)

    async def _arrives(self, order: _Order) -> None:
        with suppress(Unavailable):
            await self._executed(order)
        self._working.discard(order.client_order_id)

    async def _travel(self) -> None:
        await pause(self._chance.between(0.02, 0.3))

    def _note(self, order: _Order) -> None:
        self.handed[order.client_order_id] += 1
        self._on_order(order.client_order_id)
