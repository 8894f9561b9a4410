"""Broker: where orders go and deals come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bitten_domain.execution.protocol.answers import (
    Answer,
    AnswerKind,
    BrokerQuote,
    BrokerSnapshot,
    Evidence,
    Trace,
)

if TYPE_CHECKING:
    from bitten_domain.execution.order import CloseOrder, LevelsOrder, MarketOrder

__all__ = ["Answer", "AnswerKind", "Broker", "BrokerQuote", "BrokerSnapshot", "Evidence", "Trace"]


class Broker(Protocol):
    """Trade on one account.

    Promises, each checked by the contract suite:

    - An order is executed at most once per client order id. The same id with the same body gives the stored answer; the
      same id with another body raises `Conflict` and does nothing.
    - An answer other than UNKNOWN is final but for WORKING, and is still given after a restart.
    - A refusal is the answer NOT_EXECUTED with a code, never an exception; what might have happened is UNKNOWN, never
      an exception, and is not retried inside.
    - Deals appear in the history once, with rising tickets, and ``balance = opening + sum of the deals``.
    - A close is taken in whatever state the account is, while its market is open.
    - `evidence_of` says ABSENT only when the order has not been and never will be executed: asking makes it so.
    - `Unavailable` is raised only when nothing was sent.
    """

    async def place(self, order: MarketOrder) -> Answer:
        """Open a position."""
        ...

    async def close(self, order: CloseOrder) -> Answer:
        """Close a position, whole or part."""
        ...

    async def modify(self, order: LevelsOrder) -> Answer:
        """Replace a position's stop and target."""
        ...

    async def snapshot(self, since_deal: int = 0) -> BrokerSnapshot:
        """Read the account with the deals booked after the deal of that ticket."""
        ...

    async def evidence_of(self, client_order_id: int) -> Evidence:
        """Prove what became of an order, and bar an unseen one from ever being executed."""
        ...
