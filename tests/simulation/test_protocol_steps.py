"""The protocol step by step, in a world at peace."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from bitten_apps.testkit.simulation.calm import CalmWorld
from bitten_apps.testkit.unit_of_work import samples
from bitten_domain.desk.account import AccountStanding
from bitten_domain.desk.account.settling.verdict import evidence_of_answer
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.execution import PositionState
from bitten_domain.execution.protocol import FireIntent
from bitten_domain.membership.education import RISK_QUIZ
from bitten_domain.membership.privacy import Consent, ConsentPurpose
from bitten_domain.ports.broker import Answer, AnswerKind, Evidence, Trace
from bitten_domain.risk.emergency_stop import StopKind, StopScope
from bitten_domain.risk.policy import LimitChoice, UserLimits
from bitten_domain.use_cases.choices.consents import WithdrawConsent
from bitten_domain.use_cases.choices.live_gate import LiveGate
from bitten_domain.use_cases.trading.orders.close import CloseCommand
from bitten_domain.use_cases.trading.orders.dispatch import Dispatched
from bitten_domain.use_cases.trading.orders.emergency import EmergencyCommand
from bitten_domain.use_cases.trading.orders.fire import FireAnswer
from bitten_domain.use_cases.trading.orders.modify import ModifyCommand
from bitten_domain.values import Direction, Lots, Money, UserId
from bitten_domain.vocabulary import OrderState, RefusalCode, Tier

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_domain.desk.account import HeldPosition, TradingAccount
    from bitten_domain.execution.order import MarketOrder
    from bitten_domain.execution.protocol import Attempt
    from bitten_domain.ports.broker import BrokerSnapshot
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.use_cases.trading.orders.dispatch import Dispatch


def held_by(peace: CalmWorld) -> tuple[HeldPosition, ...]:
    return peace.world.store.look(lambda store: store.positions.open(peace.account))


def account_of(peace: CalmWorld) -> TradingAccount:
    account = peace.world.store.look(lambda store: store.accounts.get(peace.account))
    assert account is not None
    return account


def attempt_of(peace: CalmWorld, order_id: int) -> Attempt:
    errand = peace.world.store.look(lambda store: store.intents.by_order(order_id))
    assert errand is not None
    return errand.attempt


def sending(peace: CalmWorld, order_id: int) -> MarketOrder:
    """Claim an order without sending it; give what would be sent."""

    def work(store: Repositories) -> MarketOrder:
        errand = store.intents.by_order(order_id)
        assert errand is not None
        assert isinstance(errand.intent, FireIntent)
        store.dispatches.claim(order_id, "router-1", 0)
        store.intents.move(errand.attempt.moved(OrderState.SENDING, 0), OrderState.RESERVED)
        return errand.intent.order(order_id)

    return peace.world.store.prepare(work)


def change_account(peace: CalmWorld, **changes: object) -> None:
    def work(store: Repositories) -> None:
        account = store.accounts.lock(peace.account)
        assert account is not None
        store.accounts.put(replace(account, **changes))  # type: ignore[arg-type]

    peace.world.store.prepare(work)


def test_given_an_approved_fire_when_sent_then_position_deal_and_balance_are_the_brokers(peace: CalmWorld) -> None:
    order_id = peace.opened()

    (held,) = held_by(peace)
    shown = peace.world.store.outside(peace.world.brokers[peace.account].paper.snapshot())
    assert attempt_of(peace, order_id).state is OrderState.FILLED
    assert (held.position.stop, held.position.lots) == (shown.positions[0].stop, shown.positions[0].lots)
    assert held.stop_confirmed_at is not None
    assert account_of(peace).balance == shown.balance
    assert peace.world.store.look(lambda store: store.reservations.held(peace.account)) == ()


def test_given_an_approved_fire_when_not_yet_sent_then_its_worst_case_is_reserved(peace: CalmWorld) -> None:
    answer = peace.fired()

    (reserved,) = peace.world.store.look(lambda store: store.reservations.held(peace.account))
    assert reserved.intent_id == answer.intent_id
    # 0.8 % of 20,000: what the person risks at most on one trade.
    assert Decimal(100) < reserved.risk.amount <= Decimal(160)


def test_i9_given_a_key_used_twice_when_the_fire_is_the_same_then_the_answer_is_stored(peace: CalmWorld) -> None:
    command = peace.command("one")

    assert peace.wait_for(peace.router.fire(command)) == peace.wait_for(peace.router.fire(command))


def test_i9_given_a_key_used_twice_when_the_fire_is_another_then_it_is_a_conflict(peace: CalmWorld) -> None:
    peace.fired("one")

    with pytest.raises(Conflict):
        peace.wait_for(peace.router.fire(peace.command("one", "USDJPY")))


def test_given_somebody_else_when_they_fire_then_it_is_refused(peace: CalmWorld) -> None:
    command = replace(peace.command("one"), user_id=UserId("user-2"))

    with pytest.raises(InvalidInput):
        peace.wait_for(peace.router.fire(command))


def test_given_a_refused_fire_when_answered_then_every_reason_survives_storage(peace: CalmWorld) -> None:
    peace.fired("one")
    command = peace.command("two")
    refused = peace.wait_for(peace.router.fire(command))

    assert RefusalCode.DUPLICATE_PAIR_SIDE in [reason.code for reason in refused.reasons]
    assert FireAnswer.from_json(refused.to_json()) == refused == peace.wait_for(peace.router.fire(command))


def test_i12_given_a_lock_set_before_the_claim_when_dispatched_then_nothing_is_sent(peace: CalmWorld) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    peace.wait_for(peace.router.set_emergency(EmergencyCommand(StopScope.GLOBAL, "", StopKind.LOCK, UserId("admin"))))

    assert peace.wait_for(peace.router.dispatch(order_id)) is Dispatched.ENDED
    assert attempt_of(peace, order_id).state is OrderState.CANCELLED
    assert peace.world.brokers[peace.account].handed[order_id] == 0
    assert peace.world.store.look(lambda store: store.reservations.held(peace.account)) == ()


def test_given_a_deadline_that_passed_when_dispatched_then_it_expires(peace: CalmWorld) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    peace.world.time.run_until(peace.world.time.now + 60)

    peace.wait_for(peace.router.dispatch(order_id))

    assert attempt_of(peace, order_id).state is OrderState.EXPIRED


def test_given_an_order_that_was_sent_when_dispatched_again_then_it_is_not_sent_twice(peace: CalmWorld) -> None:
    order_id = peace.opened()

    assert peace.wait_for(peace.router.dispatch(order_id)) is Dispatched.NOT_DUE
    assert peace.world.brokers[peace.account].handed[order_id] == 1


@pytest.mark.parametrize("standing", list(AccountStanding))
def test_i11_given_any_standing_when_a_position_is_closed_then_it_closes(
    peace: CalmWorld, standing: AccountStanding
) -> None:
    peace.opened()
    (held,) = held_by(peace)
    change_account(peace, standing=standing, standing_reason="by the test")
    peace.tick()

    command = CloseCommand(peace.account, peace.user, "close", held.position.ticket)
    peace.wait_for(peace.router.dispatch(peace.wait_for(peace.router.close(command))))

    assert held_by(peace) == ()


def test_i11_given_a_halt_when_set_then_every_position_is_closed(peace: CalmWorld) -> None:
    peace.opened("one", "EURUSD")
    peace.opened("two", "USDCAD")

    answer = peace.wait_for(
        peace.router.set_emergency(EmergencyCommand(StopScope.USER, peace.user, StopKind.HALT, peace.user))
    )
    for order_id in answer.closing:
        peace.wait_for(peace.router.dispatch(order_id))

    assert len(answer.closing) == 2
    assert held_by(peace) == ()


def test_given_a_close_on_its_way_when_asked_again_then_it_is_the_same_order(peace: CalmWorld) -> None:
    peace.opened()
    ticket = held_by(peace)[0].position.ticket

    first = peace.wait_for(peace.router.close(CloseCommand(peace.account, peace.user, "one", ticket)))
    second = peace.wait_for(peace.router.close(CloseCommand(peace.account, peace.user, "two", ticket)))

    assert first == second


def make_ready_for_live(peace: CalmWorld, given_at: int) -> None:
    """Give the person all that live trading asks for, and make their account a live one."""
    paper = samples.account_id(2)

    def prepared(store: Repositories) -> None:
        person = store.people.get(peace.user)
        assert person is not None
        limits = replace(person.limits, chosen_at=given_at)
        store.people.put(replace(person, has_live_consent=True, limits=limits))
        answers = samples.quiz_result("try", right=2, quiz=RISK_QUIZ)
        store.quizzes.add(replace(answers, user_id=peace.user))
        store.accounts.add(replace(samples.account(2), user_id=peace.user, epoch=99))
        for ticket in range(1, 21):
            store.trades.add(replace(samples.closed_trade(ticket, given_at, of=2), account=paper))
        store.consents.add(Consent("live", peace.user, ConsentPurpose.LIVE_TRADING, 1, given_at))

    peace.world.store.prepare(prepared)
    change_account(peace, is_live=True)


def test_i17_given_all_that_live_trading_asks_for_when_the_account_is_not_attested_then_nothing_is_sent(
    peace: CalmWorld,
) -> None:
    make_ready_for_live(peace, int(peace.world.time.now) - 86_400)

    answer = peace.fired()

    assert answer.client_order_id is not None
    peace.wait_for(peace.router.dispatch(answer.client_order_id))
    assert attempt_of(peace, answer.client_order_id).state is OrderState.CANCELLED
    assert not peace.world.brokers[peace.account].handed


def attested(peace: CalmWorld) -> Dispatch:
    """Give the router's dispatch as it is where the agent has vouched for the account."""
    return replace(peace.router.dispatch, attested=frozenset({peace.account}))


