"""Persons, mandates and emergency stops, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, Conflict

if TYPE_CHECKING:
    from bitten_adapters.memory.accounts import MemoryAccounts
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.membership import Person
    from bitten_domain.ports.repositories.people import GrantedMandate
    from bitten_domain.risk.emergency_stop import EmergencyStop, StopKind, StopScope
    from bitten_domain.values import AccountId, UserId

__all__ = ["MemoryMandates", "MemoryPersons", "MemoryStops"]


class MemoryPersons:
    """Persons by id, and by the Telegram id they have."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._persons: dict[UserId, Person] = {}
        self._by_telegram: dict[int, UserId] = {}
        self._by_callsign: dict[str, UserId] = {}

    def add(self, person: Person) -> None:
        """Keep a new person."""
        self._transaction.to_write()
        if person.user_id in self._persons:
            raise Conflict(f"person {person.user_id} is there already")
        self._store(person)

    def get(self, user_id: UserId) -> Person | None:
        """Read a person."""
        self._transaction.to_read()
        return self._persons.get(user_id)

    def lock(self, user_id: UserId) -> Person | None:
        """Read a person; nobody else runs a transaction meanwhile."""
        self._transaction.to_write()
        return self._persons.get(user_id)

    def all(self) -> tuple[Person, ...]:
        """List everybody, by id."""
        self._transaction.to_read()
        return tuple(self._persons[user_id] for user_id in sorted(self._persons))

    def by_callsign(self, callsign: str) -> Person | None:
        """Find the person of a callsign, whatever its case; None for the empty one."""
        self._transaction.to_read()
        user_id = self._by_callsign.get(callsign.lower())
        return None if user_id is None else self._persons[user_id]

    def by_telegram(self, telegram_id: int) -> Person | None:
        """Find the person of a Telegram id."""
        self._transaction.to_read()
        user_id = self._by_telegram.get(telegram_id)
        return None if user_id is None else self._persons[user_id]

    def put(self, person: Person) -> None:
        """Replace a person."""
        self._transaction.to_write()
        stored = self._persons.get(person.user_id)
        if stored is None:
            raise BrokenInvariant(f"person {person.user_id} is not there to be replaced")
        if stored.telegram_id is not None and stored.telegram_id != person.telegram_id:
            self._transaction.drop(self._by_telegram, stored.telegram_id)
        if stored.profile.callsign and stored.profile.callsign.lower() != person.profile.callsign.lower():
            self._transaction.drop(self._by_callsign, stored.profile.callsign.lower())
        self._store(person)

    def require(self, user_id: UserId) -> None:
        """Make sure that something may be kept for a person.

        Raises:
            BrokenInvariant: they are not there.
        """
        if user_id not in self._persons:
            raise BrokenInvariant(f"person {user_id} is not there; nothing can be kept for them")

    def _store(self, person: Person) -> None:
        if person.telegram_id is not None:
            if self._by_telegram.get(person.telegram_id, person.user_id) != person.user_id:
                raise Conflict(f"Telegram id {person.telegram_id} belongs to somebody else")
            self._transaction.put(self._by_telegram, person.telegram_id, person.user_id)
        if person.profile.callsign:
            folded = person.profile.callsign.lower()
            if self._by_callsign.get(folded, person.user_id) != person.user_id:
                raise Conflict(f"callsign {person.profile.callsign} belongs to somebody else")
            self._transaction.put(self._by_callsign, folded, person.user_id)
        self._transaction.put(self._persons, person.user_id, person)


class MemoryMandates:
    """Mandates by id, and the standing one of each account."""

    def __init__(self, transaction: Transaction, accounts: MemoryAccounts) -> None:
        self._transaction = transaction
        self._accounts = accounts
        self._granted: dict[str, GrantedMandate] = {}
        self._standing: dict[AccountId, GrantedMandate] = {}

    def add(self, granted: GrantedMandate) -> None:
        """Keep a new mandate."""
        self._transaction.to_write()
        account = granted.mandate.account_id
        self._accounts.require(account)
        if granted.mandate_id in self._granted:
            raise Conflict(f"mandate {granted.mandate_id} is there already")
        if granted.revoked_at is None:
            if account in self._standing:
                raise Conflict(f"account {account} has a mandate that is not revoked")
            self._transaction.put(self._standing, account, granted)
        self._transaction.put(self._granted, granted.mandate_id, granted)

    def standing(self, account: AccountId) -> GrantedMandate | None:
        """Read the account's mandate that is not revoked."""
        self._transaction.to_read()
        return self._standing.get(account)

    def all_standing(self) -> tuple[GrantedMandate, ...]:
        """List the mandates that are not revoked, by account."""
        self._transaction.to_read()
        return tuple(granted for _, granted in sorted(self._standing.items()))

    def revoke(self, mandate_id: str, at: int) -> None:
        """Take one back."""
        self._transaction.to_write()
        granted = self._granted.get(mandate_id)
        if granted is None or granted.revoked_at is not None:
            return
        self._transaction.put(self._granted, mandate_id, replace(granted, revoked_at=at))
        self._transaction.drop(self._standing, granted.mandate.account_id)


class MemoryStops:
    """Stops in force by scope, subject and kind."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._stops: dict[tuple[StopScope, str, StopKind], EmergencyStop] = {}

    def in_force(self) -> tuple[EmergencyStop, ...]:
        """List what is not released, oldest first."""
        self._transaction.to_read()
        return tuple(sorted(self._stops.values(), key=_age))

    def set(self, stop: EmergencyStop) -> None:
        """Put a stop in force."""
        self._transaction.to_write()
        self._transaction.put(self._stops, _key(stop), stop)

    def release(self, stop: EmergencyStop, by: UserId, at: int) -> None:
        """End a stop."""
        self._transaction.to_write()
        if _key(stop) in self._stops:
            self._transaction.drop(self._stops, _key(stop))


def _key(stop: EmergencyStop) -> tuple[StopScope, str, StopKind]:
    return stop.scope, stop.subject, stop.kind


def _age(stop: EmergencyStop) -> tuple[int, str, str, str]:
    return stop.set_at, stop.scope.value, stop.subject, stop.kind.value
