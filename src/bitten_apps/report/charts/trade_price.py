"""Chart of one trade on price: candles around it, its stop, target, entry and exits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_apps.report import figures
from bitten_apps.report.charts.axes import Axis
from bitten_apps.report.charts.svg import Drawing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.execution import Deal, Trade

__all__ = ["trade_chart"]

_WIDTH, _HEIGHT = 380, 264
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 66, 12, 236
_BEFORE, _AFTER = 20, 8
_MOST_CANDLES = 72


def trade_chart(trade: Trade, target: Decimal | None, exits: Sequence[Deal], pair: PairColumns) -> str:
    """Draw a trade.

    Args:
        trade: closed.
        target: the order's; None for none.
        exits: its closing deals.
        pair: its pair's bars; drawn at the bid, while a sell leaves at the ask.
    """
    bars, digits = pair.bars, pair.instrument.digits
    opened = int(np.searchsorted(bars.closed, trade.opened_at, side="left"))
    ended = int(np.searchsorted(bars.closed, trade.closed_at, side="left"))
    first, stop = max(0, opened - _BEFORE), min(len(bars), ended + 1 + _AFTER)
    group = max(1, -(-(stop - first) // _MOST_CANDLES))
    levels = [trade.entry, *(deal.price for deal in exits), trade.initial_stop, target]
    known = [float(level) for level in levels if level is not None]
    starts = np.arange(first, stop, group)
    highs = np.maximum.reduceat(bars.high[:stop], starts)
    lows = np.minimum.reduceat(bars.low[:stop], starts)
    # A far target would flatten the candles; it is then named at the edge instead.
    spread = max(float(highs.max() - lows.min()), 1e-9)
    near = [level for level in known if lows.min() - spread < level < highs.max() + spread]
    low, high = min([float(lows.min()), *near]), max([float(highs.max()), *near])
    tall = Axis(low - 0.03 * (high - low), high + 0.03 * (high - low), _BOTTOM, _TOP)
    step = (_WIDTH - _LEFT - _RIGHT) / len(starts)
    minutes = bars.timeframe.seconds * group // 60
    drawing = Drawing(
        _WIDTH, _HEIGHT, f"{trade.symbol} {trade.direction.value}, {figures.moment(trade.opened_at)} UTC",
        f"Entry {trade.entry}, stop {trade.initial_stop}, target {target}, mean exit {trade.exit:.{digits}f}; "
        f"candles of {minutes} minutes, bid.",
    )  # fmt: skip

    def across(bar: int) -> float:
        return _LEFT + ((bar - first) / group + 0.5) * step

    drawing.rect(across(opened), _TOP, max(2.0, across(ended) - across(opened)), _BOTTOM - _TOP, "span")
    rising: list[str] = []
    falling: list[str] = []
    for place, start in enumerate(starts.tolist()):
        last = min(start + group, stop) - 1
        x = _LEFT + (place + 0.5) * step
        body = max(0.8, 0.32 * step)
        open_y, close_y = tall(float(bars.open[start])), tall(float(bars.close[last]))
        top, bottom = min(open_y, close_y), max(open_y, close_y, min(open_y, close_y) + 0.6)
        candle = (
            f"M{x:.1f} {tall(float(highs[place])):.1f}V{tall(float(lows[place])):.1f}"
            f"M{x - body:.1f} {top:.1f}H{x + body:.1f}V{bottom:.1f}H{x - body:.1f}Z"
        )
        (rising if close_y <= open_y else falling).append(candle)
    drawing.path("".join(rising), "candle up")
    drawing.path("".join(falling), "candle down")
    labels: list[tuple[float, str, str]] = []
    for level, style, word in (
        (trade.initial_stop, "stop", "stop"), (target, "goal", "target"), (trade.entry, "entry", "entry"),
    ):  # fmt: skip
        if level is None:
            continue
        y = min(max(tall(float(level)), _TOP), _BOTTOM)
        drawing.line(across(opened), y, _WIDTH - _RIGHT, y, f"level {style}")
        labels.append((y, style, word))
    for deal in exits:
        bar = int(np.searchsorted(bars.closed, deal.at, side="left"))
        drawing.circle(across(bar), tall(float(deal.price)), 3.6, "exit", f"exit {deal.price}, {deal.reason.value}")
    labels.append((tall(float(exits[-1].price)), "exit-word", "exit"))
    sign = trade.direction.sign
    x, y = across(opened), tall(float(trade.entry))
    drawing.path(f"M{x - 5:.1f} {y + sign * 9:.1f}L{x:.1f} {y + sign * 1:.1f}L{x + 5:.1f} {y + sign * 9:.1f}Z", "fired")
    placed = -100.0
    for y, style, word in sorted(labels):
        placed = max(y + 4, placed + 13)
        drawing.words(_WIDTH - _RIGHT + 5, placed, word, f"level-word {style}")
    drawing.words(across(opened), _HEIGHT - 10, figures.moment(int(trade.opened_at))[5:], "tick", "middle")
    if across(ended) - across(opened) > 76:
        drawing.words(across(ended), _HEIGHT - 10, figures.moment(int(trade.closed_at))[5:], "tick", "middle")
    return drawing.markup()
