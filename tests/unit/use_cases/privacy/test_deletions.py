"""Deletions: two steps, a week, live positions, and whoever is gone asks for nothing more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.files.privacy.erasure_list import FileErasureList
from bitten_adapters.files.privacy.export_shelf import FolderExportShelf
from bitten_adapters.local_gateway.payments import LocalPayments
from bitten_adapters.local_gateway.wire import GATEWAY, LocalEventReader
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_adapters.system.clock import SystemClock
from bitten_adapters.system.dice import SystemDice
from bitten_adapters.system.identity import SystemIdentity
from bitten_apps.testkit.unit_of_work import samples as s
from bitten_domain.desk.account import AccountStanding
from bitten_domain.errors import InvalidInput, OutcomeUnknown, Unavailable
from bitten_domain.execution.lifecycle import PositionState
from bitten_domain.membership.denial import Denial, DenialCode
from bitten_domain.membership.privacy import DeletionRequest
from bitten_domain.membership.subscription import PLANS
from bitten_domain.ports.membership.payments import CheckoutOrder
from bitten_domain.use_cases.membership.collect_events import CollectEvents
from bitten_domain.use_cases.privacy.carry_out import CarryOutDeletions
from bitten_domain.use_cases.privacy.deletion import AskDeletion, ConfirmDeletion, UndoDeletion
from bitten_domain.use_cases.privacy.end_renewals import EndRenewals
from bitten_domain.values import UserId
from bitten_domain.vocabulary import AccountStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bitten_domain.ports.membership.payments import Payments
    from bitten_domain.ports.unit_of_work import Repositories
from bitten_domain.use_cases.privacy.carry_out import CarriedOut

ANN = UserId("user-1")
NOW = s.NOON
WEEK = 7 * 86_400


class Desk:
    """A store in memory, with the commands of a deletion."""

    def __init__(self, folder: Path) -> None:
        numbers = count(1)
        self.store = MemoryUnitOfWork(lambda: next(numbers).to_bytes(16, "big"))
        self.list = FileErasureList(folder / "list")
        self.shelf = FolderExportShelf(folder / "exports")
        self.paused: list[UserId] = []
        self.scrubs = 0
        self.gateway: LocalPayments | None = None
        asyncio.run(self.store.run(s.add_accounts))

    def ask(self, at: int = NOW) -> DeletionRequest:
        return asyncio.run(AskDeletion(self.store, SystemIdentity())(ANN, at))

    def confirm(self, at: int = NOW) -> DeletionRequest | Denial:
        return asyncio.run(ConfirmDeletion(self.store, self.pause)(ANN, at))

    def undo(self, at: int = NOW) -> DeletionRequest | Denial:
        return asyncio.run(UndoDeletion(self.store)(ANN, at))

    def carry_out(self, at: int) -> CarriedOut:
        return asyncio.run(self.carrying_out()(at))

    def carrying_out(self) -> CarryOutDeletions:
        renewals = EndRenewals(self.store, self.gateways)
        return CarryOutDeletions(self.store, self.list, self.shelf, self.scrub, renewals)

    async def gateways(self) -> Mapping[str, Payments]:
        return {} if self.gateway is None else {"local": self.gateway}

    async def pause(self, user: UserId) -> None:
        self.paused.append(user)

    async def scrub(self) -> None:
        self.scrubs += 1

    def actions(self) -> list[str]:
        entries = asyncio.run(self.store.read(lambda r: r.audit.recent(99)))
        return [entry.action for entry in reversed(entries)]

    def status(self) -> AccountStatus:
        person = asyncio.run(self.store.read(lambda r: r.people.get(ANN)))
        assert person is not None
        return person.status


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def live_account(r: Repositories, standing: AccountStanding) -> None:
    """Give Ann a second account, with real money."""
    r.accounts.add(replace(s.account(2), user_id=ANN, is_live=True, standing=standing, standing_reason="x"))


def test_given_a_person_when_they_ask_twice_then_one_deletion_is_open_and_noted(desk: Desk) -> None:
    first, again = desk.ask(), desk.ask(NOW + 5)

    assert first == again
    assert desk.actions() == ["DELETION_ASKED"]


def test_given_a_deletion_that_was_not_confirmed_in_time_when_asked_again_then_a_new_one_is_open(desk: Desk) -> None:
    first, later = desk.ask(), desk.ask(NOW + 3_600)

    requests = asyncio.run(desk.store.read(lambda r: r.deletions.of(ANN)))
    assert later.request_id != first.request_id
    assert [one.is_open for one in requests] == [False, True]


def test_given_a_deletion_that_was_never_confirmed_when_the_day_turns_then_it_is_closed(desk: Desk) -> None:
    desk.ask()

    assert desk.carry_out(NOW + 3_599) == ((), {})
    assert desk.carry_out(NOW + 3_600) == ((), {})

    assert asyncio.run(desk.store.read(lambda r: r.deletions.open())) == ()


def test_given_a_confirmation_when_repeated_then_the_week_does_not_begin_anew_and_opening_is_paused_once(
    desk: Desk,
) -> None:
    desk.ask()
    first, again = desk.confirm(), desk.confirm(NOW + 99)

    assert first == again
    assert isinstance(first, DeletionRequest)
    assert first.undo_until == NOW + WEEK
    assert desk.paused == [ANN]
    assert desk.actions() == ["DELETION_ASKED", "DELETION_CONFIRMED"]


def test_given_nothing_asked_for_when_confirmed_or_undone_then_it_is_denied_and_nothing_is_paused(desk: Desk) -> None:
    answers = [desk.confirm(), desk.undo()]

    assert [answer.codes for answer in answers if isinstance(answer, Denial)] == [(DenialCode.NOT_ASKED,)] * 2
    assert desk.paused == []


def test_given_a_confirmation_that_comes_too_late_when_given_then_it_is_denied(desk: Desk) -> None:
    desk.ask()

    assert isinstance(desk.confirm(NOW + 3_600), Denial)
    assert desk.paused == []


def test_given_a_confirmed_deletion_when_taken_back_then_it_is_never_carried_out(desk: Desk) -> None:
    desk.ask()
    desk.confirm()
    undone, again = desk.undo(NOW + WEEK - 1), desk.undo(NOW + WEEK)

    assert isinstance(undone, DeletionRequest)
    assert undone == again
    assert desk.carry_out(NOW + 2 * WEEK) == ((), {})
    assert desk.status() is AccountStatus.ACTIVE
    assert (desk.actions()[-1], desk.scrubs) == ("DELETION_UNDONE", 0)


@pytest.mark.parametrize(("at", "done"), [(NOW + WEEK - 1, ()), (NOW + WEEK, (ANN,))])
def test_given_a_confirmed_deletion_when_its_week_is_over_then_it_is_carried_out_and_not_before(
    desk: Desk, at: int, done: tuple[UserId, ...]
) -> None:
    desk.ask()
    desk.confirm()

    assert desk.carry_out(at).done == done
    assert (desk.status() is AccountStatus.DELETED) is bool(done)
    assert (len(desk.list.all()), desk.scrubs) == (len(done), len(done))


def test_given_open_positions_on_paper_when_the_week_is_over_then_they_hold_nobody(desk: Desk) -> None:
    asyncio.run(desk.store.run(lambda r: r.positions.put(s.held(1))))
    desk.ask()
    desk.confirm()

    assert desk.carry_out(NOW + WEEK).done == (ANN,)
    assert len(asyncio.run(desk.store.read(lambda r: r.positions.open(s.account_id())))) == 1


def test_given_an_open_live_position_when_the_week_is_over_then_it_is_waited_for(desk: Desk) -> None:
    def opened(r: Repositories) -> None:
        live_account(r, AccountStanding.READY)
        r.positions.put(s.held(1, of=2))

    asyncio.run(desk.store.run(opened))
    desk.ask()
    desk.confirm()

    waiting = desk.carry_out(NOW + WEEK)
    asyncio.run(desk.store.run(lambda r: r.positions.put(s.held(1, PositionState.CLOSED, of=2))))
    closed = desk.carry_out(NOW + WEEK + 1)

    assert waiting.done == ()
    assert waiting.waiting[ANN].codes == (DenialCode.LIVE_POSITIONS,)
    assert closed == ((ANN,), {})


@pytest.mark.parametrize("standing", [AccountStanding.COLD, AccountStanding.FROZEN])
def test_given_a_live_account_whose_books_are_in_doubt_when_the_week_is_over_then_it_is_waited_for(
    desk: Desk, standing: AccountStanding
) -> None:
    asyncio.run(desk.store.run(lambda r: live_account(r, standing)))
    desk.ask()
    desk.confirm()

    assert desk.carry_out(NOW + WEEK).waiting[ANN].reasons[0].actual == "not known"
    assert desk.status() is AccountStatus.ACTIVE


def test_given_an_order_under_way_on_a_live_account_when_the_week_is_over_then_it_is_waited_for(desk: Desk) -> None:
    def fired(r: Repositories) -> None:
        live_account(r, AccountStanding.READY)
        s.add_fire(r, 1, of=2)

    asyncio.run(desk.store.run(fired))
    desk.ask()
    desk.confirm()

    assert desk.carry_out(NOW + WEEK).waiting[ANN].codes == (DenialCode.LIVE_POSITIONS,)


def test_given_somebody_who_is_left_out_when_due_then_they_are_erased_the_next_time(desk: Desk) -> None:
    desk.ask()
    desk.confirm()
    erase = desk.carrying_out()

    left = asyncio.run(erase(NOW + WEEK, leave_out=(ANN,)))

    assert left == ((), {})
    assert desk.carry_out(NOW + WEEK).done == (ANN,)


def test_given_somebody_who_is_gone_when_they_ask_for_anything_then_there_is_no_such_person(desk: Desk) -> None:
    desk.ask()
    desk.confirm()
    desk.carry_out(NOW + WEEK)

    for asked in (desk.ask, desk.confirm, desk.undo):
        with pytest.raises(InvalidInput, match="there is no person user-1"):
            asked(NOW + WEEK + 9)


# Whoever is gone is charged no more


class Clock(SystemClock):
    at = NOW

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)


class Gateway(LocalPayments):
    """The local gateway, at which somebody's line can break before and after a wish is taken."""

    def __init__(self) -> None:
        self.clock = Clock()
        super().__init__(self.clock, SystemDice(3), SystemIdentity(), bytes(32))
        self.before: Exception | None = None
        self.after: Exception | None = None
        self.asked: list[str] = []

    async def set_renewal(self, key: str, subscription_ref: str, *, renews: bool) -> None:
        self.asked.append(key)
        if self.before is not None:
            raise self.before
        await super().set_renewal(key, subscription_ref, renews=renews)
        if self.after is not None:
            raise self.after


