"""What a broker says: answers, evidence, and the account as it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.execution.deal import Deal
    from bitten_domain.execution.position import Position
    from bitten_domain.values.money import Money

__all__ = ["Answer", "AnswerKind", "BrokerQuote", "BrokerSnapshot", "Evidence", "Trace"]


class AnswerKind(Enum):
    """The four values of a broker's answer.

    EXECUTED: done, whole or part. WORKING: accepted, not final. NOT_EXECUTED: proven not to have happened.
    UNKNOWN: no proof either way; a timeout is this.
    """

    EXECUTED = "EXECUTED"
    WORKING = "WORKING"
    NOT_EXECUTED = "NOT_EXECUTED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a broker says to one order.

    Args:
        client_order_id: the order's.
        kind: one of four.
        ticket: the position it is about; None when there is none or it is not known.
        deals: what was booked for it, as far as known.
        code: the broker's own word for a refusal, empty otherwise.
        detail: limit and actual value, in a sentence; empty when there is nothing to say.
    """

    client_order_id: int
    kind: AnswerKind
    ticket: int | None = None
    deals: tuple[Deal, ...] = ()
    code: str = ""
    detail: str = ""


class Trace(Enum):
    """What a broker can prove of an order: FOUND, ABSENT now and for ever, or neither."""

    FOUND = "FOUND"
    ABSENT = "ABSENT"
    INCONCLUSIVE = "INCONCLUSIVE"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The proof about one client order id.

    Args:
        trace: what is proven.
        answer: the stored answer when it was found; None otherwise.
    """

    trace: Trace
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class BrokerQuote:
    """A two-sided quote.

    Args:
        symbol: the pair.
        bid, ask: prices, bid <= ask.
        at: when the broker quoted it, seconds since 1970 UTC.
    """

    symbol: str
    bid: Decimal
    ask: Decimal
    at: int


@dataclass(frozen=True, slots=True)
class BrokerSnapshot:
    """The account as the broker sees it at one moment.

    Args:
        at: the broker's time, seconds since 1970 UTC.
        sequence: rises with every change at the broker; equal sequences mean equal books.
        balance, equity: now.
        margin: bound by open positions.
        leverage: units held per unit of margin.
        positions: everything open, ours or not, by ticket.
        deals: booked after the deal asked for, oldest first, each exactly once.
        quotes: latest of each pair it quotes.
    """

    at: int
    sequence: int
    balance: Money
    equity: Money
    margin: Money
    leverage: Decimal
    positions: tuple[Position, ...]
    deals: tuple[Deal, ...]
    quotes: tuple[BrokerQuote, ...]
