"""What set-ups were worth under the one fill model, fired or not: the vectorised twin of the simulated account.

Each set-up is taken as one whole lot at the close of its bar, led by its plan, and charged by the cost table. The
figures differ from an account's by what an account rounds to cents, and by what the rate to the account's currency
moves while the trade is open; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.execution.plan import (
    BREAK_EVEN_AT_R,
    LEAST_TRAIL_PIPS,
    PLAN_STAGES,
    TIME_STOP_SECONDS,
    TRAIL_ATRS,
)
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from decimal import Decimal

    from numpy.typing import NDArray

__all__ = ["IdeaCharges", "IdeaOutcomes", "Ideas", "PriceColumns", "outcomes_of"]

_FIRST_LOOK = 12
_NEXT_LOOK = 48
_NO_WISH = -(1 << 62)


@dataclass(frozen=True, slots=True, eq=False)
class PriceColumns:
    """Bid bars of one pair in ticks, every array of shape (n,), int64.

    Args:
        closed: seconds since 1970 UTC.
        open, high, low, close: bid prices in ticks.
        spread: ask minus bid of each bar, ticks.
        stop_slippage, market_slippage: ticks a stop or a market exit slips in each bar.
        day: trading day each bar opens in, days since 1970.
        close_day: trading day each bar's close belongs to; the next one for the bar that ends at the roll.
        atr: ATR14 at each close, ticks, rounded up; 0 while it is unknown, and a trail waits.
    """

    closed: NDArray[np.int64]
    open: NDArray[np.int64]
    high: NDArray[np.int64]
    low: NDArray[np.int64]
    close: NDArray[np.int64]
    spread: NDArray[np.int64]
    stop_slippage: NDArray[np.int64]
    market_slippage: NDArray[np.int64]
    day: NDArray[np.int64]
    close_day: NDArray[np.int64]
    atr: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ideas:
    """Set-ups of one pair with one plan, every array of shape (n,).

    Args:
        plan: how each is led.
        pip: ticks of a pip.
        bar: position of the bar at whose close each is taken.
        sign: +1 BUY, -1 SELL, int64.
        entry: fill price in ticks, spread and slippage in it.
        entry_spread: ask minus bid of the quote it was filled at, ticks.
        stop, target: exit-side levels in ticks.
        flat_at: seconds since 1970 UTC.
        commission: round trip of a lot, in ticks of profit, float64.
    """

    plan: PlanKind
    pip: int
    bar: NDArray[np.int64]
    sign: NDArray[np.int64]
    entry: NDArray[np.int64]
    entry_spread: NDArray[np.int64]
    stop: NDArray[np.int64]
    target: NDArray[np.int64]
    flat_at: NDArray[np.int64]
    commission: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class IdeaCharges:
    """Costs that do not depend on the bar a set-up ends in.

    Args:
        stop_slippage: ticks a stop slips outside HIGH windows, the slippage R is measured with.
        swap_days: trading days since 1970 of the cumulative swaps, increasing, int64.
        long_swap, short_swap: cumulative swap in ticks up to each of those days, float64, < 0 is paid.
    """

    stop_slippage: int
    swap_days: NDArray[np.int64]
    long_swap: NDArray[np.float64]
    short_swap: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class IdeaOutcomes:
    """Outcomes of n set-ups, every array of shape (n,).

    Args:
        bar: position of the bar that closed each, -1 while it is open.
        closed_at: seconds since 1970 UTC, 0 while it is open.
        net_r: result after all costs, in R; NaN while it is open.
        gross_r: what price alone gave, mid to mid, in R; NaN likewise.
        hit_target: whether the last part ended at its target.
        ambiguous: whether the closing bar touched stop and target.
    """

    bar: NDArray[np.int64]
    closed_at: NDArray[np.int64]
    net_r: NDArray[np.float64]
    gross_r: NDArray[np.float64]
    hit_target: NDArray[np.bool_]
    ambiguous: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Leg:
    """How a part ended: bar (-1 open), quoted exit-side price, slippage, and by what."""

    bar: NDArray[np.int64]
    price: NDArray[np.int64]
    slippage: NDArray[np.int64]
    by_stop: NDArray[np.bool_]
    by_target: NDArray[np.bool_]
    ambiguous: NDArray[np.bool_]


def outcomes_of(prices: PriceColumns, ideas: Ideas, charges: IdeaCharges) -> IdeaOutcomes:
    """Follow every set-up to its end or to the last bar.

    Args:
        prices: the pair's bars.
        ideas: the set-ups.
        charges: the cost table's fixed part.
    """
    n = len(ideas.bar)
    risk = ideas.sign * (ideas.entry - ideas.stop)
    worth = risk + charges.stop_slippage + ideas.commission
    share_first, first, last = _led(prices, ideas, risk)
    done = last.bar >= 0
    closed_at = np.where(done, prices.closed[np.maximum(last.bar, 0)], 0)
    net = np.zeros(n)
    gross = np.zeros(n)
    # The bar's own spread is its widest; the fill met the one of its close.
    entry_mid = prices.close[ideas.bar] + ideas.entry_spread / 2.0
    for share, leg in ((share_first, first), (1.0 - share_first, last)):
        if share == 0.0:
            continue
        at = np.maximum(leg.bar, 0)
        swap = _swap(charges, ideas.sign, prices.close_day[ideas.bar], prices.day[at])
        move = ideas.sign * (leg.price - ideas.entry) - leg.slippage
        net += share * (move + swap)
        exit_mid = leg.price + np.where(ideas.sign > 0, 1.0, -1.0) * prices.spread[at] / 2.0
        gross += share * ideas.sign * (exit_mid - entry_mid)
    with np.errstate(invalid="ignore", divide="ignore"):
        return IdeaOutcomes(
            bar=np.where(done, last.bar, -1),
            closed_at=closed_at,
            net_r=np.where(done, (net - ideas.commission) / worth, np.nan),
            gross_r=np.where(done, gross / risk, np.nan),
            hit_target=done & last.by_target,
            ambiguous=done & last.ambiguous,
        )


def _led(prices: PriceColumns, ideas: Ideas, risk: NDArray[np.int64]) -> tuple[float, _Leg, _Leg]:
    """Lead set-ups by their plan: the share taken first, how it ended, and how the rest did."""
    if ideas.plan is PlanKind.BREAK_EVEN:
        _, last = _staged(prices, ideas, risk, BREAK_EVEN_AT_R, ideas.target, stop_to_entry=True)
        return 0.0, last, last
    stages = PLAN_STAGES.get(ideas.plan)
    if stages is not None:
        ends = ideas.entry + ideas.sign * np.ceil(risk * float(stages.last_r)).astype(np.int64)
        first, last = _staged(prices, ideas, risk, stages.first_r, ends, stop_to_entry=stages.stop_to_entry)
        return float(stages.part), first, last
    if ideas.plan is PlanKind.ATR_TRAIL:
        whole = _trailed(prices, ideas)
    else:
        if ideas.plan is PlanKind.TIME_STOP:
            ideas = replace(ideas, flat_at=np.minimum(ideas.flat_at, prices.closed[ideas.bar] + TIME_STOP_SECONDS))
        whole = _follow(prices, ideas, ideas.bar + 1, ideas.stop, ideas.target)
    return 0.0, whole, whole


def _staged(
    prices: PriceColumns,
    ideas: Ideas,
    risk: NDArray[np.int64],
    first_r: Decimal,
    ends: NDArray[np.int64],
    *,
    stop_to_entry: bool,
) -> tuple[_Leg, _Leg]:
    """Follow a part that is taken at a first level, and the rest, whose stop may go to the entry then."""
    level = ideas.entry + ideas.sign * np.ceil(risk * float(first_r)).astype(np.int64)
    # The broker watches stop and last target; the plan takes its part at the first level.
    broker = _follow(prices, ideas, ideas.bar + 1, ideas.stop, ends)
    part = _reach(prices, ideas, ideas.bar + 1, level)
    staged = (part.bar >= 0) & ((broker.bar < 0) | (part.bar < broker.bar))
    raised = np.where(staged, ideas.entry, ideas.stop) if stop_to_entry else ideas.stop
    # The rest's stop moves at the close of the bar that took the part; already behind it, the rest goes there too.
    at = np.maximum(part.bar, 0)
    side = prices.close[at] + np.where(ideas.sign > 0, 0, prices.spread[at])
    passed = staged & stop_to_entry & (ideas.sign * (side - ideas.entry) <= 0)
    flat_then = staged & (prices.closed[at] >= ideas.flat_at)
    rest = _follow(prices, ideas, np.where(staged, part.bar + 1, ideas.bar + 1), raised, ends)
    now = passed | flat_then
    last = _Leg(
        bar=np.where(now, part.bar, rest.bar),
        price=np.where(now, side, rest.price),
        slippage=np.where(now, prices.market_slippage[at], rest.slippage),
        by_stop=rest.by_stop & ~now,
        by_target=rest.by_target & ~now,
        ambiguous=rest.ambiguous & ~now,
    )
    # A bar that runs through both levels took the part on its way; one that opened beyond the target did not.
    swept = (part.bar >= 0) & (part.bar == broker.bar) & broker.by_target & (broker.price == ends)
    taken = (staged & ~flat_then) | swept
    first = _Leg(
        bar=np.where(taken, part.bar, last.bar),
        price=np.where(taken, part.price, last.price),
        slippage=np.where(taken, part.slippage, last.slippage),
        by_stop=last.by_stop,
        by_target=last.by_target,
        ambiguous=last.ambiguous,
    )
    return first, last


def _trailed(prices: PriceColumns, ideas: Ideas) -> _Leg:
    """Follow a stop behind the best price; it moves at a bar's close and holds from the next bar on."""
    found = np.full(len(ideas.bar), -1, dtype=np.int64)
    stop = ideas.stop.copy()
    # Times the sign, so that higher is tighter for both sides.
    tightest = ideas.sign * ideas.stop
    waiting, look, offset, size = np.arange(len(found)), _FIRST_LOOK, 1, len(prices.closed)
    while len(waiting):
        window = ideas.bar[waiting, None] + offset + np.arange(look)
        exists = window < size
        at = np.minimum(window, size - 1)
        sign = ideas.sign[waiting, None]
        lift = np.where(sign > 0, 0, prices.spread[at])
        worst = np.where(sign > 0, prices.low[at], -prices.high[at] - lift)
        best = np.where(sign > 0, prices.high[at], -prices.low[at] - lift)
        closing = sign * (prices.close[at] + lift)
        distance = np.ceil(prices.atr[at] * float(TRAIL_ATRS)).astype(np.int64)
        wish = best - np.maximum(distance, LEAST_TRAIL_PIPS * ideas.pip)
        wish = np.where(exists & (prices.atr[at] > 0), wish, _NO_WISH)
        asked = np.maximum.accumulate(np.concatenate((tightest[waiting, None], wish), axis=1), axis=1)
        held = asked[:, :-1]
        hit = (
            (worst <= held)
            | (best >= sign * ideas.target[waiting, None])
            | (prices.closed[at] >= ideas.flat_at[waiting, None])
            # A stop that would have to stand beyond the close has been passed.
            | ((wish > held) & (closing <= wish))
        ) & exists
        first = np.argmax(hit, axis=1)
        row = np.arange(len(waiting))
        ended = hit[row, first]
        found[waiting[ended]] = window[row, first][ended]
        stop[waiting[ended]] = (sign * held)[row, first][ended]
        tightest[waiting] = asked[:, -1]
        waiting = waiting[~ended & exists[:, -1]]
        offset += look
        look = _NEXT_LOOK
    return _ended(prices, ideas, found, stop, ideas.target)


