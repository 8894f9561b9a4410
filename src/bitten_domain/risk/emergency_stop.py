"""Emergency stops: persistent values that block opening, and who may set and release them.

A stop blocks *opening* only. Closing asks nothing here: no rank, no tier, no limit, no stop.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant
from bitten_domain.vocabulary import Rank

if TYPE_CHECKING:
    from bitten_domain.values import UserId

__all__ = [
    "RELEASE_WAIT_SECONDS",
    "EmergencyStop",
    "StopKind",
    "StopScope",
    "applies_to",
    "closes_positions",
    "may_release",
    "may_set",
    "with_stop",
    "without_stop",
]

RELEASE_WAIT_SECONDS = 3_600
"""How long a user's own stop holds at least."""


class StopScope(Enum):
    """Whom a stop holds."""

    GLOBAL = "GLOBAL"
    BROKER = "BROKER"
    USER = "USER"


class StopKind(Enum):
    """PAUSE: no opening. HALT: no opening, and everything is closed. LOCK: no opening, by an ADMIN's decision."""

    PAUSE = "PAUSE"
    HALT = "HALT"
    LOCK = "LOCK"


@dataclass(frozen=True, slots=True)
class EmergencyStop:
    """One stop in force.

    Args:
        scope: whom it holds.
        subject: the broker's name or the user's id; empty for GLOBAL.
        kind: what it does.
        set_by: who set it.
        set_at: seconds since 1970 UTC.
    """

    scope: StopScope
    subject: str
    kind: StopKind
    set_by: UserId
    set_at: int

    def __post_init__(self) -> None:
        if (self.subject == "") is not (self.scope is StopScope.GLOBAL):
            raise BrokenInvariant("a stop of a broker or a user names it, a global one names nobody")


def applies_to(stop: EmergencyStop, broker: str, user_id: UserId) -> bool:
    """Say whether a stop holds this user at this broker."""
    if stop.scope is StopScope.GLOBAL:
        return True
    return stop.subject == (broker if stop.scope is StopScope.BROKER else user_id)


def closes_positions(stop: EmergencyStop) -> bool:
    """Say whether setting the stop also closes every position it reaches."""
    return stop.kind is StopKind.HALT


def may_set(scope: StopScope, subject: str, kind: StopKind, actor: UserId, rank: Rank) -> bool:
    """Say whether somebody may set a stop: a user a PAUSE or HALT for themselves, an ADMIN all others.

    Neither rank, tier, onboarding nor payment keeps a user from stopping their own trading.
    """
    if scope is StopScope.USER and kind is not StopKind.LOCK:
        return subject == actor
    return rank is Rank.ADMIN


def may_release(stop: EmergencyStop, actor: UserId, rank: Rank, now: int) -> bool:
    """Say whether somebody may release a stop now (seconds since 1970 UTC).

    A user's own PAUSE or HALT is released by that user once it is 60 minutes old; every other stop by an ADMIN.
    """
    if stop.scope is StopScope.USER and stop.kind is not StopKind.LOCK:
        return stop.subject == actor and now - stop.set_at >= RELEASE_WAIT_SECONDS
    return rank is Rank.ADMIN


def with_stop(stops: tuple[EmergencyStop, ...], stop: EmergencyStop) -> tuple[EmergencyStop, ...]:
    """Add a stop; one of the same scope, subject and kind is replaced, so that its wait starts again."""
    return (*without_stop(stops, stop), stop)


def without_stop(stops: tuple[EmergencyStop, ...], stop: EmergencyStop) -> tuple[EmergencyStop, ...]:
    """Take out the stop of the same scope, subject and kind, if there is one."""
    return tuple(
        one for one in stops if not (one.scope is stop.scope and one.subject == stop.subject and one.kind is stop.kind)
    )
