"""The contract is worth something: stores with planted bugs, each caught by the card whose promise it breaks."""

from __future__ import annotations

import asyncio
import copyreg
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from itertools import count
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pytest

from bitten_adapters.memory import accounts, books, fires, messages, people, record, signals
from bitten_adapters.memory.members import gateway_events, press_passes, subscriptions
from bitten_adapters.memory.transaction import Access, Timeline, Transaction
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.unit_of_work.promises import transactions
from bitten_apps.testkit.unit_of_work_contract import UNIT_OF_WORK_CARDS
from bitten_domain.errors import BittenError, BrokenInvariant
from bitten_domain.membership.press_pass import PressPassDay
from bitten_domain.record.journal import GENESIS, chained
from bitten_domain.vocabulary import OrderState

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bitten_domain.desk.signal_desk import SignalDesk
    from bitten_domain.execution import Deal
    from bitten_domain.execution.protocol import Attempt, Dispatch, FireIntent
    from bitten_domain.membership.press_pass import PressPass
    from bitten_domain.membership.subscription import GatewayEvent, Subscription
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import AccountId, IntentId, Money, UserId

    Patch = pytest.MonkeyPatch

T = TypeVar("T")

# What is read-only cannot be copied otherwise.
copyreg.pickle(MappingProxyType, lambda proxy: (MappingProxyType, (dict(proxy),)))

CARDS = {card.name: card for card in UNIT_OF_WORK_CARDS}


def driven(running: Coroutine[object, None, T]) -> T:
    try:
        running.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise AssertionError("the store in memory waits for nobody")


class LastWriterWins(MemoryUnitOfWork):
    """Works on a copy and puts it in place of whatever is there by then."""

    async def run(self, work: Callable[[Repositories], T]) -> T:
        copied = deepcopy(self, {id(self._lock): RLock()})
        result = await MemoryUnitOfWork.run(copied, work)
        await asyncio.sleep(0)
        self._repositories, self._transaction = copied._repositories, copied._transaction
        return result


class ReadsTheUncommitted(MemoryUnitOfWork):
    """Writes in a thread, and reads what is there meanwhile."""

    async def run(self, work: Callable[[Repositories], T]) -> T:
        return await asyncio.to_thread(lambda: driven(MemoryUnitOfWork.run(self, work)))

    async def read(self, work: Callable[[Repositories], T]) -> T:
        if self._transaction._access is Access.WRITING:
            return work(self._repositories)
        return await super().read(work)


class ReadsWait(MemoryUnitOfWork):
    """Writes in a thread, and lets nobody read meanwhile."""

    async def run(self, work: Callable[[Repositories], T]) -> T:
        return await asyncio.to_thread(lambda: driven(MemoryUnitOfWork.run(self, work)))


class Bench:
    def __init__(self, kind: type[MemoryUnitOfWork], *, forgets: bool = False) -> None:
        self._kind, self._forgets = kind, forgets
        self._open()

    def _open(self) -> None:
        numbers = count(1)
        self.store: UnitOfWork = self._kind(lambda: next(numbers).to_bytes(16, "big"))

    async def reopen(self) -> None:
        if self._forgets:
            self._open()


def undoes_nothing(patch: Patch) -> None:
    patch.setattr(Transaction, "take_back", Transaction.keep)


def undoes_from_the_front(patch: Patch) -> None:
    def take_back(self: Transaction) -> None:
        for reverse in self._reverses:
            with suppress(KeyError):
                reverse()
        self.keep()

    patch.setattr(Transaction, "take_back", take_back)


def lets_readings_write(patch: Patch) -> None:
    patch.setattr(Transaction, "to_write", Transaction.to_read)


def never_closes(patch: Patch) -> None:
    patch.setattr(Transaction, "to_read", lambda _: None)


def keeps_locks(patch: Patch) -> None:
    patch.setattr(Transaction, "_end", lambda self: setattr(self, "_access", Access.NOTHING))


def keeps_orphans(patch: Patch) -> None:
    patch.setattr(accounts.MemoryAccounts, "require", lambda *_: None)


