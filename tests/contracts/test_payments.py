"""The contract of gateways on the local one; gateways broken on purpose; and what is particular to the local one."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bitten_adapters.local_gateway.payments import LocalPayments
from bitten_adapters.local_gateway.wire import LocalEventReader, signed
from bitten_adapters.system.dice import SystemDice
from bitten_adapters.system.identity import SystemIdentity
from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_apps.testkit.payments_contract import PAYMENTS_CARDS, PaymentsCard
from bitten_domain.errors import BittenError, InvalidInput
from bitten_domain.membership.subscription import PLANS, GatewayEvent, PlanChange, subscription_of
from bitten_domain.ports.membership.payments import Checkout, CheckoutOrder, RawEvent
from bitten_domain.values import UserId

if TYPE_CHECKING:
    from bitten_domain.membership.subscription import Plan
    from bitten_domain.ports.membership.payments import EventReader, Payments

SECRET = bytes(range(32))
DAY = 86_400
ANN = UserId("ann")
FANG, APEX = PLANS["fang_monthly"], PLANS["apex_monthly"]


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 6, 4, 14, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic_seconds(self) -> float:
        return self.moment.timestamp()


class Bench:
    """The local gateway, or an heir of it."""

    def __init__(self, kind: type[LocalPayments] = LocalPayments, reader: EventReader | None = None) -> None:
        self.clock = HandClock()
        self.local = kind(self.clock, SystemDice(7), SystemIdentity(), SECRET)
        self._reader = LocalEventReader(SECRET) if reader is None else reader

    @property
    def payments(self) -> Payments:
        return self.local

    @property
    def reader(self) -> EventReader:
        return self._reader

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


async def played(card: PaymentsCard, bench: Bench) -> None:
    await card.check(bench)


@pytest.mark.parametrize("card", PAYMENTS_CARDS, ids=lambda card: f"card{card.number}")
def test_given_a_gateway_when_a_card_is_played_then_its_promise_holds(card: PaymentsCard) -> None:
    asyncio.run(played(card, Bench()))


class ChargesAgain(LocalPayments):
    """Takes a wish that is repeated for a new one."""

    async def change_plan(self, key: str, subscription_ref: str, plan: Plan, change: PlanChange) -> None:
        await super().change_plan(self._identity.new_id(), subscription_ref, plan, change)


class GivesBackAgain(LocalPayments):
    """Forgets what it gave back."""

    async def refund(self, key: str, payment_ref: str) -> None:
        await super().refund(self._identity.new_id(), payment_ref)
        self._taken[payment_ref] = replace(self._taken[payment_ref], is_back=False)


class PaysOnOpening(LocalPayments):
    """Counts an opened checkout as paid."""

    async def begin_checkout(self, order: CheckoutOrder) -> Checkout:
        checkout = await super().begin_checkout(order)
        self.pay(checkout.checkout_ref)
        return checkout


class IgnoresCancelling(LocalPayments):
    """Says nothing when somebody cancels, and collects again."""

    async def set_renewal(self, key: str, subscription_ref: str, *, renews: bool) -> None:
        return


class EndsAtOnce(LocalPayments):
    """Gives the money back when somebody cancels, and ends there."""

    async def set_renewal(self, key: str, subscription_ref: str, *, renews: bool) -> None:
        await super().set_renewal(key, subscription_ref, renews=renews)
        for one in [taken.ref for taken in self._taken.values() if taken.contract == subscription_ref and not renews]:
            await super().refund(f"{key} {one}", one)


class LosesEvents(LocalPayments):
    """Never delivers that somebody cancelled."""

    def deliver(self) -> tuple[RawEvent, ...]:
        return tuple(raw for raw in super().deliver() if b"cancel_requested" not in raw.body)


class HidesFailures(LocalPayments):
    """Says nothing of a refused renewal."""

    def collect(self, *, succeeds: bool = True) -> None:
        if succeeds:
            super().collect()


class TakesAnything(LocalPayments):
    """Nods at wishes about what is not there."""

    async def refund(self, key: str, payment_ref: str) -> None:
        if payment_ref in self._taken:
            await super().refund(key, payment_ref)


class ChargesTrials(LocalPayments):
    """Takes the month's price for a trial."""

    async def begin_checkout(self, order: CheckoutOrder) -> Checkout:
        return await super().begin_checkout(replace(order, trial_days=0))


def failed_cards(kind: type[LocalPayments], reader: EventReader | None = None) -> set[int]:
    failed = set()
    for card in PAYMENTS_CARDS:
        try:
            asyncio.run(played(card, Bench(kind, reader)))
        except (ContractBroken, BittenError):
            failed.add(card.number)
    return failed


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (ChargesAgain, {6}),
        (GivesBackAgain, {9}),
        (PaysOnOpening, {1}),
        (IgnoresCancelling, {7, 10}),
        (EndsAtOnce, {7}),
        (LosesEvents, {5}),
        (HidesFailures, {8}),
        (TakesAnything, {10}),
        (ChargesTrials, {3}),
    ],
)
def test_given_a_gateway_broken_on_purpose_when_the_cards_are_played_then_those_of_its_promise_fail(
    kind: type[LocalPayments], numbers: set[int]
) -> None:
    assert failed_cards(kind) == numbers


class Trusting:
    """A reader that looks at no signature."""

    def __call__(self, raw: RawEvent, now: int) -> GatewayEvent | None:
        return LocalEventReader(SECRET)(signed(raw.body, SECRET, now), now)


class Timeless:
    """A reader that takes a signature of any age."""

    def __call__(self, raw: RawEvent, now: int) -> GatewayEvent | None:
        at = re.match(r"t=(\d+),", raw.signature)
        return LocalEventReader(SECRET)(raw, now if at is None else int(at[1]))


