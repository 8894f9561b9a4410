"""The context line: adds, takes, vetoes, and mostly says nothing."""

from __future__ import annotations

import numpy as np
import pytest

from bitten_domain.market.cross_assets import CrossAssets
from bitten_domain.strategies import Style
from bitten_domain.tcs.context import ContextRules, ContextVerdict, context_of

HOUR = 3_600
NAN = float("nan")


def market(strength: float, peers: float, shift: float) -> CrossAssets:
    """Give a grid of two hours for two pairs; the readings are EURUSD's at the second hour."""
    values = np.array([[NAN, strength], [0.0, 0.0]])
    return CrossAssets(
        symbols=("EURUSD", "GBPUSD"),
        hour=np.array([HOUR, 2 * HOUR]),
        correlation=np.zeros((2, 2, 2)),
        strength=values,
        peer_move=np.array([[NAN, peers], [0.0, 0.0]]),
        mean_correlation=np.zeros(2),
        regime_change=np.array([NAN, shift]),
        dollar=np.zeros(2),
        risk_appetite=np.zeros(2),
    )


def judged(
    strength: float, peers: float, shift: float, style: Style, sign: float = 1.0, at: int = 2 * HOUR
) -> ContextVerdict:
    return context_of(market(strength, peers, shift), "EURUSD", style, np.array([at]), np.array([sign]), ContextRules())


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(
    ("strength", "peers", "shift", "style", "points", "veto"),
    [
        (1.74, 1.49, 0.0, Style.TREND, 0, False),
        (1.75, 0.0, 0.0, Style.TREND, 2, False),
        (0.0, 1.5, 0.0, Style.BREAKOUT, 1, False),
        (2.0, 2.0, 0.0, Style.BREAKOUT, 3, False),
        (-1.75, 0.0, 0.0, Style.TREND, -2, False),
        (-2.0, -1.5, 0.0, Style.TREND, -3, False),
        (2.0, 2.0, 0.0, Style.REVERSION, 0, False),
        (-2.0, -2.0, 0.0, Style.REVERSION, -3, False),
        (-2.75, 0.0, 0.0, Style.TREND, -2, True),
        (-1.75, 0.0, 0.3, Style.TREND, -2, True),
        (-1.75, 0.0, -0.3, Style.REVERSION, -2, True),
        (-1.74, 0.0, 0.9, Style.TREND, 0, False),
        (2.0, 0.0, 0.9, Style.TREND, 2, False),
        (NAN, NAN, NAN, Style.TREND, 0, False),
    ],
)
def test_given_what_other_pairs_say_when_judged_then_it_adds_takes_or_vetoes(
    strength: float, peers: float, shift: float, style: Style, points: float, veto: bool, sign: float
) -> None:
    found = judged(sign * strength, sign * peers, shift, style, sign)

    assert (found.points.tolist(), found.veto.tolist()) == ([points], [veto])
    assert found.strength[0] == pytest.approx(strength, nan_ok=True)
    assert found.peers[0] == pytest.approx(peers, nan_ok=True)


@pytest.mark.parametrize("at", [HOUR - 1, 2 * HOUR - 1])
def test_given_a_moment_before_the_hour_is_over_when_judged_then_its_reading_is_not_known(at: int) -> None:
    found = judged(-9.0, -9.0, 0.9, Style.TREND, at=at)

    assert (found.points.tolist(), found.veto.tolist()) == ([0.0], [False])
    assert np.isnan(found.strength[0])


def test_given_no_grid_or_another_pair_when_judged_then_there_is_no_context() -> None:
    at, sign = np.array([2 * HOUR]), np.ones(1)

    for grid, symbol in ((None, "EURUSD"), (market(-9.0, -9.0, 0.0), "USDJPY")):
        found = context_of(grid, symbol, Style.TREND, at, sign, ContextRules())
        assert (found.points.tolist(), found.veto.tolist()) == ([0.0], [False])
        assert np.isnan(found.peers[0])