def retries_the_unknown(patch: Patch) -> None:
    patch.setattr(fires, "_PROVEN_ABSENT", {OrderState.REJECTED, OrderState.NOT_EXECUTED, OrderState.UNKNOWN})


def moves_blindly(patch: Patch) -> None:
    move = fires.MemoryIntents.move

    def blindly(self: fires.MemoryIntents, attempt: Attempt, was: OrderState) -> None:
        stored = self._attempts.get(attempt.client_order_id)
        move(self, attempt, was if stored is None else stored.state)

    patch.setattr(fires.MemoryIntents, "move", blindly)


def forgets_what_was_fired(patch: Patch) -> None:
    add = fires.MemoryIntents._add_fire

    def forgetful(self: fires.MemoryIntents, intent: FireIntent) -> None:
        self._fired.clear()
        add(self, intent)

    patch.setattr(fires.MemoryIntents, "_add_fire", forgetful)


def releases_twice(patch: Patch) -> None:
    def release(self: fires.MemoryReservations, intent_id: IntentId, _at: int) -> Money:
        self._transaction.to_write()
        if intent_id not in self._held:
            raise BrokenInvariant("never held")
        return self._held[intent_id].risk

    patch.setattr(fires.MemoryReservations, "release", release)


def claims_the_claimed(patch: Patch) -> None:
    def claim(self: fires.MemoryDispatches, order: int, owner: str, until: int) -> Dispatch | None:
        self._transaction.to_write()
        found = self._waiting.pop(order, None) or self._claimed.get(order)
        return None if found is None else self._hand(found, owner, until)

    patch.setattr(fires.MemoryDispatches, "claim", claim)


def ignores_leases(patch: Patch) -> None:
    take_over = fires.MemoryDispatches.take_over

    def at_any_time(self: fires.MemoryDispatches, order: int, owner: str, _now: int, until: int) -> Dispatch | None:
        return take_over(self, order, owner, 1 << 60, until)

    patch.setattr(fires.MemoryDispatches, "take_over", at_any_time)


def never_raises_the_fence(patch: Patch) -> None:
    hand = fires.MemoryDispatches._hand

    def handed(self: fires.MemoryDispatches, dispatch: Dispatch, owner: str, until: int) -> Dispatch:
        return replace(hand(self, dispatch, owner, until), fence=dispatch.fence)

    patch.setattr(fires.MemoryDispatches, "_hand", handed)


def knows_deals_by_greater_than(patch: Patch) -> None:
    book = books.MemoryDeals.book

    def newer_only(self: books.MemoryDeals, account: AccountId, deal: Deal) -> bool:
        newest = max((ticket for of, ticket in self._deals if of == account), default=0)
        return deal.ticket > newest and book(self, account, deal)

    patch.setattr(books.MemoryDeals, "book", newer_only)


def opens_the_closed(patch: Patch) -> None:
    patch.setattr(books, "_CLOSED", None)


def lists_the_last_added(patch: Patch) -> None:
    def newest(self: Timeline[T], limit: int, before: int | None = None) -> list[T]:
        found = sorted(self._rows, key=lambda row: -row[1])
        return [record for at, _, record in found if before is None or at < before][: max(0, limit)]

    patch.setattr(Timeline, "newest", newest)


def forgets_who_has_telegram(patch: Patch) -> None:
    patch.setattr(people.MemoryPersons, "by_telegram", lambda self, _: self._transaction.to_read())


def mixes_stops_up(patch: Patch) -> None:
    patch.setattr(people, "_key", lambda stop: (stop.scope, stop.subject, stop.scope))


def tells_twice(patch: Patch) -> None:
    told = messages.MemoryOutbox.told

    def forgetting(self: messages.MemoryOutbox, ids: list[str], at: int) -> None:
        told(self, ids, at)
        self._numbers.clear()

    patch.setattr(messages.MemoryOutbox, "told", forgetting)


def never_parks(patch: Patch) -> None:
    failed = messages.MemoryInbox.failed
    patch.setattr(messages.MemoryInbox, "failed", lambda self, bot, number, _: failed(self, bot, number, 999))


def salts_nothing(patch: Patch) -> None:
    patch.setattr(record, "commitment_of", lambda _, payload: chained(b"", payload))


