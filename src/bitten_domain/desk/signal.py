"""Signals: candidates that passed the gate, with everything a card, a check and the journal need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.tcs.breakdown import breakdown_of, flip_statement
from bitten_domain.values import SignalId

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.market.news_view import Blackout
    from bitten_domain.tcs.breakdown import BreakdownLine, ScoreDetail
    from bitten_domain.values import Direction
    from bitten_domain.vocabulary import Band, PlanKind

__all__ = ["Signal", "life_seconds", "signal_id_of"]


class Signal(NamedTuple):
    """An emitted signal.

    Args:
        signal_id: names it for ever; the same data give the same id.
        row: position of the candidate in the scan it came from.
        symbol, direction, strategy, timeframe: what was found where; the timeframe in seconds.
        at: seconds since 1970 UTC of its emission.
        entry, stop, target: chart prices (bid) on the tick.
        plan: how it would be led.
        flat_at: seconds since 1970 UTC by which it is closed.
        valid_until: seconds since 1970 UTC from which it may not be fired any more.
        score: hundredths of a point.
        gate: the emission gate it passed, thousandths of a point.
        threshold: the threshold then, thousandths of a point.
        band: label of the score.
        coverage: points of 100 that were available.
        cost_share: spread and slippage over the stop's distance.
        reward_net: plan-weighted reward to risk, net of them.
        blackout: the news window its pair was in at its emission; a signal inside one is shown, and not fired in a HIGH
            one.
        detail: the score in numbers.
    """

    signal_id: SignalId
    row: int
    symbol: str
    direction: Direction
    strategy: str
    timeframe: int
    at: int
    entry: Decimal
    stop: Decimal
    target: Decimal
    plan: PlanKind
    flat_at: int
    valid_until: int
    score: int
    gate: int
    threshold: int
    band: Band
    coverage: int
    cost_share: float
    reward_net: float
    blackout: Blackout
    detail: ScoreDetail

    @property
    def lines(self) -> tuple[BreakdownLine, ...]:
        """The breakdown, written out; adds up to the score."""
        return breakdown_of(self.detail)

    @property
    def flip(self) -> str:
        """What would turn the gate's answer."""
        return flip_statement(self.lines, self.score, self.gate)


def life_seconds(score: int) -> int:
    """Find how long a signal may be fired: 15 min from 90, 12 from 80, 10 below; the score in hundredths."""
    if score >= 9000:
        return 900
    return 720 if score >= 8000 else 600


def signal_id_of(symbol: str, direction: Direction, at: int) -> SignalId:
    """Name a signal: a pair and direction has one idea at a time, so its moment names it."""
    return SignalId(f"{symbol}-{direction.value}-{at}")
