"""How people came in, and what they agreed to, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, Conflict

if TYPE_CHECKING:
    from bitten_adapters.memory.people import MemoryPersons
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.membership.onboarding import OnboardingSession
    from bitten_domain.membership.privacy import Consent
    from bitten_domain.values import UserId

__all__ = ["MemoryConsents", "MemoryOnboardings"]


class MemoryOnboardings:
    """Onboardings by person."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._sessions: dict[UserId, OnboardingSession] = {}

    def put(self, session: OnboardingSession) -> None:
        """Keep an onboarding, or replace the person's."""
        self._transaction.to_write()
        self._persons.require(session.user_id)
        self._transaction.put(self._sessions, session.user_id, session)

    def of(self, user_id: UserId) -> OnboardingSession | None:
        """Read a person's onboarding."""
        self._transaction.to_read()
        return self._sessions.get(user_id)

    def drop_started_before(self, moment: int) -> int:
        """Erase the unfinished ones started before a moment."""
        self._transaction.to_write()
        old = [one.user_id for one in self._sessions.values() if one.done_at is None and one.started_at < moment]
        for user_id in old:
            self._transaction.drop(self._sessions, user_id)
        return len(old)

    def forget(self, user_id: UserId) -> int:
        """Erase a person's."""
        self._transaction.to_write()
        if user_id not in self._sessions:
            return 0
        self._transaction.drop(self._sessions, user_id)
        return 1


class MemoryConsents:
    """Consents by id, each with its place among all."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._consents: dict[str, tuple[int, Consent]] = {}
        self._places: dict[None, int] = {}

    def add(self, consent: Consent) -> None:
        """Keep a new consent."""
        self._transaction.to_write()
        self._persons.require(consent.user_id)
        if consent.consent_id in self._consents:
            raise Conflict(f"consent {consent.consent_id} is there already")
        if consent.withdrawn_at is None and any(_is_same(consent, one) for _, one in self._consents.values()):
            raise Conflict(f"a consent to {consent.purpose.value} {consent.version} stands already")
        place = self._places.get(None, 0) + 1
        self._transaction.put(self._places, None, place)
        self._transaction.put(self._consents, consent.consent_id, (place, consent))

    def withdraw(self, consent_id: str, at: int) -> None:
        """Take one back; a second time changes nothing."""
        self._transaction.to_write()
        place, found = self._consents.get(consent_id, (0, None))
        if found is not None and found.withdrawn_at is not None:
            return
        if found is None or found.given_at > at:
            raise BrokenInvariant(f"consent {consent_id} is not there, or was given after {at}")
        self._transaction.put(self._consents, consent_id, (place, replace(found, withdrawn_at=at)))

    def of(self, user_id: UserId) -> tuple[Consent, ...]:
        """List a person's consents, oldest first; of one moment, the first added is the oldest."""
        self._transaction.to_read()
        found = [(one.given_at, place, one) for place, one in self._consents.values() if one.user_id == user_id]
        return tuple(one for _, _, one in sorted(found, key=lambda row: row[:2]))

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        self._transaction.to_write()
        names = [name for name, (_, one) in self._consents.items() if one.user_id == user_id]
        for name in names:
            self._transaction.drop(self._consents, name)
        return len(names)


def _is_same(consent: Consent, kept: Consent) -> bool:
    return kept.withdrawn_at is None and (kept.user_id, kept.purpose, kept.version) == (
        consent.user_id,
        consent.purpose,
        consent.version,
    )
