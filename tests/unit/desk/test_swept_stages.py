"""A bar that runs through both stages of a plan, by hand arithmetic."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bitten_domain.desk.state import OpenTrade
from bitten_domain.desk.trade_management import take_swept_stages
from bitten_domain.execution import (
    BrokerTerms,
    Cost,
    CostModel,
    MarketOrder,
    SimulatedAccount,
    TickBar,
    TickQuote,
    TradePlan,
    advance,
    open_account,
    open_position,
)
from bitten_domain.values import Direction, Lots, Money, SignalId
from bitten_domain.vocabulary import PlanKind

FREE = BrokerTerms(costs=CostModel().without(*Cost))
# Wednesday 2025-06-04 14:00 UTC.
AT = 1_749_045_600
DAY = 20_243
KNOWN = {1: OpenTrade(SignalId("s"), 0, TradePlan(PlanKind.PARTIAL), Decimal(1), 8000, "any", 0.1, AT)}


def long_at_10000() -> SimulatedAccount:
    """One lot of EURUSD bought at 1.10000, stop 20 pips below (R = 200 ticks), target at 3 R, 1.10600."""
    order = MarketOrder(1, "EURUSD", Direction.BUY, Lots(Decimal(1)), Decimal("1.09800"), Decimal("1.10600"))
    booking = open_position(
        open_account(Money(Decimal(10_000), "USD")), order, TickQuote(110_000, 110_000), AT,
        terms=FREE, rates={"EURUSD": Decimal("1.1")}, equity=Decimal(10_000),
    )  # fmt: skip
    assert booking.declined is None
    return booking.account


@pytest.mark.parametrize(
    ("bar", "prices"),
    [
        # Through both: half at 1.5 R (1.10300), the rest at 3 R.
        (TickBar(110_000, 110_700, 109_900, 110_500, 0), ["1.10300", "1.10600"]),
        # Opened between the stages: half at the open, which is better than 1.5 R.
        (TickBar(110_400, 110_700, 110_350, 110_500, 0), ["1.10400", "1.10600"]),
        # Opened beyond the target: all of it there.
        (TickBar(110_650, 110_700, 110_600, 110_690, 0), ["1.10650"]),
        # The stop may have come first: all of it there.
        (TickBar(110_000, 110_700, 109_700, 110_500, 0), ["1.09800"]),
    ],
)
def test_given_a_staged_plan_when_a_bar_reaches_the_target_then_the_part_went_on_the_way(
    bar: TickBar, prices: list[str]
) -> None:
    bars = {"EURUSD": bar}

    account, swept = take_swept_stages(
        long_at_10000(), KNOWN, bars, AT + 900, terms=FREE, rates={}, high_windows=frozenset()
    )
    account, closed = advance(account, bars, AT + 900, DAY, terms=FREE, rates={})

    assert [str(deal.price) for deal in (*swept, *closed)] == prices
    assert account.positions == ()
