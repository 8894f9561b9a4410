"""Anchor publisher: where anchors go that the operator cannot take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bitten_domain.record.anchor import Anchor

__all__ = ["AnchorPublisher"]


class AnchorPublisher(Protocol):
    """Put anchors where the operator cannot edit them.

    Promises, each checked by the contract suite:

    - What `publish` returned from is in `published` from then on, also after a restart.
    - The same anchor published again is there once; when it was published is no part of it.
    - Another anchor for a day that has one raises `Conflict`, and the first one stays.
    - `Unavailable`: it may or may not be there now; publishing it again is right.
    """

    async def publish(self, anchor: Anchor) -> None:
        """Publish one anchor."""
        ...

    async def published(self) -> tuple[Anchor, ...]:
        """List what was published, in the order of publication, as anybody can read it there."""
        ...
