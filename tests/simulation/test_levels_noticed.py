"""Levels that moved at the broker: recorded once, with who moved them as far as that can be told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from bitten_domain.desk.account.adherence import AT_BROKER, DROPPED, StopMove, breaches_so_far
from bitten_domain.desk.account.settling.verdict import evidence_of_answer
from bitten_domain.execution.order import LevelsOrder, MarketOrder
from bitten_domain.execution.protocol import FireIntent
from bitten_domain.values import Direction, Lots
from bitten_domain.vocabulary import Breach, OrderState

if TYPE_CHECKING:
    from bitten_apps.testkit.simulation.calm import CalmWorld
    from bitten_domain.desk.account import HeldPosition
    from bitten_domain.execution import Position
    from bitten_domain.ports.repositories.books import LevelsChange
    from bitten_domain.ports.unit_of_work import Repositories

FAR = Decimal("0.01")


def held_by(peace: CalmWorld) -> HeldPosition:
    (held,) = peace.world.store.look(lambda store: store.positions.open(peace.account))
    return held


def changes_of(peace: CalmWorld, ticket: int) -> tuple[LevelsChange, ...]:
    return peace.world.store.look(lambda store: store.trades.changes(peace.account, ticket))


def moved_at_broker(peace: CalmWorld, position: Position, stop: Decimal | None) -> None:
    """Move a stop past the desk, as somebody does in their terminal."""
    order = LevelsOrder(7_000_000 + len(changes_of(peace, position.ticket)), position.ticket, stop, position.target)
    peace.tick()
    peace.world.store.outside(peace.world.brokers[peace.account].paper.modify(order))


def reconciled(peace: CalmWorld, times: int = 1) -> None:
    for _ in range(times):
        peace.wait_for(peace.router.reconcile(peace.account))


def broken(peace: CalmWorld, percent: str = "2") -> frozenset[Breach]:
    held = held_by(peace)
    moves = [StopMove(one.stop_before, one.stop_after, one.reason) for one in changes_of(peace, held.position.ticket)]
    return breaches_so_far(
        held.position,
        moves,
        is_own=held.known is not None,
        balance=Decimal(10_000),
        most_risk_percent=Decimal(percent),
        was_paused=False,
    )


def test_given_a_stop_that_was_shown_when_it_is_gone_then_it_was_taken_away_and_that_is_recorded_once(
    peace: CalmWorld,
) -> None:
    peace.opened()
    position = held_by(peace).position

    moved_at_broker(peace, position, None)
    reconciled(peace, 3)

    (change,) = changes_of(peace, position.ticket)
    assert (change.stop_before, change.stop_after, change.reason) == (position.stop, None, AT_BROKER)
    assert change.target_before == change.target_after == position.target
    assert held_by(peace).position.stop == position.stop
    assert broken(peace) == {Breach.STOP_REMOVED}


def test_given_a_stop_that_was_shown_when_it_is_looser_then_that_is_recorded_and_it_is_sent_again(
    peace: CalmWorld,
) -> None:
    peace.opened()
    position = held_by(peace).position
    assert position.stop is not None
    looser = position.stop - position.sign * FAR

    moved_at_broker(peace, position, looser)
    reconciled(peace)
    (waiting,) = peace.world.store.look(lambda store: store.dispatches.due(int(peace.world.time.now), 9))
    peace.tick()
    peace.wait_for(peace.router.dispatch(waiting.client_order_id))

    told = [(one.stop_before, one.stop_after, one.reason) for one in changes_of(peace, position.ticket)]
    assert told == [(position.stop, looser, AT_BROKER), (position.stop, position.stop, "RESEND")]
    assert broken(peace) == {Breach.STOP_LOOSENED}


def test_given_a_stop_the_broker_never_showed_when_found_missing_then_it_was_dropped_and_no_rule_is_broken(
    peace: CalmWorld,
) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None

    def work(store: Repositories) -> MarketOrder:
        errand = store.intents.by_order(order_id)
        assert errand is not None
        assert isinstance(errand.intent, FireIntent)
        store.dispatches.claim(order_id, "router-1", 0)
        store.intents.move(errand.attempt.moved(OrderState.SENDING, 0), OrderState.RESERVED)
        return errand.intent.order(order_id)

    order = peace.world.store.prepare(work)
    peace.tick()
    paper = peace.world.brokers[peace.account].paper
    answer = peace.world.store.outside(paper.place(order))
    assert answer.ticket is not None
    peace.world.store.outside(peace.world.brokers[peace.account].delete_stop(answer.ticket))

    evidence = {order_id: evidence_of_answer(answer)}
    snapshot = peace.world.store.outside(paper.snapshot())
    peace.wait_for(peace.router.dispatch.settle(peace.account, evidence, snapshot, 0))
    reconciled(peace, 2)

    (change,) = changes_of(peace, answer.ticket)
    assert (change.stop_before, change.stop_after, change.reason) == (order.stop, None, DROPPED)
    assert broken(peace) == frozenset()


def test_given_an_adopted_position_when_its_owner_moves_its_levels_then_the_books_follow_and_say_so(
    peace: CalmWorld,
) -> None:
    broker = peace.world.brokers[peace.account]
    peace.tick()
    peace.world.store.outside(broker.trade_by_hand("EURUSD", Direction.BUY, Lots(Decimal("0.01")), None))
    reconciled(peace)
    naked = held_by(peace).position
    without = broken(peace)
    stop = naked.entry - FAR

    moved_at_broker(peace, naked, stop)
    reconciled(peace, 2)
    guarded = held_by(peace).position
    with_one = broken(peace)
    moved_at_broker(peace, replace(guarded, target_ticks=None), None)
    reconciled(peace, 2)

    told = [(one.stop_before, one.stop_after, one.reason) for one in changes_of(peace, naked.ticket)]
    assert (naked.stop, guarded.stop, held_by(peace).position.stop) == (None, stop, None)
    assert told == [(None, stop, AT_BROKER), (stop, None, AT_BROKER)]
    assert without == {Breach.NO_STOP}
    assert with_one == frozenset()
    assert broken(peace) == {Breach.STOP_REMOVED}


def test_given_an_adopted_position_when_it_is_given_a_very_wide_stop_later_then_its_risk_is_known_and_too_much(
    peace: CalmWorld,
) -> None:
    peace.tick()
    peace.world.store.outside(
        peace.world.brokers[peace.account].trade_by_hand("EURUSD", Direction.BUY, Lots(Decimal("0.10")), None)
    )
    reconciled(peace)
    position = held_by(peace).position

    # 300 pips on a tenth of a lot are 300 USD, of 10,000 three percent.
    moved_at_broker(peace, position, position.entry - Decimal("0.0300"))
    reconciled(peace)

    assert broken(peace, "2.99") == {Breach.RISK_EXCEEDED}
    assert broken(peace, "3") == frozenset()
