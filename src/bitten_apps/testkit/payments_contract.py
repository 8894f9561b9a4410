"""The contract of gateways: numbered cards that every implementation of `Payments`, with its `EventReader`, passes.

Give each card a fresh bench and await its check; a broken promise raises `ContractBroken`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from bitten_apps.testkit.contract_broken import ContractBroken
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.membership.subscription import (
    PLANS,
    GatewayEvent,
    GatewayEventKind,
    PlanChange,
    SubscriptionPolicy,
    SubscriptionState,
    payments_of,
    subscription_of,
    subscription_state,
    subscription_tier,
)
from bitten_domain.ports.membership.payments import CheckoutOrder, RawEvent
from bitten_domain.values import UserId
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bitten_domain.ports.membership.payments import Checkout, EventReader, Payments

__all__ = ["PAYMENTS_CARDS", "PaymentsBench", "PaymentsCard"]

_DAY = 86_400
_ANN = UserId("ann")
_FANG, _APEX, _NIBBLER = (PLANS[f"{name}_monthly"] for name in ("fang", "apex", "nibbler"))
_POLICY = SubscriptionPolicy()
_K, _S = GatewayEventKind, SubscriptionState


class PaymentsBench(Protocol):
    """A gateway under test, with the customer, the bank and the clock in the test's hands."""

    @property
    def payments(self) -> Payments:
        """The gateway."""
        ...

    @property
    def reader(self) -> EventReader:
        """What reads its events."""
        ...

    def now(self) -> int:
        """Tell the gateway's time, seconds since 1970 UTC."""
        ...

    def pass_time(self, seconds: int) -> None:
        """Let time go by; nothing is collected by that alone."""
        ...

    def pay(self, checkout: Checkout) -> None:
        """Pay at a checkout, as its customer, or begin its trial."""
        ...

    def collect(self, *, succeeds: bool) -> None:
        """Let the gateway collect what is due; the bank agrees or refuses."""
        ...

    def deliver(self) -> tuple[RawEvent, ...]:
        """Take what the gateway sends now, in the order it sends."""
        ...


@dataclass(frozen=True, slots=True)
class PaymentsCard:
    """One promise and its check.

    Args:
        number: its place in the list, from 1.
        promise: what is promised, in a sentence.
        check: runs it on a fresh bench; raises `ContractBroken`.
    """

    number: int
    promise: str
    check: Callable[[PaymentsBench], Awaitable[None]]


