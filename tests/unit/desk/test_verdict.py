"""Verdicts: every combination of state and evidence, against the protocol's own words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.desk.account.settling.verdict import evidence_of_answer, verdict
from bitten_domain.execution.deal import Deal, DealReason
from bitten_domain.execution.lifecycle import TERMINAL_STATES, transition
from bitten_domain.ports.broker import Answer, AnswerKind, Evidence, Trace
from bitten_domain.values import Direction, Lots, Money
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Sequence

S = OrderState
ONE, HALF, NONE = Decimal(1), Decimal("0.5"), Decimal(0)
NOTHING = Money(Decimal(0), "USD")


def deal(lots: Decimal) -> Deal:
    return Deal(
        1, 1, 7, "EURUSD", Direction.BUY, DealReason.ENTRY, Lots(lots), Decimal("1.1"), 0,
        NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING,
    )  # fmt: skip


def executed(*lots: Decimal) -> Evidence:
    return Evidence(Trace.FOUND, Answer(7, AnswerKind.EXECUTED, 1, tuple(deal(one) for one in lots)))


WORKING = Evidence(Trace.FOUND, Answer(7, AnswerKind.WORKING))
REFUSED = Evidence(Trace.FOUND, Answer(7, AnswerKind.NOT_EXECUTED, code="REQUOTE"))
UNSENT = Evidence(Trace.FOUND, Answer(7, AnswerKind.NOT_EXECUTED))
ABSENT, VAGUE = Evidence(Trace.ABSENT), Evidence(Trace.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("state", "evidence", "filled", "moves"),
    [
        (S.SENDING, executed(ONE), ONE, (S.FILLED,)),
        (S.SENDING, VAGUE, NONE, (S.UNKNOWN,)),
        (S.SENDING, REFUSED, NONE, (S.REJECTED,)),
        (S.SENDING, UNSENT, NONE, (S.NOT_EXECUTED,)),
        (S.SENDING, WORKING, NONE, (S.WORKING,)),
        (S.SENDING, WORKING, HALF, (S.PARTIAL,)),
        # The answer is final and half is booked: the rest never comes.
        (S.SENDING, executed(HALF), HALF, (S.PARTIAL, S.CANCELLED)),
        # It was executed, but the history does not show it yet.
        (S.SENDING, executed(ONE), NONE, (S.UNKNOWN,)),
        (S.UNKNOWN, executed(ONE), NONE, ()),
        (S.UNKNOWN, executed(ONE), HALF, ()),
        (S.UNKNOWN, VAGUE, NONE, ()),
        (S.UNKNOWN, ABSENT, NONE, (S.NOT_EXECUTED,)),
        (S.UNKNOWN, REFUSED, NONE, (S.REJECTED,)),
        (S.UNKNOWN, None, ONE, (S.FILLED,)),
        (S.UNKNOWN, None, HALF, ()),
        (S.WORKING, None, HALF, (S.PARTIAL,)),
        (S.WORKING, UNSENT, NONE, (S.CANCELLED,)),
        (S.PARTIAL, executed(HALF), HALF, (S.CANCELLED,)),
        (S.PARTIAL, None, ONE, (S.FILLED,)),
        # Contradictions.
        (S.SENDING, ABSENT, HALF, (S.UNKNOWN, S.DISPUTED)),
        (S.UNKNOWN, REFUSED, HALF, (S.DISPUTED,)),
        (S.WORKING, ABSENT, NONE, (S.DISPUTED,)),
        (S.UNKNOWN, None, ONE + HALF, (S.DISPUTED,)),
        (S.DISPUTED, executed(ONE), ONE, ()),
        (S.RESERVED, executed(ONE), ONE, ()),
    ],
)
def test_given_a_state_and_evidence_when_judged_then_the_moves_are_these(
    state: OrderState, evidence: Evidence | None, filled: Decimal, moves: Sequence[OrderState]
) -> None:
    assert verdict(state, evidence, filled=filled, wanted=ONE, is_complete=filled == ONE) == moves


@given(
    state=st.sampled_from(OrderState),
    evidence=st.sampled_from(
        [None, WORKING, REFUSED, UNSENT, ABSENT, VAGUE, executed(), executed(HALF), executed(ONE)]
    ),
    filled=st.sampled_from([NONE, HALF, ONE, ONE + HALF]),
    wanted=st.sampled_from([None, ONE]),
    moves_levels=st.booleans(),
)
def test_i8_given_any_evidence_when_judged_then_every_move_is_in_the_table(
    state: OrderState, evidence: Evidence | None, filled: Decimal, wanted: Decimal | None, *, moves_levels: bool
) -> None:
    moves = verdict(
        state, evidence, filled=filled, wanted=wanted, is_complete=filled == wanted, moves_levels=moves_levels
    )

    for to in moves:
        state = transition(state, to)


@given(
    state=st.sampled_from(sorted(TERMINAL_STATES, key=lambda one: one.value)),
    evidence=st.sampled_from([None, WORKING, REFUSED, ABSENT, VAGUE, executed(ONE)]),
)
def test_i8_given_a_terminal_state_when_evidence_comes_then_it_absorbs(
    state: OrderState, evidence: Evidence | None
) -> None:
    assert verdict(state, evidence, filled=NONE, wanted=ONE, is_complete=False) == ()


def test_given_no_answer_when_read_as_evidence_then_it_proves_nothing() -> None:
    assert evidence_of_answer(Answer(7, AnswerKind.UNKNOWN)).trace is Trace.INCONCLUSIVE
