"""Harm: what somebody could add to a history in the hope of points, and what must not make a difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.histories.days import drawn_trade

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_apps.testkit.histories.days import Day, History, Traded
    from bitten_apps.testkit.simulation.chance import Chance

__all__ = ["HARMS", "INDIFFERENT", "another_day"]

_ADDED = 1_000_000


def another_day(history: History, at: int, day: Day) -> History:
    """Give a history with one day exchanged."""
    return (*history[:at], day, *history[at + 1 :])


def _trades(history: History, at: int, *added: Traded) -> History:
    return another_day(history, at, replace(history[at], trades=(*history[at].trades, *added)))


def _exchanged(history: History, at: int, change: Callable[[Traded], Traded]) -> History:
    return another_day(history, at, replace(history[at], trades=tuple(map(change, history[at].trades))))


def _everywhere(history: History, change: Callable[[Traded], Traded]) -> History:
    return tuple(replace(day, trades=tuple(map(change, day.trades))) for day in history)


def _another_trade(history: History, at: int, chance: Chance) -> History:
    return _trades(history, at, drawn_trade(chance, _ADDED))


def _many_trades(history: History, at: int, chance: Chance) -> History:
    return _trades(history, at, *(drawn_trade(chance, _ADDED + number) for number in range(2 + chance.below(9))))


def _larger(history: History, at: int, chance: Chance) -> History:
    times = 2 + chance.below(9)
    return _exchanged(history, at, lambda traded: traded._replace(lots=traded.lots * times))


def _riskier(history: History, at: int, chance: Chance) -> History:
    times = 2 + chance.below(9)

    def wider(traded: Traded) -> Traded:
        return traded if traded.stop_pips is None else traded._replace(stop_pips=traded.stop_pips * times)

    return _exchanged(history, at, wider)


def _looser(history: History, at: int, chance: Chance) -> History:
    away = 1 + chance.below(30)
    return _exchanged(history, at, lambda traded: traded._replace(stop_move_pips=-away))


def _revenge(history: History, at: int, chance: Chance) -> History:
    traded = drawn_trade(chance, _ADDED)
    return _trades(history, at, traded._replace(is_own=False, was_paused=True, lots=traded.lots * 4))


HARMS: Mapping[str, Callable[[History, int, Chance], History]] = {
    "another trade": _another_trade,
    "many more trades": _many_trades,
    "a larger size": _larger,
    "more risk": _riskier,
    "a looser stop": _looser,
    "a revenge entry in a pause": _revenge,
}
"""What must never raise XP: a history, one of its days, and chance make the history with the harm in it."""


def _other_results(history: History, at: int, chance: Chance) -> History:
    return _everywhere(history, lambda traded: traded._replace(result_cents=chance.below(400_001) - 200_000))


def _other_side(history: History, at: int, chance: Chance) -> History:
    return _everywhere(history, lambda traded: traded._replace(is_live=not traded.is_live))


INDIFFERENT: Mapping[str, Callable[[History, int, Chance], History]] = {
    "other results": _other_results,
    "live for paper and paper for live": _other_side,
}
"""What must change no entry at all."""
