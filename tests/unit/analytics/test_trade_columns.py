"""How far trades went for and against their holder, on bars drawn by hand."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from bitten_domain.analytics.trade_columns import excursion_r
from bitten_domain.desk.run.pair_columns import PairColumns, prepare_pair
from bitten_domain.execution import CostModel, DealReason
from bitten_domain.execution.trade import Trade
from bitten_domain.market.bars import Bars, Timeframe
from bitten_domain.market.news import EventCalendar
from bitten_domain.market.news_view import NewsCalendarView
from bitten_domain.values import INSTRUMENTS, Direction, Lots, Money

# Wednesday 2025-06-04 14:00 UTC, London and New York open: the normal spread of 1.2 pips.
START = 1_749_045_600
NOTHING = Money(Decimal(0), "USD")


@pytest.fixture(scope="module")
def pair() -> PairColumns:
    """Four bars: the trade is opened at the close of the first and closed in the last."""
    highs, lows = [1.1005, 1.1030, 1.1010, 1.1080], [1.0995, 1.0990, 1.0985, 1.0900]
    bars = Bars(
        "EURUSD", Timeframe.M15, START + 900 * np.arange(4), np.full(4, 1.1), np.array(highs), np.array(lows),
        np.full(4, 1.1), np.full(4, 100.0),
    )  # fmt: skip
    return prepare_pair(INSTRUMENTS["EURUSD"], bars, CostModel(), NewsCalendarView(EventCalendar.empty()))


@pytest.fixture(scope="module")
def bought() -> Trade:
    return Trade(
        position=1, client_order_id=1, symbol="EURUSD", direction=Direction.BUY, lots=Lots(Decimal("0.10")),
        entry=Decimal("1.10000"), exit=Decimal("1.09800"), initial_stop=Decimal("1.09800"), opened_at=START + 900,
        closed_at=START + 3_600, reason=DealReason.STOP, profit=NOTHING, swap=NOTHING, commission=NOTHING, fee=NOTHING,
        spread_cost=NOTHING, slippage_cost=NOTHING, initial_risk=Money(Decimal(20), "USD"), net_r=Decimal(-1),
        ambiguous=False,
    )  # fmt: skip


def test_given_a_buy_when_measured_then_whole_bars_and_the_exit_count_and_the_rest_of_its_last_bar_does_not(
    bought: Trade, pair: PairColumns
) -> None:
    # 30 pips up in the second bar, 20 down at the exit; the stop is 20 pips away.
    assert excursion_r(bought, pair) == pytest.approx((1.5, 1.0))


def test_given_a_sell_when_measured_then_it_is_the_ask_that_counts(bought: Trade, pair: PairColumns) -> None:
    sold = bought._replace(direction=Direction.SELL, exit=Decimal("1.10200"), initial_stop=Decimal("1.10200"))

    favourable, adverse = excursion_r(sold, pair)

    # Down to 1.0985 bid, 1.09862 ask: 13.8 pips for it; up to 1.1030 bid, 1.10312 ask: 31.2 against.
    assert (favourable, adverse) == pytest.approx((0.69, 1.56))


def test_given_no_stop_when_measured_then_there_is_no_r(bought: Trade, pair: PairColumns) -> None:
    assert np.isnan(excursion_r(bought._replace(initial_stop=None), pair)).all()
