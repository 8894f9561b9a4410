"""Small multiples: what each pair's or strategy's signals added up to, on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bitten_apps.report import figures
from bitten_apps.report.charts.axes import Axis, MarketTime
from bitten_apps.report.charts.svg import Drawing, thinned
from bitten_domain.analytics.idea_columns import signal_columns
from bitten_domain.desk.decisions import SignalEmitted

if TYPE_CHECKING:
    from bitten_domain.use_cases.trading.backtest import Backtest

__all__ = ["Multiple", "cumulative_multiples"]

_WIDTH, _HEIGHT = 220, 96


@dataclass(frozen=True, slots=True)
class Multiple:
    """One of them.

    Args:
        name: what it is of.
        chart: SVG.
        net, gross: final sums in R.
    """

    name: str
    chart: str
    net: float
    gross: float


def cumulative_multiples(backtest: Backtest, trait: str) -> tuple[Multiple, ...]:
    """Draw running sums of R, before and after costs, by the moment of emission.

    Args:
        backtest: the run.
        trait: ``pair`` or ``strategy``.
    """
    signals = signal_columns([e.signal for e in backtest.happenings if isinstance(e, SignalEmitted)], backtest.results)
    ended = signals.where(~np.isnan(signals.net_r))
    if len(ended) == 0:
        return ()
    labels = ended.pair if trait == "pair" else ended.strategy
    names = list(dict.fromkeys(labels.tolist()))
    order = list(backtest.columns) if trait == "pair" else sorted(names)
    sums = {name: (np.cumsum(ended.net_r[labels == name]), np.cumsum(ended.gross_r[labels == name])) for name in names}
    low = min(0.0, *(float(column.min()) for pair in sums.values() for column in pair))
    high = max(0.0, *(float(column.max()) for pair in sums.values() for column in pair))
    tall = Axis(low, max(high, low + 1.0), _HEIGHT - 6, 6)
    time = MarketTime(int(backtest.equity_at[0]), int(backtest.equity_at[-1]), 2, _WIDTH - 2)
    found: list[Multiple] = []
    for name in order:
        if name not in sums:
            continue
        net, gross = sums[name]
        drawing = Drawing(
            _WIDTH, _HEIGHT, f"Running sum of R, {figures.title_of(name)}",
            f"After costs {figures.r(float(net[-1]), 0)} R, before costs {figures.r(float(gross[-1]), 0)} R.",
        )  # fmt: skip
        drawing.line(2, tall(0.0), _WIDTH - 2, tall(0.0), "zero")
        x = time.of(ended.at[labels == name]).tolist()
        for column, style in ((gross, "sum gross"), (net, "sum net")):
            points = [(2.0, tall(0.0)), *zip(x, (tall(value) for value in column.tolist()), strict=True)]
            drawing.polyline(thinned(points, 110), style)
        found.append(Multiple(name, drawing.markup("multiple"), float(net[-1]), float(gross[-1])))
    return tuple(found)
