"""Press passes, the days they are given on, and trials, in memory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import BrokenInvariant, Conflict
from bitten_domain.membership.calendar_day import utc_day
from bitten_domain.membership.press_pass import PressPassDay

if TYPE_CHECKING:
    from bitten_adapters.memory.people import MemoryPersons
    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.membership.press_pass import PressPass
    from bitten_domain.membership.subscription import TrialMark
    from bitten_domain.values import UserId

__all__ = ["MemoryPressPassDays", "MemoryPressPasses", "MemoryTrials"]


class MemoryPressPassDays:
    """Limits by day; what was given is counted from the passes."""

    def __init__(self, transaction: Transaction, passes: dict[bytes, PressPass]) -> None:
        self._transaction, self._passes = transaction, passes
        self._limits: dict[int, int] = {}

    def lock(self, day: int, limit: int) -> PressPassDay:
        """Read a day and note that it is held; nobody else runs a transaction meanwhile."""
        self._transaction.to_write()
        if day not in self._limits:
            self._transaction.put(self._limits, day, limit)
        self._transaction.days.add(day)
        return self._read(day)

    def get(self, day: int) -> PressPassDay | None:
        """Read a day."""
        self._transaction.to_read()
        return self._read(day) if day in self._limits else None

    def drop_before(self, day: int) -> int:
        """Erase days before one."""
        self._transaction.to_write()
        old = [one for one in self._limits if one < day]
        for one in old:
            self._transaction.drop(self._limits, one)
        return len(old)

    def _read(self, day: int) -> PressPassDay:
        claims = sum(utc_day(one.claimed_at) == day for one in self._passes.values())
        return PressPassDay(day, self._limits[day], claims)


class MemoryPressPasses:
    """Passes by Telegram key; `days` is the repository of the days they are given on."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._passes: dict[bytes, PressPass] = {}
        self.days = MemoryPressPassDays(transaction, self._passes)

    def add(self, press_pass: PressPass) -> None:
        """Keep a new pass of a day this transaction holds."""
        self._transaction.to_write()
        day = utc_day(press_pass.claimed_at)
        if day not in self._transaction.days:
            raise BrokenInvariant(f"a press pass of day {day} is kept without holding the day")
        if press_pass.user_id is None:
            raise BrokenInvariant("a press pass is claimed by somebody")
        self._persons.require(press_pass.user_id)
        found = self.days.get(day)
        if found is None or found.remaining == 0:
            raise Conflict(f"every press pass of day {day} is given")
        if press_pass.telegram_key in self._passes or self.of(press_pass.user_id) is not None:
            raise Conflict(f"a press pass of {press_pass.user_id}, or of this Telegram id, is there already")
        self._transaction.put(self._passes, press_pass.telegram_key, press_pass)

    def by_key(self, telegram_key: bytes) -> PressPass | None:
        """Find the pass of a Telegram key."""
        self._transaction.to_read()
        return self._passes.get(telegram_key)

    def of(self, user_id: UserId) -> PressPass | None:
        """Find a person's pass."""
        self._transaction.to_read()
        return next((one for one in self._passes.values() if one.user_id == user_id), None)

    def lock(self, user_id: UserId) -> PressPass | None:
        """Find a person's pass; nobody else runs a transaction meanwhile."""
        self._transaction.to_write()
        return self.of(user_id)

    def put(self, press_pass: PressPass) -> None:
        """Replace the pass of the same Telegram key."""
        self._transaction.to_write()
        stored = self._passes.get(press_pass.telegram_key)
        if (
            stored is None
            or (stored.claimed_at, stored.ends_at) != (press_pass.claimed_at, press_pass.ends_at)
            or press_pass.user_id not in (stored.user_id, None)
        ):
            raise BrokenInvariant("this press pass is not there, or its claim, end or person would change")
        self._transaction.put(self._passes, press_pass.telegram_key, press_pass)

    def held(self) -> tuple[PressPass, ...]:
        """List the passes that belong to a person and were neither converted nor revoked, by end, then by key."""
        self._transaction.to_read()
        found = [
            one
            for one in self._passes.values()
            if one.user_id is not None and one.converted_at is None and one.revoked_at is None
        ]
        return tuple(sorted(found, key=lambda one: (one.ends_at, one.telegram_key)))


class MemoryTrials:
    """Marks by Telegram key."""

    def __init__(self, transaction: Transaction, persons: MemoryPersons) -> None:
        self._transaction, self._persons = transaction, persons
        self._marks: dict[bytes, TrialMark] = {}

    def add(self, mark: TrialMark) -> bool:
        """Keep a mark, once for a key."""
        self._transaction.to_write()
        if mark.user_id is None:
            raise BrokenInvariant("a trial is given to somebody")
        self._persons.require(mark.user_id)
        if mark.telegram_key in self._marks:
            return False
        self._transaction.put(self._marks, mark.telegram_key, mark)
        return True

    def by_key(self, telegram_key: bytes) -> TrialMark | None:
        """Find the trial of a Telegram key."""
        self._transaction.to_read()
        return self._marks.get(telegram_key)

    def forget(self, user_id: UserId) -> int:
        """Take a person from their mark, which stays."""
        self._transaction.to_write()
        theirs = [mark for mark in self._marks.values() if mark.user_id == user_id]
        for mark in theirs:
            self._transaction.put(self._marks, mark.telegram_key, replace(mark, user_id=None))
        return len(theirs)
