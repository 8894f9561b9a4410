"""Outbox, inbox and processed inputs, in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import TYPE_CHECKING

from bitten_domain.errors import Conflict
from bitten_domain.membership.privacy import names_telegram_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bitten_adapters.memory.transaction import Transaction
    from bitten_domain.ports.repositories.messages import InboxUpdate, OutboxMessage, Processed
    from bitten_domain.values import UserId

__all__ = ["MemoryInbox", "MemoryOutbox", "MemoryProcessed"]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message that waits, with its place among those of one moment and the time until which it is left alone."""

    message: OutboxMessage
    number: int
    until: int = 0


def _urgency(waiting: _Waiting) -> tuple[int, int, int]:
    return waiting.message.priority, waiting.message.created_at, waiting.number


class MemoryOutbox:
    """Messages by id; those that were told are kept, so that none is told twice."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._waiting: dict[str, _Waiting] = {}
        self._kept: dict[str, OutboxMessage] = {}
        self._numbers: dict[None, int] = {}

    def add(self, message: OutboxMessage) -> None:
        """Keep a message, once."""
        self._transaction.to_write()
        if message.message_id in self._kept:
            return
        number = self._numbers.get(None, 0)
        self._transaction.put(self._numbers, None, number + 1)
        self._transaction.put(self._kept, message.message_id, message)
        self._transaction.put(self._waiting, message.message_id, _Waiting(message, number))

    def waiting(self, now: int, limit: int) -> tuple[OutboxMessage, ...]:
        """List what is to be told: the most urgent first, then the oldest."""
        self._transaction.to_read()
        ready = (waiting for waiting in self._waiting.values() if waiting.until <= now)
        return tuple(waiting.message for waiting in nsmallest(limit, ready, key=_urgency))

    def told(self, message_ids: Sequence[str], at: int) -> None:
        """Note that messages were told."""
        self._transaction.to_write()
        for message_id in message_ids:
            if message_id in self._waiting:
                self._transaction.drop(self._waiting, message_id)

    def postpone(self, message_id: str, until: int) -> None:
        """Leave a message alone until a moment."""
        self._transaction.to_write()
        waiting = self._waiting.get(message_id)
        if waiting is not None:
            self._transaction.put(self._waiting, message_id, replace(waiting, until=until))

    def forget(self, user_id: UserId) -> int:
        """Erase every message to a person, told or not."""
        return self._erase(lambda message: message.user_id == user_id)

    def drop_before(self, before: int) -> int:
        """Erase messages created before a moment, told or not."""
        return self._erase(lambda message: message.created_at < before)

    def _erase(self, is_theirs: Callable[[OutboxMessage], bool]) -> int:
        self._transaction.to_write()
        names = [name for name, message in self._kept.items() if is_theirs(message)]
        for name in names:
            self._transaction.drop(self._kept, name)
            if name in self._waiting:
                self._transaction.drop(self._waiting, name)
        return len(names)


class MemoryInbox:
    """Updates by bot and number."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._updates: dict[tuple[str, int], InboxUpdate] = {}
        self._waiting: dict[tuple[str, int], InboxUpdate] = {}

    def add(self, update: InboxUpdate) -> bool:
        """Keep an update, once."""
        self._transaction.to_write()
        key = (update.bot, update.update_id)
        if key in self._updates:
            return False
        self._transaction.put(self._updates, key, update)
        self._transaction.put(self._waiting, key, update)
        return True

    def waiting(self, limit: int) -> tuple[InboxUpdate, ...]:
        """List what is neither handled nor parked, by bot and number."""
        self._transaction.to_read()
        return tuple(self._waiting[key] for key in nsmallest(limit, self._waiting))

    def handled(self, bot: str, update_id: int, at: int) -> None:
        """Note that an update is dealt with."""
        self._transaction.to_write()
        if (bot, update_id) in self._waiting:
            self._transaction.drop(self._waiting, (bot, update_id))

    def failed(self, bot: str, update_id: int, park_after: int) -> int:
        """Count a failure; park the update when it was one too many."""
        self._transaction.to_write()
        key = (bot, update_id)
        update = self._updates.get(key)
        if update is None:
            return 0
        counted = replace(update, failures=update.failures + 1)
        self._transaction.put(self._updates, key, counted)
        if key in self._waiting:
            if counted.failures >= park_after:
                self._transaction.drop(self._waiting, key)
            else:
                self._transaction.put(self._waiting, key, counted)
        return counted.failures

    def forget(self, telegram_id: int) -> int:
        """Erase every update in which a Telegram id speaks, is spoken to or is named."""
        return self._erase(lambda update: names_telegram_id(update.body, telegram_id))

    def drop_before(self, before: int) -> int:
        """Erase updates received before a moment, handled or not."""
        return self._erase(lambda update: update.received_at < before)

    def _erase(self, goes: Callable[[InboxUpdate], bool]) -> int:
        self._transaction.to_write()
        keys = [key for key, update in self._updates.items() if goes(update)]
        for key in keys:
            self._transaction.drop(self._updates, key)
            if key in self._waiting:
                self._transaction.drop(self._waiting, key)
        return len(keys)


class MemoryProcessed:
    """Answers by scope and key."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._answers: dict[tuple[str, str], Processed] = {}

    def get(self, scope: str, key: str) -> Processed | None:
        """Read the answer to an input."""
        self._transaction.to_read()
        return self._answers.get((scope, key))

    def add(self, processed: Processed) -> None:
        """Keep an answer."""
        self._transaction.to_write()
        key = (processed.scope, processed.key)
        if key in self._answers:
            raise Conflict(f"{processed.scope}: {processed.key} was acted on before")
        self._transaction.put(self._answers, key, processed)
