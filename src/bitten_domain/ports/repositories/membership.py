"""Membership: press passes, plans, gateway events and what follows from them, onboardings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.membership.onboarding import OnboardingSession
    from bitten_domain.membership.press_pass import PressPass, PressPassDay
    from bitten_domain.membership.subscription import GatewayEvent, Payment, Plan, Subscription, TrialMark
    from bitten_domain.values import UserId

__all__ = [
    "GatewayEventRepository",
    "OnboardingRepository",
    "PaymentRepository",
    "PlanRepository",
    "PressPassDayRepository",
    "PressPassRepository",
    "SubscriptionRepository",
    "TrialRepository",
]


class PressPassDayRepository(Protocol):
    """Days on which press passes are given; `claims` is counted from the passes' rows, never kept beside them."""

    def lock(self, day: int, limit: int) -> PressPassDay:
        """Read a day and hold it until the transaction ends: whoever else locks it waits.

        A day that is new begins with that limit; one that is there keeps its own.

        Raises:
            BrokenInvariant: the transaction only reads.
        """
        ...

    def get(self, day: int) -> PressPassDay | None:
        """Read a day without holding it; None before anybody locked it."""
        ...

    def drop_before(self, day: int) -> int:
        """Erase days before one; how many there were. The passes that were given on them stay."""
        ...


class PressPassRepository(Protocol):
    """Press passes; a Telegram key has one for ever, a person at most one."""

    def add(self, press_pass: PressPass) -> None:
        """Keep a new pass of a day this transaction has locked.

        Raises:
            Conflict: its Telegram key or its person has one, or the day has given as many as its limit.
            BrokenInvariant: this transaction has not locked the day of its claim.
        """
        ...

    def by_key(self, telegram_key: bytes) -> PressPass | None:
        """Find the pass of a Telegram key, whose person may be erased."""
        ...

    def of(self, user_id: UserId) -> PressPass | None:
        """Find a person's pass."""
        ...

    def lock(self, user_id: UserId) -> PressPass | None:
        """Find a person's pass and hold it until the transaction ends: whoever else locks or replaces it waits.

        Whoever decides by what a pass is, and then replaces it, finds it so.

        Raises:
            BrokenInvariant: the transaction only reads.
        """
        ...

    def put(self, press_pass: PressPass) -> None:
        """Replace the pass of the same Telegram key.

        Raises:
            BrokenInvariant: it is not there, its claim or end would change, or it would get another person; that it
                loses its person is allowed.
        """
        ...

    def held(self) -> tuple[PressPass, ...]:
        """List the passes that belong to a person and were neither converted nor revoked, by end, then by key."""
        ...


class PlanRepository(Protocol):
    """Plans; they are never deleted."""

    def begin(self, plan: Plan) -> bool:
        """Keep a plan where there is none of its id; False where there is one, which stays as it is.

        So whoever begins one never takes back what another transaction put meanwhile.
        """
        ...

    def put(self, plan: Plan) -> None:
        """Keep a new plan, or replace the one of the same id.

        Raises:
            BrokenInvariant: the stored one gives another tier.
        """
        ...

    def all(self) -> tuple[Plan, ...]:
        """List them, by id."""
        ...


class GatewayEventRepository(Protocol):
    """Events of payment gateways, as they came; they outlive their person, whose id then leads to nobody."""

    def add(self, event: GatewayEvent, received_at: int) -> bool:
        """Keep an event; False when the gateway's event of that id is kept already, which changes nothing.

        Raises:
            Conflict: an event of that id is kept, and it says something else.
        """
        ...

    def of_subscription(self, gateway: str, subscription_ref: str) -> tuple[GatewayEvent, ...]:
        """List a subscription's events by their `order`."""
        ...

    def unfolded(self) -> tuple[tuple[str, str], ...]:
        """List the subscriptions, by gateway and reference, that are worked out from fewer events than are kept.

        Such events named a plan or a person that was not known.
        """
        ...


class SubscriptionRepository(Protocol):
    """Subscriptions as their events tell them; a person has at most one with `is_current`."""

    def put(self, subscription: Subscription) -> None:
        """Keep a subscription, or replace the one of the same gateway and reference.

        Raises:
            Conflict: it is current, and so is another one of the same person.
            BrokenInvariant: it would belong to another person, or be worked out from fewer events than before.
        """
        ...

    def lock(self, user_id: UserId) -> tuple[Subscription, ...]:
        """List a person's subscriptions as `of` does, and hold them until the transaction ends.

        Whoever else locks the same person's waits, also where there are none yet.

        Raises:
            BrokenInvariant: the transaction only reads.
        """
        ...

    def of(self, user_id: UserId) -> tuple[Subscription, ...]:
        """List a person's subscriptions, by beginning, then gateway and reference."""
        ...

    def current(self) -> tuple[Subscription, ...]:
        """List everybody's current subscriptions, by gateway and reference."""
        ...


class PaymentRepository(Protocol):
    """Payments; they outlive their person, whose id then leads to nobody."""

    def put(self, payment: Payment) -> None:
        """Keep a payment, or replace the one of the same gateway and reference.

        Raises:
            BrokenInvariant: its amount, plan, subscription or person would change, it would be paid later, or less be
                refunded than before.
        """
        ...

    def of(self, user_id: UserId) -> tuple[Payment, ...]:
        """List a person's payments, oldest first, then by gateway and reference."""
        ...


class TrialRepository(Protocol):
    """Trials that were begun; a Telegram key has one for ever."""

    def add(self, mark: TrialMark) -> bool:
        """Keep a mark; False when the key has one already, which changes nothing."""
        ...

    def by_key(self, telegram_key: bytes) -> TrialMark | None:
        """Find the trial of a Telegram key, whose person may be erased."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Take a person from their mark, which stays; how many there were."""
        ...


class OnboardingRepository(Protocol):
    """Onboardings, one a person at most."""

    def put(self, session: OnboardingSession) -> None:
        """Keep an onboarding, or replace the person's."""
        ...

    def of(self, user_id: UserId) -> OnboardingSession | None:
        """Read a person's onboarding."""
        ...

    def drop_started_before(self, moment: int) -> int:
        """Erase the unfinished ones started before a moment; how many there were."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase a person's; how many there were."""
        ...