def _swap(
    charges: IdeaCharges, sign: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.float64]:
    # A set-up at the roll after the last bar begins on a day that is not there; it is open and owes nothing yet.
    start = np.minimum(np.searchsorted(charges.swap_days, first), len(charges.swap_days) - 1)
    stop = np.searchsorted(charges.swap_days, last)
    long = charges.long_swap[stop] - charges.long_swap[start]
    short = charges.short_swap[stop] - charges.short_swap[start]
    return np.where(sign > 0, long, short)


def _follow(
    prices: PriceColumns,
    ideas: Ideas,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    target: NDArray[np.int64],
) -> _Leg:
    """Find the first bar from ``start`` on that touches stop or target, or that closes at or after ``flat_at``."""
    n = len(start)
    found = np.full(n, -1, dtype=np.int64)
    waiting = np.arange(n)
    look, offset = _FIRST_LOOK, 0
    size = len(prices.closed)
    while len(waiting):
        window = start[waiting, None] + offset + np.arange(look)
        exists = window < size
        at = np.minimum(window, size - 1)
        sign = ideas.sign[waiting, None]
        lift = np.where(sign > 0, 0, prices.spread[at])
        worst = np.where(sign > 0, prices.low[at], prices.high[at] + lift)
        best = np.where(sign > 0, prices.high[at], prices.low[at] + lift)
        hit = (
            (sign * (worst - stop[waiting, None]) <= 0)
            | (sign * (best - target[waiting, None]) >= 0)
            | (prices.closed[at] >= ideas.flat_at[waiting, None])
        ) & exists
        first = np.argmax(hit, axis=1)
        row = np.arange(len(waiting))
        ended = hit[row, first]
        found[waiting[ended]] = window[row, first][ended]
        waiting = waiting[~ended & exists[:, -1]]
        offset += look
        look = _NEXT_LOOK
    return _ended(prices, ideas, found, stop, target)


