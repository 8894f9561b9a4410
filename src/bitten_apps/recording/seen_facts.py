"""Repositories that note which facts about people a transaction read, before it wrote any itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from bitten_domain.record.inputs.facts import fact_of_person, person_named

if TYPE_CHECKING:
    from bitten_apps.recording.tape import Tape
    from bitten_domain.membership import Person
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
        return replace(store, people=cast("PersonRepository", _SeenPeople(store.people, self)))

    def note(self, name: str, text: str) -> None:
        """Note what was found at first; what a transaction itself wrote is no news to its replay."""
        if name not in self.digests:
            self.digests[name] = self._tape.kept_fact(text)


class _SeenPeople:
    """Persons; every method but those that read one is the repository's own."""

    def __init__(self, people: PersonRepository, seen: SeenFacts) -> None:
        self._people, self._seen = people, seen

    def __getattr__(self, name: str) -> object:
        return getattr(self._people, name)

    def get(self, user_id: UserId) -> Person | None:
        person = self._people.get(user_id)
        self._seen.note(person_named(user_id), fact_of_person(person))
        return person

    def lock(self, user_id: UserId) -> Person | None:
        person = self._people.lock(user_id)
        self._seen.note(person_named(user_id), fact_of_person(person))
        return person
