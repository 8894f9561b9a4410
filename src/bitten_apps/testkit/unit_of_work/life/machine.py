"""A store's life against a small model: any transactions in any order, kept or taken back, with restarts between."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from copy import deepcopy
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import expect
from bitten_apps.testkit.unit_of_work.life import steps
from bitten_apps.testkit.unit_of_work.life.model import Model, ModelRefusal
from bitten_apps.testkit.unit_of_work.promises.record import expect_chain
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.execution.lifecycle import TERMINAL_STATES, PositionState
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench
    from bitten_apps.testkit.unit_of_work.life.model import Step
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["StoreMachine"]

_ACCOUNTS = (1, 2)
_ORDERS = range(1, 5)
_STREAMS = ("system", "account:account-1")

_accounts = st.sampled_from(_ACCOUNTS)
_numbers = st.integers(1, 3)
_orders = st.sampled_from(_ORDERS)
_owners = st.sampled_from(["one", "two"])
_times = st.integers(0, 3)
_streams = st.sampled_from(_STREAMS)
_payloads = st.lists(st.binary(max_size=3), max_size=3).map(tuple)

_steps: st.SearchStrategy[Step] = st.one_of(
    st.builds(steps.TakeNumber, _accounts),
    st.builds(steps.Fire, _accounts, _numbers, _orders, st.sampled_from([1, 1, 2, 3])),
    st.builds(steps.Fire, _accounts, _numbers, _orders, st.just(1)),
    st.builds(steps.Move, _accounts, _orders, st.just(OrderState.RESERVED), st.sampled_from(OrderState)),
    st.builds(steps.Move, _accounts, _orders, st.sampled_from(OrderState), st.sampled_from(OrderState)),
    st.builds(steps.Hold, _accounts, _numbers, st.integers(0, 3)),
    st.builds(steps.Release, _accounts, _numbers),
    st.builds(steps.AddErrand, _accounts, _orders, _times, st.booleans()),
    st.builds(steps.Claim, _accounts, _orders, _owners, _times),
    st.builds(steps.TakeOver, _accounts, _orders, _owners, _times, _times),
    st.builds(steps.Finish, _accounts, _orders),
    st.builds(steps.Settle, _accounts, _numbers, _numbers, st.integers(-1, 1)),
    st.builds(steps.PutPosition, _accounts, _numbers, st.sampled_from(PositionState)),
    st.builds(steps.Append, _streams, _payloads),
    st.builds(steps.Erase, _streams, _numbers),
)


class _TakenBack(Exception):
    """Raised by a work that is not to be kept."""


class StoreMachine(RuleBasedStateMachine):
    """Take steps on a store and on the model, and hold one against the other.

    Give `hypothesis.stateful.run_state_machine_as_test` a subclass that knows how to open its store.

    Args:
        open_store: opens an empty store for as long as the context lasts.
    """

    def __init__(self, open_store: Callable[[], AbstractContextManager[UnitOfWorkBench]]) -> None:
        super().__init__()
        self._open = ExitStack()
        self._runner = self._open.enter_context(asyncio.Runner())
        self._bench = self._open.enter_context(open_store())
        self._model = Model({s.account_id(number): s.account(number) for number in _ACCOUNTS})
        self._ended: dict[int, OrderState] = {}
        self._run(lambda r: s.add_accounts(r, len(_ACCOUNTS)))

    def _run(self, work: Callable[[Repositories], object]) -> object:
        return self._runner.run(self._bench.store.run(work))

    def teardown(self) -> None:
        """Close the store."""
        self._open.close()

    @rule(taken=st.lists(_steps, min_size=1, max_size=4), is_taken_back=st.sampled_from([False, False, True]))
    def transact(self, taken: list[Step], is_taken_back: bool) -> None:
        """Take steps in one transaction that is kept, refused, or raises at its end."""

        def work(r: Repositories) -> list[object]:
            answers = [step.on_store(r) for step in taken]
            if is_taken_back:
                raise _TakenBack
            return answers

        model = deepcopy(self._model)
        try:
            expected = [step.on_model(model) for step in taken]
        except ModelRefusal as refusal:
            self._expect_refusal(work, refusal)
            return
        try:
            found = self._run(work)
        except _TakenBack:
            expect(is_taken_back, True, "only what raises is taken back")
            return
        expect(found, expected, f"answers to {taken}")
        self._model = model

    def _expect_refusal(self, work: Callable[[Repositories], object], refusal: ModelRefusal) -> None:
        try:
            found = self._run(work)
        except (Conflict, BrokenInvariant) as error:
            expect(isinstance(error, refusal.reasons), True, f"{error!r} stands for {refusal}")
            return
        raise ContractBroken(f"expected {refusal}, found {found}")

    @rule()
    def reopen(self) -> None:
        """Open the store again, as a new process would."""
        self._runner.run(self._bench.reopen())

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        """Read the store and hold it against the model and against the safety invariants."""
        model = self._model
        self._runner.run(self._bench.store.read(lambda r: _expect_same(r, model)))
        for number, state in self._ended.items():
            expect(model.attempts[number].state, state, "a terminal state absorbs (I8)")
        self._ended = {n: one.state for n, one in model.attempts.items() if one.state in TERMINAL_STATES}
        expect([times for times in model.released.values() if times != 1], [], "a reservation is released once (I7)")


def _expect_same(r: Repositories, model: Model) -> None:
    expect({one.account_id: one for one in r.accounts.all()}, model.accounts, "accounts")
    for account in model.accounts.values():
        name = account.account_id
        total = r.deals.total(name)
        booked = account.opening if total is None else account.opening + total
        expect(account.balance, booked, "balance = opening + sum of deals (I5)")
        deals = [deal for (of, _), deal in sorted(model.deals.items()) if of == name]
        for position in range(1, 4):
            expected = tuple(deal for deal in deals if deal.position == position)
            expect(r.deals.of_position(name, position), expected, "deals of a position")
        expected_open = [
            held
            for (of, _), held in sorted(model.positions.items())
            if of == name and held.position.state is not PositionState.CLOSED
        ]
        expect(list(r.positions.open(name)), expected_open, "open positions")
        held = [one for _, one in sorted(model.held.items()) if one.account == name]
        expect(list(r.reservations.held(name)), held, "reservations held")
        unfinished = [
            attempt
            for number, attempt in sorted(model.attempts.items())
            if attempt.state not in TERMINAL_STATES and model.intents[attempt.intent_id].account == name
        ]
        expect([errand.attempt for errand in r.intents.unfinished(name)], unfinished, "unfinished attempts")
        fired = {intent.signal for intent in model.intents.values() if intent.account == name}
        asked = [s.fire(number).signal for number in range(1, 4)]
        found = [signal is not None and r.intents.has_fired(name, signal) for signal in asked]
        expect(found, [signal in fired for signal in asked], "signals fired")
    _expect_same_orders(r, model)
    _expect_same_streams(r, model)


def _expect_same_orders(r: Repositories, model: Model) -> None:
    for key, held in model.positions.items():
        expect(r.positions.get(*key), held, "a position")
    for intent_id, intent in model.intents.items():
        errands = r.intents.attempts(intent_id)
        expect([one.attempt for one in errands], model.attempts_of(intent_id), "attempts of an intent")
        expect({one.intent for one in errands}, {intent}, "their intent")
    for of in _ACCOUNTS:
        for order in _ORDERS:
            number = s.order_id(order, of)
            expect(r.dispatches.get(number), model.errands.get(number), "an errand")
            errand = r.intents.by_order(number)
            expect(None if errand is None else errand.attempt, model.attempts.get(number), "an attempt by its order")
    now = s.NOON + 2
    due = [one for one in model.errands.values() if not one.claimed_by and one.due_at <= now]
    found = r.dispatches.due(now, 99)
    expect({one.client_order_id for one in found}, {one.client_order_id for one in due}, "due errands")
    places = [(one.opens, one.due_at) for one in found]
    expect(places, sorted(places), "due errands: closing first, then the oldest")


def _expect_same_streams(r: Repositories, model: Model) -> None:
    heads = {head.stream: head for head in r.journal.heads()}
    expect(set(heads), set(model.streams), "streams")
    for stream in _STREAMS:
        rows = r.journal.rows(stream, 0, 9_999)
        expect([row.payload for row in rows], model.streams.get(stream, []), "payloads of a stream")
        expect_chain(rows, heads.get(stream))
