"""Orders: what is asked of a broker, in domain words.

Each carries the client order id its answer is stored under: the same id and body again gives the same answer, the same
id with another body is a conflict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.deal import DealReason
from bitten_domain.execution.plan import TradePlan

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.values.direction import Direction
    from bitten_domain.values.lots import Lots

__all__ = ["MAX_CLIENT_ORDER_ID", "CloseOrder", "LevelsOrder", "MarketOrder", "client_order_id", "order_comment"]

MAX_CLIENT_ORDER_ID = (1 << 53) - 1
"""Largest id that survives a broker which keeps it as a double."""

_SEQUENCE_BITS = 32


def client_order_id(epoch: int, sequence: int) -> int:
    """Number an attempt uniquely, for ever: a restore raises the epoch, so no number comes twice.

    Args:
        epoch: 1 to 2^21 - 1.
        sequence: 0 to 2^32 - 1 within the epoch.

    Raises:
        BrokenInvariant: a bound is broken.
    """
    if not 1 <= epoch < 1 << 21 or not 0 <= sequence < 1 << _SEQUENCE_BITS:
        raise BrokenInvariant(f"epoch {epoch} or sequence {sequence} leaves the 53 bits of a client order id")
    return (epoch << _SEQUENCE_BITS) + sequence


def order_comment(order_id: int) -> str:
    """Write the id as a broker's comment: at most 26 characters, no user text."""
    return f"bitten {order_id}"


@dataclass(frozen=True, slots=True)
class MarketOrder:
    """Open a position at the market.

    Args:
        client_order_id: unique per attempt, below 2^53.
        symbol: the pair.
        direction: which way.
        lots: volume, > 0.
        stop, target: levels that go to the broker with the order; None for none.
        not_after: seconds since 1970 UTC after which the broker must not execute it; None for no deadline.
        plan: how the position is to be led. A broker that leads plans itself does so; to any other it is nothing, and
            whoever asked leads the position by orders of their own.
    """

    client_order_id: int
    symbol: str
    direction: Direction
    lots: Lots
    stop: Decimal | None
    target: Decimal | None = None
    not_after: int | None = None
    plan: TradePlan = TradePlan()

    def __post_init__(self) -> None:
        _check_id(self.client_order_id)


@dataclass(frozen=True, slots=True)
class CloseOrder:
    """Close a position, whole or part, at the market.

    Args:
        client_order_id: unique per attempt, below 2^53.
        ticket: the position.
        lots: volume to close; None for all of it.
        reason: why, for the deal.
    """

    client_order_id: int
    ticket: int
    lots: Lots | None = None
    reason: DealReason = DealReason.MANUAL

    def __post_init__(self) -> None:
        _check_id(self.client_order_id)


@dataclass(frozen=True, slots=True)
class LevelsOrder:
    """Replace a position's stop and target.

    Args:
        client_order_id: unique per attempt, below 2^53.
        ticket: the position.
        stop, target: the new levels; None removes one.
    """

    client_order_id: int
    ticket: int
    stop: Decimal | None
    target: Decimal | None

    def __post_init__(self) -> None:
        _check_id(self.client_order_id)


def _check_id(number: int) -> None:
    if not 0 < number <= MAX_CLIENT_ORDER_ID:
        raise BrokenInvariant(f"a client order id is positive and below 2^53, got {number}")