def test_i17_given_a_live_consent_that_holds_on_an_attested_account_when_fired_then_it_is_sent(
    peace: CalmWorld,
) -> None:
    make_ready_for_live(peace, int(peace.world.time.now) - 86_400)
    order_id = peace.fired().client_order_id
    assert order_id is not None

    peace.wait_for(attested(peace)(order_id))

    assert attempt_of(peace, order_id).state is OrderState.FILLED


def test_i17_given_a_live_order_that_waits_when_the_consent_is_taken_back_then_it_is_not_sent(
    peace: CalmWorld,
) -> None:
    make_ready_for_live(peace, int(peace.world.time.now) - 86_400)
    order_id = peace.fired().client_order_id
    assert order_id is not None
    withdraw = WithdrawConsent(peace.world.store)
    peace.wait_for(withdraw(peace.user, ConsentPurpose.LIVE_TRADING, int(peace.world.time.now)))

    assert peace.wait_for(attested(peace)(order_id)) is Dispatched.ENDED

    assert attempt_of(peace, order_id).state is OrderState.CANCELLED
    assert not peace.world.brokers[peace.account].handed
    assert peace.world.store.look(lambda store: store.reservations.held(peace.account)) == ()


def change_person(peace: CalmWorld, **changes: object) -> None:
    def work(store: Repositories) -> None:
        person = store.people.get(peace.user)
        assert person is not None
        store.people.put(replace(person, **changes))  # type: ignore[arg-type]

    peace.world.store.prepare(work)


