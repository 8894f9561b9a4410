"""What discipline has earned: the XP ledger, where people stand, and their market days."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from bitten_domain.events import MarketDayClosed
    from bitten_domain.progression import Progress, XpEntry
    from bitten_domain.values import UserId

__all__ = ["MarketDayRepository", "ProgressRepository", "XpRepository", "XpTotals"]


class XpTotals(NamedTuple):
    """A ledger added up.

    Args:
        lifetime: points ever earned.
        balance: points that may be spent.
    """

    lifetime: int
    balance: int


class XpRepository(Protocol):
    """The XP ledger; it only grows."""

    def add(self, entry: XpEntry) -> bool:
        """Book an entry; False when the person's cause was booked before, which changes nothing."""
        ...

    def totals(self, user_id: UserId) -> XpTotals:
        """Add a person's ledger up; nought for somebody without entries."""
        ...

    def of_day(self, user_id: UserId, day: int) -> tuple[XpEntry, ...]:
        """List a person's entries of a trading day, in the order they were booked."""
        ...

    def recent(self, user_id: UserId, limit: int) -> tuple[XpEntry, ...]:
        """List a person's newest entries first."""
        ...


class ProgressRepository(Protocol):
    """Where people stand; each person has at most one row, which is held while a work that writes reads it."""

    def get(self, user_id: UserId) -> Progress | None:
        """Read where somebody stands, and hold it where the transaction writes; None before anything was settled."""
        ...

    def put(self, progress: Progress) -> None:
        """Keep where somebody stands.

        Raises:
            BrokenInvariant: a day that was settled would be undone.
        """
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase where somebody stands; how many rows there were."""
        ...


class MarketDayRepository(Protocol):
    """Market days of people: prepared for, and closed, each once."""

    def brief(self, user_id: UserId, day: int, at: int) -> bool:
        """Note that somebody read a day's briefing and confirmed their limits.

        False when that is known, or the day is closed: what was settled stays as it was.
        """
        ...

    def briefed_at(self, user_id: UserId, day: int) -> int | None:
        """Say when somebody did, seconds since 1970 UTC; None when they did not."""
        ...

    def close(self, closed: MarketDayClosed, at: int) -> None:
        """Keep a closed day; a person's day is closed once."""
        ...

    def closed(self, user_id: UserId, first: int, last: int) -> tuple[MarketDayClosed, ...]:
        """List the closed days from ``first`` to ``last``, oldest first."""
        ...
