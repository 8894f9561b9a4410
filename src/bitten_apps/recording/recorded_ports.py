"""Clock, ids and brokers that record what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bitten_domain.errors import BittenError
from bitten_domain.record.inputs.entries import BrokerAnswered, BrokerAsked, IdDrawn, TimeRead

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime

    from bitten_apps.recording.tape import Tape
    from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder
    from bitten_domain.ports.broker import Answer, Broker, BrokerSnapshot, Evidence
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.identity import Identity
    from bitten_domain.record.inputs.entries import Question

__all__ = ["RecordedBroker", "RecordedClock", "RecordedIdentity"]

A = TypeVar("A", "Answer", "BrokerSnapshot", "Evidence")


@dataclass(frozen=True, slots=True)
class RecordedClock:
    """A clock whose readings inside acts are recorded, to the second, as decisions take them."""

    clock: Clock
    tape: Tape

    def now(self) -> datetime:
        """Read the wall clock, UTC."""
        now = self.clock.now()
        if self.tape.is_in_act:
            self.tape.write(TimeRead(self.tape.act.number, int(now.timestamp())))
        return now

    def monotonic_seconds(self) -> float:
        """Read the steady clock, which decides nothing."""
        return self.clock.monotonic_seconds()


@dataclass(frozen=True, slots=True)
class RecordedIdentity:
    """Identifiers, recorded as they are made."""

    identity: Identity
    tape: Tape

    def new_id(self) -> str:
        """Make one."""
        made = self.identity.new_id()
        self.tape.write(IdDrawn(self.tape.act.number, made))
        return made


@dataclass(frozen=True, slots=True)
class RecordedBroker:
    """A broker whose answers are recorded; a question that may move its books is written down before it leaves."""

    broker: Broker
    tape: Tape

    async def place(self, order: MarketOrder) -> Answer:
        """Open a position."""
        self.tape.write(BrokerAsked(self.tape.act.number, "place", order), is_durable=True)
        return await self._answered("place", order, self.broker.place(order))

    async def close(self, order: CloseOrder) -> Answer:
        """Close a position, whole or part."""
        self.tape.write(BrokerAsked(self.tape.act.number, "close", order), is_durable=True)
        return await self._answered("close", order, self.broker.close(order))

    async def modify(self, order: LevelsOrder) -> Answer:
        """Replace a position's stop and target."""
        self.tape.write(BrokerAsked(self.tape.act.number, "modify", order), is_durable=True)
        return await self._answered("modify", order, self.broker.modify(order))

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        """Read the account."""
        return await self._answered("snapshot", since_deal, self.broker.snapshot(since_deal))

    async def evidence_of(self, client_order_id: int) -> Evidence:
        """Prove what became of an order."""
        self.tape.write(BrokerAsked(self.tape.act.number, "evidence_of", client_order_id), is_durable=True)
        return await self._answered("evidence_of", client_order_id, self.broker.evidence_of(client_order_id))

    async def _answered(self, verb: str, question: Question, asked: Awaitable[A]) -> A:
        act = self.tape.act.number
        try:
            answer = await asked
        except BittenError as error:
            self.tape.write(BrokerAnswered(act, verb, question, None, (type(error).__name__, str(error))))
            raise
        self.tape.write(BrokerAnswered(act, verb, question, answer))
        return answer
