"""The baselines: the same SMA cross without this project, as a plain loop, a NumPy search and another engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bitten_domain import Entries, rolling_mean

if TYPE_CHECKING:
    from bitten_domain import Bars

__all__ = ["FAST", "SLOW", "another_engine", "numpy_search", "plain_loop", "sma_cross"]

FAST, SLOW = 12, 48
_STOP, _TARGET = 0.0040, 0.0080
_DEPOSIT = 10_000.0


def sma_cross(bars: Bars) -> Entries:
    """Buy when the fast mean comes to stand above the slow one, sell when below; 40 pips of stop, 80 of target."""
    side = np.sign(rolling_mean(bars.close, FAST) - rolling_mean(bars.close, SLOW))
    before = np.concatenate(([np.nan], side[:-1]))
    return Entries(np.where((side != before) & ~np.isnan(before), side, 0.0), stop_pips=40, target_pips=80)


def plain_loop(bars: Bars) -> tuple[float, int]:
    """Trade the rule bar by bar on floats: next-open entry, 1 % at the stop, no costs; balance and trades."""
    opens, highs, lows = bars.open.tolist(), bars.high.tolist(), bars.low.tolist()
    wanted = sma_cross(bars).direction.tolist()
    balance, trades, side, pending = _DEPOSIT, 0, 0.0, 0.0
    entry = stop = target = lots = 0.0
    for bar, opened in enumerate(opens):
        if pending and not side:
            side, entry = pending, opened
            stop, target = entry - side * _STOP, entry + side * _TARGET
            lots = int(balance * 0.01 / 400 / 0.01 + 1e-9) * 0.01
        if side > 0:
            out = min(opened, stop) if lows[bar] <= stop else max(opened, target) if highs[bar] >= target else 0.0
        elif side < 0:
            out = max(opened, stop) if highs[bar] >= stop else min(opened, target) if lows[bar] <= target else 0.0
        else:
            out = 0.0
        if out:
            balance += side * (out - entry) * 1e5 * lots
            trades, side = trades + 1, 0.0
        pending = 0.0 if side else wanted[bar]
    return balance, trades


def numpy_search(bars: Bars) -> int:
    """Find every trade's exit by array searches, without an account; the number of trades."""
    wanted = sma_cross(bars).direction
    busy = trades = 0
    last = len(wanted) - 1
    for row in np.flatnonzero(wanted).tolist():
        if row < busy or row >= last:
            continue
        side, start, look = wanted[row], row + 1, 32
        stop, target = bars.open[start] - side * _STOP, bars.open[start] + side * _TARGET
        busy = last
        while start <= last:
            seen = slice(start, start + look)
            if side > 0:
                hit = (bars.low[seen] <= stop) | (bars.high[seen] >= target)
            else:
                hit = (bars.high[seen] >= stop) | (bars.low[seen] <= target)
            first = int(hit.argmax())
            if hit[first]:
                busy, trades = start + first, trades + 1
                break
            start, look = start + look, 256
    return trades


def another_engine(bars: Bars) -> int | None:
    """Run the rule on backtesting.py; the number of trades, None where it is not installed."""
    try:
        import pandas as pd
        from backtesting import Backtest, Strategy  # type: ignore[import-untyped]
    except ImportError:
        return None
    entries = sma_cross(bars).direction

    class Cross(Strategy):  # type: ignore[misc]
        def init(self) -> None:
            self.wanted = self.I(lambda: entries)

        def next(self) -> None:
            side, price = self.wanted[-1], self.data.Close[-1]
            if side > 0 and not self.position:
                self.buy(size=0.01, sl=price - _STOP, tp=price + _TARGET)
            elif side < 0 and not self.position:
                self.sell(size=0.01, sl=price + _STOP, tp=price - _TARGET)

    frame = pd.DataFrame(
        {"Open": bars.open, "High": bars.high, "Low": bars.low, "Close": bars.close},
        index=pd.to_datetime(bars.opened, unit="s"),
    )
    return len(Backtest(frame, Cross, cash=_DEPOSIT, margin=1 / 30, finalize_trades=True).run()["_trades"])
