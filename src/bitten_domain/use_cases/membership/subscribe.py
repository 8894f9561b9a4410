"""Subscribe: open a place to pay at, with a trial for whoever has one left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bitten_domain.membership import Denial, DenialCode
from bitten_domain.membership.access import Action
from bitten_domain.membership.subscription import TrialMark, may_subscribe, trial_days_for
from bitten_domain.ports.membership.payments import CheckoutOrder
from bitten_domain.use_cases.access.standing import allowed
from bitten_domain.use_cases.membership.plan_list import begin_plans
from bitten_domain.use_cases.membership.telegram_keys import one_reason, telegram_key_of
from bitten_domain.use_cases.membership.tier_at import DEFAULT_FIGURES, MemberFigures
from bitten_domain.use_cases.trading.orders.durably import durably

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.ports.membership.payments import Checkout, Payments
    from bitten_domain.ports.membership.vault import BlindIndex
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork
    from bitten_domain.values import UserId

__all__ = ["OpenedCheckout", "Subscribe", "SubscribeCommand"]


class SubscribeCommand(NamedTuple):
    """Somebody wants to begin a subscription.

    Args:
        key: unique for the wish; the same key again is the same wish.
        user_id: who.
        plan_id: what.
    """

    key: str
    user_id: UserId
    plan_id: str


class OpenedCheckout(NamedTuple):
    """A place to pay at.

    Args:
        checkout: where.
        trial_days: days without payment first; 0 for none.
    """

    checkout: Checkout
    trial_days: int


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Begin a checkout; nothing is paid and nothing given by that alone.

    Args:
        unit_of_work: the store.
        payments: the gateway.
        blind_index: hashes the Telegram id, by which one trial stays one after an erasure.
        figures: the figures.
    """

    unit_of_work: UnitOfWork
    payments: Payments
    blind_index: BlindIndex
    figures: MemberFigures = DEFAULT_FIGURES

    async def __call__(self, command: SubscribeCommand, at: int) -> OpenedCheckout | Denial:
        """Open a checkout, at a moment, seconds since 1970 UTC.

        Raises:
            InvalidInput: there is no such person, or the gateway refuses.
            Conflict: the key was used for another wish, or the store failed; try again.
            Unavailable, OutcomeUnknown: the store or the gateway failed; try again with the same key.
        """
        order = await durably(self.unit_of_work, lambda store: self._ordered(store, command, at))
        if isinstance(order, Denial):
            return order
        return OpenedCheckout(await self.payments.begin_checkout(order), order.trial_days)

    def _ordered(self, store: Repositories, command: SubscribeCommand, at: int) -> CheckoutOrder | Denial:
        person = allowed(store, command.user_id, Action.SUBSCRIBE, at, hold=True)
        if isinstance(person, Denial):
            return person
        plan = begin_plans(store).get(command.plan_id)
        if plan is None:
            return one_reason(DenialCode.NOT_OFFERED, "a plan that is offered", command.plan_id, "see /subscribe")
        no = may_subscribe(plan, store.subscriptions.of(person.user_id), self.figures.subscription, at)
        return no or CheckoutOrder(command.key, person.user_id, plan, self._trial_days(store, person, at))

    def _trial_days(self, store: Repositories, person: Person, at: int) -> int:
        # A trial is given once for each Telegram id: whoever has none has no trial.
        key = telegram_key_of(person, self.blind_index)
        if key is None:
            return 0
        user_id = person.user_id
        given = store.press_passes.by_key(key) or store.press_passes.of(user_id)
        days = trial_days_for(
            user_id, store.trials.by_key(key), given, store.subscriptions.of(user_id), self.figures.subscription
        )
        if days:
            store.trials.add(TrialMark(key, user_id, at))
        return days
