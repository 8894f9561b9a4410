"""The transition tables: total, as written in the fire protocol, absorbing at the end."""

from __future__ import annotations

import itertools

import pytest

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.lifecycle import (
    RISK_HELD,
    TERMINAL_STATES,
    TRANSITIONS,
    PositionState,
    RiskHeld,
    WhoDecides,
    position_transition,
    transition,
)
from bitten_domain.vocabulary.order_state import OrderState

PROTOCOL = """
RESERVED: SENDING REJECTED EXPIRED CANCELLED
SENDING: FILLED PARTIAL WORKING REJECTED NOT_EXECUTED UNKNOWN
WORKING: FILLED PARTIAL REJECTED CANCELLED EXPIRED UNKNOWN DISPUTED
PARTIAL: FILLED CANCELLED EXPIRED UNKNOWN DISPUTED
UNKNOWN: FILLED PARTIAL WORKING REJECTED NOT_EXECUTED CANCELLED EXPIRED DISPUTED
DISPUTED: FILLED PARTIAL WORKING REJECTED NOT_EXECUTED CANCELLED EXPIRED
FILLED:
NOT_EXECUTED:
REJECTED:
EXPIRED:
CANCELLED:
"""
ALLOWED = {
    (line.split(":")[0], to) for line in PROTOCOL.strip().splitlines() for to in line.split(":")[1].split() if to
}
PAIRS = list(itertools.product(OrderState, OrderState))


@pytest.mark.parametrize(("state", "to"), PAIRS, ids=lambda state: state.value)
def test_given_any_two_states_when_moved_by_a_person_then_the_protocol_decides(
    state: OrderState, to: OrderState
) -> None:
    if (state.value, to.value) in ALLOWED or (state is to and state in TERMINAL_STATES):
        assert transition(state, to, WhoDecides.PERSON) is to
    else:
        with pytest.raises(BrokenInvariant):
            transition(state, to, WhoDecides.PERSON)


@pytest.mark.parametrize("to", list(OrderState), ids=lambda state: state.value)
def test_given_a_dispute_when_no_person_decided_then_nothing_ends_it(to: OrderState) -> None:
    with pytest.raises(BrokenInvariant):
        transition(OrderState.DISPUTED, to)


def test_given_the_table_when_read_then_it_is_total_and_every_state_can_end() -> None:
    assert set(TRANSITIONS) == set(RISK_HELD) == set(OrderState)
    for state in OrderState:
        reached, edge = {state}, {state}
        while edge:
            edge = {to for at in edge for to in TRANSITIONS[at]} - reached
            reached |= edge
        assert reached & TERMINAL_STATES


def test_given_a_state_that_may_have_executed_when_asked_then_it_holds_the_worst_case() -> None:
    doubtful = {"RESERVED", "SENDING", "WORKING", "UNKNOWN", "DISPUTED"}

    assert {state.value for state, held in RISK_HELD.items() if held is RiskHeld.WORST_CASE} == doubtful


def test_given_a_closed_position_when_moved_then_it_stays_closed() -> None:
    assert position_transition(PositionState.CLOSED, PositionState.CLOSED) is PositionState.CLOSED
    for to in set(PositionState) - {PositionState.CLOSED}:
        with pytest.raises(BrokenInvariant):
            position_transition(PositionState.CLOSED, to)


def test_given_a_position_when_adopted_then_no_own_position_becomes_one() -> None:
    for state in set(PositionState) - {PositionState.CLOSED}:
        assert position_transition(state, PositionState.CLOSED) is PositionState.CLOSED
        with pytest.raises(BrokenInvariant):
            position_transition(state, PositionState.ADOPTED)
