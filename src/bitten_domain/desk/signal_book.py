"""The signal book: which passing candidates become signals, and how many there were.

A pair and direction has one live idea; a pair and a day have caps. Ideas that only the day's cap kept back count for
the threshold, so that a cap cannot hide a threshold that is too low; each counts once, as its signal would have.
"""

from __future__ import annotations

from bisect import bisect_right
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.vocabulary import SuppressionCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bitten_domain.tcs.gate import GateRules

__all__ = ["SignalBook", "consider", "count_passes"]

_WINDOW = 86_400


class SignalBook(NamedTuple):
    """What was emitted.

    Args:
        day: trading day the counts are of.
        today: signals of that day.
        today_by_pair: the same by symbol.
        last: when each (symbol, direction sign) was last emitted and until when it is alive, seconds since 1970 UTC.
        passes: readings of the market-open clock of the passes of about the last 24 open hours, oldest first; an idea
            that only the day's cap kept back is among them, once while it lives.
        kept_back: when each (symbol, direction sign) was last counted without being emitted, and until when that idea
            would have been alive, likewise.
    """

    day: int = -1
    today: int = 0
    today_by_pair: Mapping[str, int] = MappingProxyType({})
    last: Mapping[tuple[str, int], tuple[int, int]] = MappingProxyType({})
    passes: tuple[int, ...] = ()
    kept_back: Mapping[tuple[str, int], tuple[int, int]] = MappingProxyType({})


def consider(
    book: SignalBook, rules: GateRules, symbol: str, sign: int, at: int, open_clock: int, day: int, life: int
) -> tuple[SignalBook, SuppressionCode | None]:
    """Decide on a candidate that passed the gate.

    Args:
        book: before it.
        rules: the caps.
        symbol, sign: its pair and direction.
        at: now, seconds since 1970 UTC.
        open_clock: now on the market-open clock, seconds.
        day: the trading day.
        life: seconds it would live.

    Returns:
        The next book, and why it is kept back; None when it becomes a signal.
    """
    if book.day != day:
        book = book._replace(day=day, today=0, today_by_pair=MappingProxyType({}))
    idea = symbol, sign
    if _lives(book.last.get(idea), at, rules):
        return book, SuppressionCode.REPEAT
    of_pair = book.today_by_pair.get(symbol, 0)
    if of_pair >= rules.per_pair:
        return book, SuppressionCode.PAIR_CAP
    is_counted = _lives(book.kept_back.get(idea), at, rules)
    if book.today >= rules.per_day:
        if is_counted:
            return book, SuppressionCode.DAY_CAP
        kept_back = {**book.kept_back, idea: (at, at + life)}
        passes = (*book.passes[_expired(book.passes, open_clock) :], open_clock)
        return book._replace(passes=passes, kept_back=kept_back), SuppressionCode.DAY_CAP
    return (
        SignalBook(
            day,
            book.today + 1,
            {**book.today_by_pair, symbol: of_pair + 1},
            {**book.last, idea: (at, at + life)},
            book.passes if is_counted else (*book.passes[_expired(book.passes, open_clock) :], open_clock),
            book.kept_back,
        ),
        None,
    )


def _lives(idea: tuple[int, int] | None, at: int, rules: GateRules) -> bool:
    return idea is not None and (at - idea[0] < rules.repeat_minutes * 60 or at < idea[1])


def count_passes(book: SignalBook, open_clock: int) -> int:
    """Count the passes of the last 24 market-open hours."""
    return len(book.passes) - _expired(book.passes, open_clock)


def _expired(passes: tuple[int, ...], open_clock: int) -> int:
    return bisect_right(passes, open_clock - _WINDOW)
