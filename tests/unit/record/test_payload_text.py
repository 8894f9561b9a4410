"""Payloads that are written without an encoder: they say what an encoder would."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitten_domain.desk.decisions import CandidatesSuppressed, OrderRefused, SignalEmitted
from bitten_domain.desk.signal import Signal
from bitten_domain.errors import BrokenInvariant
from bitten_domain.market.news_view import Blackout
from bitten_domain.record.payloads import payload_of
from bitten_domain.risk.decision import Reason, Refusal
from bitten_domain.tcs.breakdown import ScoreDetail
from bitten_domain.tcs.parts import COMPONENTS, RULES
from bitten_domain.values import Direction, SignalId
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
