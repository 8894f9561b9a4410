"""Calibration of people: how well the chances they stated came true, as a Brier score.

A forecast needs no trade: every signal has an outcome under the fill model, fired or not.

Source: Brier, Verification of forecasts expressed in terms of probability, Monthly Weather Review 78 (1950), in its
form for two outcomes: the mean of (chance - outcome)^2; 0 is perfect, always saying one half gives 0.25.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitten_domain.progression.boards.ranking import BoardFigure

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LEAST_FORECASTS", "calibration_of"]

LEAST_FORECASTS = 30
"""Forecasts with a known outcome below which nothing is said."""


def calibration_of(forecasts: Iterable[tuple[int, bool]]) -> BoardFigure | None:
    """Score forecasts.

    Args:
        forecasts: chance in percent and whether it came true, of signals whose outcome is known.

    Returns:
        The Brier score in ten-thousandths, rounded down; None with too few forecasts.
    """
    squares = [(100 - percent) ** 2 if came_true else percent**2 for percent, came_true in forecasts]
    if len(squares) < LEAST_FORECASTS:
        return None
    # Percent squared is a ten-thousandth.
    return BoardFigure(sum(squares) // len(squares), len(squares))
