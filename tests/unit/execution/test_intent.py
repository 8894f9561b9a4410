"""Intents, attempts and client order ids."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitten_domain.errors import BrokenInvariant
from bitten_domain.execution.deal import DealReason
from bitten_domain.execution.lifecycle import WhoDecides
from bitten_domain.execution.order import MAX_CLIENT_ORDER_ID, CloseOrder, MarketOrder, client_order_id, order_comment
from bitten_domain.execution.plan import TradePlan
from bitten_domain.execution.protocol.intent import Attempt, CloseIntent, FireIntent, next_attempt
from bitten_domain.values.direction import Direction
from bitten_domain.values.identifiers import AccountId, IntentId
from bitten_domain.values.lots import Lots
from bitten_domain.vocabulary.fire_mode import FireMode
from bitten_domain.vocabulary.order_state import OrderState

MINE = IntentId("i-1")
epochs, sequences = st.integers(1, 2**21 - 1), st.integers(0, 2**32 - 1)


def attempt(state: OrderState) -> Attempt:
    return Attempt(MINE, 1, 7, state, 100)


@given(epochs, sequences, epochs, sequences)
def test_given_two_attempts_when_numbered_then_equal_ids_mean_equal_attempts(a: int, b: int, c: int, d: int) -> None:
    first, second = client_order_id(a, b), client_order_id(c, d)

    assert (first == second) == ((a, b) == (c, d))
    assert first <= MAX_CLIENT_ORDER_ID == 2**53 - 1
    assert int(float(first)) == first
    assert len(order_comment(first)) <= 26


@pytest.mark.parametrize(("epoch", "sequence"), [(0, 1), (2**21, 0), (1, -1), (1, 2**32)])
def test_given_a_number_out_of_range_when_made_then_it_raises(epoch: int, sequence: int) -> None:
    with pytest.raises(BrokenInvariant):
        client_order_id(epoch, sequence)


@pytest.mark.parametrize("state", list(OrderState), ids=lambda state: state.value)
def test_given_an_attempt_when_another_is_asked_for_then_only_proof_allows_it(state: OrderState) -> None:
    proven = state in {OrderState.NOT_EXECUTED, OrderState.REJECTED}

    assert (next_attempt(attempt(state), 8, at=150, not_after=200) is not None) == proven
    assert next_attempt(attempt(state), 8, at=201, not_after=200) is None


def test_given_a_second_attempt_when_made_then_it_is_reserved_with_its_own_id() -> None:
    second = next_attempt(attempt(OrderState.REJECTED), 8, at=150, not_after=200)

    assert second == Attempt(MINE, 2, 8, OrderState.RESERVED, 150)
    with pytest.raises(BrokenInvariant):
        next_attempt(attempt(OrderState.REJECTED), 7, at=150, not_after=200)


def test_given_an_attempt_when_moved_then_the_table_decides_and_repeats_change_nothing() -> None:
    filled = attempt(OrderState.SENDING).moved(OrderState.FILLED, 120)

    assert (filled.state, filled.since) == (OrderState.FILLED, 120)
    assert filled.moved(OrderState.FILLED, 130) is filled
    with pytest.raises(BrokenInvariant):
        filled.moved(OrderState.CANCELLED, 130)
    with pytest.raises(BrokenInvariant):
        attempt(OrderState.DISPUTED).moved(OrderState.FILLED, 130)
    assert attempt(OrderState.DISPUTED).moved(OrderState.FILLED, 130, WhoDecides.PERSON).state is OrderState.FILLED


def fire(not_after: int) -> FireIntent:
    return FireIntent(
        intent_id=MINE,
        account=AccountId("a-1"),
        signal=None,
        fire_mode=FireMode.SINGLE,
        symbol="EURUSD",
        direction=Direction.SELL,
        lots=Lots(Decimal("0.10")),
        stop=Decimal("1.10"),
        target=None,
        plan=TradePlan(),
        risk_percent=Decimal(1),
        strategy="momentum_continuation",
        score=8120,
        cost_share=0.12,
        created_at=100,
        not_after=not_after,
    )


def test_given_intents_when_ordered_then_the_orders_carry_what_was_approved() -> None:
    close = CloseIntent(MINE, AccountId("a-1"), 3, None, DealReason.EMERGENCY, 100)

    assert fire(160).order(7) == MarketOrder(
        7, "EURUSD", Direction.SELL, Lots(Decimal("0.10")), Decimal("1.10"), None, 160
    )
    assert close.order(8) == CloseOrder(8, 3, None, DealReason.EMERGENCY)


def test_given_a_deadline_in_the_past_when_intended_then_it_raises() -> None:
    with pytest.raises(BrokenInvariant):
        fire(99)


@pytest.mark.parametrize("number", [0, -1, 2**53])
def test_given_an_id_out_of_range_when_ordered_then_it_raises(number: int) -> None:
    with pytest.raises(BrokenInvariant):
        CloseOrder(number, 1)
