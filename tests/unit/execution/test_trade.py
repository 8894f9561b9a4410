"""Trades: refusing deals that do not make one, and R."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.position import Position
from bitten_domain.execution.trade import net_r, trade_of
from bitten_domain.values.direction import Direction
from bitten_domain.values.instrument import INSTRUMENTS
from bitten_domain.values.lots import Lots
from bitten_domain.values.money import Money


def usd(amount: str) -> Money:
    return Money(Decimal(amount), "USD")


def deal(ticket: int, reason: DealReason, lots: str, price: str, profit: str, swap: str = "0") -> Deal:
    zero = usd("0")
    return Deal(
        ticket, 1, 7, "EURUSD", Direction.BUY, reason, Lots(Decimal(lots)), Decimal(price), 100 + ticket,
        usd(profit), usd(swap), usd("-0.70") if reason.opens else zero, zero, zero, zero,
    )  # fmt: skip


POSITION = Position(
    1, 7, INSTRUMENTS["EURUSD"], Direction.BUY, Lots(Decimal("0.10")), Lots(Decimal("0.10")), 110_000, 109_800, None,
    109_800, 101, 19_731, usd("21.20"), Decimal(1), usd("0"),
)  # fmt: skip
ENTRY = deal(1, DealReason.ENTRY, "0.10", "1.10000", "0")
HALF = deal(2, DealReason.PLAN, "0.05", "1.10300", "15")
REST = deal(3, DealReason.STOP, "0.05", "1.09995", "-0.25", "-0.60")


def test_given_an_entry_and_its_exits_when_put_together_then_the_sums_are_those_by_hand() -> None:
    trade = trade_of(POSITION, (ENTRY, HALF, REST))

    assert trade.net == usd("13.45")
    assert trade.net_r == Decimal("0.6344")  # 13.45 / 21.20
    assert trade.exit == Decimal("1.101475")
    assert (trade.opened_at, trade.closed_at, trade.reason) == (101, 103, DealReason.STOP)


@pytest.mark.parametrize(
    "deals",
    [
        (ENTRY,),
        (HALF, REST),
        (ENTRY, HALF),
        (ENTRY, HALF, REST, REST),
        (ENTRY, HALF, REST._replace(position=2)),
        (ENTRY, ENTRY, HALF, REST),
    ],
    ids=["open", "no entry", "too little", "too much", "another's", "two entries"],
)
def test_given_deals_that_make_no_trade_when_put_together_then_it_raises(deals: tuple[Deal, ...]) -> None:
    with pytest.raises(BrokenInvariant):
        trade_of(POSITION, deals)


def test_given_no_stop_when_put_together_then_there_is_no_r() -> None:
    assert trade_of(replace(POSITION, initial_risk=None), (ENTRY, HALF, REST)).net_r is None


def test_given_no_risk_when_measured_then_it_raises() -> None:
    with pytest.raises(BrokenInvariant):
        net_r(usd("1"), usd("0"))
