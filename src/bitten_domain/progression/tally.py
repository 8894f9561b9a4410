"""The tally: what has been kept in a row, folded over closed market days. Results, sizes and volume are not in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from bitten_domain.vocabulary import Breach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bitten_domain.events import MarketDayClosed

__all__ = ["Tally", "tallied", "tally_of"]

_SIZE = frozenset({Breach.NO_STOP, Breach.RISK_EXCEEDED})
_PLAN = frozenset({Breach.STOP_LOOSENED, Breach.STOP_REMOVED})


@dataclass(frozen=True, slots=True)
class Tally:
    """What somebody has kept in a row, now and at best.

    Args:
        unbroken_days: market days in a row that were prepared for and without a broken rule; days that were not
            prepared for neither count nor end it.
        best_unbroken_days: the longest so far.
        sized_trades: closed trades in a row with a stop and within the risk their owner allows themselves.
        best_sized_trades: the longest so far.
        held_plans: closed trades in a row whose stop was neither loosened nor removed.
        best_held_plans: the longest so far.
    """

    unbroken_days: int = 0
    best_unbroken_days: int = 0
    sized_trades: int = 0
    best_sized_trades: int = 0
    held_plans: int = 0
    best_held_plans: int = 0


def tally_of(days: Iterable[MarketDayClosed]) -> Tally:
    """Fold closed market days, oldest first, with the trades of each in the order they are given."""
    return reduce(tallied, days, Tally())


def tallied(tally: Tally, closed: MarketDayClosed) -> Tally:
    """Fold a closed market day in, its trades in the order they are given."""
    sized, best_sized = tally.sized_trades, tally.best_sized_trades
    held, best_held = tally.held_plans, tally.best_held_plans
    for trade in closed.trades:
        sized = 0 if trade.breaches & _SIZE else sized + 1
        held = 0 if trade.breaches & _PLAN else held + 1
        best_sized, best_held = max(best_sized, sized), max(best_held, held)
    unbroken = 0 if closed.breaches else tally.unbroken_days + closed.is_briefed
    return replace(
        tally,
        unbroken_days=unbroken,
        best_unbroken_days=max(tally.best_unbroken_days, unbroken),
        sized_trades=sized,
        best_sized_trades=best_sized,
        held_plans=held,
        best_held_plans=best_held,
    )
