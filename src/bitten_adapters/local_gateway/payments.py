"""The local gateway: checkouts, renewals, refunds, and events that are signed, repeated and out of order.

It serves trials of the whole product and its tests; every checkout and event is labelled TEST. What it knows lives as
long as its books, which `gateway_file` keeps. Its customers and its banks are the methods below `Payments`: somebody
calls them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_adapters.local_gateway.contracts import Contract, GatewayBooks, OpenCheckout, Taken
from bitten_adapters.local_gateway.wire import GATEWAY, body_of, noise_of, signed
from bitten_domain.errors import Conflict, InvalidInput
from bitten_domain.membership.subscription import GatewayEvent, GatewayEventKind, Period, PlanChange, upgrade_price
from bitten_domain.ports.membership.payments import Checkout

if TYPE_CHECKING:
    from bitten_domain.membership.subscription import Plan
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.dice import Dice
    from bitten_domain.ports.identity import Identity
    from bitten_domain.ports.membership.payments import CheckoutOrder, RawEvent
    from bitten_domain.values import Money

__all__ = ["LocalPayments"]

_DAY = 86_400
_MONTH = 30 * _DAY
_CHECKOUT_LIFE = 3_600
_MOST_FAILURES = 4
_SECRET_BYTES = 32
_OFTEN = 0.5
_K = GatewayEventKind


class LocalPayments:
    """A gateway in memory.

    Args:
        clock: its clock.
        dice: draws the order of deliveries, and what is delivered twice.
        identity: makes its ids.
        secret: what it signs with, at least 32 bytes.
        books: what it knows already; None for nothing. They are changed in place.

    Raises:
        InvalidInput: the secret is shorter.
    """

    def __init__(
        self, clock: Clock, dice: Dice, identity: Identity, secret: bytes, books: GatewayBooks | None = None
    ) -> None:
        if len(secret) < _SECRET_BYTES:
            raise InvalidInput(f"the gateway's secret has fewer than {_SECRET_BYTES} bytes", remedy="give a longer one")
        self._clock, self._dice, self._identity, self._secret = clock, dice, identity, secret
        self._books = GatewayBooks() if books is None else books
        self._checkouts, self._contracts = self._books.checkouts, self._books.contracts
        self._taken, self._wishes, self._sent = self._books.taken, self._books.wishes, self._books.sent

    # What the product asks for

    async def begin_checkout(self, order: CheckoutOrder) -> Checkout:
        """Open a place to pay at.

        Raises:
            Conflict: the key was used for another wish.
        """
        known = self._known(order.key, order)
        if known is not None:
            return known
        now, ref = self._now(), self._identity.new_id()
        checkout = Checkout(ref, f"https://localhost/TEST/checkout/{ref}", now + _CHECKOUT_LIFE, is_test=True)
        self._checkouts[ref] = OpenCheckout(checkout, order)
        self._wishes[order.key] = repr(order), ref
        self._send(noise_of(self._identity.new_id(), "checkout.opened", now), now)
        return checkout

    async def change_plan(self, key: str, subscription_ref: str, plan: Plan, change: PlanChange) -> None:
        """Give a subscription another plan; in a trial it begins with the first paid period, whatever was asked for.

        Raises:
            Conflict: the key was used for another wish.
            InvalidInput: there is no such subscription, it is over, or the plan shall begin at once and is not dearer.
        """
        wish = ("plan", subscription_ref, plan, change)
        if self._is_taken(key, wish):
            return
        contract, now = self._contract(subscription_ref), self._now()
        if change is PlanChange.AT_PERIOD_END or not contract.is_paid or now >= contract.end:
            self._wishes[key] = repr(wish), None
            self._tell(replace(contract, next_plan=plan), _K.PLAN_SCHEDULED, plan)
            return
        if plan.price <= contract.plan.price:
            raise InvalidInput(f"{plan.plan_id} is not dearer", where=GATEWAY, remedy="change at the period's end")
        period = Period(contract.start, contract.end, contract.plan.plan_id, contract.plan.tier, "paid")
        price = upgrade_price(contract.plan, plan, period, now)
        self._wishes[key] = repr(wish), None
        self._collect_period(replace(contract, plan=plan, next_plan=None), now, contract.end, price)

    async def set_renewal(self, key: str, subscription_ref: str, *, renews: bool) -> None:
        """Let a subscription end with its period, or go on after all.

        Raises:
            Conflict: the key was used for another wish.
            InvalidInput: there is no such subscription, or it is over.
        """
        wish = ("renewal", subscription_ref, renews)
        if self._is_taken(key, wish):
            return
        contract = self._contract(subscription_ref)
        self._wishes[key] = repr(wish), None
        if contract.renews is renews:
            return
        kind = _K.CANCEL_WITHDRAWN if renews else _K.CANCEL_REQUESTED
        self._tell(replace(contract, renews=renews), kind, contract.plan)

    async def refund(self, key: str, payment_ref: str) -> None:
        """Give a payment back whole, once.

        Raises:
            Conflict: the key was used for another wish.
            InvalidInput: there is no such payment.
        """
        wish = ("refund", payment_ref)
        if self._is_taken(key, wish):
            return
        taken = self._taken.get(payment_ref)
        if taken is None:
            raise InvalidInput(f"there is no payment {payment_ref}", where=GATEWAY, remedy="name one of its payments")
        self._wishes[key] = repr(wish), None
        if taken.is_back:
            return
        self._taken[payment_ref] = replace(taken, is_back=True)
        contract = self._contracts[taken.contract]
        self._tell(contract, _K.REFUNDED, contract.plan, payment=taken)

    async def events_since(self, moment: int) -> tuple[RawEvent, ...]:
        """List the events created from a moment on, signed now, oldest first."""
        now = self._now()
        return tuple(signed(body, self._secret, now) for at, body in self._sent if at >= moment)

    # What customers and banks do

    def pay(self, checkout_ref: str) -> str:
        """Pay at a checkout, or begin its trial; give the subscription's id. A second time changes nothing.

        Raises:
            InvalidInput: there is no such checkout, or it is too old.
        """
        found, now = self._checkouts.get(checkout_ref), self._now()
        if found is None or (not found.subscription_ref and now >= found.checkout.expires_at):
            raise InvalidInput("there is no such checkout any more", where=GATEWAY, remedy="begin another")
        if found.subscription_ref:
            return found.subscription_ref
        ref, order = self._identity.new_id(), found.order
        self._checkouts[checkout_ref] = replace(found, subscription_ref=ref)
        if order.trial_days:
            end = now + order.trial_days * _DAY
            self._tell(
                Contract(ref, order.user_id, order.plan, now, end, is_paid=False),
                _K.TRIAL_STARTED,
                order.plan,
                period=(now, end),
            )
        else:
            fresh = Contract(ref, order.user_id, order.plan, now, now, is_paid=False)
            self._collect_period(fresh, now, now + _MONTH, order.plan.price)
        return ref

    def collect(self, *, succeeds: bool = True) -> None:
        """Collect every renewal that is due; end what does not renew, and what failed four times."""
        now = self._now()
        for contract in tuple(self._contracts.values()):
            if contract.is_over or now < contract.end:
                continue
            plan = contract.next_plan or contract.plan
            if not contract.renews:
                self._tell(replace(contract, is_over=True), _K.ENDED, contract.plan)
            elif succeeds:
                # The period begins where the last one ended, however late it is paid.
                next_one = replace(contract, plan=plan, next_plan=None, failures=0, start=contract.end)
                self._collect_period(next_one, contract.end, contract.end + _MONTH, plan.price)
            else:
                failed = replace(contract, failures=contract.failures + 1)
                self._tell(failed, _K.PAYMENT_FAILED, plan)
                if failed.failures >= _MOST_FAILURES:
                    self._tell(replace(self._contracts[contract.ref], is_over=True), _K.ENDED, plan)

    def deliver(self) -> tuple[RawEvent, ...]:
        """Send what was not sent yet, shuffled and about half of it twice, with something from before in between."""
        count, self._books.waiting = self._books.waiting, 0
        sent = [body for _, body in self._sent]
        waiting, before = sent[len(sent) - count :], sent[: len(sent) - count]
        again = [body for body, draw in zip(waiting, self._dice.draw(len(waiting)), strict=True) if draw < _OFTEN]
        bodies = [*waiting, *again, *before[-1:]]
        shuffled = sorted(zip(self._dice.draw(len(bodies)), range(len(bodies)), strict=True))
        now = self._now()
        return tuple(signed(bodies[place], self._secret, now) for _, place in shuffled)

    # Inside

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _contract(self, ref: str) -> Contract:
        contract = self._contracts.get(ref)
        if contract is None or contract.is_over:
            raise InvalidInput(f"there is no running subscription {ref}", where=GATEWAY, remedy="begin another")
        return contract

    def _known(self, key: str, wish: object) -> Checkout | None:
        found = self._wishes.get(key)
        if found is None:
            return None
        if found[0] != repr(wish):
            raise Conflict(f"the key {key} was used for another wish")
        return None if found[1] is None else self._checkouts[found[1]].checkout

    def _is_taken(self, key: str, wish: object) -> bool:
        self._known(key, wish)
        return key in self._wishes

    def _collect_period(self, contract: Contract, start: int, end: int, price: Money) -> None:
        taken = Taken(self._identity.new_id(), contract.ref, contract.plan.plan_id, price)
        self._taken[taken.ref] = taken
        kept = replace(contract, end=end, is_paid=True)
        self._tell(kept, _K.PERIOD_PAID, contract.plan, period=(start, end), payment=taken)

    def _tell(
        self,
        contract: Contract,
        kind: GatewayEventKind,
        plan: Plan,
        *,
        period: tuple[int, int] | None = None,
        payment: Taken | None = None,
    ) -> None:
        start, end = period or (None, None)
        event = GatewayEvent(
            GATEWAY,
            self._identity.new_id(),
            kind,
            self._now(),
            contract.numbered + 1,
            contract.user_id,
            contract.ref,
            plan.plan_id if payment is None else payment.plan_id,
            start,
            end,
            "" if payment is None else payment.ref,
            None if payment is None else payment.amount,
            is_test=True,
        )
        self._contracts[contract.ref] = replace(contract, numbered=contract.numbered + 1)
        self._send(body_of(event), event.created_at)

    def _send(self, body: bytes, at: int) -> None:
        self._sent.append((at, body))
        self._books.waiting += 1
