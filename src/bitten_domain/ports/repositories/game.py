"""The game: achievements, the challenges of people's days, gear and goods, boards and forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from decimal import Decimal

    from bitten_domain.progression.achievements import Achievement, EarnedAchievement
    from bitten_domain.progression.boards import BoardMember, Forecast
    from bitten_domain.progression.challenges import DailyChallenge
    from bitten_domain.progression.gear import Equipped, GearSlot, Owned
    from bitten_domain.values import SignalId, UserId
    from bitten_domain.vocabulary import Board

__all__ = [
    "AchievementRepository",
    "BoardRepository",
    "ChallengeRepository",
    "ForecastRepository",
    "GearRepository",
    "JudgedForecast",
]


class AchievementRepository(Protocol):
    """Achievements as they were published, and who has which."""

    def publish(self, achievements: tuple[Achievement, ...]) -> None:
        """Keep the definitions in force; one of a code that is there is replaced, one that is gone is kept."""
        ...

    def all(self) -> tuple[Achievement, ...]:
        """List what was ever published, by code."""
        ...

    def earn(self, earned: EarnedAchievement) -> bool:
        """Keep that somebody has one; False when they have it already, which changes nothing.

        Raises:
            BrokenInvariant: none of that code was published.
        """
        ...

    def of(self, user_id: UserId) -> tuple[EarnedAchievement, ...]:
        """List what somebody has, oldest first."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many rows there were."""
        ...


class ChallengeRepository(Protocol):
    """Challenges that were set for people's days; what was set for a day stays set."""

    def set(self, challenges: tuple[DailyChallenge, ...]) -> bool:
        """Keep the challenges of a person's day, none met yet; False when that day has some, which changes nothing."""
        ...

    def of(self, user_id: UserId, first: int, last: int) -> tuple[DailyChallenge, ...]:
        """List somebody's challenges of trading days, both ends included, by day and code."""
        ...

    def meet(self, user_id: UserId, day: int, code: str, at: int) -> bool:
        """Note that one is met; False when it was before, which changes nothing.

        Raises:
            BrokenInvariant: it was not set for that day.
        """
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many rows there were."""
        ...


class GearRepository(Protocol):
    """What people own of gear and goods, and what they have put where."""

    def own(self, owned: Owned) -> bool:
        """Keep that somebody owns an item; False when they do already, which changes nothing."""
        ...

    def owned(self, user_id: UserId) -> tuple[Owned, ...]:
        """List what somebody owns, oldest first."""
        ...

    def equip(self, user_id: UserId, slot: GearSlot, place: int, code: str | None) -> None:
        """Put an item into a place, instead of what is there; None empties the place.

        Raises:
            BrokenInvariant: the person does not own the item.
            Conflict: it is in another place.
        """
        ...

    def equipped(self, user_id: UserId) -> tuple[Equipped, ...]:
        """List what somebody has put where, by slot's name and place."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many rows there were."""
        ...


class BoardRepository(Protocol):
    """Who asked to be ranked; a board calls no two people alike, whatever the case of the letters."""

    def join(self, member: BoardMember) -> None:
        """Keep a member, or replace the person's pseudonym and no more; `Conflict` when somebody else has it there."""
        ...

    def leave(self, user_id: UserId, board: Board) -> bool:
        """Take somebody off a board at once; False when they were not on it."""
        ...

    def members(self, board: Board) -> tuple[BoardMember, ...]:
        """List a board's members, by user id."""
        ...

    def of(self, user_id: UserId) -> tuple[BoardMember, ...]:
        """List the boards somebody is on, by the board's name."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many rows there were."""
        ...


class JudgedForecast(NamedTuple):
    """A forecast whose signal has an outcome.

    Args:
        forecast: what was stated.
        net_r: what the signal came to; None when that cannot be told, for want of a rate.
    """

    forecast: Forecast
    net_r: Decimal | None


class ForecastRepository(Protocol):
    """Chances people gave to signals; one a person and signal, never changed."""

    def add(self, forecast: Forecast) -> bool:
        """Keep a forecast; False when that person gave that signal one already, which changes nothing.

        Raises:
            BrokenInvariant: there is no such signal.
        """
        ...

    def of(self, user_id: UserId, signal_id: SignalId) -> Forecast | None:
        """Read what somebody gave a signal."""
        ...

    def recent(self, user_id: UserId, limit: int) -> tuple[Forecast, ...]:
        """List somebody's newest forecasts first."""
        ...

    def judged(self, user_id: UserId) -> tuple[JudgedForecast, ...]:
        """List somebody's forecasts of signals whose outcome is known, oldest first."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person; how many rows there were."""
        ...