@pytest.mark.parametrize("reader", [Trusting(), Timeless()], ids=["trusting", "timeless"])
def test_given_a_reader_broken_on_purpose_when_the_cards_are_played_then_the_forgeries_card_fails(
    reader: EventReader,
) -> None:
    with pytest.raises(ContractBroken):
        asyncio.run(played(PAYMENTS_CARDS[3], Bench(reader=reader)))


async def begun(bench: Bench, trial_days: int = 0) -> str:
    checkout = await bench.payments.begin_checkout(CheckoutOrder("begin", ANN, FANG, trial_days))
    return bench.local.pay(checkout.checkout_ref)


def test_given_a_checkout_when_opened_then_it_says_test() -> None:
    checkout = asyncio.run(Bench().payments.begin_checkout(CheckoutOrder("begin", ANN, FANG)))

    assert checkout.is_test
    assert "TEST" in checkout.url


def test_given_many_deliveries_when_looked_at_then_some_came_twice_and_some_out_of_order() -> None:
    bench = Bench()
    ref = asyncio.run(begun(bench))
    for number in range(6):
        asyncio.run(bench.payments.set_renewal(f"off-{number}", ref, renews=False))
        asyncio.run(bench.payments.set_renewal(f"on-{number}", ref, renews=True))
    raws = bench.deliver()
    read = [event for raw in raws if (event := bench.reader(raw, bench.now())) is not None]

    assert len(read) > len({event.event_id for event in read})
    assert [event.sequence for event in read] != sorted(event.sequence for event in read)
    assert len(raws) > len(read), "what the product does not use comes too"
    assert all(event.is_test for event in read)
    assert subscription_of(read, PLANS).cancelled_at is None


def test_given_an_event_when_its_signature_is_worked_out_by_hand_then_it_is_the_documented_one() -> None:
    raw = signed(b'{"id": "e"}', SECRET, 1_750_000_000)

    expected = hmac.new(SECRET, b'1750000000.{"id": "e"}', hashlib.sha256).hexdigest()
    assert raw.signature == f"t=1750000000,v1={expected}"


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b"{}",
        json.dumps({"type": "invoice.paid"}).encode(),
        json.dumps({"type": "trial.started", "id": "e", "created": "now"}).encode(),
    ],
)
def test_given_a_signed_body_that_is_no_event_when_read_then_it_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput):
        LocalEventReader(SECRET)(signed(body, SECRET, 1_000), 1_000)


@pytest.mark.parametrize("part", ["id", "created", "number", "livemode", "subscription", "client_reference", "period"])
def test_given_a_signed_event_without_a_part_when_read_then_it_is_refused(part: str) -> None:
    bench = Bench()
    asyncio.run(begun(bench))
    raw = next(raw for raw in bench.deliver() if b"invoice.paid" in raw.body)
    body = json.dumps({name: value for name, value in json.loads(raw.body).items() if name != part}).encode()

    with pytest.raises(InvalidInput):
        bench.reader(signed(body, SECRET, bench.now()), bench.now())


def test_given_a_renewal_refused_four_times_when_collected_then_the_gateway_gives_up() -> None:
    bench = Bench()
    asyncio.run(begun(bench))
    bench.pass_time(30 * DAY)
    for _ in range(5):
        bench.collect(succeeds=False)

    kinds = [event.kind.value for raw in bench.deliver() if (event := bench.reader(raw, bench.now())) is not None]
    assert (len(set(kinds)), "ENDED" in kinds) == (3, True)
    with pytest.raises(InvalidInput):
        asyncio.run(bench.payments.change_plan("up", "gone", APEX, PlanChange.AT_ONCE))


def test_given_a_checkout_that_is_too_old_or_unknown_when_paid_then_it_is_refused() -> None:
    bench = Bench()
    checkout = asyncio.run(bench.payments.begin_checkout(CheckoutOrder("begin", ANN, FANG)))
    bench.pass_time(3_600)

    for ref in (checkout.checkout_ref, "nothing"):
        with pytest.raises(InvalidInput):
            bench.local.pay(ref)


def test_given_a_paid_checkout_when_paid_again_then_it_is_the_same_subscription() -> None:
    bench = Bench()
    checkout = asyncio.run(bench.payments.begin_checkout(CheckoutOrder("begin", ANN, FANG)))

    assert bench.local.pay(checkout.checkout_ref) == bench.local.pay(checkout.checkout_ref)


def test_given_a_cheaper_plan_when_wanted_at_once_then_it_is_refused() -> None:
    bench = Bench()
    ref = asyncio.run(begun(bench))

    with pytest.raises(InvalidInput, match="not dearer"):
        asyncio.run(bench.payments.change_plan("up", ref, FANG, PlanChange.AT_ONCE))


def test_given_a_trial_when_its_plan_is_changed_then_the_first_paid_month_has_it() -> None:
    bench = Bench()
    ref = asyncio.run(begun(bench, trial_days=7))
    asyncio.run(bench.payments.change_plan("up", ref, APEX, PlanChange.AT_ONCE))
    bench.pass_time(7 * DAY)
    bench.collect(succeeds=True)

    paid = [event for raw in bench.deliver() if (event := bench.reader(raw, bench.now())) is not None and event.amount]
    assert {(event.plan_id, str(event.amount)) for event in paid} == {("apex_monthly", "188.00 USD")}


def test_given_a_short_secret_when_a_gateway_is_made_then_there_is_none() -> None:
    with pytest.raises(InvalidInput):
        LocalPayments(HandClock(), SystemDice(7), SystemIdentity(), bytes(31))