def heard(desk: Desk, gateway: Gateway) -> None:
    collect = CollectEvents(desk.store, gateway, LocalEventReader(bytes(32)), GATEWAY)
    assert asyncio.run(collect.take(gateway.deliver(), gateway.clock.at)).problems == ()


def leaving(desk: Desk, *, trial_days: int = 0) -> Gateway:
    """Let Ann begin a membership, and confirm her deletion."""
    gateway = Gateway()
    order = CheckoutOrder("begin", ANN, PLANS["fang_monthly"], trial_days)
    gateway.pay(asyncio.run(gateway.begin_checkout(order)).checkout_ref)
    heard(desk, gateway)
    desk.ask()
    desk.confirm()
    return gateway


def amounts(desk: Desk, gateway: Gateway) -> list[str]:
    """Let everything be collected that is due in 40 days, and list what was paid."""
    gateway.clock.at = NOW + 40 * 86_400
    gateway.collect()
    heard(desk, gateway)
    return [str(one.amount.amount) for one in asyncio.run(desk.store.read(lambda r: r.payments.of(ANN)))]


@pytest.mark.parametrize(("trial_days", "paid"), [(0, ["89.00"]), (10, [])])
def test_given_somebody_who_pays_or_tries_when_erased_then_nothing_more_is_collected_and_it_is_noted(
    desk: Desk, trial_days: int, paid: list[str]
) -> None:
    desk.gateway = gateway = leaving(desk, trial_days=trial_days)

    assert desk.carry_out(NOW + WEEK) == ((ANN,), {})

    assert desk.actions()[-2:] == ["RENEWAL_ENDED", "PERSON_ERASED"]
    assert amounts(desk, gateway) == paid


