"""Notifier: how people are told what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.ports.repositories.messages import OutboxMessage

__all__ = ["Notifier"]


class Notifier(Protocol):
    """Tell people things.

    Promises: returning means the message was handed over; `Unavailable` means it was not and may be tried again. The
    same message may come twice, with the same id; it decides nothing.
    """

    async def tell(self, message: OutboxMessage) -> None:
        """Hand a message over."""
        ...
