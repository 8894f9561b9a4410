"""A place of publication that lives as long as this object, for tests and simulations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bitten_domain.errors import Conflict

if TYPE_CHECKING:
    from bitten_domain.record.anchor import Anchor

__all__ = ["MemoryAnchorPublisher"]


class MemoryAnchorPublisher:
    """Anchors in a list."""

    def __init__(self) -> None:
        self._anchors: dict[int, Anchor] = {}

    async def publish(self, anchor: Anchor) -> None:
        """Publish one anchor; once is enough."""
        told = replace(anchor, published_at=None)
        if self._anchors.setdefault(anchor.day, told) != told:
            raise Conflict(f"another anchor is published for day {anchor.day}")

    async def published(self) -> tuple[Anchor, ...]:
        """List what was published, in order."""
        return tuple(self._anchors.values())
