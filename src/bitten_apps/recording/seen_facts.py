"""Repositories that note which facts about people a transaction read, before it wrote any itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from bitten_domain.record.inputs.facts import (
    fact_of_pass,
    fact_of_person,
    fact_of_subscriptions,
    pass_named,
    person_named,
    subscriptions_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from bitten_apps.recording.tape import Tape
    from bitten_domain.membership import Person
    from bitten_domain.membership.press_pass import PressPass
    from bitten_domain.membership.subscription import Subscription
    from bitten_domain.ports.repositories.membership import PressPassRepository, SubscriptionRepository
    from bitten_domain.ports.repositories.people import PersonRepository
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["SeenFacts"]


class SeenFacts:
    """What one transaction has seen of people.

    Args:
        tape: keeps what was seen.
    """

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self.digests: dict[str, str] = {}
        """Digests of what was read, by the fact's name."""

    def noted(self, store: Repositories) -> Repositories:
        """Give a transaction's repositories, which note what is read of them."""
        return replace(
            store,
            people=cast("PersonRepository", _SeenPeople(store.people, self)),
            press_passes=cast("PressPassRepository", _SeenPasses(store.press_passes, self)),
            subscriptions=cast("SubscriptionRepository", _SeenSubscriptions(store.subscriptions, self)),
        )

    def note(self, name: str, fact: Hashable, text: Callable[[], str]) -> None:
        """Note what was found at first; what a transaction itself wrote is no news to its replay."""
        if name not in self.digests:
            self.digests[name] = self._tape.kept_fact((name, fact), text)


class _SeenPeople:
    """Persons; every method but those that read one is the repository's own."""

    def __init__(self, people: PersonRepository, seen: SeenFacts) -> None:
        self._people, self._seen = people, seen

    def __getattr__(self, name: str) -> object:
        return getattr(self._people, name)

    def get(self, user_id: UserId) -> Person | None:
        return self._noted(user_id, self._people.get(user_id))

    def lock(self, user_id: UserId) -> Person | None:
        return self._noted(user_id, self._people.lock(user_id))

    def _noted(self, user_id: UserId, person: Person | None) -> Person | None:
        self._seen.note(person_named(user_id), person, lambda: fact_of_person(person))
        return person


class _SeenPasses:
    """Press passes; as `_SeenPeople`."""

    def __init__(self, passes: PressPassRepository, seen: SeenFacts) -> None:
        self._passes, self._seen = passes, seen

    def __getattr__(self, name: str) -> object:
        return getattr(self._passes, name)

    def of(self, user_id: UserId) -> PressPass | None:
        press_pass = self._passes.of(user_id)
        self._seen.note(pass_named(user_id), press_pass, lambda: fact_of_pass(press_pass))
        return press_pass


class _SeenSubscriptions:
    """Subscriptions; as `_SeenPeople`."""

    def __init__(self, subscriptions: SubscriptionRepository, seen: SeenFacts) -> None:
        self._subscriptions, self._seen = subscriptions, seen

    def __getattr__(self, name: str) -> object:
        return getattr(self._subscriptions, name)

    def of(self, user_id: UserId) -> tuple[Subscription, ...]:
        found = self._subscriptions.of(user_id)
        self._seen.note(subscriptions_named(user_id), found, lambda: fact_of_subscriptions(found))
        return found
