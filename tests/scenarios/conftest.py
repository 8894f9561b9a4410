"""Markets and runs for whole-chain tests: a synthetic market always, the real one where it is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bitten_adapters.files.bar_folder import load_folder
from bitten_adapters.synthetic.market import SyntheticMarket, synthetic_market
from bitten_adapters.synthetic.news_calendar import SyntheticNewsCalendar
from bitten_domain.market.clocks.fx_week import trading_day
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.use_cases.trading.backtest import Backtest, BacktestPlan, run_backtest
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import TEN_PAIRS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bitten_domain.market.bars import Bars

MARKET_DAYS = 46
WARM_UP_DAYS = 34
FEW = ("EURUSD", "GBPUSD", "USDJPY", "EURJPY", "AUDUSD")


@pytest.fixture(scope="session")
def market() -> SyntheticMarket:
    """Give nine weeks of ten made-up pairs."""
    return synthetic_market(7, date(2025, 1, 6), MARKET_DAYS)


@pytest.fixture(scope="session")
def synthetic_news(market: SyntheticMarket) -> NewsCalendarView:
    """Give the market's calendar."""
    return NewsCalendarView(SyntheticNewsCalendar(market).snapshot().calendar)


@pytest.fixture(scope="session")
def first_trade(market: SyntheticMarket) -> int:
    """Give the moment the warm-up is over: a market day's beginning, seconds since 1970 UTC."""
    opened = next(iter(market.bars.values())).opened
    return int(opened[np.searchsorted(trading_day(opened), np.unique(trading_day(opened))[WARM_UP_DAYS])])


@pytest.fixture(scope="session")
def synthetic_plan(synthetic_news: NewsCalendarView, first_trade: int) -> BacktestPlan:
    """Give the documented plan on the synthetic market."""
    return paper_plan(news=synthetic_news, start=first_trade)


@pytest.fixture(scope="session")
def synthetic_run(market: SyntheticMarket, synthetic_plan: BacktestPlan) -> Backtest:
    """Give twelve market days of the whole chain on the synthetic market."""
    return run_backtest(market.bars, synthetic_plan)


@pytest.fixture(scope="session")
def few_bars(market: SyntheticMarket) -> Mapping[str, Bars]:
    """Give half of the synthetic pairs, for what is run many times."""
    return {symbol: market.bars[symbol] for symbol in FEW}


@pytest.fixture(scope="session")
def few_run(few_bars: Mapping[str, Bars], synthetic_plan: BacktestPlan) -> Backtest:
    """Give the same run on half of the pairs."""
    return run_backtest(few_bars, synthetic_plan)


@pytest.fixture(scope="session")
def real_bars(shared_data: Path) -> Mapping[str, Bars]:
    """Give the real M15 bars of the ten pairs."""
    return {symbol: bars for symbol, (bars, _) in load_folder(shared_data / "m15", TEN_PAIRS).items()}


@pytest.fixture(scope="session")
def real_run(real_bars: Mapping[str, Bars]) -> Backtest:
    """Give eight and a half months of the whole chain on real bars, from the first one on."""
    return run_backtest(real_bars, paper_plan())
