"""Asking the risk policy: the order by hand, or every reason against it."""

from __future__ import annotations

from decimal import Decimal

from bitten_domain.risk import ApprovedOrder, Refusal
from bitten_domain.use_cases.trading.ask_risk import ask_risk
from bitten_domain.use_cases.trading.paper_plan import paper_plan
from bitten_domain.values import Direction, Money
from bitten_domain.vocabulary import RefusalCode

# Wednesday 2025-06-04 14:00 UTC, and Friday 2025-06-06 20:00 UTC, an hour before the weekend.
WEDNESDAY, FRIDAY = 1_749_045_600, 1_749_240_000
EURUSD = (Decimal("1.10000"), Decimal("1.10012"), Decimal("1.09812"), Decimal("1.10512"))


def test_given_a_sound_trade_when_asked_then_the_order_is_sized_as_by_hand() -> None:
    order = ask_risk("EURUSD", Direction.BUY, *EURUSD, at=WEDNESDAY)

    assert isinstance(order, ApprovedOrder)
    # 1 % of 10 000 over 20 pips, 0.2 and 0.5 of slippage at 10 USD and 7 USD of commission: 100 / 214.
    assert order.lots.value == Decimal("0.46")
    assert order.risk.amount <= Decimal(100)


def test_given_a_trade_with_several_faults_when_asked_then_every_reason_comes_with_its_remedy() -> None:
    bid, ask, _, target = EURUSD
    plan = paper_plan(deposit=Money(Decimal(100), "USD"))

    refusal = ask_risk("EURUSD", Direction.BUY, bid, ask, bid - Decimal("0.05"), target, at=FRIDAY, plan=plan)

    assert isinstance(refusal, Refusal)
    assert {RefusalCode.WEEKEND_AHEAD, RefusalCode.MIN_LOT_EXCEEDS_RISK} <= {each.code for each in refusal.reasons}
    assert all(each.limit and each.actual and each.remedy for each in refusal.reasons)


def test_given_a_cross_when_asked_without_a_rate_then_it_is_refused_and_with_one_sized() -> None:
    levels = (Decimal("0.85000"), Decimal("0.85015"), Decimal("0.84815"), Decimal("0.85515"))

    without = ask_risk("EURGBP", Direction.BUY, *levels, at=WEDNESDAY)
    given = ask_risk(
        "EURGBP", Direction.BUY, *levels, at=WEDNESDAY, rates={"GBPUSD": Decimal("1.25"), "EURUSD": Decimal("1.1")}
    )

    assert isinstance(without, Refusal)
    assert RefusalCode.NO_CONVERSION_RATE in {each.code for each in without.reasons}
    # 20.7 pips at 12.50 USD and 7 USD: 100 / 265.75.
    assert isinstance(given, ApprovedOrder)
    assert given.lots.value == Decimal("0.37")


def test_given_a_low_score_or_an_unknown_pair_when_asked_then_the_checks_say_so() -> None:
    low = ask_risk("EURUSD", Direction.BUY, *EURUSD, at=WEDNESDAY, score=Decimal(74))
    unknown = ask_risk("EURNOK", Direction.BUY, *EURUSD, at=WEDNESDAY)

    assert isinstance(low, Refusal)
    assert [each.code for each in low.reasons] == [RefusalCode.SCORE_BELOW_GATE]
    assert isinstance(unknown, Refusal)
    assert RefusalCode.UNKNOWN_SYMBOL in {each.code for each in unknown.reasons}
