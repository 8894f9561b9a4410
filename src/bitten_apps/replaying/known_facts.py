"""Facts about people, as the recorded transactions saw them, in place of what the replay's own store would say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, cast

from bitten_domain.errors import InvalidInput
from bitten_domain.record.inputs.facts import (
    pass_from,
    pass_named,
    person_from,
    person_named,
    subscriptions_from,
    subscriptions_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bitten_domain.membership import Person
    from bitten_domain.membership.press_pass import PressPass
    from bitten_domain.membership.subscription import Subscription
    from bitten_domain.ports.input_log import InputRecording
    from bitten_domain.ports.repositories.membership import PressPassRepository, SubscriptionRepository
    from bitten_domain.ports.repositories.people import PersonRepository
    from bitten_domain.ports.unit_of_work import Repositories
    from bitten_domain.values import UserId

__all__ = ["KnownFacts"]

T = TypeVar("T")


class KnownFacts:
    """What is known of people at this point of a replay.

    Args:
        recording: where the texts are kept.
    """

    def __init__(self, recording: InputRecording) -> None:
        self._recording = recording
        self._digests: dict[str, str] = {}
        self._texts: dict[str, str] = {}

    def see(self, seen: Mapping[str, str]) -> None:
        """Take in what a recorded transaction saw."""
        self._digests.update(seen)

    def forget(self, name: str) -> None:
        """Let the store say it: the replay itself has written it just now."""
        self._digests.pop(name, None)

    def shown(self, store: Repositories) -> Repositories:
        """Give a transaction's repositories, which say what is known."""
        return replace(
            store,
            people=cast("PersonRepository", _KnownPeople(store.people, self)),
            press_passes=cast("PressPassRepository", _KnownPasses(store.press_passes, self)),
            subscriptions=cast("SubscriptionRepository", _KnownSubscriptions(store.subscriptions, self)),
        )

    def read(self, name: str, what: Callable[[str], T], otherwise: Callable[[], T]) -> T:
        """Read a fact.

        Args:
            name: of the fact.
            what: makes it from its text.
            otherwise: asks the store, where nothing is known.

        Raises:
            InvalidInput: its text cannot be understood.
        """
        digest = self._digests.get(name, "")
        if not digest:
            return otherwise()
        if digest not in self._texts:
            self._texts[digest] = self._recording.material(digest)
        try:
            return what(self._texts[digest])
        except ValueError as error:
            raise InvalidInput(
                f"the recorded {name.partition(':')[0]} cannot be understood: {error}",
                where="recording",
                remedy="restore the folder of inputs from a backup, or use the version it was recorded with",
            ) from error


class _KnownPeople:
    """Persons; every method but those that read or write one is the store's own."""

    def __init__(self, people: PersonRepository, facts: KnownFacts) -> None:
        self._people, self._facts = people, facts

    def __getattr__(self, name: str) -> object:
        return getattr(self._people, name)

    def get(self, user_id: UserId) -> Person | None:
        return self._facts.read(person_named(user_id), person_from, lambda: self._people.get(user_id))

    def lock(self, user_id: UserId) -> Person | None:
        return self._facts.read(person_named(user_id), person_from, lambda: self._people.lock(user_id))

    def add(self, person: Person) -> None:
        self._people.add(person)
        self._facts.forget(person_named(person.user_id))

    def put(self, person: Person) -> None:
        self._people.put(person)
        self._facts.forget(person_named(person.user_id))


class _KnownPasses:
    """Press passes; a desk writes none."""

    def __init__(self, passes: PressPassRepository, facts: KnownFacts) -> None:
        self._passes, self._facts = passes, facts

    def __getattr__(self, name: str) -> object:
        return getattr(self._passes, name)

    def of(self, user_id: UserId) -> PressPass | None:
        return self._facts.read(pass_named(user_id), pass_from, lambda: self._passes.of(user_id))


class _KnownSubscriptions:
    """Subscriptions; a desk writes none."""

    def __init__(self, subscriptions: SubscriptionRepository, facts: KnownFacts) -> None:
        self._subscriptions, self._facts = subscriptions, facts

    def __getattr__(self, name: str) -> object:
        return getattr(self._subscriptions, name)

    def of(self, user_id: UserId) -> tuple[Subscription, ...]:
        return self._facts.read(
            subscriptions_named(user_id), subscriptions_from, lambda: self._subscriptions.of(user_id)
        )
