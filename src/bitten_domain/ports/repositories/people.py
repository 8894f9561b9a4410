"""People, what they let the machine do, and what has been stopped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.membership import Person
    from bitten_domain.risk.emergency_stop import EmergencyStop
    from bitten_domain.risk.policy.mandate import Mandate
    from bitten_domain.values import AccountId, UserId

__all__ = ["GrantedMandate", "MandateRepository", "PersonRepository", "StopRepository"]


class PersonRepository(Protocol):
    """Persons with their profiles."""

    def add(self, person: Person) -> None:
        """Keep a new person; `Conflict` when their id, Telegram id or callsign, whatever its case, is somebody's."""
        ...

    def get(self, user_id: UserId) -> Person | None:
        """Read a person."""
        ...

    def lock(self, user_id: UserId) -> Person | None:
        """Read a person and hold them until the transaction ends: whoever else locks or replaces them waits.

        Whoever decides by what a person is, and then replaces them, reads them so.

        Raises:
            BrokenInvariant: the transaction only reads.
        """
        ...

    def all(self) -> tuple[Person, ...]:
        """List everybody there ever was, by id; those who were erased have nothing left but it."""
        ...

    def by_callsign(self, callsign: str) -> Person | None:
        """Find the person of a callsign, whatever its case; None for the empty one."""
        ...

    def by_telegram(self, telegram_id: int) -> Person | None:
        """Find the person of a Telegram id."""
        ...

    def put(self, person: Person) -> None:
        """Replace a person that is there.

        Raises:
            BrokenInvariant: it is not.
            Conflict: its new Telegram id or callsign belongs to somebody else.
        """
        ...


@dataclass(frozen=True, slots=True)
class GrantedMandate:
    """A mandate as it was granted.

    Args:
        mandate_id: its identity.
        user_id: who granted it.
        mandate: its bounds.
        revoked_at: when it was taken back, seconds since 1970 UTC; None while it stands.
    """

    mandate_id: str
    user_id: UserId
    mandate: Mandate
    revoked_at: int | None = None


class MandateRepository(Protocol):
    """Mandates; an account has at most one that is not revoked."""

    def add(self, granted: GrantedMandate) -> None:
        """Keep a new mandate; `Conflict` while the account has one that is not revoked."""
        ...

    def standing(self, account: AccountId) -> GrantedMandate | None:
        """Read the account's mandate that is not revoked, whether or not it has run out."""
        ...

    def all_standing(self) -> tuple[GrantedMandate, ...]:
        """List the mandates that are not revoked, by account."""
        ...

    def revoke(self, mandate_id: str, at: int) -> None:
        """Take one back; a second time changes nothing."""
        ...


class StopRepository(Protocol):
    """Emergency stops; a scope and subject has at most one of a kind in force."""

    def in_force(self) -> tuple[EmergencyStop, ...]:
        """List what is not released, oldest first."""
        ...

    def set(self, stop: EmergencyStop) -> None:
        """Put a stop in force; one of the same scope, subject and kind is replaced, so that its wait starts again."""
        ...

    def release(self, stop: EmergencyStop, by: UserId, at: int) -> None:
        """End the stop of that scope, subject and kind; a second time changes nothing."""
        ...
