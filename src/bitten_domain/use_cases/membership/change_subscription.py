"""What members ask for later: another plan, an end with the period, to go on after all, the first payment back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bitten_domain.errors import InvalidInput
from bitten_domain.membership import Denial, DenialCode
from bitten_domain.membership.access import Action
from bitten_domain.membership.subscription import PlanChange, plan_change, refundable, with_current
from bitten_domain.ports.repositories.messages import Processed
from bitten_domain.use_cases.access.standing import allowed
from bitten_domain.use_cases.membership.plan_list import plans_in
from bitten_domain.use_cases.membership.telegram_keys import one_reason, telegram_key_of
from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, MemberFigures
from bitten_domain.use_cases.trading.orders.durably import durably
from bitten_domain.vocabulary import Tier

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.membership.subscription import Payment, Plan, Subscription
    from bitten_domain.ports.membership.payments import Payments
    from bitten_domain.ports.membership.vault import BlindIndex
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["AskRefund", "ChangePlan", "SetRenewal", "current_subscription", "plan_at", "stop_and_refund"]

_TIERS = tuple(Tier)
_NO_SUBSCRIPTION = one_reason(
    DenialCode.NO_SUBSCRIPTION, "a subscription that still runs", "there is none", "begin one with /subscribe"
)
_REFUND = "refund"
_HAD_ONE = one_reason(
    DenialCode.NOTHING_TO_REFUND, "one refund for each Telegram account", "one was given", "see /cancel to end it"
)


def current_subscription(
    store: Repositories, user_id: UserId, now: int, figures: MemberFigures = DEFAULT_FIGURES
) -> Subscription | None:
    """Find the subscription of somebody that runs now; None when none does."""
    marked = with_current(store.subscriptions.of(user_id), figures.subscription, now)
    return next((one for one in marked if one.is_current), None)


def plan_at(subscription: Subscription, now: int) -> str:
    """Name the plan a subscription gives now: the highest of its running periods, or of the last one in the grace."""
    running = [period for period in subscription.periods if period.start <= now < period.end]
    found = running or sorted(subscription.periods, key=lambda period: period.end)[-1:]
    return max(found, key=lambda period: _TIERS.index(period.tier)).plan_id


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Give a member's subscription another plan: a higher one at once, a lower one with the next period.

    Args:
        unit_of_work: the store.
        payments: the gateway.
        gateway: its name in events; what belongs to another is not asked for.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    payments: Payments
    gateway: str
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, key: str, user_id: UserId, plan_id: str, at: int) -> PlanChange | Denial:
        """Ask the gateway for it; it holds when the gateway's event says so.

        Args:
            key: unique for the wish; the same key again is the same wish.
            user_id: who.
            plan_id: the wanted plan.
            at: now, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person, it is at another gateway, or the gateway refuses.
            Conflict: the key was used for another wish.
            Unavailable, OutcomeUnknown: the store or the gateway failed; try again with the same key.
        """
        found = await self.unit_of_work.read(lambda store: self._decided(store, user_id, plan_id, at))
        if isinstance(found, Denial):
            return found
        subscription_ref, plan, change = found
        await self.payments.change_plan(key, subscription_ref, plan, change)
        return change

    def _decided(
        self, store: Repositories, user_id: UserId, plan_id: str, at: int
    ) -> tuple[str, Plan, PlanChange] | Denial:
        person = allowed(store, user_id, Action.CHANGE_PLAN_PAID, at)
        if isinstance(person, Denial):
            return person
        current = current_subscription(store, user_id, at, self.figures)
        if current is None:
            return _NO_SUBSCRIPTION
        plans = plans_in(store)
        wanted, now_on = plans.get(plan_id), plans[plan_at(current, at)]
        if wanted is None:
            return one_reason(DenialCode.NOT_OFFERED, "a plan that is offered", plan_id, "see /subscribe")
        _require_gateway(self.gateway, current)
        if current.next_plan_id not in ("", now_on.plan_id) and wanted == now_on:
            # Another plan was chosen for the next period, and is taken back.
            return current.subscription_ref, wanted, PlanChange.AT_PERIOD_END
        change = plan_change(now_on, wanted)
        return change if isinstance(change, Denial) else (current.subscription_ref, wanted, change)


@dataclass(frozen=True, slots=True)
class SetRenewal:
    """Let a member's subscription end with its period, or go on after all.

    Args:
        unit_of_work: the store.
        payments: the gateway.
        gateway: its name in events; what belongs to another is not asked for.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    payments: Payments
    gateway: str
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, key: str, user_id: UserId, at: int, *, renews: bool) -> Subscription | Denial:
        """Ask the gateway for it; cancelling is open to everybody, in every state.

        Args:
            key: unique for the wish; the same key again is the same wish.
            user_id: who.
            at: now, seconds since 1970 UTC.
            renews: whether it shall go on.

        Returns:
            The subscription as it is before the gateway's event comes.

        Raises:
            InvalidInput: there is no such person, it is at another gateway, or the gateway refuses.
            Conflict: the key was used for another wish.
            Unavailable, OutcomeUnknown: the store or the gateway failed; try again with the same key.
        """
        found = await self.unit_of_work.read(lambda store: self._found(store, user_id, at, renews=renews))
        if not isinstance(found, Denial):
            _require_gateway(self.gateway, found)
            await self.payments.set_renewal(key, found.subscription_ref, renews=renews)
        return found

    def _found(self, store: Repositories, user_id: UserId, at: int, *, renews: bool) -> Subscription | Denial:
        action = Action.SUBSCRIBE if renews else Action.CANCEL_SUBSCRIPTION
        person = allowed(store, user_id, action, at)
        if isinstance(person, Denial):
            return person
        return current_subscription(store, user_id, at, self.figures) or _NO_SUBSCRIPTION


