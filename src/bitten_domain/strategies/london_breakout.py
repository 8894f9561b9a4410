"""London breakout: a close beyond the range of a session box.

Source: rules, strategies. Boxes are read on London's wall clock, bars belong to the box they open in. The wide profile
has three boxes a day and arms a side again when a close comes back inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.zones import LONDON, local_seconds
from bitten_domain.strategies.candidate import Candidates, concatenate
from bitten_domain.strategies.strategy import Style
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.bars import Bars
    from bitten_domain.market.studies import FrameStudies

__all__ = ["BreakoutRules", "LondonBreakout", "SessionBox"]

_HOUR = 3_600
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class SessionBox:
    """A box and the window its breaks are traded in, in whole hours of London's clock.

    Args:
        opens, closes: the box, ``opens <= hour < closes``.
        trade_from, trade_to: bars that open in this window may break it.
        next_day: whether the window lies on the day after the box.
    """

    opens: int
    closes: int
    trade_from: int
    trade_to: int
    next_day: bool = False


@dataclass(frozen=True, slots=True)
class BreakoutRules:
    """What counts as a break.

    Args:
        boxes: the session boxes.
        rearm: whether a close back inside arms a side again; else one break a side and box.
        width_least, width_most: box height over the 20-day median daily range.
        beyond_pips, beyond_atr: how far beyond the edge the close must be: the larger of the two, ATR14 of M15.
        stop_least_atr_m15, stop_most_atr_h1: bounds of the stop's distance.
        target_r: target in R.
        flat_hour: hour of London's clock at which the trade is closed.
        least_life_hours: no break is traded that would be closed sooner than this.
        filled_share: share of the box's bars that must exist.
    """

    boxes: tuple[SessionBox, ...]
    rearm: bool
    width_least: float = 0.25
    width_most: float = 1.0
    beyond_pips: float = 2.0
    beyond_atr: float = 0.1
    stop_least_atr_m15: float = 1.0
    stop_most_atr_h1: float = 1.5
    target_r: float = 2.0
    flat_hour: int = 17
    least_life_hours: int = 1
    filled_share: float = 0.8


_NIGHT = SessionBox(0, 7, 7, 12)
CLASSIC = BreakoutRules(boxes=(_NIGHT,), rearm=False)
WIDE = BreakoutRules(boxes=(_NIGHT, SessionBox(7, 12, 12, 17), SessionBox(17, 24, 0, 5, next_day=True)), rearm=True)


@dataclass(frozen=True, slots=True)
class LondonBreakout:
    """The strategy under one set of rules."""

    rules: BreakoutRules = WIDE
    name: str = "london_breakout"
    style: Style = Style.BREAKOUT
    plan: PlanKind = PlanKind.FIXED
    timeframes: tuple[Timeframe, ...] = (Timeframe.M15,)
    reads_long_average: bool = False
    look_back: int = 100

    def propose(self, studies: FrameStudies, timeframe: Timeframe) -> Candidates:
        """Find the breaks of every box; see `Strategy.propose`."""
        bars = studies.scanned[timeframe].bars
        local = local_seconds(LONDON, bars.opened)
        first = studies.first_asked(timeframe)
        return concatenate([self._breaks(studies, bars, local, box, first) for box in self.rules.boxes])

    def _breaks(
        self, studies: FrameStudies, bars: Bars, local: NDArray[np.int64], box: SessionBox, first: int
    ) -> Candidates:
        rules = self.rules
        day, into = local // _DAY, local % _DAY
        in_window = (into >= box.trade_from * _HOUR) & (into < box.trade_to * _HOUR)
        if not bool(in_window[first:].any()):
            return Candidates.none()
        traded = np.flatnonzero(in_window)
        high, low, day_of_box = _boxes(bars, day, into, box, rules.filled_share)
        if len(day_of_box) == 0:
            return Candidates.none()
        wanted = day[traded] - int(box.next_day)
        at_box = np.minimum(np.searchsorted(day_of_box, wanted), len(day_of_box) - 1)
        exists = day_of_box[at_box] == wanted
        traded, at_box = traded[exists], at_box[exists]
        top, bottom = high[at_box], low[at_box]

        m15 = studies.scanned[Timeframe.M15]
        atr = m15.atr[traded]
        close = bars.close[traded]
        beyond = np.maximum(rules.beyond_pips * float(studies.frame.instrument.pip), rules.beyond_atr * atr)
        side = np.where(close > top + beyond, 1, np.where(close < bottom - beyond, -1, 0))
        inside = (close >= bottom) & (close <= top)
        fresh = np.flatnonzero(_first_breaks(side, inside, at_box, rearm=rules.rearm) & (traded >= first))
        if len(fresh) == 0:
            return Candidates.none()
        traded, side, atr, close, top, bottom = (column[fresh] for column in (traded, side, atr, close, top, bottom))
        closed = bars.closed[traded]

        daily = _known(studies.day.range_median, studies.frame.track(Timeframe.D1).last_known(closed))
        atr_h1 = _known(studies.scanned[Timeframe.H1].atr, studies.frame.track(Timeframe.H1).last_known(closed))
        width = top - bottom
        least, most = rules.stop_least_atr_m15 * atr, rules.stop_most_atr_h1 * atr_h1
        life = rules.flat_hour * _HOUR - (local[traded] + bars.timeframe.seconds) % _DAY
        fits = (
            (width >= rules.width_least * daily)
            & (width <= rules.width_most * daily)
            & (least <= most)
            & (life >= rules.least_life_hours * _HOUR)
        )
        chosen = np.flatnonzero(fits)
        sign = side[chosen].astype(np.int8)
        entry = close[chosen]
        to_middle = np.abs(entry - (top + bottom)[chosen] / 2.0)
        to_far_edge = np.where(sign > 0, entry - bottom[chosen], top[chosen] - entry)
        shortest, longest = least[chosen], most[chosen]
        distance = np.where(
            (to_middle >= shortest) & (to_middle <= longest),
            to_middle,
            np.where(
                (to_far_edge >= shortest) & (to_far_edge <= longest),
                to_far_edge,
                np.minimum(np.maximum(to_middle, shortest), longest),
            ),
        )
        return Candidates(
            at=closed[chosen],
            bar=traded[chosen].astype(np.int64),
            direction=sign,
            entry=entry,
            stop=entry - sign * distance,
            target=entry + sign * rules.target_r * distance,
            flat_at=closed[chosen] + life[chosen],
        )


def _boxes(
    bars: Bars, day: NDArray[np.int64], into: NDArray[np.int64], box: SessionBox, filled_share: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Find each day's box: its high, its low and its London date, where enough of its bars exist."""
    members = np.flatnonzero((into >= box.opens * _HOUR) & (into < box.closes * _HOUR))
    if len(members) == 0:
        return np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64)
    days, first, count = np.unique(day[members], return_index=True, return_counts=True)
    high = np.maximum.reduceat(bars.high[members], first)
    low = np.minimum.reduceat(bars.low[members], first)
    expected = (box.closes - box.opens) * _HOUR // bars.timeframe.seconds
    enough = count >= filled_share * expected
    return high[enough], low[enough], days[enough]