def chains_nothing(patch: Patch) -> None:
    patch.setattr(record, "extended", lambda _, commitment: commitment)


def erases_the_chain(patch: Patch) -> None:
    erase = record.MemoryJournal.erase

    def wholly(self: record.MemoryJournal, stream: str, number: int) -> None:
        erase(self, stream, number)
        rows = self._rows.get(stream, {})
        if number in rows:
            rows[number] = rows[number]._replace(head=GENESIS)

    patch.setattr(record.MemoryJournal, "erase", wholly)


def keeps_rows_of_scans(patch: Patch) -> None:
    patch.setattr(books, "_without_row", lambda known: known)


def goes_back_in_time(patch: Patch) -> None:
    def put_desk(self: signals.MemorySignals, desk: SignalDesk) -> None:
        self._transaction.to_write()
        self._transaction.put(self._desk, None, desk)

    patch.setattr(signals.MemorySignals, "put_desk", put_desk)


def forgets_passes_of_the_erased(patch: Patch) -> None:
    put = press_passes.MemoryPressPasses.put

    def forgetful(self: press_passes.MemoryPressPasses, one: PressPass) -> None:
        put(self, one)
        if one.user_id is None:
            self._transaction.drop(self._passes, one.telegram_key)

    patch.setattr(press_passes.MemoryPressPasses, "put", forgetful)


