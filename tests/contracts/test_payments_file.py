"""The local gateway in a file: the same contract, and what it knows outlives whoever used it."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.local_gateway.books_text import books_of, text_of
from bitten_adapters.local_gateway.gateway_file import FilePayments
from bitten_adapters.local_gateway.wire import LocalEventReader
from bitten_adapters.system.dice import SystemDice
from bitten_adapters.system.identity import SystemIdentity
from bitten_apps.testkit.payments_contract import PAYMENTS_CARDS, PaymentsCard
from bitten_domain.errors import Conflict, InvalidInput, Unavailable
from bitten_domain.membership.subscription import PLANS, PlanChange
from bitten_domain.ports.membership.payments import Checkout, CheckoutOrder, RawEvent
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from pathlib import Path

    from bitten_domain.ports.membership.payments import EventReader, Payments

SECRET = bytes(range(32))
ANN = UserId("ann")
DAY = 86_400
FANG, APEX = PLANS["fang_monthly"], PLANS["apex_monthly"]


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 6, 4, 14, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic_seconds(self) -> float:
        return self.moment.timestamp()


class FileBench:
    """The gateway of a file, opened anew for every call, as processes do that follow one another."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, HandClock()

    @property
    def local(self) -> FilePayments:
        return FilePayments(self.path, self.clock, SystemDice(7), SystemIdentity(), SECRET)

    @property
    def payments(self) -> Payments:
        return self.local

    @property
    def reader(self) -> EventReader:
        return LocalEventReader(SECRET)

    def now(self) -> int:
        return int(self.clock.moment.timestamp())

    def pass_time(self, seconds: int) -> None:
        self.clock.moment += timedelta(seconds=seconds)

    def pay(self, checkout: Checkout) -> None:
        self.local.pay(checkout.checkout_ref)

    def collect(self, *, succeeds: bool) -> None:
        self.local.collect(succeeds=succeeds)

    def deliver(self) -> tuple[RawEvent, ...]:
        return self.local.deliver()


@pytest.fixture
def bench(tmp_path: Path) -> FileBench:
    """Give a gateway whose file is not there yet."""
    return FileBench(tmp_path / "gateway.json")


async def played(card: PaymentsCard, bench: FileBench) -> None:
    await card.check(bench)


def begun(bench: FileBench, key: str = "begin", trial_days: int = 0) -> str:
    checkout = asyncio.run(bench.payments.begin_checkout(CheckoutOrder(key, ANN, FANG, trial_days)))
    return bench.local.pay(checkout.checkout_ref)


@pytest.mark.parametrize("card", PAYMENTS_CARDS, ids=lambda card: f"card{card.number}")
def test_given_a_gateway_in_a_file_when_a_card_is_played_then_its_promise_holds(
    card: PaymentsCard, bench: FileBench
) -> None:
    asyncio.run(played(card, bench))


def test_given_a_rich_history_when_the_books_are_written_and_read_then_they_are_the_same(bench: FileBench) -> None:
    ref = begun(bench)
    begun(bench, "try", trial_days=7)
    asyncio.run(bench.payments.change_plan("down", ref, PLANS["nibbler_monthly"], PlanChange.AT_PERIOD_END))
    asyncio.run(bench.payments.set_renewal("off", ref, renews=False))
    bench.pass_time(7 * DAY)
    bench.collect(succeeds=False)
    text = bench.path.read_text(encoding="utf-8")

    assert text_of(books_of(text)) == text
    assert {
        field for field in ("checkouts", "contracts", "taken", "wishes", "sent") if not getattr(books_of(text), field)
    } == set()
    assert books_of(text).waiting > 0


def test_given_a_wish_when_it_is_repeated_by_another_process_then_it_is_the_same_wish(bench: FileBench) -> None:
    order = CheckoutOrder("begin", ANN, FANG)
    first = asyncio.run(bench.payments.begin_checkout(order))

    assert asyncio.run(bench.payments.begin_checkout(order)) == first
    with pytest.raises(Conflict):
        asyncio.run(bench.payments.begin_checkout(CheckoutOrder("begin", ANN, APEX)))


def test_given_a_call_that_is_refused_when_it_ends_then_nothing_of_it_is_kept(bench: FileBench) -> None:
    begun(bench)
    before = bench.path.read_bytes()

    with pytest.raises(InvalidInput):
        asyncio.run(bench.payments.refund("back", "nothing"))

    assert bench.path.read_bytes() == before


def test_given_many_customers_at_once_when_they_pay_then_nobody_is_lost(bench: FileBench) -> None:
    threads = [threading.Thread(target=begun, args=(bench, f"key-{number}")) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    books = books_of(bench.path.read_text(encoding="utf-8"))
    assert (len(books.checkouts), len(books.contracts), len(books.taken)) == (12, 12, 12)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"form": 2}', b'{"form": 1, "checkouts": [{}]}'])
def test_given_a_file_that_holds_something_else_when_used_then_it_is_refused_and_left_alone(
    content: bytes, bench: FileBench
) -> None:
    bench.path.write_bytes(content)

    with pytest.raises(InvalidInput):
        begun(bench)

    assert bench.path.read_bytes() == content


def test_given_a_folder_that_is_not_there_when_used_then_it_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        begun(FileBench(tmp_path / "nowhere" / "gateway.json"))


@pytest.mark.skipif(os.name != "posix", reason="files have no such modes")
def test_given_the_books_when_written_then_only_their_owner_reads_them(bench: FileBench) -> None:
    begun(bench)

    assert stat.S_IMODE(bench.path.stat().st_mode) == 0o600
