"""Promises about intents and attempts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_apps.testkit.unit_of_work import samples as s
from bitten_apps.testkit.unit_of_work.bench import UnitOfWorkBench, at_once, each, expect, refused, told_apart
from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.execution import DealReason
from bitten_domain.execution.lifecycle import TERMINAL_STATES
from bitten_domain.execution.protocol import Attempt, CloseIntent, LevelsIntent
from bitten_domain.ports.repositories.fires import Errand
from bitten_domain.values import Direction, IntentId, SignalId
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitten_apps.testkit.unit_of_work.bench import Check
    from bitten_domain.execution.protocol import FireIntent, Intent
    from bitten_domain.ports.unit_of_work import Repositories

__all__ = ["FIRE_PROMISES"]

_S = OrderState


def _added(intent: Intent, attempt: Attempt) -> Callable[[Repositories], None]:
    return lambda r: r.intents.add(intent, attempt)


def _moved(intent: FireIntent, number: int, to: OrderState, was: OrderState, nth: int = 1) -> Callable[..., None]:
    return lambda r: r.intents.move(replace(s.attempt(intent, number, to, nth), since=s.NOON + 5), was)


async def _keeps_an_intent_with_its_attempts(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    close = CloseIntent(IntentId("close"), s.account_id(), 7, None, DealReason.MANUAL, s.NOON)
    levels = LevelsIntent(IntentId("levels"), s.account_id(), 7, None, s.fire(1).target, "RESEND", s.NOON)
    errands = [
        Errand(s.fire(1), s.attempt(s.fire(1), 1)),
        Errand(close, Attempt(close.intent_id, 1, s.order_id(2), _S.RESERVED, s.NOON)),
        Errand(levels, Attempt(levels.intent_id, 1, s.order_id(3), _S.RESERVED, s.NOON)),
    ]
    for errand in errands:
        await bench.store.run(_added(errand.intent, errand.attempt))

    def work(r: Repositories) -> list[object]:
        return [
            [r.intents.attempts(errand.intent.intent_id) for errand in errands],
            [r.intents.by_order(errand.attempt.client_order_id) for errand in errands],
            r.intents.attempts(IntentId("nobody's")),
            r.intents.by_order(s.order_id(99)),
        ]

    expect(await bench.store.read(work), [[(one,) for one in errands], errands, (), None], "intents and attempts")


async def _fires_a_signal_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    await bench.store.run(_added(s.fire(1), s.attempt(s.fire(1), 1, _S.RESERVED)))
    await bench.store.run(_moved(s.fire(1), 1, _S.REJECTED, _S.RESERVED))
    again = s.fire(2, signal_id="signal-1")
    await refused(bench, Conflict, _added(again, s.attempt(again, 2)), "the same signal on the same account")
    elsewhere = s.fire(1, of=2)
    await bench.store.run(_added(elsewhere, s.attempt(elsewhere, 1)))
    for number in (3, 4):
        manual = replace(s.fire(number), signal=None)
        await bench.store.run(_added(manual, s.attempt(manual, number)))

    def work(r: Repositories) -> list[bool]:
        first, second = SignalId("signal-1"), SignalId("signal-2")
        return [r.intents.has_fired(s.account_id(of), name) for of in (1, 2) for name in (first, second)]

    expect(await bench.store.read(work), [True, False, True, False], "signals that were fired, by account")


async def _fires_a_signal_once_at_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    rivals = [s.fire(number, signal_id="signal-1") for number in range(1, 13)]
    results = await at_once(bench, [_added(one, s.attempt(one, n)) for n, one in enumerate(rivals, start=1)])
    expect(len(told_apart(results, Conflict)[0]), 1, "fires of one signal that were kept, of twelve at once")


async def _gives_an_order_id_once(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    await bench.store.run(_added(s.fire(1), s.attempt(s.fire(1), 1)))
    other = Attempt(s.fire(2).intent_id, 1, s.order_id(1), _S.RESERVED, s.NOON)
    await refused(bench, Conflict, _added(s.fire(2), other), "another intent's order id")
    await refused(bench, Conflict, _added(s.fire(1), s.attempt(s.fire(1), 2)), "an attempt that is there")
    expect(await bench.store.read(lambda r: r.intents.attempts(s.fire(2).intent_id)), (), "the refused intent")
    expect(await bench.store.read(lambda r: len(r.intents.attempts(s.fire(1).intent_id))), 1, "attempts of the first")


async def _numbers_attempts_from_one(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    intent = s.fire(1)
    await refused(bench, BrokenInvariant, _added(intent, s.attempt(intent, 1, nth=2)), "beginning with attempt 2")
    await bench.store.run(_added(intent, s.attempt(intent, 1)))
    await bench.store.run(_moved(intent, 1, _S.REJECTED, _S.RESERVED))
    await refused(bench, BrokenInvariant, _added(intent, s.attempt(intent, 3, nth=3)), "leaving out attempt 2")
    stranger = replace(s.attempt(intent, 4, nth=2), intent_id=IntentId("another"))
    await refused(bench, BrokenInvariant, _added(intent, stranger), "another intent's attempt")
    changed = replace(intent, score=9_999)
    await refused(bench, BrokenInvariant, _added(changed, s.attempt(intent, 5, nth=2)), "an intent that has changed")


async def _tries_again_after_proof_only(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    for number, state in enumerate(OrderState, start=1):
        intent, second = s.fire(number), 50 + number
        await bench.store.run(_added(intent, s.attempt(intent, number)))
        if state is not _S.RESERVED:
            await bench.store.run(_moved(intent, number, state, _S.RESERVED))
        retry = _added(intent, s.attempt(intent, second, nth=2))
        if state not in (_S.NOT_EXECUTED, _S.REJECTED):
            await refused(bench, BrokenInvariant, retry, f"a second attempt while the first is {state.value}")
            continue
        await bench.store.run(retry)
        found = (await each(bench, lambda r, one: r.intents.attempts(one.intent_id), [intent]))[0]
        numbers = [(errand.attempt.number, errand.attempt.client_order_id) for errand in found]
        expect(numbers, [(1, s.order_id(number)), (2, s.order_id(second))], "attempts, oldest first")


async def _moves_from_where_it_was(bench: UnitOfWorkBench) -> None:
    await bench.store.run(s.add_accounts)
    intent = s.fire(1)
    await refused(bench, Conflict, _moved(intent, 1, _S.SENDING, _S.RESERVED), "moving what is not there")
    await bench.store.run(_added(intent, s.attempt(intent, 1)))
    await bench.store.run(_moved(intent, 1, _S.SENDING, _S.RESERVED))
    await refused(bench, Conflict, _moved(intent, 1, _S.EXPIRED, _S.RESERVED), "moving what somebody else moved")
    expected = replace(s.attempt(intent, 1, _S.SENDING), since=s.NOON + 5)
    found = await bench.store.read(lambda r: r.intents.by_order(s.order_id(1)))
    expect(found, Errand(intent, expected), "the attempt")
    rivals = (_S.FILLED, _S.REJECTED, _S.UNKNOWN, _S.WORKING, _S.PARTIAL, _S.NOT_EXECUTED)
    results = await at_once(bench, [_moved(intent, 1, to, _S.SENDING) for to in rivals])
    expect(len(told_apart(results, Conflict)[0]), 1, "moves from one state that were kept, of six at once")


async def _lists_what_is_unfinished(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    states = list(OrderState)
    for number, state in reversed(list(enumerate(states, start=1))):
        await bench.store.run(_added(s.fire(number), s.attempt(s.fire(number), number)))
        if state is not _S.RESERVED:
            await bench.store.run(_moved(s.fire(number), number, state, _S.RESERVED))
        ended = s.fire(50 + number)
        if state in TERMINAL_STATES:
            await bench.store.run(_added(ended, s.attempt(ended, 50 + number, state)))
    await bench.store.run(_added(s.fire(1, of=2), s.attempt(s.fire(1, of=2), 1)))
    found = await bench.store.read(lambda r: r.intents.unfinished(s.account_id()))
    expected = [(s.order_id(n), state) for n, state in enumerate(states, start=1) if state not in TERMINAL_STATES]
    expect(
        [(errand.attempt.client_order_id, errand.attempt.state) for errand in found],
        expected,
        "unfinished attempts, by order id",
    )


async def _remembers_last_fires(bench: UnitOfWorkBench) -> None:
    await bench.store.run(lambda r: s.add_accounts(r, 2))
    fires = [
        s.fire(1, at=s.NOON + 100),
        s.fire(2, at=s.NOON + 50),
        s.fire(3, at=s.NOON + 10, symbol="GBPUSD"),
        replace(s.fire(4, at=s.NOON + 60), direction=Direction.SELL, signal=None),
        s.fire(5, of=2, at=s.NOON + 500),
    ]
    for number, intent in enumerate(fires, start=1):
        await bench.store.run(_added(intent, s.attempt(intent, number)))
    await bench.store.run(_moved(fires[3], 4, _S.REJECTED, _S.RESERVED))
    close = CloseIntent(IntentId("close"), s.account_id(), 7, None, DealReason.MANUAL, s.NOON + 900)
    await bench.store.run(_added(close, Attempt(close.intent_id, 1, s.order_id(9), _S.RESERVED, s.NOON)))
    found = await bench.store.read(
        lambda r: [dict(r.intents.last_fires(s.account_id(), s.NOON + since)) for since in (0, 60, 61)]
    )
    buy, sell = ("EURUSD", Direction.BUY), ("EURUSD", Direction.SELL)
    everything = {buy: s.NOON + 100, sell: s.NOON + 60, ("GBPUSD", Direction.BUY): s.NOON + 10}
    recent = {buy: s.NOON + 100, sell: s.NOON + 60}
    expect(found, [everything, recent, {buy: s.NOON + 100}], "last fires since the start, and since two later moments")


FIRE_PROMISES: tuple[tuple[str, Check], ...] = (
    ("an intent of each kind is kept with its attempt, and found by both", _keeps_an_intent_with_its_attempts),
    ("an account fires a signal once, whatever became of it", _fires_a_signal_once),
    ("of fires of one signal at once, one is kept", _fires_a_signal_once_at_once),
    ("a client order id and an attempt's number are given once", _gives_an_order_id_once),
    ("an intent's attempts are numbered from 1 without gaps, and are its own", _numbers_attempts_from_one),
    ("a second attempt exists only after proof that the first was not executed", _tries_again_after_proof_only),
    ("an attempt is moved only from the state it is in", _moves_from_where_it_was),
    ("an account's unfinished attempts are listed by order id, the ended ones not", _lists_what_is_unfinished),
    ("the last fire of each pair and side is found, from a moment on", _remembers_last_fires),
)
"""Promises of `IntentRepository`."""