CLOSED: dict[str, Callable[[CalmWorld], object]] = {
    "the consent's text is a new one": lambda peace: change_gate(peace, LiveGate(2)),
    "there is no gate": lambda peace: change_gate(peace, None),
    "the tier has lapsed": lambda peace: change_person(peace, tier=Tier.NONE),
    "no limits were chosen": lambda peace: change_person(peace, limits=LimitChoice(UserLimits())),
    "the consent was taken back": lambda peace: change_person(peace, has_live_consent=False),
    "the consent is forgotten": lambda peace: peace.world.store.prepare(
        lambda store: store.consents.forget(peace.user)
    ),
    "the quiz is forgotten": lambda peace: peace.world.store.prepare(lambda store: store.quizzes.forget(peace.user)),
}


def change_gate(peace: CalmWorld, gate: LiveGate | None) -> None:
    peace.router.fire = replace(peace.router.fire, live_gate=gate)
    peace.router.dispatch = replace(peace.router.dispatch, live_gate=gate)


@pytest.mark.parametrize("closes", CLOSED)
def test_i17_given_a_gate_of_live_trading_that_has_closed_when_fired_or_sent_then_nothing_goes_out(
    peace: CalmWorld, closes: str
) -> None:
    make_ready_for_live(peace, int(peace.world.time.now) - 86_400)
    order_id = peace.fired().client_order_id
    assert order_id is not None
    CLOSED[closes](peace)

    assert peace.wait_for(attested(peace)(order_id)) is Dispatched.ENDED
    assert RefusalCode.LIVE_NOT_CONSENTED in [reason.code for reason in peace.fired("two").reasons]
    assert not peace.world.brokers[peace.account].handed