def _ended(
    prices: PriceColumns, ideas: Ideas, bar: NDArray[np.int64], stop: NDArray[np.int64], target: NDArray[np.int64]
) -> _Leg:
    """Price the exits in their bars: the open first, then the stop, then the target, then the close."""
    at = np.maximum(bar, 0)
    sign = ideas.sign
    lift = np.where(sign > 0, 0, prices.spread[at])
    opened = prices.open[at] + lift
    worst = np.where(sign > 0, prices.low[at], prices.high[at] + lift)
    best = np.where(sign > 0, prices.high[at], prices.low[at] + lift)
    opens_behind = sign * (opened - stop) <= 0
    opens_ahead = ~opens_behind & (sign * (opened - target) >= 0)
    touches_stop = sign * (worst - stop) <= 0
    touches_target = sign * (best - target) >= 0
    by_stop = opens_behind | (~opens_ahead & touches_stop)
    by_target = ~by_stop & (opens_ahead | touches_target)
    price = np.where(
        opens_behind | opens_ahead,
        opened,
        np.where(by_stop, stop, np.where(by_target, target, prices.close[at] + lift)),
    )
    slippage = np.where(by_stop, prices.stop_slippage[at], np.where(by_target, 0, prices.market_slippage[at]))
    ambiguous = ~opens_behind & ~opens_ahead & touches_stop & touches_target
    return _Leg(bar, price, slippage, by_stop, by_target, ambiguous)


def _reach(prices: PriceColumns, ideas: Ideas, start: NDArray[np.int64], level: NDArray[np.int64]) -> _Leg:
    """Find the first bar that reaches a favourable level, and the market fill there."""
    nothing = np.where(ideas.sign > 0, -1, np.int64(1) << 62)
    leg = _follow(prices, ideas, start, nothing, level)
    reached = leg.by_target & (leg.bar >= 0)
    return _Leg(
        bar=np.where(reached, leg.bar, -1),
        price=leg.price,
        slippage=prices.market_slippage[np.maximum(leg.bar, 0)],
        by_stop=leg.by_stop,
        by_target=leg.by_target,
        ambiguous=leg.ambiguous,
    )
