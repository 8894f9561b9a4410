"""Achievements, challenges, gear, boards and forecasts, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.ports.repositories.game import JudgedForecast
from bitten_domain.progression.gear import Equipped

if TYPE_CHECKING:
    from bitten_adapters.memory.people import MemoryPersons
    from bitten_adapters.memory.signals import MemoryOutcomes, MemorySignals
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.progression.achievements import Achievement, EarnedAchievement
    from bitten_domain.progression.boards import BoardMember, Forecast
    from bitten_domain.progression.challenges import DailyChallenge
    from bitten_domain.progression.gear import GearSlot, Owned
    from bitten_domain.values import SignalId, UserId
    from bitten_domain.vocabulary import Board

__all__ = ["MemoryAchievements", "MemoryBoards", "MemoryChallenges", "MemoryForecasts", "MemoryGear"]

K = TypeVar("K")
V = TypeVar("V")


class _OfPeople:
    """What belongs to people: rows are numbered, so that of one moment the first added is the oldest."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._places: dict[None, int] = {}

    def _place(self, user_id: UserId) -> int:
        """Make sure that something may be kept for a person, and give it its place."""
        self._transaction.to_write()
        self._persons.require(user_id)
        place = self._places.get(None, 0) + 1
        self._transaction.put(self._places, None, place)
        return place

    def _dropped(self, table: dict[K, V], keys: list[K]) -> int:
        self._transaction.to_write()
        for key in keys:
            self._transaction.drop(table, key)
        return len(keys)


class MemoryAchievements(_OfPeople):
    """Achievements by code, and by who has them."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        super().__init__(transaction, persons)
        self._published: dict[str, Achievement] = {}
        self._earned: dict[tuple[UserId, str], tuple[int, EarnedAchievement]] = {}

    def publish(self, achievements: tuple[Achievement, ...]) -> None:
        """Keep the definitions in force."""
        self._transaction.to_write()
        for one in achievements:
            self._transaction.put(self._published, one.code, one)

    def all(self) -> tuple[Achievement, ...]:
        """List what was ever published, by code."""
        self._transaction.to_read()
        return tuple(self._published[code] for code in sorted(self._published))

    def earn(self, earned: EarnedAchievement) -> bool:
        """Keep that somebody has one, once."""
        place = self._place(earned.user_id)
        if earned.code not in self._published:
            raise BrokenInvariant(f"no achievement {earned.code} was published")
        if (earned.user_id, earned.code) in self._earned:
            return False
        self._transaction.put(self._earned, (earned.user_id, earned.code), (place, earned))
        return True

    def of(self, user_id: UserId) -> tuple[EarnedAchievement, ...]:
        """List what somebody has, oldest first."""
        self._transaction.to_read()
        found = [(one.at, place, one) for place, one in self._earned.values() if one.user_id == user_id]
        return tuple(one for _, _, one in sorted(found, key=lambda row: row[:2]))

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._dropped(self._earned, [key for key in self._earned if key[0] == user_id])


class MemoryChallenges(_OfPeople):
    """Challenges by person, day and code."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        super().__init__(transaction, persons)
        self._set: dict[tuple[UserId, int, str], DailyChallenge] = {}

    def set(self, challenges: tuple[DailyChallenge, ...]) -> bool:
        """Keep a day's challenges, once."""
        for one in challenges:
            self._place(one.user_id)
        days = {(one.user_id, one.day) for one in challenges}
        if not challenges or any(key[:2] in days for key in self._set):
            return False
        for one in challenges:
            self._transaction.put(self._set, (one.user_id, one.day, one.code), replace(one, met_at=None))
        return True

    def of(self, user_id: UserId, first: int, last: int) -> tuple[DailyChallenge, ...]:
        """List somebody's challenges of trading days."""
        self._transaction.to_read()
        keys = sorted(key for key in self._set if key[0] == user_id and first <= key[1] <= last)
        return tuple(self._set[key] for key in keys)

    def meet(self, user_id: UserId, day: int, code: str, at: int) -> bool:
        """Note that one is met, once."""
        self._transaction.to_write()
        one = self._set.get((user_id, day, code))
        if one is None:
            raise BrokenInvariant(f"challenge {code} was not set for day {day} of {user_id}")
        if one.met_at is not None:
            return False
        self._transaction.put(self._set, (user_id, day, code), replace(one, met_at=at))
        return True

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._dropped(self._set, [key for key in self._set if key[0] == user_id])