def test_i17_given_a_live_consent_that_still_cools_off_when_fired_then_it_is_refused(peace: CalmWorld) -> None:
    make_ready_for_live(peace, int(peace.world.time.now) - 86_400 + 60)

    assert RefusalCode.LIVE_NOT_CONSENTED in [reason.code for reason in peace.fired().reasons]


def test_given_a_wider_stop_when_asked_for_then_it_is_refused(peace: CalmWorld) -> None:
    peace.opened()
    position = held_by(peace)[0].position
    assert position.stop is not None
    wider = position.stop - position.sign * Decimal("0.001")

    with pytest.raises(InvalidInput):
        peace.wait_for(
            peace.router.modify(ModifyCommand(peace.account, peace.user, "m", position.ticket, wider, position.target))
        )


def test_given_a_tighter_stop_when_moved_then_books_and_broker_agree(peace: CalmWorld) -> None:
    peace.opened()
    position = held_by(peace)[0].position
    assert position.stop is not None
    tighter = position.stop + position.sign * Decimal("0.001")
    command = ModifyCommand(peace.account, peace.user, "m", position.ticket, tighter, position.target)

    peace.wait_for(peace.router.dispatch(peace.wait_for(peace.router.modify(command))))
    peace.wait_for(peace.router.reconcile(peace.account))

    shown = peace.world.store.outside(peace.world.brokers[peace.account].paper.snapshot())
    (change,) = peace.world.store.look(lambda store: store.trades.changes(peace.account, position.ticket))
    assert held_by(peace)[0].position.stop == shown.positions[0].stop == change.stop_after == tighter


def test_i3_given_a_trade_by_hand_when_reconciled_then_it_is_adopted_and_not_closed(peace: CalmWorld) -> None:
    peace.world.store.outside(
        peace.world.brokers[peace.account].trade_by_hand("EURUSD", Direction.BUY, Lots(Decimal("0.01")), None)
    )

    account = peace.wait_for(peace.router.reconcile(peace.account))

    (held,) = held_by(peace)
    assert (held.position.state, held.intent_id) == (PositionState.ADOPTED, None)
    assert account.standing is AccountStanding.READY


