"""Adherence: the rules a trade broke, closed or still open, from what was recorded. Its result is not looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.execution import to_ticks
from bitten_domain.execution.position import worth_of_tick
from bitten_domain.vocabulary import Breach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.execution import Position, Trade
    from bitten_domain.risk.behaviour import BehaviourState
    from bitten_domain.values import Direction

__all__ = [
    "ADOPTED",
    "ADOPTED_IN_PAUSE",
    "AT_BROKER",
    "DROPPED",
    "LATE_FILL",
    "StopMove",
    "breaches_of",
    "breaches_so_far",
    "is_paused",
    "late_stop_risk",
]

ADOPTED = "ADOPTED"
"""Why a position is in the books that nobody here asked for."""

ADOPTED_IN_PAUSE = "ADOPTED_IN_PAUSE"
"""The same, when it was opened while a pause held."""

LATE_FILL = "LATE_FILL"
"""The same, when an order of ours opened it after it was given up: nobody's breach."""

AT_BROKER = "BROKER"
"""Why levels moved that nobody here moved: the broker shows them so. It does not say who did it; brokers keep what they
have once shown, so it counts as their owner's doing."""

DROPPED = "DROPPED"
"""Why a stop is not there that the desk asked for: the broker never showed it. Nobody's breach."""

_HUNDRED = Decimal(100)


class StopMove(NamedTuple):
    """A stop that was moved.

    Args:
        before, after: prices; None for none.
        reason: why, in a word, as it was recorded.
    """

    before: Decimal | None
    after: Decimal | None
    reason: str = ""


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
    late_risk: Decimal | None = None,
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
        late_risk: see `late_stop_risk`.
    """
    return _breaches(
        trade.direction,
        trade.initial_stop,
        late_risk if trade.initial_risk is None else trade.initial_risk.amount,
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
    risk = position.initial_risk
    return _breaches(
        position.direction,
        position.initial_stop,
        late_stop_risk(position, stop_moves) if risk is None else risk.amount,
        stop_moves,
        is_own=is_own,
        balance=balance,
        most_risk_percent=most_risk_percent,
        was_paused=was_paused,
    )


def late_stop_risk(position: Position, stop_moves: Sequence[StopMove]) -> Decimal | None:
    """Work out what the first stop costs that a position was given after it was opened.

    Args:
        position: in whatever state; whole, as it was opened.
        stop_moves: every change of its stop, oldest first.

    Returns:
        Money from the entry to that stop on the volume it was opened with, account currency, without slippage and
        commission, not below nothing; None when it had a stop from the start, or never.
    """
    if position.initial_stop_ticks is not None:
        return None
    first = next((move.after for move in stop_moves if move.after is not None), None)
    if first is None:
        return None
    ticks = (position.entry_ticks - to_ticks(position.instrument, first)) * position.sign
    return max(ticks * worth_of_tick(position.instrument, position.filled_lots) * position.conversion, Decimal(0))


def _breaches(
    direction: Direction,
    initial_stop: Decimal | None,
    risk: Decimal | None,
    stop_moves: Sequence[StopMove],
    *,
    is_own: bool,
    balance: Decimal,
    most_risk_percent: Decimal,
    was_paused: bool,
) -> frozenset[Breach]:
    found: set[Breach] = set()
    for move in stop_moves:
        if move.reason == DROPPED:
            continue
        if move.after is None:
            if move.before is not None:
                found.add(Breach.STOP_REMOVED)
        elif move.before is not None and (move.after - move.before) * direction.sign < 0:
            found.add(Breach.STOP_LOOSENED)
    if initial_stop is None and not any(move.after is not None for move in stop_moves):
        found.add(Breach.NO_STOP)
    if not is_own:
        if risk is not None and risk * _HUNDRED > balance * most_risk_percent:
            found.add(Breach.RISK_EXCEEDED)
        if was_paused:
            found.add(Breach.PAUSE_IGNORED)
    return frozenset(found)