@dataclass(frozen=True, slots=True)
class AskRefund:
    """Give back somebody's first payment, for seven days, with what was paid on top of it; collect nothing more.

    A Telegram id has it once in its life: who was erased and comes again is somebody new to the books, and not here.

    Args:
        unit_of_work: the store.
        payments: the gateway.
        gateway: its name in events; what belongs to another is not asked for.
        blind_index: hashes the Telegram id.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    payments: Payments
    gateway: str
    blind_index: BlindIndex
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, user_id: UserId, at: int) -> tuple[Payment, ...] | Denial:
        """Ask the gateway for it; asked twice, it is given back once.

        Args:
            user_id: who.
            at: now, seconds since 1970 UTC.

        Returns:
            The payments as they are before the gateway's events come.

        Raises:
            InvalidInput: there is no such person, or it is at another gateway.
            Unavailable, OutcomeUnknown: the store or the gateway failed; try again.
        """

        def work(store: Repositories) -> tuple[Payment, ...] | Denial:
            person = allowed(store, user_id, Action.ASK_REFUND, at, hold=True)
            if isinstance(person, Denial):
                return person
            found = refundable(store.payments.of(user_id), self.figures.subscription, at)
            if isinstance(found, Denial):
                return found
            _require_gateway(self.gateway, found[0])
            return found if self._is_marked(store, person, at) else _HAD_ONE

        found = await durably(self.unit_of_work, work)
        if isinstance(found, Denial):
            return found
        for one in found:
            await stop_and_refund(self.payments, one.subscription_ref, one.payment_ref, "refund")
        return found

    def _is_marked(self, store: Repositories, person: Person, at: int) -> bool:
        """Mark that a Telegram id has its refund; False when somebody else had it by the same id."""
        key = telegram_key_of(person, self.blind_index)
        if key is None:
            return True
        whose = sha256(person.user_id.encode()).digest()
        before = store.processed.get(_REFUND, key.hex())
        if before is None:
            store.processed.add(Processed(_REFUND, key.hex(), whose, "{}", at))
        return before is None or before.body_hash == whose


def _require_gateway(gateway: str, of: Subscription | Payment) -> None:
    if of.gateway != gateway:
        raise InvalidInput(
            f"subscription {of.subscription_ref} is at the gateway {of.gateway}",
            where=gateway,
            remedy=f"ask for it where {of.gateway} is used",
        )


async def stop_and_refund(payments: Payments, subscription_ref: str, payment_ref: str, why: str) -> None:
    """Collect nothing more of a subscription and give a payment of it back; the same again does nothing more.

    Args:
        payments: the gateway.
        subscription_ref: which.
        payment_ref: what is given back; empty for a trial, of which nothing was paid.
        why: begins the keys of both wishes.
    """
    with suppress(InvalidInput):
        # It may be over already.
        await payments.set_renewal(f"{why}-end:{subscription_ref}:{payment_ref}", subscription_ref, renews=False)
    if payment_ref:
        await payments.refund(f"{why}:{payment_ref}", payment_ref)
