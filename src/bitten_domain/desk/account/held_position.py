"""Held positions: what is open at the broker, and what the desk knows of why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitten_domain.desk.state import OpenTrade
    from bitten_domain.execution.position import Position
    from bitten_domain.values import AccountId, IntentId

__all__ = ["HeldPosition"]


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """A position in the books of an account.

    Args:
        account: where.
        position: as last booked; its state is OPEN, CLOSING, CLOSED or ADOPTED.
        intent_id: what asked for it; None for an adopted one.
        known: what the desk knew when it was fired; None for an adopted one. A store gives back its row as -1.
        stop_confirmed_at: when a broker snapshot first showed its stop, seconds since 1970 UTC; None before.
        stop_tries: how often the stop was sent again because no snapshot showed it.
    """

    account: AccountId
    position: Position
    intent_id: IntentId | None
    known: OpenTrade | None
    stop_confirmed_at: int | None = None
    stop_tries: int = 0