def test_i18_given_a_stop_the_broker_lost_when_reconciled_then_it_is_sent_again(peace: CalmWorld) -> None:
    peace.opened()
    position = held_by(peace)[0].position
    peace.world.store.outside(peace.world.brokers[peace.account].delete_stop(position.ticket))

    peace.wait_for(peace.router.reconcile(peace.account))
    (waiting,) = peace.world.store.look(lambda store: store.dispatches.due(int(peace.world.time.now), 9))
    peace.tick()
    peace.wait_for(peace.router.dispatch(waiting.client_order_id))

    shown = peace.world.store.outside(peace.world.brokers[peace.account].paper.snapshot())
    assert shown.positions[0].stop == position.stop
    assert held_by(peace)[0].stop_confirmed_at is not None


def test_i18_given_a_stop_lost_again_and_again_when_reconciled_then_the_position_is_closed_and_told(
    peace: CalmWorld,
) -> None:
    peace.opened()
    position = held_by(peace)[0].position
    broker = peace.world.brokers[peace.account]

    for _ in range(4):
        peace.world.store.outside(broker.delete_stop(position.ticket))
        peace.wait_for(peace.router.reconcile(peace.account))
        for waiting in peace.world.store.look(lambda store: store.dispatches.due(int(peace.world.time.now), 9)):
            peace.tick()
            peace.wait_for(peace.router.dispatch(waiting.client_order_id))

    told = peace.world.store.look(lambda store: store.outbox.waiting(int(peace.world.time.now), 99))
    assert held_by(peace) == ()
    assert [message.priority.value for message in told if message.topic == "stop"] == [0]


def test_given_an_order_executed_after_it_was_proven_absent_when_seen_then_opening_is_frozen(peace: CalmWorld) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    order = sending(peace, order_id)
    peace.wait_for(peace.router.dispatch.settle(peace.account, {order_id: Evidence(Trace.ABSENT)}, None, 0))
    peace.tick()
    peace.world.store.outside(peace.world.brokers[peace.account].paper.place(order))

    account = peace.wait_for(peace.router.reconcile(peace.account))

    assert account.standing is AccountStanding.FROZEN
    assert held_by(peace)[0].position.state is PositionState.ADOPTED


def test_i10_given_answer_and_history_in_any_order_when_settled_then_the_books_are_the_same() -> None:
    ends = []
    for story in ("both", "answer first", "history first", "history twice"):
        peace = CalmWorld()
        order_id = peace.fired().client_order_id
        assert order_id is not None
        order = sending(peace, order_id)
        paper = peace.world.brokers[peace.account].paper
        peace.tick()
        answer = {order_id: evidence_of_answer(peace.world.store.outside(paper.place(order)))}
        snapshot = peace.world.store.outside(paper.snapshot())
        stories: dict[str, list[tuple[dict[int, Evidence], BrokerSnapshot | None]]] = {
            "both": [(answer, snapshot)],
            "answer first": [(answer, None), ({}, snapshot)],
            "history first": [({}, snapshot), (answer, None)],
            "history twice": [({}, snapshot), ({}, snapshot), (answer, snapshot)],
        }
        for evidence, shown in stories[story]:
            peace.wait_for(peace.router.dispatch.settle(peace.account, evidence, shown, 0))
        account = account_of(peace)
        state = attempt_of(peace, order_id).state
        ends.append((state, held_by(peace)[0].position, account.balance, account.last_deal))

    assert ends[0][0] is OrderState.FILLED
    assert all(end == ends[0] for end in ends)


