"""The context line: what the other pairs say about a candidate.

It adds -3 to +3 points after normalisation, or vetoes the candidate; for most candidates it says nothing. Source:
rules, strategies (cross-asset correlation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.strategies.strategy import Style

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.market.cross_assets import CrossAssets

__all__ = ["ContextRules", "ContextVerdict", "context_of"]


@dataclass(frozen=True, slots=True)
class ContextRules:
    """When the context speaks.

    Args:
        strength: currency strength, in standard deviations, from which it adds or takes two points.
        peers: mean move of strongly correlated pairs, likewise, from which it adds or takes one point.
        veto_strength: strength against the trade that vetoes it.
        regime_shift: change of the mean correlation in 24 hours that makes strength against the trade a veto.
    """

    strength: float = 1.75
    peers: float = 1.5
    veto_strength: float = 2.75
    regime_shift: float = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class ContextVerdict:
    """The context of n candidates, each shape (n,).

    Args:
        points: -3 to +3.
        veto: whether the candidate is refused.
        strength, peers: what was read, in the trade's direction, in standard deviations; NaN where unknown.
    """

    points: NDArray[np.float64]
    veto: NDArray[np.bool_]
    strength: NDArray[np.float64]
    peers: NDArray[np.float64]


def context_of(
    market: CrossAssets | None,
    symbol: str,
    style: Style,
    at: NDArray[np.int64],
    sign: NDArray[np.float64],
    rules: ContextRules,
) -> ContextVerdict:
    """Judge candidates of one pair.

    Args:
        market: the hourly grid; None when only one pair is traded, where there is no context.
        symbol: the pair.
        style: a reversion leans against the move by intent, so for it strength only ever takes points.
        at: shape (n,), moments, seconds since 1970 UTC.
        sign: shape (n,), +1.0 BUY, -1.0 SELL.
        rules: when it speaks.
    """
    n = len(at)
    nothing = np.full(n, np.nan)
    if market is None or symbol not in market.symbols or len(market.hour) == 0:
        return ContextVerdict(np.zeros(n), np.zeros(n, dtype=np.bool_), nothing, nothing)
    row = market.symbols.index(symbol)
    hour = market.known(at)
    picked = np.maximum(hour, 0)
    strength = np.where(hour >= 0, sign * market.strength[row, picked], np.nan)
    peers = np.where(hour >= 0, sign * market.peer_move[row, picked], np.nan)
    shift = np.where(hour >= 0, market.regime_change[picked], np.nan)
    with np.errstate(invalid="ignore"):
        points = np.where(strength <= -rules.strength, -2.0, 0.0)
        if style is not Style.REVERSION:
            points += np.where(strength >= rules.strength, 2.0, 0.0)
            points += np.where(peers >= rules.peers, 1.0, 0.0)
        points += np.where(peers <= -rules.peers, -1.0, 0.0)
        veto = (strength <= -rules.veto_strength) | (
            (np.abs(shift) >= rules.regime_shift) & (strength <= -rules.strength)
        )
    return ContextVerdict(points=points, veto=veto, strength=strength, peers=peers)