class MemoryGear(_OfPeople):
    """What people own by code, and what they wear by slot and place."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        super().__init__(transaction, persons)
        self._owned: dict[tuple[UserId, str], tuple[int, Owned]] = {}
        self._worn: dict[tuple[UserId, str, int], Equipped] = {}

    def own(self, owned: Owned) -> bool:
        """Keep that somebody owns an item, once."""
        place = self._place(owned.user_id)
        if (owned.user_id, owned.code) in self._owned:
            return False
        self._transaction.put(self._owned, (owned.user_id, owned.code), (place, owned))
        return True

    def owned(self, user_id: UserId) -> tuple[Owned, ...]:
        """List what somebody owns, oldest first."""
        self._transaction.to_read()
        found = [(one.at, place, one) for place, one in self._owned.values() if one.user_id == user_id]
        return tuple(one for _, _, one in sorted(found, key=lambda row: row[:2]))

    def equip(self, user_id: UserId, slot: GearSlot, place: int, code: str | None) -> None:
        """Put an item into a place, or empty it."""
        self._transaction.to_write()
        key = (user_id, slot.value, place)
        if code is None:
            if key in self._worn:
                self._transaction.drop(self._worn, key)
            return
        if (user_id, code) not in self._owned:
            raise BrokenInvariant(f"{user_id} does not own {code}")
        if any(one.user_id == user_id and one.code == code for other, one in self._worn.items() if other != key):
            raise Conflict(f"{code} is in another place")
        self._transaction.put(self._worn, key, Equipped(user_id, slot, place, code))

    def equipped(self, user_id: UserId) -> tuple[Equipped, ...]:
        """List what somebody has put where."""
        self._transaction.to_read()
        return tuple(self._worn[key] for key in sorted(self._worn) if key[0] == user_id)

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        worn = self._dropped(self._worn, [key for key in self._worn if key[0] == user_id])
        return worn + self._dropped(self._owned, [key for key in self._owned if key[0] == user_id])


class MemoryBoards(_OfPeople):
    """Members by person and board."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        super().__init__(transaction, persons)
        self._members: dict[tuple[UserId, str], BoardMember] = {}

    def join(self, member: BoardMember) -> None:
        """Keep a member, or their new pseudonym."""
        self._place(member.user_id)
        folded = member.pseudonym.lower()
        for other in self._members.values():
            is_other = other.user_id != member.user_id and other.board is member.board
            if is_other and other.pseudonym.lower() == folded:
                raise Conflict(f"{member.pseudonym} on board {member.board.value} is there already")
        key = (member.user_id, member.board.value)
        stored = self._members.get(key)
        new = member if stored is None else replace(stored, pseudonym=member.pseudonym)
        self._transaction.put(self._members, key, new)

    def leave(self, user_id: UserId, board: Board) -> bool:
        """Take somebody off a board."""
        self._transaction.to_write()
        if (user_id, board.value) not in self._members:
            return False
        self._transaction.drop(self._members, (user_id, board.value))
        return True

    def members(self, board: Board) -> tuple[BoardMember, ...]:
        """List a board's members, by user id."""
        self._transaction.to_read()
        return tuple(self._members[key] for key in sorted(self._members) if key[1] == board.value)

    def of(self, user_id: UserId) -> tuple[BoardMember, ...]:
        """List the boards somebody is on."""
        self._transaction.to_read()
        return tuple(self._members[key] for key in sorted(self._members) if key[0] == user_id)

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._dropped(self._members, [key for key in self._members if key[0] == user_id])


class MemoryForecasts(_OfPeople):
    """Forecasts by person and signal."""

    def __init__(
        self, transaction: Transaction, persons: MemoryPersons, signals: MemorySignals, outcomes: MemoryOutcomes
    ) -> None:
        super().__init__(transaction, persons)
        self._signals, self._outcomes = signals, outcomes
        self._forecasts: dict[tuple[UserId, SignalId], tuple[int, Forecast]] = {}

    def add(self, forecast: Forecast) -> bool:
        """Keep a forecast, once."""
        place = self._place(forecast.user_id)
        if self._signals.get(forecast.signal_id) is None:
            raise BrokenInvariant(f"there is no signal {forecast.signal_id}")
        key = (forecast.user_id, forecast.signal_id)
        if key in self._forecasts:
            return False
        self._transaction.put(self._forecasts, key, (place, forecast))
        return True

    def of(self, user_id: UserId, signal_id: SignalId) -> Forecast | None:
        """Read what somebody gave a signal."""
        self._transaction.to_read()
        found = self._forecasts.get((user_id, signal_id))
        return None if found is None else found[1]

    def recent(self, user_id: UserId, limit: int) -> tuple[Forecast, ...]:
        """List somebody's newest forecasts first."""
        found = self._of(user_id)
        return tuple(reversed(found[max(0, len(found) - max(0, limit)) :]))

    def judged(self, user_id: UserId) -> tuple[JudgedForecast, ...]:
        """List somebody's forecasts of signals whose outcome is known."""
        known = [(one, self._outcomes.get(one.signal_id)) for one in self._of(user_id)]
        return tuple(JudgedForecast(one, outcome.net_r) for one, outcome in known if outcome is not None)

    def forget(self, user_id: UserId) -> int:
        """Erase all of a person."""
        return self._dropped(self._forecasts, [key for key in self._forecasts if key[0] == user_id])

    def _of(self, user_id: UserId) -> list[Forecast]:
        self._transaction.to_read()
        found = [(one.at, place, one) for place, one in self._forecasts.values() if one.user_id == user_id]
        return [one for _, _, one in sorted(found, key=lambda row: row[:2])]