def _first_breaks(
    side: NDArray[np.int64], inside: NDArray[np.bool_], group: NDArray[np.intp], *, rearm: bool
) -> NDArray[np.bool_]:
    """Mark the closes that break a side which is armed.

    Args:
        side: +1 or -1 beyond an edge, 0 otherwise.
        inside: close within the box; a close between edge and distance neither breaks nor arms.
        group: the box of each bar, not decreasing.
        rearm: whether a close inside arms again.
    """
    breaking = side != 0
    if not rearm:
        first = np.zeros(len(side), dtype=np.bool_)
        for sign in (1, -1):
            rows = np.flatnonzero(side == sign)
            _, once = np.unique(group[rows], return_index=True)
            first[rows[once]] = True
        return first
    position = np.arange(len(side))
    telling = np.where(breaking | inside, position, -1)
    before = np.concatenate(([-1], np.maximum.accumulate(telling)[:-1])) if len(side) else telling
    same_box = (before >= 0) & (group[before] == group)
    result: NDArray[np.bool_] = breaking & ~(same_box & (side[before] == side))
    return result


def _known(values: NDArray[np.float64], at: NDArray[np.int64]) -> NDArray[np.float64]:
    """Read a slower column at positions that may be -1, where the answer is NaN."""
    if len(values) == 0:
        return np.full(len(at), np.nan)
    return np.where(at >= 0, values[np.maximum(at, 0)], np.nan)