def counts_only_those_who_are_here(patch: Patch) -> None:
    def read(self: press_passes.MemoryPressPassDays, day: int) -> PressPassDay:
        here = [one for one in self._passes.values() if one.user_id is not None]
        return PressPassDay(day, self._limits[day], sum(one.claimed_at // 86_400 == day for one in here))

    patch.setattr(press_passes.MemoryPressPassDays, "_read", read)


def moves_the_end(patch: Patch) -> None:
    def put(self: press_passes.MemoryPressPasses, one: PressPass) -> None:
        self._transaction.to_write()
        self._transaction.put(self._passes, one.telegram_key, one)

    patch.setattr(press_passes.MemoryPressPasses, "put", put)


def forgets_who_tried(patch: Patch) -> None:
    def forget(self: press_passes.MemoryTrials, user_id: UserId) -> int:
        self._transaction.to_write()
        theirs = [key for key, mark in self._marks.items() if mark.user_id == user_id]
        for key in theirs:
            self._transaction.drop(self._marks, key)
        return len(theirs)

    patch.setattr(press_passes.MemoryTrials, "forget", forget)


def believes_the_last_telling(patch: Patch) -> None:
    def add(self: gateway_events.MemoryGatewayEvents, event: GatewayEvent, _received_at: int) -> bool:
        self._transaction.to_write()
        is_new = (event.gateway, event.event_id) not in self._events
        self._transaction.put(self._events, (event.gateway, event.event_id), event)
        return is_new

    patch.setattr(gateway_events.MemoryGatewayEvents, "add", add)


def has_many_current(patch: Patch) -> None:
    def put(self: subscriptions.MemorySubscriptions, one: Subscription) -> None:
        self._transaction.to_write()
        self._transaction.put(self._subscriptions, (one.gateway, one.subscription_ref), one)

    patch.setattr(subscriptions.MemorySubscriptions, "put", put)


def pays_another_amount(patch: Patch) -> None:
    patch.setattr(subscriptions, "_fixed", lambda _: ())


class Bug(NamedTuple):
    plant: Callable[[Patch], None]
    card: str


BUGS = (
    Bug(undoes_nothing, "keeps_nothing_of_a_failure"),
    Bug(undoes_nothing, "keeps_nothing_of_a_refusal"),
    Bug(undoes_nothing, "leaves_no_gap_behind_a_failure"),
    Bug(undoes_from_the_front, "keeps_nothing_of_a_failure"),
    Bug(lets_readings_write, "refuses_writes_in_a_reading"),
    Bug(never_closes, "ends_repositories_with_their_transaction"),
    Bug(keeps_locks, "replaces_under_the_lock_only"),
    Bug(keeps_orphans, "keeps_no_orphans"),
    Bug(retries_the_unknown, "tries_again_after_proof_only"),
    Bug(moves_blindly, "moves_from_where_it_was"),
    Bug(forgets_what_was_fired, "fires_a_signal_once"),
    Bug(releases_twice, "releases_once"),
    Bug(releases_twice, "releases_once_at_once"),
    Bug(claims_the_claimed, "claims_once"),
    Bug(claims_the_claimed, "claims_once_at_once"),
    Bug(ignores_leases, "takes_over_what_ran_out"),
    Bug(never_raises_the_fence, "claims_once"),
    Bug(knows_deals_by_greater_than, "adds_deals_up"),
    Bug(opens_the_closed, "closes_a_position_for_ever"),
    Bug(keeps_rows_of_scans, "forgets_rows_of_scans"),
    Bug(lists_the_last_added, "lists_recent_trades"),
    Bug(forgets_who_has_telegram, "knows_a_telegram_id_once"),
    Bug(mixes_stops_up, "keeps_stops_apart"),
    Bug(tells_twice, "tells_a_message_once"),
    Bug(never_parks, "parks_what_fails"),
    Bug(salts_nothing, "chains_rows"),
    Bug(chains_nothing, "numbers_without_gaps_at_once"),
    Bug(erases_the_chain, "erases_content_only"),
    Bug(goes_back_in_time, "never_goes_back_in_time"),
    Bug(forgets_passes_of_the_erased, "gives_a_key_one_pass_for_ever"),
    Bug(counts_only_those_who_are_here, "counts_a_day_from_its_rows"),
    Bug(moves_the_end, "changes_a_pass_but_not_its_end"),
    Bug(forgets_who_tried, "gives_a_key_one_trial_for_ever"),
    Bug(believes_the_last_telling, "keeps_an_event_once"),
    Bug(has_many_current, "has_one_current_subscription"),
    Bug(has_many_current, "goes_on_only"),
    Bug(pays_another_amount, "keeps_what_was_paid"),
)


async def played(card: str, bench: Bench) -> None:
    await CARDS[card].check(bench)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: f"{bug.plant.__name__}-{bug.card}")
def test_given_a_planted_bug_when_its_card_is_played_then_it_is_caught(
    bug: Bug, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(played(bug.card, Bench(MemoryUnitOfWork)))
    bug.plant(monkeypatch)

    with pytest.raises((ContractBroken, BittenError)):
        asyncio.run(played(bug.card, Bench(MemoryUnitOfWork)))


@pytest.mark.parametrize(
    ("kind", "card"),
    [
        (LastWriterWins, "loses_no_update"),
        (LastWriterWins, "fires_a_signal_once_at_once"),
        (LastWriterWins, "claims_once_at_once"),
        (LastWriterWins, "books_a_deal_once_at_once"),
        (LastWriterWins, "numbers_without_gaps_at_once"),
        (LastWriterWins, "loses_no_scan"),
        (LastWriterWins, "grants_one_mandate_at_once"),
        (LastWriterWins, "gives_as_many_as_its_limit_at_once"),
        (LastWriterWins, "holds_a_persons_subscriptions"),
        (ReadsTheUncommitted, "reads_beside_a_writer"),
        (ReadsWait, "reads_beside_a_writer"),
    ],
)
def test_given_a_store_without_isolation_when_works_run_at_once_then_it_is_caught(
    kind: type[MemoryUnitOfWork], card: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "_PATIENCE", 0.2)

    with pytest.raises((ContractBroken, BittenError, TimeoutError)):
        asyncio.run(played(card, Bench(kind)))


@pytest.mark.parametrize("kind", [LastWriterWins, ReadsTheUncommitted, ReadsWait])
def test_given_a_store_without_isolation_when_works_run_one_by_one_then_it_looks_sound(
    kind: type[MemoryUnitOfWork],
) -> None:
    asyncio.run(played("adds_deals_up", Bench(kind)))
    asyncio.run(played("tries_again_after_proof_only", Bench(kind)))


def test_given_a_store_that_forgets_when_opened_again_then_it_is_caught() -> None:
    with pytest.raises(ContractBroken):
        asyncio.run(played("keeps_what_it_answered", Bench(MemoryUnitOfWork, forgets=True)))
