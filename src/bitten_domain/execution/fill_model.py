"""The fill model: at what price an order fills; one for backtest, paper trading and counterfactuals.

Bars are bid. A long buys the ask and exits at the bid; a short sells the bid and exits, its stop included, at the ask,
which is the bid plus the spread of that bar. Within a bar:

1. The open comes first. Beyond the stop or the target it fills there: a gap through the stop costs more than the stop,
   a gap through the target pays more than the target (a resting limit order gets the better price), and both are kept.
2. A bar that touches both fills the stop, and says that it was ambiguous. Finer bars can settle the order instead.
3. A stop slips, a target does not: the fill is the quoted price less the slippage of the cost table. The quoted price
   is always inside the bar; only the slippage may lead out of it.

Everything is in ticks; slippage and spread were rounded up when they became ticks, so no rounding favours the trader.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.execution.ticks import TickBar, TickQuote

__all__ = ["NO_LEVEL_ABOVE", "NO_LEVEL_BELOW", "BarrierHit", "ExitFill", "entry_ticks", "exit_fill", "exit_ticks",
           "level_ticks", "refined_exit_fill"]  # fmt: skip

NO_LEVEL_BELOW = -1
"""A lower level that no price reaches: prices are positive."""

NO_LEVEL_ABOVE = 1 << 62
"""An upper level that no price reaches."""


class BarrierHit(Enum):
    """Which of its two levels closed a position."""

    STOP = "STOP"
    TARGET = "TARGET"


class ExitFill(NamedTuple):
    """A position's exit inside a bar.

    Args:
        hit: the level that fired.
        quoted: exit-side price it fired at, inside the bar.
        ticks: price after slippage.
        gapped: whether the bar opened beyond the level.
        ambiguous: whether the bar touched both levels, in an order it does not tell.
    """

    hit: BarrierHit
    quoted: int
    ticks: int
    gapped: bool
    ambiguous: bool


def entry_ticks(sign: int, quote: TickQuote, slippage: int) -> int:
    """Fill a market entry: a long at the ask plus slippage, a short at the bid less slippage.

    Args:
        sign: +1 to buy, -1 to sell.
        quote: what is quoted.
        slippage: ticks, >= 0.
    """
    return quote.ask + slippage if sign > 0 else quote.bid - slippage


def exit_ticks(sign: int, quote: TickQuote, slippage: int) -> int:
    """Fill a market exit: a long at the bid less slippage, a short at the ask plus slippage.

    Args:
        sign: +1 when a long is closed, -1 when a short is.
        quote: what is quoted.
        slippage: ticks, >= 0.
    """
    return quote.bid - slippage if sign > 0 else quote.ask + slippage


def exit_fill(sign: int, stop: int | None, target: int | None, bar: TickBar, stop_slippage: int) -> ExitFill | None:
    """Say whether a bar closes a position, and where.

    Args:
        sign: +1 for a long, -1 for a short.
        stop, target: levels in ticks, compared with the exit side; None when there is none.
        bar: the bid bar with its spread.
        stop_slippage: ticks a stop slips, >= 0.

    Returns:
        The exit; None when the bar touches neither level.
    """
    offset = 0 if sign > 0 else bar.spread
    opened = bar.open + offset
    worst = bar.low if sign > 0 else bar.high + offset
    best = bar.high if sign > 0 else bar.low + offset
    if stop is not None and sign * (opened - stop) <= 0:
        return ExitFill(BarrierHit.STOP, opened, opened - sign * stop_slippage, gapped=opened != stop, ambiguous=False)
    if target is not None and sign * (opened - target) >= 0:
        return ExitFill(BarrierHit.TARGET, opened, opened, gapped=opened != target, ambiguous=False)
    reaches_target = target is not None and sign * (best - target) >= 0
    if stop is not None and sign * (worst - stop) <= 0:
        return ExitFill(BarrierHit.STOP, stop, stop - sign * stop_slippage, gapped=False, ambiguous=reaches_target)
    if target is not None and reaches_target:
        return ExitFill(BarrierHit.TARGET, target, target, gapped=False, ambiguous=False)
    return None


def refined_exit_fill(
    sign: int, stop: int | None, target: int | None, bar: TickBar, finer: Sequence[TickBar], stop_slippage: int
) -> ExitFill | None:
    """Decide like `exit_fill`, asking finer bars for the order when the bar itself does not tell it.

    Args:
        sign, stop, target, bar, stop_slippage: as for `exit_fill`.
        finer: the M1 or M5 bars inside `bar`, oldest first; may be empty. They settle the order only: what the bar
            does not touch does not happen, and where they touch neither level (another source) the bar's answer holds.
    """
    coarse = exit_fill(sign, stop, target, bar, stop_slippage)
    if coarse is None or not coarse.ambiguous:
        return coarse
    for piece in finer:
        fill = exit_fill(sign, stop, target, piece, stop_slippage)
        if fill is not None:
            return fill
    return coarse


def level_ticks(sign: int, level: int, bar: TickBar) -> int | None:
    """Find the exit-side price at which a bar reaches a favourable level: the level, or the open beyond it.

    Args:
        sign: +1 for a long, -1 for a short.
        level: exit-side price in ticks that profits the position.
        bar: the bid bar with its spread.

    Returns:
        The price in ticks, before slippage; None when the bar does not reach it.
    """
    offset = 0 if sign > 0 else bar.spread
    opened = bar.open + offset
    if sign * (opened - level) >= 0:
        return opened
    best = bar.high if sign > 0 else bar.low + offset
    return level if sign * (best - level) >= 0 else None
