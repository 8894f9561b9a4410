"""Chart of scores: how many signals had which, and what they came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_apps.report import figures
from bitten_apps.report.charts.axes import Axis, nice_ticks
from bitten_apps.report.charts.svg import Drawing
from bitten_domain.desk.decisions import SignalEmitted

if TYPE_CHECKING:
    from bitten_domain.analytics.day_bootstrap import Estimate
    from bitten_domain.use_cases.trading.backtest import Backtest
    from bitten_domain.use_cases.trading.summary import BacktestSummary

__all__ = ["score_chart"]

_LOW = 70


def score_chart(summary: BacktestSummary, backtest: Backtest, width: int) -> str:
    """Draw the histogram of emitted scores and, below it on the same axis, outcomes by score with intervals."""
    scores = np.array([e.signal.score for e in backtest.happenings if isinstance(e, SignalEmitted)], dtype=np.int64)
    lines = next((table.lines for table in summary.whole.idea_groups if table.by == "score"), ())
    shown = [(int(line.name.split()[0]) + 1.0, line) for line in lines if line.net.value is not None]
    narrow = width < 600
    height, left, right = (380, 40, 8) if narrow else (440, 62, 110)
    middle, lower, bottom = (150, 194, 352) if narrow else (170, 218, 410)
    drawing = Drawing(width, height, "Scores of emitted signals and what they came to", summary.whole.scores.statement)
    if len(scores) == 0:
        return drawing.markup()
    top_score = max(92, int(scores.max()) // 100 + 1)
    across = Axis(_LOW, top_score, left, width - right)
    counts = np.bincount(np.clip(scores // 100 - _LOW, 0, None), minlength=top_score - _LOW).tolist()
    tall = Axis(0.0, max(counts) * 1.08, middle, 20)
    for value in nice_ticks(0.0, tall.high, 4)[1:]:
        drawing.line(left, tall(value), width - right, tall(value), "grid")
        drawing.words(left - 6, tall(value) + 4, figures.count(int(value)), "tick", "end")
    for place, signals in enumerate(counts):
        x = across(_LOW + place)
        tip = f"{_LOW + place} to {_LOW + place + 1}: {figures.count(signals)} signals"
        drawing.rect(x + 1, tall(signals), across(_LOW + place + 1) - x - 2, middle - tall(signals), "bar", tip)
    drawing.words(left, 12, "signals by score, one point wide", "caption")

    ends = [end for _, line in shown for each in (line.net, line.gross) for end in _ends(each)]
    result = Axis(min([-0.3, *ends]) - 0.03, max([0.2, *ends]) + 0.03, bottom, lower)
    for value in nice_ticks(result.low, result.high, 5):
        drawing.line(left, result(value), width - right, result(value), "zero" if value == 0 else "grid")
        drawing.words(left - 6, result(value) + 4, figures.r(value, 1), "tick", "end")
    offset = 3.0 if narrow else 5.0
    for centre, line in shown:
        for estimate, side, style in ((line.gross, -offset, "gross"), (line.net, offset, "net")):
            if estimate is None or estimate.value is None:
                continue
            x = across(centre) + side
            if estimate.low is not None and estimate.high is not None:
                drawing.line(x, result(estimate.low), x, result(estimate.high), f"whisker {style}")
            tip = f"{line.name}, {style}: {figures.r(estimate.value)} R, {figures.estimate_r(estimate)}, n {line.count}"
            drawing.circle(x, result(estimate.value), 3 if narrow else 4, f"dot {style}", tip)
    for edge, name in ((70, "STANDARD"), (80, "SHARPSHOOTER"), (90, "" if narrow else "PRECISION STRIKE")):
        x = across(edge)
        drawing.line(x, 20, x, bottom, "edge")
        drawing.words(x + 4, middle + 14, name, "caption small")
    for value in range(_LOW, top_score + 1, 5):
        drawing.words(across(value), height - 8, str(value), "tick", "middle")
    drawing.words(left, lower - 6, "mean R by score with 95 % interval", "caption")
    if not narrow and shown:
        drawing.words(width - right + 10, result(0.0) + 4, "break even", "caption")
        drawing.circle(width - right + 14, lower + 6, 4, "dot gross")
        drawing.words(width - right + 24, lower + 10, "before costs", "caption")
        drawing.circle(width - right + 14, lower + 26, 4, "dot net")
        drawing.words(width - right + 24, lower + 30, "after costs", "caption")
    return drawing.markup()


def _ends(estimate: Estimate | None) -> list[float]:
    if estimate is None or estimate.value is None:
        return []
    return [end for end in (estimate.low, estimate.value, estimate.high) if end is not None]
