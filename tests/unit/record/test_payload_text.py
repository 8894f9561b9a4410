"""Payloads that are written without an encoder: they say what an encoder would."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.desk.decisions import (
    CandidatesSuppressed,
    OrderApproved,
    OrderRefused,
    SignalEmitted,
    ThresholdEvaluated,
)
from bitten_domain.desk.run.desk_run import BrokerDeclined, DealBooked, TradeClosed
from bitten_domain.desk.signal import Signal
from bitten_domain.desk.state import OpenTrade
from bitten_domain.desk.trade_management import StopMoved
from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution import Deal, DealReason, DeclineCode, Declined, Trade, TradePlan
from bitten_domain.market.news_view import Blackout
from bitten_domain.record.payloads import payload_of
from bitten_domain.risk.assess import ApprovedOrder
from bitten_domain.risk.decision import Reason, Refusal
from bitten_domain.tcs.breakdown import ScoreDetail
from bitten_domain.tcs.parts import COMPONENTS, RULES
from bitten_domain.tcs.threshold import ClosedSignals, Condition, ThresholdDecision
from bitten_domain.use_cases.trading.ask_risk import ask_risk
from bitten_domain.values import Direction, Lots, Money, SignalId
from bitten_domain.vocabulary import Band, PlanKind, RefusalCode, SuppressionCode

WHOLE = st.integers(-(10**9), 10**9)
FOUND = st.tuples(st.sampled_from(RefusalCode), st.text(), st.text())
PARTS = st.lists(WHOLE, min_size=len(COMPONENTS), max_size=len(COMPONENTS)).map(tuple)
READ = st.lists(st.none() | WHOLE, min_size=len(RULES), max_size=len(RULES)).map(tuple)
BOTH = st.tuples(st.none() | WHOLE, st.none() | WHOLE)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def signals(draw: st.DrawFn, share: st.SearchStrategy[float] = FINITE) -> Signal:
    price = st.integers(1, 10**7).map(lambda ticks: Decimal(ticks).scaleb(-5))
    return Signal(
        signal_id=SignalId(draw(st.text(max_size=12))),
        row=0,
        symbol="EURUSD",
        direction=Direction.BUY,
        strategy=draw(st.text(max_size=12)),
        timeframe=900,
        at=draw(WHOLE),
        entry=draw(price),
        stop=draw(price),
        target=draw(price),
        plan=draw(st.sampled_from(PlanKind)),
        flat_at=draw(WHOLE),
        valid_until=draw(WHOLE),
        score=draw(WHOLE),
        gate=draw(WHOLE),
        threshold=draw(WHOLE),
        band=Band.STANDARD,
        coverage=draw(WHOLE),
        cost_share=draw(share),
        reward_net=draw(FINITE),
        blackout=draw(st.sampled_from(Blackout)),
        detail=ScoreDetail(draw(PARTS), draw(WHOLE), draw(READ), draw(READ), draw(BOTH)),
    )


def encoded(kind: str, body: object) -> bytes:
    return json.dumps([kind, body], ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode("ascii")


@settings(max_examples=60)
@given(signals())
def test_given_a_signal_of_any_text_and_number_when_written_then_it_is_what_an_encoder_writes(signal: Signal) -> None:
    told = {
        "id": signal.signal_id,
        "strategy": signal.strategy,
        "timeframe": signal.timeframe,
        "entry": str(signal.entry),
        "stop": str(signal.stop),
        "target": str(signal.target),
        "plan": signal.plan.value,
        "flat_at": signal.flat_at,
        "valid_until": signal.valid_until,
        "score": signal.score,
        "gate": signal.gate,
        "threshold": signal.threshold,
        "coverage": signal.coverage,
        "cost_share": signal.cost_share,
        "reward_net": signal.reward_net,
        "blackout": signal.blackout.value,
        "detail": signal.detail,
    }

    assert payload_of(SignalEmitted(signal)) == encoded("signal", told)


@settings(max_examples=40)
@given(WHOLE, st.dictionaries(st.sampled_from(SuppressionCode), st.integers(1, 99)))
def test_given_suppressed_candidates_when_written_then_codes_are_in_order_whatever_they_came_in(
    at: int, counts: dict[SuppressionCode, int]
) -> None:
    in_order = dict(sorted((code.value, count) for code, count in counts.items()))

    assert payload_of(CandidatesSuppressed(at, counts)) == encoded("suppressed", {"at": at, "counts": in_order})


@settings(max_examples=40)
@given(
    signals(), WHOLE, st.lists(st.tuples(st.sampled_from(RefusalCode), st.text(), st.text()), min_size=1, max_size=4)
)
def test_given_a_refusal_of_any_text_when_written_then_it_is_what_an_encoder_writes(
    signal: Signal, at: int, found: list[tuple[RefusalCode, str, str]]
) -> None:
    refusal = Refusal(tuple(Reason(code, limit, actual, "none") for code, limit, actual in found))
    told = {
        "at": at,
        "signal": signal.signal_id,
        "reasons": [[code.value, limit, actual] for code, limit, actual in found],
    }

    assert payload_of(OrderRefused(at, signal, refusal)) == encoded("refused", told)


@settings(max_examples=20)
@given(signals(st.sampled_from((math.nan, math.inf, -math.inf))))
def test_given_a_number_json_has_no_word_for_when_written_then_it_is_refused(signal: Signal) -> None:
    with pytest.raises(BrokenInvariant):
        payload_of(SignalEmitted(signal))


def test_given_a_stop_that_was_moved_when_written_then_it_says_from_where_to_where() -> None:
    moved = StopMoved(1_749_045_600, 7, "EURUSD", Decimal("1.09800"), Decimal("1.10000"))

    assert payload_of(moved) == (
        b'["stop",{"at":1749045600,"position":7,"symbol":"EURUSD","before":"1.09800","stop":"1.10000"}]'
    )


AMOUNT = st.decimals(-(10**6), 10**6, places=2)
MONEY = AMOUNT.map(lambda amount: Money(amount, "USD"))
PRICE = st.integers(1, 10**7).map(lambda ticks: Decimal(ticks).scaleb(-5))
LOTS = st.integers(1, 10**4).map(lambda steps: Lots(Decimal(steps).scaleb(-2)))
SIDE = st.sampled_from(Direction)
WHY = st.sampled_from(DealReason)


@settings(max_examples=40)
@given(
    st.builds(
        Deal, WHOLE, WHOLE, WHOLE, st.text(max_size=8), SIDE, WHY, LOTS, PRICE, WHOLE, MONEY, MONEY, MONEY, MONEY,
        MONEY, MONEY,
    )
)  # fmt: skip
def test_given_a_deal_of_any_figures_when_written_then_it_is_what_an_encoder_writes(deal: Deal) -> None:
    told = {
        "ticket": deal.ticket,
        "position": deal.position,
        "order": deal.client_order_id,
        "symbol": deal.symbol,
        "direction": deal.direction.value,
        "reason": deal.reason.value,
        "lots": str(deal.lots),
        "price": str(deal.price),
        "at": deal.at,
        "profit": str(deal.profit.amount),
        "swap": str(deal.swap.amount),
        "commission": str(deal.commission.amount),
        "fee": str(deal.fee.amount),
    }

    assert payload_of(DealBooked(deal)) == encoded("deal", told)


@settings(max_examples=40)
@given(
    st.text(max_size=12),
    st.builds(
        Trade, WHOLE, WHOLE, st.text(max_size=8), SIDE, LOTS, PRICE, PRICE, st.none() | PRICE, WHOLE, WHOLE, WHY, MONEY,
        MONEY, MONEY, MONEY, MONEY, MONEY, st.none() | MONEY, st.none() | AMOUNT, st.booleans(),
    ),
    AMOUNT,
)  # fmt: skip
def test_given_a_trade_of_any_figures_when_written_then_it_is_what_an_encoder_writes(
    name: str, trade: Trade, balance: Decimal
) -> None:
    plan = TradePlan(PlanKind.FIXED)
    known = OpenTrade(SignalId(name), 0, plan, Decimal(1), 8_000, "one", 0.1, 0)
    told = {
        "position": trade.position,
        "signal": name,
        "closed_at": trade.closed_at,
        "reason": trade.reason.value,
        "net": str(trade.net.amount),
        "net_r": None if trade.net_r is None else str(trade.net_r),
        "ambiguous": trade.ambiguous,
        "balance": str(balance),
    }

    assert payload_of(TradeClosed(known, trade, balance)) == encoded("trade", told)


@settings(max_examples=40)
@given(
    WHOLE,
    st.builds(
        ThresholdDecision, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, st.text(max_size=12), st.sampled_from(Condition),
        st.builds(ClosedSignals, WHOLE, st.floats(-1e6, 1e6), st.floats(0, 1e3)),
    ),
)  # fmt: skip
def test_given_an_evaluation_of_any_figures_when_written_then_it_is_what_an_encoder_writes(
    clock: int, audit: ThresholdDecision
) -> None:
    told = {
        "open_clock": clock,
        "old": audit.old,
        "new": audit.new,
        "count": audit.count,
        "volume_move": audit.volume_move,
        "performance_move": audit.performance_move,
        "reason": audit.reason,
        "condition": audit.condition.value,
        "closed": audit.closed.count,
        "total_r": round(audit.closed.total_r, 6),
        "deviation_r": round(audit.closed.deviation_r, 6),
    }

    assert payload_of(ThresholdEvaluated(clock, audit)) == encoded("threshold", told)


@settings(max_examples=20)
@given(signals(), WHOLE, st.sampled_from(DeclineCode), st.text())
def test_given_a_decline_of_any_text_when_written_then_it_is_what_an_encoder_writes(
    signal: Signal, at: int, code: DeclineCode, detail: str
) -> None:
    told = {"at": at, "signal": signal.signal_id, "code": code.value, "detail": detail}

    assert payload_of(BrokerDeclined(at, signal, Declined(code, detail))) == encoded("declined", told)


@settings(max_examples=10)
@given(signals(), st.booleans())
def test_given_an_approved_order_when_written_then_it_is_what_an_encoder_writes(
    signal: Signal, has_target: bool
) -> None:
    # Wednesday 2025-06-25 14:01 UTC.
    level = Decimal
    order = ask_risk(
        "EURUSD",
        Direction.BUY,
        level("1.10000"),
        level("1.10012"),
        level("1.09800"),
        level("1.10400"),
        at=1_750_860_060,
    )
    assert isinstance(order, ApprovedOrder)
    if not has_target:
        object.__setattr__(order, "target", None)
    told = {
        "signal": signal.signal_id,
        "lots": str(order.lots),
        "stop": str(order.stop),
        "target": None if order.target is None else str(order.target),
        "risk": str(order.risk.amount),
        "risk_percent": str(order.risk_percent),
        "margin": str(order.margin.amount),
    }

    assert payload_of(OrderApproved(signal, order)) == encoded("approved", told)
