"""Chart of the account: equity, and below it how far it lies under its peak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_apps.report import figures
from bitten_apps.report.charts.axes import Axis, MarketTime, nice_ticks
from bitten_apps.report.charts.svg import Drawing, thinned
from bitten_domain.analytics.equity_curve import drawdown_of

if TYPE_CHECKING:
    from bitten_domain.use_cases.trading.backtest import Backtest
    from bitten_domain.use_cases.trading.summary import BacktestSummary

__all__ = ["account_chart"]


def account_chart(summary: BacktestSummary, backtest: Backtest, width: int) -> str:
    """Draw equity and drawdown over market time.

    Args:
        summary: for the split and the words.
        backtest: for the curve.
        width: of the view box; narrow ones get fewer ticks.
    """
    record = summary.whole.account
    narrow = width < 600
    height, left, right, top = (330, 46, 14, 22) if narrow else (400, 62, 74, 24)
    upper, lower = round(height * 0.62), round(height * 0.70)
    bottom = height - 26
    drawing = Drawing(
        width, height, "Account equity and drawdown",
        f"From {figures.money(record.start, summary.currency)} to {figures.money(record.end, summary.currency)}; "
        f"deepest fall from a peak {record.drawdown_percent:.1f} percent.",
    )  # fmt: skip
    if len(backtest.equity) == 0:
        return drawing.markup()
    time = MarketTime(int(backtest.equity_at[0]), int(backtest.equity_at[-1]), left, width - right)
    x = time.of(backtest.equity_at).tolist()
    low, high = float(min(backtest.equity.min(), record.start)), float(max(backtest.equity.max(), record.start))
    pad = max((high - low) * 0.04, record.start * 0.001)
    money = Axis(low - pad, high + pad, upper, top)
    falls = 100.0 * drawdown_of(np.concatenate(([record.start], backtest.equity)))[1:]
    fall = Axis(0.0, max(float(falls.max()) * 1.05, 0.1), lower, bottom)

    for value in nice_ticks(money.low, money.high, 4 if narrow else 5):
        drawing.line(left, money(value), width - right, money(value), "grid")
        drawing.words(left - 6, money(value) + 4, f"{value:,.0f}", "tick", "end")
    for value in nice_ticks(0.0, fall.high, 3):
        drawing.line(left, fall(value), width - right, fall(value), "grid")
        drawing.words(left - 6, fall(value) + 4, f"{value:g} %", "tick", "end")
    for place, name in time.ticks(5 if narrow else 10):
        drawing.line(place, bottom, place, bottom + 4, "axis")
        drawing.words(place, height - 6, name, "tick")
    drawing.words(left, 12, f"equity, {summary.currency}", "caption")
    drawing.words(left, lower - 6, "below its peak", "caption")

    start = money(record.start)
    drawing.line(left, start, width - right, start, "reference")
    equity = list(zip(x, (money(value) for value in backtest.equity.tolist()), strict=True))
    drawing.polyline(thinned(equity, 2 * (width - left - right) // 3), "equity")
    under = thinned(
        list(zip(x, (fall(value) for value in falls.tolist()), strict=True)), 2 * (width - left - right) // 3
    )
    drawing.area(under, lower, "under")
    drawing.polyline(under, "under-edge")
    split = summary.facts.split_at
    if split is not None and summary.parts:
        place = float(time.of(np.array([split], dtype=np.int64))[0])
        drawing.line(place, top - 6, place, bottom, "split")
        drawing.words(place + 5, top + 2, "held out \N{RIGHTWARDS ARROW}", "caption")
    end_x, end_y = equity[-1]
    drawing.circle(end_x, end_y, 3, "equity-dot")
    if narrow:
        drawing.words(end_x, end_y - 14, f"{record.end:,.0f}", "value", "end")
    else:
        drawing.words(end_x + 8, end_y + 4, f"{record.end:,.0f}", "value")
    return drawing.markup()
