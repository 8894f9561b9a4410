"""Deliver messages: hand over what commits have left in the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bitten_domain.errors import Unavailable

if TYPE_CHECKING:
    from bitten_domain.ports.clock import Clock
    from bitten_domain.ports.notifier import Notifier
    from bitten_domain.ports.unit_of_work import Repositories, UnitOfWork

__all__ = ["DeliverMessages"]


@dataclass(frozen=True, slots=True)
class DeliverMessages:
    """Tell what waits, the most urgent first.

    A message is marked after it was handed over, so a crash in between tells it twice and never not at all.

    Args:
        store: where the outbox is.
        notifier: who tells.
        clock: for when.
        batch: most messages of one call.
        pause_seconds: how long a message that could not be told is left alone.
    """

    store: UnitOfWork
    notifier: Notifier
    clock: Clock
    batch: int = 100
    pause_seconds: int = 15

    async def __call__(self) -> int:
        """Deliver one batch; give how many were told."""
        now = int(self.clock.now().timestamp())
        waiting = await self.store.read(lambda repositories: repositories.outbox.waiting(now, self.batch))
        told: list[str] = []
        late: list[str] = []
        for message in waiting:
            try:
                await self.notifier.tell(message)
            except Unavailable:
                late.append(message.message_id)
            else:
                told.append(message.message_id)
        if waiting:
            await self.store.run(lambda repositories: self._note(repositories, told, late, now))
        return len(told)

    def _note(self, repositories: Repositories, told: list[str], late: list[str], now: int) -> None:
        repositories.outbox.told(told, now)
        for message_id in late:
            repositories.outbox.postpone(message_id, now + self.pause_seconds)
