"""Stories that once broke an invariant, told again; a new one joins the list with the command its failure printed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.simulation.proof.campaign import retold, told
from bitten_domain.desk.account.settling.verdict import evidence_of_answer
from bitten_domain.execution.order import CloseOrder
from bitten_domain.execution.protocol import FireIntent
from bitten_domain.values import Lots
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from bitten_apps.testkit.simulation.calm import CalmWorld

REGRESSIONS: tuple[tuple[int, tuple[int, ...] | None, tuple[str, ...] | None], ...] = (
    (5, None, None),
    (10, None, None),
    # A stop that was hit after the last look was taken for something a repeated input wrote.
    (3553, None, None),
)
"""Seed, numbers of the steps that are left, names of the faults that are left; None for all."""


@pytest.mark.parametrize(("seed", "steps", "faults"), REGRESSIONS)
def test_given_a_story_that_once_failed_when_told_again_then_every_invariant_holds(
    seed: int, steps: tuple[int, ...] | None, faults: tuple[str, ...] | None
) -> None:
    assert told(retold(seed, steps, faults)).violations == ()


def test_given_a_part_filled_and_closed_before_its_answer_is_settled_when_asked_then_the_order_still_ends(
    peace: CalmWorld,
) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    errand = peace.world.store.look(lambda store: store.intents.by_order(order_id))
    assert errand is not None
    assert isinstance(errand.intent, FireIntent)
    intent, attempt = errand.intent, errand.attempt
    paper, settle = peace.world.brokers[peace.account].paper, peace.router.dispatch.settle
    outside = peace.world.store.outside
    peace.world.store.prepare(lambda store: store.dispatches.claim(order_id, "router-1", 0))
    peace.world.store.prepare(
        lambda store: store.intents.move(attempt.moved(OrderState.SENDING, 0), OrderState.RESERVED)
    )
    peace.tick()
    quarter = Lots((intent.lots.value / 4).quantize(Decimal("0.01")))
    answer = outside(paper.place(replace(intent.order(order_id), lots=quarter)))
    assert answer.ticket is not None
    opened = outside(paper.snapshot())

    peace.wait_for(settle(peace.account, {order_id: evidence_of_answer(answer)}, replace(opened, deals=()), 0))
    peace.wait_for(settle(peace.account, {}, opened, 0))
    outside(paper.close(CloseOrder(1 << 51, answer.ticket)))
    peace.wait_for(settle(peace.account, {}, outside(paper.snapshot(1)), 1))
    peace.wait_for(peace.router.reconcile(peace.account))

    ended = peace.world.store.look(lambda store: store.intents.by_order(order_id))
    assert ended is not None
    assert ended.attempt.state is OrderState.CANCELLED
    assert peace.world.store.look(lambda store: store.reservations.held(peace.account)) == ()