def test_given_no_gateway_when_somebody_who_pays_is_due_then_their_erasure_waits_with_the_reason(desk: Desk) -> None:
    gateway = leaving(desk)

    waiting = desk.carry_out(NOW + WEEK).waiting[ANN]
    status = desk.status()
    desk.gateway = gateway

    assert waiting.codes == (DenialCode.RENEWAL_RUNS,)
    assert "this gateway is not used here" in waiting.reasons[0].actual
    assert status is AccountStatus.ACTIVE
    assert desk.carry_out(NOW + WEEK + 1).done == (ANN,)


@pytest.mark.parametrize(
    ("before", "after"), [(Unavailable("down"), None), (OutcomeUnknown("cut"), None), (None, OutcomeUnknown("cut"))]
)
def test_given_a_line_that_breaks_when_due_then_the_erasure_waits_and_the_same_wish_is_repeated(
    desk: Desk, before: Exception | None, after: Exception | None
) -> None:
    desk.gateway = gateway = leaving(desk)
    gateway.before, gateway.after = before, after

    waiting = desk.carry_out(NOW + WEEK)
    status = desk.status()
    gateway.before = gateway.after = None
    done = desk.carry_out(NOW + WEEK + 1)

    assert waiting.waiting[ANN].codes == (DenialCode.RENEWAL_RUNS,)
    assert (status, done.done) == (AccountStatus.ACTIVE, (ANN,))
    assert len(gateway.asked) == 2
    assert len(set(gateway.asked)) == 1
    assert desk.actions().count("RENEWAL_ENDED") == 1
    assert amounts(desk, gateway) == ["89.00"]


