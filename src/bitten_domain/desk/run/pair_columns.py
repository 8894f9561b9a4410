"""One pair made ready for a run: what the scan, the fills and the outcomes read, worked out once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from bitten_domain.execution import FillKind, spread_pips
from bitten_domain.execution.signal_outcome import IdeaCharges, PriceColumns
from bitten_domain.execution.ticks import RecordedBars, pip_ticks, tick_columns
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.market.indicators import wilder_set
from bitten_domain.market.news import ANY_CURRENCY
from bitten_domain.tcs.scan import SpreadColumn
from bitten_domain.vocabulary import Impact

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bitten_domain.execution import CostModel
    from bitten_domain.market.bars import Bars
    from bitten_domain.market.news_view import NewsCalendarView
    from bitten_domain.values import Instrument

__all__ = ["PairColumns", "prepare_pair"]

_SLACK = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class PairColumns:
    """A pair's bars as the desk uses them.

    Args:
        instrument: the contract.
        bars: M15 bid bars.
        spread: what an order at each bar's close would meet, pips.
        quote_spread: shape (n,), int64, the same in ticks.
        ticks: the bars in ticks, each with the widest spread of its minutes.
        prices: the same as columns, for outcomes.
        charges: costs of outcomes that no bar decides.
        high_window: shape (n,), whether each bar closes in the window around a HIGH release.
    """

    instrument: Instrument
    bars: Bars
    spread: SpreadColumn
    quote_spread: NDArray[np.int64]
    ticks: RecordedBars
    prices: PriceColumns
    charges: IdeaCharges
    high_window: NDArray[np.bool_]

    def atr_at(self, at: int) -> Decimal | None:
        """Give the ATR14 of the last bar closed by a moment, in ticks; None while it is unknown."""
        row = int(np.searchsorted(self.prices.closed, at, side="right")) - 1
        known = int(self.prices.atr[row]) if row >= 0 else 0
        return Decimal(known) if known else None

    def until(self, count: int) -> PairColumns:
        """Select the first bars; columns are views. The ticks stay whole: they are the broker's."""
        return replace(
            self,
            bars=self.bars.rows(slice(0, count)),
            spread=SpreadColumn(self.spread.pips[:count], self.spread.measured[:count]),
            quote_spread=self.quote_spread[:count],
            prices=PriceColumns(**{f.name: getattr(self.prices, f.name)[:count] for f in fields(self.prices)}),
            high_window=self.high_window[:count],
        )


def prepare_pair(
    instrument: Instrument, bars: Bars, costs: CostModel, news: NewsCalendarView, *, trails: bool = False
) -> PairColumns:
    """Work out spreads, slippage and swaps of every bar.

    Args:
        instrument: the pair's contract.
        bars: its M15 bars.
        costs: the cost table.
        news: the calendar; an empty one widens nothing.
        trails: whether a plan trails its stop, so that the ATR of every bar is asked for.
    """
    high_events = _high_events(instrument, news)
    closed = bars.closed
    measured = bars.spread_pips
    quoted = spread_pips(costs, instrument, closed, measured, high_events)
    widest = spread_pips(costs, instrument, bars.opened, measured, high_events, bars.timeframe.seconds)
    known = np.zeros(len(bars), dtype=np.bool_) if measured is None else ~np.isnan(measured)
    high_window = news.high_windows(instrument.symbol, closed)
    columns = tick_columns(bars, instrument, widest)
    day = trading_day(bars.opened)
    return PairColumns(
        instrument=instrument,
        bars=bars,
        spread=SpreadColumn(quoted, known),
        quote_spread=np.ceil(quoted * pip_ticks(instrument) - _SLACK).astype(np.int64),
        ticks=RecordedBars(columns),
        prices=PriceColumns(
            closed=closed,
            open=columns[0],
            high=columns[1],
            low=columns[2],
            close=columns[3],
            spread=columns[4],
            stop_slippage=_slippage(costs, instrument, FillKind.STOP, high_window),
            market_slippage=_slippage(costs, instrument, FillKind.MARKET, high_window),
            day=day,
            close_day=trading_day(closed),
            atr=_atr(instrument, bars) if trails else np.zeros(len(bars), dtype=np.int64),
        ),
        charges=_charges(costs, instrument, day),
        high_window=high_window,
    )


def _high_events(instrument: Instrument, news: NewsCalendarView) -> NDArray[np.int64]:
    legs = {instrument.base, instrument.quote, ANY_CURRENCY}
    return np.array(
        [
            event.time
            for event in news.calendar.events
            if event.time_known and event.currency in legs and event.effective_impact is Impact.HIGH
        ],
        dtype=np.int64,
    )


def _slippage(
    costs: CostModel, instrument: Instrument, kind: FillKind, high_window: NDArray[np.bool_]
) -> NDArray[np.int64]:
    calm = costs.slippage_ticks(instrument, kind)
    fast = costs.slippage_ticks(instrument, kind, in_high_window=True)
    return np.where(high_window, fast, calm).astype(np.int64)


def _atr(instrument: Instrument, bars: Bars) -> NDArray[np.int64]:
    ticks = np.ceil(wilder_set(bars).atr * float(10**instrument.digits) - _SLACK)
    return np.where(np.isnan(ticks), 0.0, ticks).astype(np.int64)


def _charges(costs: CostModel, instrument: Instrument, day: NDArray[np.int64]) -> IdeaCharges:
    days = np.unique(day)
    pip = pip_ticks(instrument)
    nights = list(zip(days.tolist(), days.tolist()[1:], strict=False))
    sums = []
    for sign in (1, -1):
        each = [float(costs.swap_pips(instrument.symbol, sign, before, after) * pip) for before, after in nights]
        sums.append(np.concatenate(([0.0], np.cumsum(np.array(each)))) if len(days) else np.zeros(0))
    return IdeaCharges(
        stop_slippage=costs.slippage_ticks(instrument, FillKind.STOP),
        swap_days=days,
        long_swap=sums[0],
        short_swap=sums[1],
    )
