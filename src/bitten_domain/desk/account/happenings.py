"""What happens to an account beyond the desk's decisions, one frozen value each, as the journal keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from bitten_domain.desk.account.held_position import HeldPosition
    from bitten_domain.desk.account.trading_account import AccountStanding
    from bitten_domain.desk.run.desk_run import DealBooked, TradeClosed
    from bitten_domain.execution.protocol.intent import Attempt, Intent
    from bitten_domain.execution.protocol.reservation import Reservation
    from bitten_domain.risk.emergency_stop import EmergencyStop
    from bitten_domain.values import UserId
    from bitten_domain.vocabulary import OrderState

__all__ = [
    "AccountHappening",
    "AttemptMoved",
    "EmergencyReleased",
    "EmergencySet",
    "IntentReserved",
    "PositionChanged",
    "ReservationReleased",
    "StandingMoved",
    "StopDoubted",
]


class IntentReserved(NamedTuple):
    """An intent was written down with an attempt, before anything left.

    Args:
        intent: what is wanted.
        attempt: RESERVED.
        reservation: the risk it holds; None for one that opens nothing.
    """

    intent: Intent
    attempt: Attempt
    reservation: Reservation | None


class AttemptMoved(NamedTuple):
    """An attempt went from one state to the next.

    Args:
        attempt: after it.
        was: before it.
        reason: the broker's word or ours for why; empty when the state says it.
    """

    attempt: Attempt
    was: OrderState
    reason: str


class ReservationReleased(NamedTuple):
    """Reserved risk was given back.

    Args:
        at: seconds since 1970 UTC.
        reservation: as it last was.
    """

    at: int
    reservation: Reservation


class PositionChanged(NamedTuple):
    """A position was opened, adopted, reduced, moved in its levels or closed; its state says which.

    Args:
        at: seconds since 1970 UTC.
        held: after it.
        reason: why, in a word.
    """

    at: int
    held: HeldPosition
    reason: str


class StopDoubted(NamedTuple):
    """No broker snapshot shows the stop an owned position should have.

    Args:
        at: seconds since 1970 UTC.
        ticket: the position.
        tries: how often the stop was sent again before.
    """

    at: int
    ticket: int
    tries: int


class StandingMoved(NamedTuple):
    """An account's standing changed.

    Args:
        at: seconds since 1970 UTC.
        standing: from now on.
        reason: why.
    """

    at: int
    standing: AccountStanding
    reason: str


class EmergencySet(NamedTuple):
    """An emergency stop was put in force."""

    stop: EmergencyStop


class EmergencyReleased(NamedTuple):
    """An emergency stop was ended.

    Args:
        stop: which.
        by: who ended it.
        at: seconds since 1970 UTC.
    """

    stop: EmergencyStop
    by: UserId
    at: int


AccountHappening: TypeAlias = (
    "IntentReserved | AttemptMoved | ReservationReleased | PositionChanged | StopDoubted | StandingMoved"
    " | EmergencySet | EmergencyReleased | DealBooked | TradeClosed"
)
