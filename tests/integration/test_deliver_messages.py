"""Messages from the outbox to the console: each told, the urgent first, none lost when nobody listens."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import UTC, datetime

from bitten_adapters.console.notifier import ConsoleNotifier
from bitten_adapters.memory.unit_of_work import MemoryUnitOfWork
from bitten_domain.ports.repositories.messages import OutboxMessage, Priority
from bitten_domain.use_cases.platform.deliver_messages import DeliverMessages

NOON = 1_767_355_200  # 2026-01-02 12:00 UTC


class SetClock:
    """A clock that stands where it is put."""

    def __init__(self, at: int) -> None:
        self.at = at

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    def monotonic_seconds(self) -> float:
        return float(self.at)


def message(number: int, priority: Priority, **body: object) -> OutboxMessage:
    return OutboxMessage(f"m-{number}", None, "fill", priority, json.dumps(body), NOON)


def store_with(*messages: OutboxMessage) -> MemoryUnitOfWork:
    store = MemoryUnitOfWork(lambda: bytes(16))

    async def fill() -> None:
        for each in messages:
            await store.run(lambda repositories, each=each: repositories.outbox.add(each))  # type: ignore[misc]

    asyncio.run(fill())
    return store


def test_given_messages_when_delivered_then_the_urgent_come_first_and_each_once() -> None:
    stream = io.StringIO()
    store = store_with(message(1, Priority.REST, pair="GBPUSD"), message(2, Priority.FILLS_AND_STOPS, pair="EURUSD"))
    deliver = DeliverMessages(store, ConsoleNotifier(stream), SetClock(NOON))

    counts = [asyncio.run(deliver()), asyncio.run(deliver())]

    assert counts == [2, 0]
    assert stream.getvalue().splitlines() == [
        "2026-01-02 12:00:00Z  FILL  pair EURUSD",
        "2026-01-02 12:00:00Z  FILL  pair GBPUSD",
    ]


def test_given_nobody_listens_when_delivered_then_the_message_waits_and_comes_later() -> None:
    store = store_with(message(1, Priority.REPLIES, pair="EURUSD"))
    clock = SetClock(NOON)
    closed = io.StringIO()
    closed.close()
    stream = io.StringIO()

    refused = asyncio.run(DeliverMessages(store, ConsoleNotifier(closed), clock)())
    at_once = asyncio.run(DeliverMessages(store, ConsoleNotifier(stream), clock)())
    clock.at += 15
    later = asyncio.run(DeliverMessages(store, ConsoleNotifier(stream), clock)())

    assert (refused, at_once, later) == (0, 0, 1)


def test_given_control_characters_when_told_then_they_are_shown_and_not_obeyed() -> None:
    stream = io.StringIO()
    store = store_with(message(1, Priority.REST, note="a\x1b[2Jb\nc"))

    asyncio.run(DeliverMessages(store, ConsoleNotifier(stream), SetClock(NOON))())

    assert stream.getvalue() == "2026-01-02 12:00:00Z  FILL  note a\\x1b[2Jb\\x0ac\n"