def test_given_contradicting_evidence_when_settled_then_it_is_disputed_until_a_person_decides(peace: CalmWorld) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    order = sending(peace, order_id)
    paper = peace.world.brokers[peace.account].paper
    peace.tick()
    peace.world.store.outside(paper.place(order))
    snapshot = peace.world.store.outside(paper.snapshot())
    twice = replace(snapshot, deals=(snapshot.deals[0]._replace(lots=Lots(order.lots.value * 2)),))

    peace.wait_for(peace.router.dispatch.settle(peace.account, {}, twice, 0))

    admin = UserId("admin")
    assert attempt_of(peace, order_id).state is OrderState.DISPUTED
    assert account_of(peace).standing is AccountStanding.FROZEN
    assert len(peace.world.store.look(lambda store: store.reservations.held(peace.account))) == 1
    with pytest.raises(InvalidInput):
        peace.wait_for(peace.resolve(order_id, OrderState.FILLED, peace.user))
    peace.wait_for(peace.resolve(order_id, OrderState.FILLED, admin))
    assert attempt_of(peace, order_id).state is OrderState.FILLED
    assert peace.world.store.look(lambda store: store.reservations.held(peace.account)) == ()


def test_given_a_process_that_died_while_sending_when_it_starts_again_then_evidence_ends_it(peace: CalmWorld) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    sending(peace, order_id)

    standings = peace.wait_for(peace.router.start_up())

    assert standings == {peace.account: AccountStanding.READY}
    assert attempt_of(peace, order_id).state is OrderState.NOT_EXECUTED


def test_given_a_pair_without_a_quote_when_fired_then_it_is_refused_for_that(peace: CalmWorld) -> None:
    command = peace.command("one")
    del peace.world.market.bars["EURUSD"]

    answer = peace.wait_for(peace.router.fire(command))

    assert RefusalCode.NO_QUOTE in [reason.code for reason in answer.reasons]


def test_given_a_pair_that_is_not_traded_when_fired_then_the_input_is_wrong(peace: CalmWorld) -> None:
    command = peace.command("one")

    with pytest.raises(InvalidInput):
        peace.wait_for(peace.router.fire(replace(command, signal=command.signal._replace(symbol="USDSEK"))))


def test_given_half_a_fill_when_the_rest_works_on_then_the_rest_of_the_risk_stays_reserved(peace: CalmWorld) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    order = sending(peace, order_id)
    (whole,) = peace.world.store.look(lambda store: store.reservations.held(peace.account))
    paper = peace.world.brokers[peace.account].paper
    peace.tick()
    quarter = Lots((order.lots.value / 4).quantize(Decimal("0.01")))
    peace.world.store.outside(paper.place(replace(order, lots=quarter)))
    working = {order_id: Evidence(Trace.FOUND, Answer(order_id, AnswerKind.WORKING))}
    snapshot = peace.world.store.outside(paper.snapshot())

    peace.wait_for(peace.router.dispatch.settle(peace.account, working, snapshot, 0))

    (left,) = peace.world.store.look(lambda store: store.reservations.held(peace.account))
    open_share = 1 - quarter.value / order.lots.value
    assert attempt_of(peace, order_id).state is OrderState.PARTIAL
    assert Decimal(0) <= left.risk.amount - whole.risk.amount * open_share < Decimal("0.01")
    assert held_by(peace)[0].position.lots == quarter


def test_given_half_a_fill_when_the_answer_is_final_then_the_rest_is_given_back(peace: CalmWorld) -> None:
    order_id = peace.fired().client_order_id
    assert order_id is not None
    order = sending(peace, order_id)
    paper = peace.world.brokers[peace.account].paper
    peace.tick()
    quarter = Lots((order.lots.value / 4).quantize(Decimal("0.01")))
    answer = peace.world.store.outside(paper.place(replace(order, lots=quarter)))
    snapshot = peace.world.store.outside(paper.snapshot())

    peace.wait_for(peace.router.dispatch.settle(peace.account, {order_id: evidence_of_answer(answer)}, snapshot, 0))

    assert attempt_of(peace, order_id).state is OrderState.CANCELLED
    assert peace.world.store.look(lambda store: store.reservations.held(peace.account)) == ()
    assert held_by(peace)[0].position.lots == quarter