def test_given_a_renewal_let_go_on_while_the_erasure_waits_when_due_then_it_is_ended_again(desk: Desk) -> None:
    desk.gateway = gateway = leaving(desk)
    gateway.after = OutcomeUnknown("cut")
    desk.carry_out(NOW + WEEK)
    gateway.after = None
    heard(desk, gateway)
    ref = asyncio.run(desk.store.read(lambda r: r.subscriptions.of(ANN)))[0].subscription_ref
    asyncio.run(LocalPayments.set_renewal(gateway, "on", ref, renews=True))
    heard(desk, gateway)

    assert desk.carry_out(NOW + WEEK + 1).done == (ANN,)
    assert amounts(desk, gateway) == ["89.00"]


def test_given_a_subscription_its_gateway_does_not_know_when_due_then_that_counts_as_said_and_is_noted(
    desk: Desk,
) -> None:
    leaving(desk)
    desk.gateway = Gateway()

    assert desk.carry_out(NOW + WEEK).done == (ANN,)

    entries = asyncio.run(desk.store.read(lambda r: r.audit.recent(99)))
    noted = [entry.detail for entry in entries if entry.action == "RENEWAL_ENDED"]
    assert len(noted) == 1
    assert '"is_known_there": false' in noted[0]


def test_given_an_open_live_position_when_due_then_the_membership_goes_on_until_it_is_closed(desk: Desk) -> None:
    desk.gateway = gateway = leaving(desk)

    def opened(r: Repositories) -> None:
        live_account(r, AccountStanding.READY)
        r.positions.put(s.held(1, of=2))

    asyncio.run(desk.store.run(opened))

    assert desk.carry_out(NOW + WEEK).waiting[ANN].codes == (DenialCode.LIVE_POSITIONS,)
    assert gateway.asked == []
