"""Columns of closed trades, and how far each went for and against its holder."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.analytics.idea_columns import cost_share_names, session_names
from bitten_domain.market.bars import Timeframe
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.vocabulary import Band, band_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bitten_domain.desk.run.desk_run import TradeClosed
    from bitten_domain.desk.run.pair_columns import PairColumns
    from bitten_domain.execution import Trade
    from bitten_domain.values import Money

__all__ = ["TradeColumns", "excursion_r", "trade_columns"]


@dataclass(frozen=True, slots=True, eq=False)
class TradeColumns:
    """Closed trades, every array of shape (n,); money in the account currency.

    Args:
        opened_at, closed_at: seconds since 1970 UTC.
        day: market day each was opened on.
        pair, session, strategy, band, timeframe, cost_class, reason: labels; the session is that of the opening, the
            reason that of the last closing deal.
        net: what each moved the balance by.
        net_r: in R; NaN for a trade without a stop.
        risk: money at the initial stop, costs in it; NaN without one.
        spread, slippage, commission, swap_paid, swap_received: what each cost or brought, >= 0.
        favourable_r, adverse_r: furthest the price went for and against it, in R of the price risk, >= 0.
        ambiguous: whether a bar that closed it touched stop and target.
    """

    opened_at: NDArray[np.int64]
    closed_at: NDArray[np.int64]
    day: NDArray[np.int64]
    pair: NDArray[np.str_]
    session: NDArray[np.str_]
    strategy: NDArray[np.str_]
    band: NDArray[np.str_]
    timeframe: NDArray[np.str_]
    cost_class: NDArray[np.str_]
    reason: NDArray[np.str_]
    net: NDArray[np.float64]
    net_r: NDArray[np.float64]
    risk: NDArray[np.float64]
    spread: NDArray[np.float64]
    slippage: NDArray[np.float64]
    commission: NDArray[np.float64]
    swap_paid: NDArray[np.float64]
    swap_received: NDArray[np.float64]
    favourable_r: NDArray[np.float64]
    adverse_r: NDArray[np.float64]
    ambiguous: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.opened_at)

    @property
    def cost(self) -> NDArray[np.float64]:
        """What each paid in all: spread, slippage, commission and swap; a swap received is not set off."""
        return self.spread + self.slippage + self.commission + self.swap_paid

    def where(self, chosen: NDArray[np.bool_]) -> TradeColumns:
        """Select rows by mask."""
        return TradeColumns(**{column.name: getattr(self, column.name)[chosen] for column in fields(self)})


def trade_columns(
    closed: Sequence[TradeClosed], timeframes: NDArray[np.int64], columns: Mapping[str, PairColumns]
) -> TradeColumns:
    """Lay closed trades out as columns.

    Args:
        closed: in the order they ended.
        timeframes: of the scan's rows, seconds.
        columns: the pairs, by symbol.
    """
    trades = [each.trade for each in closed]
    opened_at = np.array([trade.opened_at for trade in trades], dtype=np.int64)
    shares = np.array([each.known.cost_share for each in closed], dtype=np.float64)
    excursions = [excursion_r(trade, columns[trade.symbol]) for trade in trades]
    swaps = _amounts([trade.swap for trade in trades])
    return TradeColumns(
        opened_at=opened_at,
        closed_at=np.array([trade.closed_at for trade in trades], dtype=np.int64),
        day=trading_day(opened_at - 1),
        pair=_labels([trade.symbol for trade in trades]),
        session=session_names(opened_at),
        strategy=_labels([each.known.strategy for each in closed]),
        band=_labels([(band_of(each.known.score / 100) or Band.STANDARD).value for each in closed]),
        timeframe=_labels([Timeframe(int(timeframes[each.known.row])).name for each in closed]),
        cost_class=cost_share_names(shares),
        reason=_labels([trade.reason.value for trade in trades]),
        net=_amounts([trade.net for trade in trades]),
        net_r=np.array([np.nan if trade.net_r is None else float(trade.net_r) for trade in trades], dtype=np.float64),
        risk=np.array(
            [np.nan if trade.initial_risk is None else float(trade.initial_risk.amount) for trade in trades],
            dtype=np.float64,
        ),
        spread=_amounts([trade.spread_cost for trade in trades]),
        slippage=_amounts([trade.slippage_cost for trade in trades]),
        commission=-_amounts([trade.commission + trade.fee for trade in trades]),
        swap_paid=np.maximum(-swaps, 0.0),
        swap_received=np.maximum(swaps, 0.0),
        favourable_r=np.array([most for most, _ in excursions], dtype=np.float64),
        adverse_r=np.array([least for _, least in excursions], dtype=np.float64),
        ambiguous=np.array([trade.ambiguous for trade in trades], dtype=np.bool_),
    )


def excursion_r(trade: Trade, pair: PairColumns) -> tuple[float, float]:
    """Measure how far the price went for and against a trade, in R of the distance from fill to stop, each >= 0.

    The bars that lie wholly inside the trade count, and the mean exit price; the rest of the bar that closed it does
    not, because nobody held the trade then. NaN without a stop. A sell is measured at the ask.

    Args:
        trade: closed.
        pair: its pair's bars.
    """
    if trade.initial_stop is None or trade.initial_stop == trade.entry:
        return float("nan"), float("nan")
    prices, sign = pair.prices, trade.direction.sign
    first, stop = (
        int(np.searchsorted(prices.closed, trade.opened_at, side="right")),
        int(np.searchsorted(prices.closed, trade.closed_at, side="left")),
    )
    scale = float(10**pair.instrument.digits)
    entry, ended = float(trade.entry), float(trade.exit)
    lift = 0 if sign > 0 else prices.spread[first:stop]
    highs, lows = (prices.high[first:stop] + lift) / scale, (prices.low[first:stop] + lift) / scale
    highest = max(ended, float(highs.max(initial=ended)))
    lowest = min(ended, float(lows.min(initial=ended)))
    risk = abs(entry - float(trade.initial_stop))
    up, down = max(0.0, highest - entry) / risk, max(0.0, entry - lowest) / risk
    return (up, down) if sign > 0 else (down, up)


def _amounts(monies: Sequence[Money]) -> NDArray[np.float64]:
    return np.array([float(money.amount) for money in monies], dtype=np.float64)


def _labels(names: Sequence[str]) -> NDArray[np.str_]:
    return np.array(names, dtype=np.str_)