def test_i5_given_a_deal_that_comes_late_into_the_history_when_reconciled_then_it_is_booked(peace: CalmWorld) -> None:
    peace.opened("one", "EURUSD")
    broker = peace.world.brokers[peace.account].paper
    before = account_of(peace)
    for symbol in ("USDCAD", "GBPUSD"):
        peace.tick()
        peace.world.store.outside(
            peace.world.brokers[peace.account].trade_by_hand(symbol, Direction.BUY, Lots(Decimal("0.01")), None)
        )
    whole = peace.world.store.outside(broker.snapshot(before.last_deal))
    late = replace(whole, deals=whole.deals[1:])

    peace.wait_for(peace.router.dispatch.settle(peace.account, {}, late, before.last_deal))
    missing = account_of(peace)
    peace.wait_for(peace.router.reconcile(peace.account))

    assert missing.balance != whole.balance
    assert account_of(peace).balance == whole.balance
    assert account_of(peace).standing is AccountStanding.READY


def test_given_books_that_differ_when_compared_twice_then_cold_becomes_frozen_and_thaws(peace: CalmWorld) -> None:
    change_account(peace, balance=Money(Decimal(1), "USD"))

    first = peace.wait_for(peace.router.reconcile(peace.account))
    second = peace.wait_for(peace.router.reconcile(peace.account))
    change_account(peace, balance=Money(Decimal(20_000), "USD"))
    still = peace.wait_for(peace.router.reconcile(peace.account))
    peace.wait_for(peace.router.thaw(peace.account, UserId("admin")))
    last = peace.wait_for(peace.router.reconcile(peace.account))

    assert [one.standing for one in (first, second, still, last)] == [
        AccountStanding.COLD,
        AccountStanding.FROZEN,
        AccountStanding.FROZEN,
        AccountStanding.READY,
    ]


def test_given_a_halt_no_broker_carries_out_when_tried_often_then_what_is_open_is_told(
    peace: CalmWorld,
) -> None:
    peace.opened()
    ticket = held_by(peace)[0].position.ticket
    # A broker that has just started knows no price, and takes no order before it does.
    peace.world.brokers[peace.account].restart()
    peace.wait_for(peace.router.set_emergency(EmergencyCommand(StopScope.USER, peace.user, StopKind.HALT, peace.user)))

    tries = 0
    for _ in range(10):
        for waiting in peace.world.store.look(lambda store: store.dispatches.due(int(peace.world.time.now), 9)):
            peace.wait_for(peace.router.dispatch(waiting.client_order_id))
            tries += 1
        peace.world.time.run_until(peace.world.time.now + 70)

    told = peace.world.store.look(lambda store: store.outbox.waiting(int(peace.world.time.now), 99))
    assert tries == 6
    assert next(message.body for message in told if message.topic == "close").startswith(
        f'{{"text": "Position {ticket} is open'
    )
    assert held_by(peace)[0].position.state is PositionState.OPEN


def test_i6_given_a_close_that_was_not_sent_when_tried_again_then_it_is_the_next_attempt_of_the_same_intent(
    peace: CalmWorld,
) -> None:
    peace.opened()
    ticket = held_by(peace)[0].position.ticket
    peace.world.brokers[peace.account].restart()
    order_id = peace.wait_for(peace.router.close(CloseCommand(peace.account, peace.user, "close", ticket)))
    peace.wait_for(peace.router.dispatch(order_id))
    intent_id = attempt_of(peace, order_id).intent_id
    peace.world.time.run_until(peace.world.time.now + 5)
    peace.world.market.show_all(int(peace.world.time.now), peace.world.brokers[peace.account].paper)

    (waiting,) = peace.world.store.look(lambda store: store.dispatches.due(int(peace.world.time.now), 9))
    peace.wait_for(peace.router.dispatch(waiting.client_order_id))

    attempts = peace.world.store.look(lambda store: store.intents.attempts(intent_id))
    assert [one.attempt.state for one in attempts] == [OrderState.NOT_EXECUTED, OrderState.FILLED]
    assert held_by(peace) == ()
