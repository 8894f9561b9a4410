"""Adherence: the rules a trade broke, closed or still open, from what was recorded. Its result is not looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.vocabulary import Breach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.execution import Position, Trade
    from bitten_domain.risk.behaviour import BehaviourState
    from bitten_domain.values import Direction, Money

__all__ = ["ADOPTED", "ADOPTED_IN_PAUSE", "LATE_FILL", "StopMove", "breaches_of", "breaches_so_far", "is_paused"]

ADOPTED = "ADOPTED"
"""Why a position is in the books that nobody here asked for."""

ADOPTED_IN_PAUSE = "ADOPTED_IN_PAUSE"
"""The same, when it was opened while a pause held."""

LATE_FILL = "LATE_FILL"
"""The same, when an order of ours opened it after it was given up: nobody's breach."""

_HUNDRED = Decimal(100)


class StopMove(NamedTuple):
    """A stop that was moved: before and after, prices; None for none."""

    before: Decimal | None
    after: Decimal | None


def is_paused(behaviour: BehaviourState, day: int, at: int) -> bool:
    """Say whether a pause forbade opening at a moment.

    Args:
        behaviour: of the account, as of that moment.
        day: trading day of it.
        at: seconds since 1970 UTC.
    """
    until = max(behaviour.lockout_until, behaviour.cool_down_until, behaviour.time_out_until)
    return at < until or day in (behaviour.lockout_day, behaviour.daily_limit_day) or behaviour.drawdown_stopped


def breaches_of(
    trade: Trade,
    stop_moves: Sequence[StopMove],
    *,
    is_own: bool,
    balance_before: Decimal,
    most_risk_percent: Decimal,
    was_paused: bool,
) -> frozenset[Breach]:
    """Hold a closed trade against the rules.

    Closing by hand breaks none, whenever it is: closing is never discouraged.

    Args:
        trade: as it ended.
        stop_moves: every change of its stop, oldest first.
        is_own: the desk opened it; then size and pauses were checked before it was sent.
        balance_before: of the account when it was closed, its own result left out, account currency.
        most_risk_percent: what its owner allows themselves a trade.
        was_paused: a pause held when it was opened.
    """
    return _breaches(
        trade.direction,
        trade.initial_stop,
        trade.initial_risk,
        stop_moves,
        is_own=is_own,
        balance=balance_before,
        most_risk_percent=most_risk_percent,
        was_paused=was_paused,
    )


def breaches_so_far(
    position: Position,
    stop_moves: Sequence[StopMove],
    *,
    is_own: bool,
    balance: Decimal,
    most_risk_percent: Decimal,
    was_paused: bool,
) -> frozenset[Breach]:
    """Hold an open position against the rules.

    Args:
        position: as it stands.
        stop_moves: changes of its stop up to the moment it is judged at, oldest first.
        is_own, most_risk_percent, was_paused: as for `breaches_of`.
        balance: of the account, account currency.
    """
    return _breaches(
        position.direction,
        position.initial_stop,
        position.initial_risk,
        stop_moves,
        is_own=is_own,
        balance=balance,
        most_risk_percent=most_risk_percent,
        was_paused=was_paused,
    )


def _breaches(
    direction: Direction,
    initial_stop: Decimal | None,
    initial_risk: Money | None,
    stop_moves: Sequence[StopMove],
    *,
    is_own: bool,
    balance: Decimal,
    most_risk_percent: Decimal,
    was_paused: bool,
) -> frozenset[Breach]:
    found: set[Breach] = set()
    for move in stop_moves:
        if move.after is None:
            if move.before is not None:
                found.add(Breach.STOP_REMOVED)
        elif move.before is not None and (move.after - move.before) * direction.sign < 0:
            found.add(Breach.STOP_LOOSENED)
    if initial_stop is None and not any(move.after is not None for move in stop_moves):
        found.add(Breach.NO_STOP)
    if not is_own:
        if initial_risk is not None and initial_risk.amount * _HUNDRED > balance * most_risk_percent:
            found.add(Breach.RISK_EXCEEDED)
        if was_paused:
            found.add(Breach.PAUSE_IGNORED)
    return frozenset(found)
