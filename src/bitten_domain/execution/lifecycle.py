"""The lifecycle of an attempt and of a position: the transition tables, as data.

The tables are the ones of the fire protocol. Nothing else may move a state: a move that is not in the table is a bug
of the caller and raises, elapsed time is never a reason for a move, and a terminal state absorbs.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.vocabulary.order_state import OrderState

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "POSITION_TRANSITIONS",
    "RISK_HELD",
    "TERMINAL_STATES",
    "TRANSITIONS",
    "PositionState",
    "RiskHeld",
    "WhoDecides",
    "position_transition",
    "transition",
]

_S = OrderState
_ENDED = frozenset({_S.FILLED, _S.PARTIAL, _S.WORKING, _S.REJECTED, _S.NOT_EXECUTED, _S.CANCELLED, _S.EXPIRED})


class WhoDecides(Enum):
    """Who vouches for a move: the protocol's own evidence, or a person's recorded decision."""

    PROTOCOL = "PROTOCOL"
    PERSON = "PERSON"


class RiskHeld(Enum):
    """What an attempt's reservation still covers."""

    WORST_CASE = "WORST_CASE"
    ACTUAL_AND_REMAINDER = "ACTUAL_AND_REMAINDER"
    ACTUAL = "ACTUAL"
    RELEASED = "RELEASED"


class PositionState(Enum):
    """Where a position stands.

    ADOPTED is a position the broker has and no intent of ours asked for: it counts against every limit and is never
    closed by itself.
    """

    OPEN = "OPEN"
    CLOSING = "CLOSING"
    CLOSED = "CLOSED"
    ADOPTED = "ADOPTED"


TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        _S.RESERVED: frozenset({_S.SENDING, _S.REJECTED, _S.EXPIRED, _S.CANCELLED}),
        _S.SENDING: frozenset({_S.FILLED, _S.PARTIAL, _S.WORKING, _S.REJECTED, _S.NOT_EXECUTED, _S.UNKNOWN}),
        _S.WORKING: frozenset({_S.FILLED, _S.PARTIAL, _S.REJECTED, _S.CANCELLED, _S.EXPIRED, _S.UNKNOWN, _S.DISPUTED}),
        _S.PARTIAL: frozenset({_S.FILLED, _S.CANCELLED, _S.EXPIRED, _S.UNKNOWN, _S.DISPUTED}),
        _S.UNKNOWN: _ENDED | {_S.DISPUTED},
        _S.DISPUTED: _ENDED,
        _S.FILLED: frozenset(),
        _S.NOT_EXECUTED: frozenset(),
        _S.REJECTED: frozenset(),
        _S.EXPIRED: frozenset(),
        _S.CANCELLED: frozenset(),
    }
)
"""Where each attempt state may go."""

TERMINAL_STATES: frozenset[OrderState] = frozenset(state for state, nexts in TRANSITIONS.items() if not nexts)
"""States that nothing leaves."""

RISK_HELD: Mapping[OrderState, RiskHeld] = MappingProxyType(
    {
        _S.RESERVED: RiskHeld.WORST_CASE,
        _S.SENDING: RiskHeld.WORST_CASE,
        _S.WORKING: RiskHeld.WORST_CASE,
        _S.PARTIAL: RiskHeld.ACTUAL_AND_REMAINDER,
        _S.UNKNOWN: RiskHeld.WORST_CASE,
        _S.DISPUTED: RiskHeld.WORST_CASE,
        _S.FILLED: RiskHeld.ACTUAL,
        _S.NOT_EXECUTED: RiskHeld.RELEASED,
        _S.REJECTED: RiskHeld.RELEASED,
        # Released but for the deals already booked; with none booked the actual risk is nought.
        _S.EXPIRED: RiskHeld.ACTUAL,
        _S.CANCELLED: RiskHeld.ACTUAL,
    }
)
"""What risk is held in each attempt state."""

POSITION_TRANSITIONS: Mapping[PositionState, frozenset[PositionState]] = MappingProxyType(
    {
        PositionState.OPEN: frozenset({PositionState.CLOSING, PositionState.CLOSED}),
        # Back to OPEN when the close was refused or took only a part.
        PositionState.CLOSING: frozenset({PositionState.OPEN, PositionState.CLOSED}),
        # To OPEN when a late fill's intent is found.
        PositionState.ADOPTED: frozenset({PositionState.OPEN, PositionState.CLOSING, PositionState.CLOSED}),
        PositionState.CLOSED: frozenset(),
    }
)
"""Where each position state may go."""


def transition(state: OrderState, to: OrderState, who: WhoDecides = WhoDecides.PROTOCOL) -> OrderState:
    """Move an attempt, or refuse to.

    Args:
        state: where it stands.
        to: where the evidence puts it.
        who: DISPUTED is left by a person's recorded decision only.

    Returns:
        The new state; a terminal state told again what it is stays as it is, so that replayed evidence is harmless.

    Raises:
        BrokenInvariant: the move is not in the table, or only a person may make it.
    """
    if state is to and state in TERMINAL_STATES:
        return state
    if to not in TRANSITIONS[state]:
        raise BrokenInvariant(f"an attempt cannot go from {state.value} to {to.value}")
    if state is OrderState.DISPUTED and who is not WhoDecides.PERSON:
        raise BrokenInvariant(f"only a person's recorded decision leads from DISPUTED to {to.value}")
    return to


def position_transition(state: PositionState, to: PositionState) -> PositionState:
    """Move a position; CLOSED told again stays CLOSED.

    Raises:
        BrokenInvariant: the move is not in the table.
    """
    if state is to and state is PositionState.CLOSED:
        return state
    if to not in POSITION_TRANSITIONS[state]:
        raise BrokenInvariant(f"a position cannot go from {state.value} to {to.value}")
    return to