def _expect(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise ContractBroken(f"{what}: expected {expected!r}, found {found!r}")


async def _refused(act: Callable[[], Awaitable[object]], kind: type[Exception], what: str) -> None:
    try:
        await act()
    except kind:
        return
    raise ContractBroken(f"{what}: expected {kind.__name__}")


def _read(bench: PaymentsBench, raws: tuple[RawEvent, ...]) -> list[GatewayEvent]:
    found = (bench.reader(raw, bench.now()) for raw in raws)
    return [event for event in found if event is not None]


async def _all(bench: PaymentsBench) -> list[GatewayEvent]:
    return _read(bench, await bench.payments.events_since(0))


async def _begun(bench: PaymentsBench, *, trial_days: int = 0) -> str:
    checkout = await bench.payments.begin_checkout(CheckoutOrder("begin", _ANN, _FANG, trial_days))
    bench.pay(checkout)
    return (await _all(bench))[0].subscription_ref


async def _state(bench: PaymentsBench) -> tuple[SubscriptionState, Tier]:
    made = subscription_of(await _all(bench), PLANS)
    return subscription_state(made, _POLICY, bench.now()), subscription_tier(made, _POLICY, bench.now())


async def _opening_pays_nothing(bench: PaymentsBench) -> None:
    order = CheckoutOrder("begin", _ANN, _FANG)
    checkout = await bench.payments.begin_checkout(order)
    _expect(await _all(bench), [], "events of a checkout nobody paid at")
    _expect(await bench.payments.begin_checkout(order), checkout, "the same key again")
    other = replace(order, plan=_APEX)
    await _refused(lambda: bench.payments.begin_checkout(other), Conflict, "the same key for another wish")


async def _first_payment(bench: PaymentsBench) -> None:
    paid_at = bench.now()
    await _begun(bench)
    event = (await _all(bench))[0]
    _expect((event.kind, event.user_id, event.plan_id), (_K.PERIOD_PAID, _ANN, _FANG.plan_id), "the first event")
    _expect(event.amount, _FANG.price, "what was paid")
    if not (event.period_start == paid_at and 28 * _DAY <= (event.period_end or 0) - paid_at <= 31 * _DAY):
        raise ContractBroken(f"a paid month from {event.period_start} to {event.period_end}")
    _expect(await _state(bench), (_S.ACTIVE, Tier.FANG), "the subscription")


async def _trial(bench: PaymentsBench) -> None:
    await _begun(bench, trial_days=7)
    _expect(payments_of(await _all(bench)), (), "payments of a trial")
    _expect(await _state(bench), (_S.TRIALING, Tier.FANG), "the trial")
    bench.pass_time(7 * _DAY)
    _expect(await _state(bench), (_S.EXPIRED, Tier.NONE), "an unpaid trial after its end")
    bench.collect(succeeds=True)
    _expect(await _state(bench), (_S.ACTIVE, Tier.FANG), "once it is paid")


async def _tells_forgeries(bench: PaymentsBench) -> None:
    await _begun(bench)
    raw = bench.deliver()[0]
    bench.reader(raw, bench.now())
    for place in range(len(raw.body)):
        changed = raw.body[:place] + bytes([raw.body[place] ^ 1]) + raw.body[place + 1 :]
        await _refused(_reading(bench, RawEvent(changed, raw.signature)), InvalidInput, f"byte {place} changed")
    for text in ("", "v1=", raw.signature[:-1], raw.signature + "0", raw.signature.replace("1", "2")):
        await _refused(_reading(bench, RawEvent(raw.body, text)), InvalidInput, f"signed {text!r}")
    bench.pass_time(_DAY)
    await _refused(_reading(bench, raw), InvalidInput, "signed a day ago")


def _reading(bench: PaymentsBench, raw: RawEvent) -> Callable[[], Awaitable[object]]:
    async def read() -> object:
        return bench.reader(raw, bench.now())

    return read


async def _deliveries(bench: PaymentsBench) -> None:
    ref = await _begun(bench)
    delivered = list(_read(bench, bench.deliver()))
    await bench.payments.set_renewal("off", ref, renews=False)
    await bench.payments.set_renewal("on", ref, renews=True)
    for _ in range(3):
        bench.pass_time(30 * _DAY)
        bench.collect(succeeds=True)
        delivered += _read(bench, bench.deliver())
    told = await _all(bench)
    _expect(len({event.event_id for event in told}), len(told), "events of different ids")
    _expect({event.event_id for event in delivered}, {event.event_id for event in told}, "what was delivered")
    _expect(subscription_of(delivered, PLANS), subscription_of(told, PLANS), "the subscription, either way")
    _expect(len(payments_of(told)), 4, "payments")
    last = max(event.created_at for event in told)
    late = _read(bench, await bench.payments.events_since(last))
    _expect({event.event_id for event in late}, {one.event_id for one in told if one.created_at >= last}, "the last")


async def _changes_plans(bench: PaymentsBench) -> None:
    ref = await _begun(bench)
    bench.pass_time(10 * _DAY)
    for _ in range(2):
        await bench.payments.change_plan("up", ref, _APEX, PlanChange.AT_ONCE)
    paid = payments_of(await _all(bench))
    _expect(await _state(bench), (_S.ACTIVE, Tier.APEX), "an upgrade, at once")
    _expect(len(paid), 2, "payments after an upgrade that was asked for twice with one key")
    # 99 dollars more a month, for 20 days of 28 to 31.
    if not Decimal("63.00") <= paid[1].amount.amount <= Decimal("67.50"):
        raise ContractBroken(f"an upgrade for the last 20 days cost {paid[1].amount}")
    other = _NIBBLER
    await _refused(
        lambda: bench.payments.change_plan("up", ref, other, PlanChange.AT_PERIOD_END), Conflict, "a key used twice"
    )
    await bench.payments.change_plan("down", ref, _NIBBLER, PlanChange.AT_PERIOD_END)
    _expect(await _state(bench), (_S.ACTIVE, Tier.APEX), "a downgrade, before the period's end")
    bench.pass_time(21 * _DAY)
    bench.collect(succeeds=True)
    _expect(await _state(bench), (_S.ACTIVE, Tier.NIBBLER), "a downgrade, in the next period")
    _expect(payments_of(await _all(bench))[-1].amount, _NIBBLER.price, "what the next period cost")


async def _ends(bench: PaymentsBench) -> None:
    ref = await _begun(bench)
    for _ in range(2):
        await bench.payments.set_renewal("off", ref, renews=False)
    _expect(await _state(bench), (_S.CANCELLED, Tier.FANG), "cancelled, in its period")
    _expect(sum(one.kind is _K.CANCEL_REQUESTED for one in await _all(bench)), 1, "told once")
    await bench.payments.set_renewal("on", ref, renews=True)
    _expect(await _state(bench), (_S.ACTIVE, Tier.FANG), "taken back")
    await bench.payments.set_renewal("off again", ref, renews=False)
    bench.pass_time(31 * _DAY)
    bench.collect(succeeds=True)
    _expect(await _state(bench), (_S.EXPIRED, Tier.NONE), "cancelled, after its period")
    _expect(len(payments_of(await _all(bench))), 1, "payments of a cancelled subscription")


async def _fails_and_recovers(bench: PaymentsBench) -> None:
    await _begun(bench)
    bench.pass_time(31 * _DAY)
    bench.collect(succeeds=False)
    _expect((await _state(bench))[0], _S.PAST_DUE, "a renewal the bank refused")
    _expect((await _all(bench))[-1].kind, _K.PAYMENT_FAILED, "the last event")
    bench.collect(succeeds=True)
    _expect(await _state(bench), (_S.ACTIVE, Tier.FANG), "once it was collected")


async def _gives_back_once(bench: PaymentsBench) -> None:
    await _begun(bench)
    ref = payments_of(await _all(bench))[0].payment_ref
    for key in ("back", "back", "once more"):
        await bench.payments.refund(key, ref)
    events = await _all(bench)
    _expect([one.amount for one in events if one.kind is _K.REFUNDED], [_FANG.price], "given back")
    _expect((await _state(bench))[1], Tier.NONE, "what is left")


async def _knows_what_it_has(bench: PaymentsBench) -> None:
    await _begun(bench)
    before = len(await _all(bench))
    payments = bench.payments
    await _refused(lambda: payments.refund("a", "nothing"), InvalidInput, "a payment that is not there")
    await _refused(lambda: payments.set_renewal("b", "nothing", renews=False), InvalidInput, "no such subscription")
    await _refused(
        lambda: payments.change_plan("c", "nothing", _APEX, PlanChange.AT_ONCE), InvalidInput, "no such subscription"
    )
    _expect(len(await _all(bench)), before, "events, after wishes that were refused")


PAYMENTS_CARDS: tuple[PaymentsCard, ...] = tuple(
    PaymentsCard(number, promise, check)
    for number, (promise, check) in enumerate(
        (
            ("an open checkout pays nothing, and a key is one wish", _opening_pays_nothing),
            ("a first payment names person, plan, price and month", _first_payment),
            ("a trial costs nothing and ends unless it is paid", _trial),
            ("what was changed, is not signed, or was signed long ago is not read", _tells_forgeries),
            ("deliveries and the list tell the same, each event under one id", _deliveries),
            ("an upgrade begins at once for its share, a downgrade with the next period", _changes_plans),
            ("a cancelled subscription ends with its period, and can be taken back", _ends),
            ("a refused renewal is told, and can still be collected", _fails_and_recovers),
            ("a payment is given back once", _gives_back_once),
            ("what is not there is refused, and changes nothing", _knows_what_it_has),
        ),
        start=1,
    )
)
"""The cards, in order."""
