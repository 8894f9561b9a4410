"""Messages: what goes out after a commit, what came in before a decision, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bitten_domain.values import UserId

__all__ = [
    "InboxRepository",
    "InboxUpdate",
    "OutboxMessage",
    "OutboxRepository",
    "Priority",
    "Processed",
    "ProcessedRepository",
]


class Priority(IntEnum):
    """How urgent a message is: fills and stops, replies, signals, the rest."""

    FILLS_AND_STOPS = 0
    REPLIES = 1
    SIGNALS = 2
    REST = 3


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """Something to be told after the commit it was written in; it decides nothing.

    Args:
        message_id: its identity, the same for the same cause.
        user_id: for whom; None for everybody who is subscribed.
        topic: what it is about, such as `fill`, `stop`, `signal`.
        priority: how urgent.
        body: JSON.
        created_at: seconds since 1970 UTC.
    """

    message_id: str
    user_id: UserId | None
    topic: str
    priority: Priority
    body: str
    created_at: int


class OutboxRepository(Protocol):
    """Messages that wait to be told."""

    def add(self, message: OutboxMessage) -> None:
        """Keep a message; the same id again changes nothing."""
        ...

    def waiting(self, now: int, limit: int) -> tuple[OutboxMessage, ...]:
        """List what is to be told now: the most urgent first, then the oldest."""
        ...

    def told(self, message_ids: Sequence[str], at: int) -> None:
        """Note that messages were told."""
        ...

    def postpone(self, message_id: str, until: int) -> None:
        """Leave a message alone until a moment, after it could not be told."""
        ...

    def forget(self, user_id: UserId) -> int:
        """Erase every message to a person, told or not; how many there were."""
        ...

    def drop_before(self, before: int) -> int:
        """Erase messages created before a moment, seconds since 1970 UTC, told or not; how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class InboxUpdate:
    """Something a messenger told us, kept before it is answered.

    Args:
        bot: which bot.
        update_id: the messenger's number.
        body: as it came, JSON.
        received_at: seconds since 1970 UTC.
        failures: how often handling it failed.
    """

    bot: str
    update_id: int
    body: str
    received_at: int
    failures: int = 0


class InboxRepository(Protocol):
    """Updates that wait to be handled."""

    def add(self, update: InboxUpdate) -> bool:
        """Keep an update; False when the bot's update of that number is known, which changes nothing."""
        ...

    def waiting(self, limit: int) -> tuple[InboxUpdate, ...]:
        """List what is neither handled nor parked, by bot and number."""
        ...

    def handled(self, bot: str, update_id: int, at: int) -> None:
        """Note that an update is dealt with."""
        ...

    def failed(self, bot: str, update_id: int, park_after: int) -> int:
        """Count a failure; from ``park_after`` of them on it waits no more.

        Gives the count; 0 for an update that was never kept.
        """
        ...

    def forget(self, telegram_id: int) -> int:
        """Erase every update in which a Telegram id speaks, is spoken to or is named; how many there were.

        `membership.privacy.names_telegram_id` decides it.
        """
        ...

    def drop_before(self, before: int) -> int:
        """Erase updates received before a moment, seconds since 1970 UTC, handled or not; how many there were."""
        ...


@dataclass(frozen=True, slots=True)
class Processed:
    """The answer to an input that must act once.

    Args:
        scope: what kind of input, and whose: `fire:` and an account's id.
        key: the input's own key; unique in its scope for ever.
        body_hash: 32 bytes over the input, so that another input under the same key is seen.
        answer: what was answered, JSON.
        at: seconds since 1970 UTC.
    """

    scope: str
    key: str
    body_hash: bytes
    answer: str
    at: int


class ProcessedRepository(Protocol):
    """Inputs that were acted on."""

    def get(self, scope: str, key: str) -> Processed | None:
        """Read the answer to an input; None when it was never acted on."""
        ...

    def add(self, processed: Processed) -> None:
        """Keep an answer."""
        ...
