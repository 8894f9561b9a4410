"""Whether a higher score has been worth more: differences between bands, and the slope of results on the score."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.analytics.day_bootstrap import LEVEL, Estimate, difference_by_day, slope_by_day
from bitten_domain.vocabulary import Band

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.analytics.idea_columns import SignalColumns

__all__ = ["BandDifference", "ScoreTests", "score_tests"]

_POINTS = 10.0


@dataclass(frozen=True, slots=True)
class BandDifference:
    """By how much one band's mean exceeds a lower one's.

    Args:
        higher, lower: the bands.
        measure: ``gross`` or ``net``.
        estimate: the difference in R; its interval is widened for the number of comparisons of its measure.
    """

    higher: Band
    lower: Band
    measure: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class ScoreTests:
    """What a higher score was worth.

    Args:
        differences: every pair of bands, gross and net.
        gross_slope, net_slope: R for ten points of score.
        statement: the answer in a sentence.
    """

    differences: tuple[BandDifference, ...]
    gross_slope: Estimate
    net_slope: Estimate
    statement: str


def score_tests(signals: SignalColumns, draws: NDArray[np.float64]) -> ScoreTests:
    """Compare results across scores.

    Args:
        signals: emitted ones; those still open are left out.
        draws: for the intervals, see `day_bootstrap.mean_by_day`.
    """
    ended = signals.where(~np.isnan(signals.net_r))
    pairs = list(combinations(Band, 2))
    level = 1.0 - (1.0 - LEVEL) / len(pairs)
    differences = tuple(
        BandDifference(
            higher,
            lower,
            measure,
            difference_by_day(ended.band == higher.value, ended.band == lower.value, values, ended.day, draws, level),
        )
        for measure, values in (("gross", ended.gross_r), ("net", ended.net_r))
        for higher, lower in pairs
    )
    gross_slope = slope_by_day(ended.score / _POINTS, ended.gross_r, ended.day, draws)
    net_slope = slope_by_day(ended.score / _POINTS, ended.net_r, ended.day, draws)
    return ScoreTests(differences, gross_slope, net_slope, _statement(differences))


def _statement(differences: tuple[BandDifference, ...]) -> str:
    tested = [each for each in differences if each.estimate.low is not None]
    found = [each for each in tested if each.estimate.is_told_from_zero]
    if not tested:
        return "Not enough signals in more than one band to compare them."
    if not found:
        return f"No difference between score bands found ({len(tested)} comparisons by market day)."
    listed = "; ".join(
        f"{each.higher.value} against {each.lower.value}, {each.measure}: {each.estimate.value:+.2f} R"
        for each in found
    )
    return f"{len(found)} of {len(tested)} comparisons of score bands differ from zero in this sample: {listed}."
