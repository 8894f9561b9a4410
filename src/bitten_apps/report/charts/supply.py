"""Charts of supply: signals a market day against the target band, and the threshold that holds them there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bitten_apps.report import figures
from bitten_apps.report.charts.axes import Axis, MarketTime, named_days, nice_ticks
from bitten_apps.report.charts.svg import Drawing
from bitten_domain.analytics.supply import five_day_means
from bitten_domain.desk.decisions import ThresholdEvaluated
from bitten_domain.market.clocks.fx_week import open_seconds
from bitten_domain.tcs.threshold import CEILING, FLOOR

if TYPE_CHECKING:
    from bitten_domain.use_cases.trading.backtest import Backtest
    from bitten_domain.use_cases.trading.summary import BacktestSummary

__all__ = ["supply_chart", "threshold_chart"]


def supply_chart(summary: BacktestSummary, width: int) -> str:
    """Draw signals of each market day as bars, their five-day mean as a line, and the target band behind."""
    supply = summary.whole.supply
    narrow = width < 600
    height, left, right, top, bottom = (210, 30, 8, 20, 186) if narrow else (250, 40, 74, 20, 224)
    mean = "no day" if supply.per_day is None else f"{supply.per_day:.1f} a day on average"
    drawing = Drawing(
        width, height, "Signals per market day",
        f"{mean}, {supply.fewest_in_a_day} to {supply.most_in_a_day}; "
        f"target {supply.target}, band {supply.least:.0f} to {supply.most:.0f}.",
    )  # fmt: skip
    if not supply.days:
        return drawing.markup()
    step = (width - left - right) / len(supply.days)
    tall = Axis(0.0, max(supply.most_in_a_day, supply.most) * 1.06, bottom, top)
    bar = step * (0.72 if step > 3 else 0.86)
    for place, (number, signals) in enumerate(zip(supply.days, supply.counts, strict=True)):
        inside = supply.least <= signals <= supply.most
        drawing.rect(
            left + place * step + (step - bar) / 2, tall(signals), bar, bottom - tall(signals),
            "bar" if inside else "bar off", f"{figures.day(number)}: {signals} signals",
        )  # fmt: skip
    drawing.rect(left, tall(supply.most), width - left - right, tall(supply.least) - tall(supply.most), "band")
    for tick in nice_ticks(0.0, tall.high, 4 if narrow else 6):
        drawing.words(left - 6, tall(tick) + 4, f"{tick:g}", "tick", "end")
    drawing.line(left, tall(supply.target), width - right, tall(supply.target), "target")
    means = five_day_means(np.array(supply.counts, dtype=np.int64)).tolist()
    drawing.polyline([(left + (place + 4.5) * step, tall(value)) for place, value in enumerate(means)], "mean")
    names = named_days(np.array(supply.days, dtype=np.int64))
    for number, name in names[:: math.ceil(len(names) / (5 if narrow else 10))]:
        x = left + number * step + (step - bar) / 2
        drawing.line(x, bottom, x, bottom + 4, "axis")
        drawing.words(x, height - 6, name, "tick")
    drawing.words(left, 12, "signals a market day; line: mean of five days", "caption")
    if not narrow:
        drawing.words(width - right + 8, tall(supply.target) + 4, f"target {supply.target}", "caption")
        if means:
            drawing.words(width - right + 8, tall(supply.target) + 20, f"last 5: {means[-1]:.0f}", "caption mean-word")
    return drawing.markup()


def threshold_chart(summary: BacktestSummary, backtest: Backtest, width: int) -> str:
    """Draw the threshold as steps between its bounds."""
    record = summary.whole.threshold
    narrow = width < 600
    height, left, right, top, bottom = (180, 30, 8, 20, 156) if narrow else (210, 40, 74, 20, 184)
    drawing = Drawing(
        width, height, "Threshold over time",
        f"From {record.start:.1f} to {record.end:.1f}, between {record.least:.1f} and {record.most:.1f}; "
        f"{record.decisions} evaluations, {record.moves} moves, at a bound after "
        f"{figures.share(record.share_at_bounds)} of them.",
    )  # fmt: skip
    if len(backtest.equity_at) == 0:
        return drawing.markup()
    floor, ceiling = FLOOR / 1000, CEILING / 1000
    tall = Axis(floor - 0.4, ceiling + 0.4, bottom, top)
    first, last = int(backtest.equity_at[0]), int(backtest.equity_at[-1])
    time = MarketTime(first, last, left, width - right)
    for value in range(FLOOR // 1000, CEILING // 1000 + 1, 2):
        bound = value in (FLOOR // 1000, CEILING // 1000)
        drawing.line(left, tall(value), width - right, tall(value), "reference" if bound else "grid")
        drawing.words(left - 6, tall(value) + 4, str(value), "tick", "end")
    decided = [each for each in backtest.happenings if isinstance(each, ThresholdEvaluated)]
    clocks = np.array([each.open_clock for each in decided], dtype=np.int64)
    steps = [(float(time.of(np.array([first]))[0]), tall(record.start))]
    for place, each in zip(time.of_clock(clocks).tolist(), decided, strict=True):
        if each.audit.new != each.audit.old:
            steps += [(place, steps[-1][1]), (place, tall(each.audit.new / 1000))]
    end = float(time.of_clock(open_seconds(np.array([last], dtype=np.int64)))[0])
    drawing.polyline([*steps, (end, steps[-1][1])], "threshold")
    for place, name in time.ticks(5 if narrow else 10):
        drawing.line(place, bottom, place, bottom + 4, "axis")
        drawing.words(place, height - 6, name, "tick")
    drawing.words(left, 12, "threshold, points of score; bounds 70 and 78", "caption")
    if not narrow:
        drawing.words(width - right + 8, steps[-1][1] + 4, f"{record.end:.1f}", "value")
    return drawing.markup()
