"""Score a set-up by hand: the same evidence, scale and breakdown a scan gives its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bitten_domain.desk.run.pair_columns import prepare_pair
from bitten_domain.errors import InvalidInput
from bitten_domain.execution import CostModel, to_price, to_ticks
from bitten_domain.market.bars import Timeframe
from bitten_domain.market.frame import frame_of
from bitten_domain.market.news import EventCalendar
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.market.studies import studies_of
from bitten_domain.strategies import Candidates, Style
from bitten_domain.strategies.holding import after_open_hours
from bitten_domain.tcs.breakdown import breakdown_of, details_of
from bitten_domain.tcs.rank_knots import RANK_SCALE
from bitten_domain.tcs.scan import Scanner
from bitten_domain.values import INSTRUMENTS
from bitten_domain.vocabulary import PlanKind

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.market.bars import Bars
    from bitten_domain.market.studies import FrameStudies
    from bitten_domain.strategies import Strategy
    from bitten_domain.tcs.breakdown import BreakdownLine
    from bitten_domain.values import Direction

__all__ = ["ScoredSetup", "score_setup"]


class ScoredSetup(NamedTuple):
    """A scored set-up.

    Args:
        score: 0 to 100; None when less than 60 of 100 points of evidence were available.
        coverage: share of the evidence that was available.
        lines: the breakdown; the points add up to the score, in hundredths.
        cost_share: spread and slippage over the stop's distance.
        reward_net: reward to risk net of them.
    """

    score: float | None
    coverage: float
    lines: tuple[BreakdownLine, ...]
    cost_share: float
    reward_net: float


class _ByHand(NamedTuple):
    """A strategy that proposes one set-up: somebody's own, at the newest bar."""

    name: str
    style: Style
    direction: int
    stop: float
    target: float
    plan: PlanKind = PlanKind.FIXED
    timeframes: tuple[Timeframe, ...] = (Timeframe.M15,)
    reads_long_average: bool = False
    look_back: int = 2

    def propose(self, studies: FrameStudies, timeframe: Timeframe) -> Candidates:
        bars = studies.frame.track(timeframe).bars
        at = bars.closed[-1:]
        return Candidates(
            at=at,
            bar=np.array([len(bars) - 1]),
            direction=np.array([self.direction], dtype=np.int8),
            entry=bars.close[-1:],
            stop=np.array([self.stop]),
            target=np.array([self.target]),
            flat_at=after_open_hours(at, 24),
        )


def score_setup(
    bars: Bars, direction: Direction, stop: Decimal, target: Decimal, *, like: Strategy | None = None
) -> ScoredSetup:
    """Score a set-up at the close of the newest bar.

    Args:
        bars: M15 bid bars of one of the ten pairs; a month or more gives full evidence.
        direction: which way.
        stop, target: chart prices, on their sides of the last close.
        like: a strategy whose reading of the evidence and rank scale is used; None reads it as a trend set-up on the
            unranked scale.

    Raises:
        InvalidInput: the pair is unknown, there are no M15 bars, or a level is on the wrong side.
    """
    instrument = INSTRUMENTS.get(bars.symbol)
    if instrument is None:
        raise InvalidInput(f"{bars.symbol} is not one of the ten pairs", remedy="score one of them")
    if len(bars) == 0 or bars.timeframe is not Timeframe.M15:
        raise InvalidInput(
            f"there must be M15 bars, got {len(bars)} of {bars.timeframe.name}",
            where=bars.symbol,
            remedy="give the pair's bars of 15 minutes, a month or more",
        )
    if not (stop.is_finite() and target.is_finite()):
        raise InvalidInput(f"stop {stop} and target {target} must be prices", where=bars.symbol)
    # In ticks, so that a level on the close itself is not a rounding error away from it.
    close = round(float(bars.close[-1]) * 10**instrument.digits)
    risk, reward = close - to_ticks(instrument, stop), to_ticks(instrument, target) - close
    if direction.sign * risk <= 0 or direction.sign * reward <= 0:
        raise InvalidInput(
            f"stop {stop} and target {target} are not on their sides of {to_price(instrument, close)}",
            where=direction.value,
            remedy="a BUY has its stop below and its target above the price, a SELL the other way round",
        )
    hand = _ByHand(
        "by_hand" if like is None else like.name,
        Style.TREND if like is None else like.style,
        direction.sign,
        float(stop),
        float(target),
    )
    studies = studies_of(frame_of(instrument, bars), long_average=False)
    spread = prepare_pair(instrument, bars, CostModel(), NewsCalendarView(EventCalendar.empty())).spread
    scanner = Scanner((bars.symbol,), (hand,), RANK_SCALE)
    table = scanner.scan({bars.symbol: studies}, {bars.symbol: spread}, None, int(bars.closed[-1]))
    lines = breakdown_of(details_of(table, np.array([0]))[0])
    coverage = int(table.coverage[0])
    return ScoredSetup(
        score=int(table.score[0]) / 100 if coverage >= 60 else None,
        coverage=coverage / 100,
        lines=lines,
        cost_share=float(table.cost_share[0]),
        reward_net=float(table.reward_net[0]),
    )
