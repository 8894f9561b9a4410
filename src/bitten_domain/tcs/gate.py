"""The emission gate: which scored candidates may become signals.

``E = clip(T + pair offset + overlay, 70, 78)``. Source: rules, gate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.errors import InvalidInput
from bitten_domain.tcs.score import COVERAGE_FOR_SCORE
from bitten_domain.tcs.threshold import CEILING, FLOOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bitten_domain.tcs.scan import ScoredCandidates

__all__ = ["AMBER_COST_SHARE", "HIGHEST_COST_SHARE", "GateRules", "emission_gate", "overlay_of", "screen"]

AMBER_COST_SHARE = 0.15
"""Cost share above which a signal is shown amber and never fired automatically."""

HIGHEST_COST_SHARE = 0.30
"""Cost share above which there is no signal."""


@dataclass(frozen=True, slots=True)
class GateRules:
    """Bounds of emission.

    Args:
        pair_offset: thousandths of a point by symbol, in [-2000, 2000]; 0 where not named.
        per_pair: signals of one pair a market day.
        per_day: signals of all pairs a market day.
        repeat_minutes: a pair and direction has one live idea for at least so long.
    """

    pair_offset: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    per_pair: int = 12
    per_day: int = 100
    repeat_minutes: int = 60

    def __post_init__(self) -> None:
        for symbol, offset in self.pair_offset.items():
            if not -2000 <= offset <= 2000:
                raise InvalidInput(
                    f"the offset is {offset / 1000} points",
                    where=f"gate.pair_offset.{symbol}",
                    remedy="choose -2 to 2 points",
                )
        if not 1 <= self.per_pair <= 12 or not 1 <= self.per_day <= 100 or self.repeat_minutes < 60:
            raise InvalidInput(
                "a cap is outside its bounds", where="gate", remedy="per_pair 1-12, per_day 1-100, repeat_minutes >= 60"
            )


def overlay_of(volatility: NDArray[np.float64], news_within_hour: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Add up what the market's state asks on top of the threshold.

    Args:
        volatility: shape (n,), ATR14(H1) over its 20-day median; NaN where unknown.
        news_within_hour: shape (n,), whether a high-impact release of the pair is less than an hour away.

    Returns:
        Shape (n,), thousandths of a point: +1000 above 1.6, -1000 below 0.7, +1500 for news.
    """
    with np.errstate(invalid="ignore"):
        by_volatility = np.where(volatility > 1.6, 1000, np.where(volatility < 0.7, -1000, 0))
    return (by_volatility + np.where(news_within_hour, 1500, 0)).astype(np.int64)


def emission_gate(threshold: int, offset: int, overlay: int) -> int:
    """Place the gate, thousandths of a point in [70000, 78000]."""
    gate = threshold + offset + overlay
    if gate < FLOOR:
        return FLOOR
    return gate if gate < CEILING else CEILING  # noqa: FURB136 - asked for every candidate


def screen(table: ScoredCandidates) -> NDArray[np.int8]:
    """Sort out candidates that no threshold could let pass.

    Returns:
        Shape (n,): 0 may pass, 1 too little coverage, 2 vetoed by the context, 3 costs too high, 4 below the floor of
        70; the first that applies, in this order.
    """
    result = np.zeros(len(table), dtype=np.int8)
    result[table.score * 10 < FLOOR] = 4
    result[table.cost_share > HIGHEST_COST_SHARE] = 3
    result[table.veto] = 2
    result[table.coverage < COVERAGE_FOR_SCORE] = 1
    return result
